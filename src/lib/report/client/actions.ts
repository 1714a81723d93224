import { counted } from '../../counted';
import type { Finding } from '../../model/finding';
import type { RepairResult } from '../../model/remediation';
import { outcomeOf, statusWords } from '../../remediation/outcome';
import type { AgreedPlan } from '../../remediation/plan';
import { words } from '../page/words';
import { during, type PageHooks, showResult } from './act';
import { type Outcome, post, targetPath } from './api';
import { auditAll } from './audit-all';
import { confirmed } from './confirm';
import { all, element, fill, find, findA } from './dom';
import { planElement } from './plan';
import { say, statusElement } from './status';
import { deleteTarget, pause } from './targets';
import { accept, acceptForAll, revoke } from './waivers';

/** What was agreed to be looked at: a plan by its hash, and what it takes on. */
interface Shown {
  planHash: string;
  changes: number;
  include: string[];
}

/** Plans that are shown, by their section. */
const shown = new WeakMap<Element, Shown>();

/** Shows the buttons that the server has put there for this person, and makes them act. */
export function enhanceActions(page: PageHooks): void {
  for (const button of all<HTMLButtonElement>('button[data-action]')) {
    const { action } = button.dataset;
    if (action !== 'apply') button.hidden = false;
    button.addEventListener('click', () => {
      if (action === 'audit') void audit(button, page);
      if (action === 'plan') void showPlan(button);
      if (action === 'apply') void apply(button, page);
      if (action === 'undo') void undo(button, page);
      if (action === 'accept') void accept(button, page);
      if (action === 'accept-all') void acceptForAll(button, page);
      if (action === 'revoke') void revoke(button, page);
      if (action === 'pause' || action === 'resume') void pause(button, page, action === 'pause');
      if (action === 'delete') void deleteTarget(button);
    });
  }
  for (const option of all<HTMLInputElement>('input[data-include]')) {
    // A plan that takes on something else is another plan.
    option.addEventListener('change', () => withdraw(sectionOf(option)));
  }
}

async function audit(button: HTMLButtonElement, page: PageHooks): Promise<void> {
  const { target, control } = button.dataset;
  if (target === undefined) return auditAll(button, page);
  const what = control === undefined ? target : `${control} of ${target}`;
  const path = `${targetPath(target)}/audits`;
  const body = control === undefined ? undefined : { controls: [control] };
  const outcome = await during(button, `Auditing ${what} …`, () => post<{ findings: Finding[] }>(path, body));
  if (!outcome.ok) return;
  const { findings } = outcome.value;
  const [only] = findings;
  const result =
    control !== undefined && only !== undefined
      ? `Audited. ${words[only.verdict]}: ${only.summary}`
      : `Audited ${counted(findings.length, 'control')} of ${target}.`;
  await showResult(button, page, result);
}

async function showPlan(button: HTMLButtonElement): Promise<void> {
  const section = sectionOf(button);
  withdraw(section);
  const include = includedIn(section);
  const outcome = await during(button, 'Reading the tenant for a plan …', () =>
    repair<AgreedPlan>(button, { mode: 'plan', include }),
  );
  if (outcome.ok) offer(button, outcome.value, include);
}

/** Shows a plan, and the button that applies it to whoever has one. */
function offer(button: HTMLElement, plan: AgreedPlan, include: string[]): void {
  const section = sectionOf(button);
  const place = section === null ? undefined : find('[data-plan]', section);
  if (section === null || place === undefined) return;
  fill(place, element('h3', { tabindex: '-1' }, 'What would repair it'), planElement(plan));
  shown.set(section, { planHash: plan.planHash, changes: plan.changes.length, include });
  const apply = applyButtonOf(section);
  if (apply !== undefined) apply.hidden = apply.disabled = plan.changes.length === 0;
  if (plan.changes.length > 0) say(statusElement(button), 'Nothing has been changed yet.');
  find('h3', place)?.focus();
}

/** Takes back what was shown. */
function withdraw(section: HTMLElement | null): void {
  if (section === null) return;
  shown.delete(section);
  const place = find('[data-plan]', section);
  if (place !== undefined) fill(place);
  const apply = applyButtonOf(section);
  if (apply !== undefined) apply.hidden = apply.disabled = true;
}

async function apply(button: HTMLButtonElement, page: PageHooks): Promise<void> {
  const section = sectionOf(button);
  const plan = section === null ? undefined : shown.get(section);
  if (plan === undefined) return;
  const { planHash, include, changes } = plan;
  const question = `Make ${counted(changes, 'change')} in the tenant of ${button.dataset.target ?? ''}?`;
  if (!(await confirmed(button, question, `Make ${counted(changes, 'change')}`))) return;
  const outcome = await during(button, 'Making the changes and looking at what they came to …', () =>
    repair<RepairResult>(button, { mode: 'apply', planHash, include }),
  );
  if (outcome.ok) {
    await showResult(button, page, resultText(outcome.value, false));
    offerUndo(outcome.value, page);
  } else if (outcome.problem.code === 'plan.stale') {
    const newer = outcome.problem.body as unknown as AgreedPlan;
    offer(button, newer, include);
    say(statusElement(button), `${outcome.problem.detail} This is the plan as it is now.`);
  } else withdraw(section);
}

/** Right after a repair it can be put back at the same place; later in the list of repairs. */
function offerUndo({ remediationId, finding: { targetId, control } }: RepairResult, page: PageHooks): void {
  const section = document.getElementById(control);
  const status = section === null ? undefined : find('[data-status]', section);
  if (status === undefined) return;
  const attributes = { 'data-target': targetId, 'data-control': control, 'data-remediation': remediationId };
  const button = element(
    'button',
    { type: 'button', 'data-action': 'undo', ...attributes },
    'Put it back as it was',
  );
  button.addEventListener('click', () => void undo(button, page));
  status.append(' ', button);
}

async function undo(button: HTMLButtonElement, page: PageHooks): Promise<void> {
  const { target = '', control = '', remediation = '' } = button.dataset;
  const question = `Put back what the repair of ${control} has changed in the tenant of ${target}?`;
  if (!(await confirmed(button, question, 'Put it back'))) return;
  const path = `${targetPath(target)}/remediations/${encodeURIComponent(remediation)}/undo`;
  const outcome = await during(button, 'Putting it back and looking at what it came to …', () =>
    post<RepairResult>(path),
  );
  if (outcome.ok) await showResult(button, page, resultText(outcome.value, true));
}

function resultText(result: RepairResult, isUndo: boolean): string {
  const { status, changes, finding, manualSteps = [] } = result;
  const outcome = outcomeOf(result, isUndo);
  const problems = changes.flatMap(({ state, description, problem = 'It was not made.' }) =>
    state === 'made' ? [] : [`${description} ${problem}`],
  );
  const byHand = manualSteps.map(({ description }) => description);
  return [
    `${statusWords[status]}: ${outcome}`,
    // Often it is part of what stood in the way.
    ...(outcome.includes(finding.summary) ? [] : [finding.summary]),
    ...problems,
    ...(byHand.length === 0 ? [] : ['Still to be done by hand:', ...byHand]),
  ].join(' ');
}

function repair<T>(button: HTMLElement, body: object): Promise<Outcome<T>> {
  const { target = '', control } = button.dataset;
  return post<T>(`${targetPath(target)}/remediations`, { control, ...body });
}

function sectionOf(within: Element): HTMLElement | null {
  return within.closest<HTMLElement>('section[data-finding]');
}

function applyButtonOf(section: HTMLElement): HTMLButtonElement | undefined {
  return findA(HTMLButtonElement, 'button[data-action="apply"]', section);
}

function includedIn(section: HTMLElement | null): string[] {
  if (section === null) return [];
  return all<HTMLInputElement>('input[data-include]:checked', section).flatMap(
    ({ dataset }) => dataset.include ?? [],
  );
}
