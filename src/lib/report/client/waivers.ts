import { counted } from '../../counted';
import type { Finding } from '../../model/finding';
import type { TargetView } from '../../model/target';
import type { Page } from '../../storage/pages';
import { acceptableOf, type Acceptable } from './acceptable';
import { acceptance, type Acceptance } from './acceptance';
import { during, type PageHooks, showResult } from './act';
import { change, get, type Outcome, targetPath } from './api';
import { confirmed } from './confirm';
import { element } from './dom';
import { say, sayBusy, sayProblem, statusElement } from './status';

/** Accepts the risk of what one control finds on one target. */
export async function accept(button: HTMLButtonElement, page: PageHooks): Promise<void> {
  const { target = '', control = '', codes = '' } = button.dataset;
  const accepted = await acceptance(button, `${control} of ${target}`, codes.split(' '));
  if (accepted === undefined) return;
  const outcome = await during(button, 'Auditing, and accepting what is found …', () =>
    // Those that were shown and chosen: there may be more by now, which nobody has seen.
    change('PUT', waiverOf(button), accepted),
  );
  if (outcome.ok) await showResult(button, page, 'What was chosen is accepted.');
}

/** Takes an acceptance back. */
export async function revoke(button: HTMLButtonElement, page: PageHooks): Promise<void> {
  const { target = '', control = '' } = button.dataset;
  const question = `Take back that the risk of ${control} of ${target} is accepted?`;
  if (!(await confirmed(button, question, 'Take it back'))) return;
  const outcome = await during(button, 'Taking it back …', () => change('DELETE', waiverOf(button)));
  if (outcome.ok) await showResult(button, page, 'The risk is no longer accepted.');
}

/** Accepts what many targets have in common, of each what is found now. */
export async function acceptForAll(button: HTMLButtonElement, page: PageHooks): Promise<void> {
  const { control = '', codes = '', customer } = button.dataset;
  const accepted = await acceptance(button, `${codes} of all targets that have it`, [codes]);
  if (accepted === undefined) return;
  const found = await during(button, 'Looking which targets have it …', () =>
    targetsWith(control, codes, customer),
  );
  if (!found.ok) return;
  const status = statusElement(button);
  const refused: string[] = [];
  let done = 0;
  button.disabled = true;
  const { alone, withOthers } = found.value;
  for (const targetId of alone) {
    sayBusy(status, `${counted(done, 'target')} of ${alone.length} accepted …`);
    const outcome = await acceptOn(targetId, control, accepted);
    if (outcome.ok) done += 1;
    else if (outcome.problem.code === 'auth.required') {
      button.disabled = false;
      sayProblem(status, outcome.problem);
      return;
    } else refused.push(`${targetId}: ${outcome.problem.detail}`);
  }
  button.disabled = false;
  const result = `Accepted for ${counted(done, 'target')}.`;
  const left = leftOut(withOthers);
  if (refused.length === 0 && left === '') return showResult(button, page, result);
  // What was refused has to be read before the page is another one.
  const again = element('a', { href: location.href }, 'See how they stand');
  const said =
    refused.length === 0 ? '' : `${counted(refused.length, 'target')} refused it: ${refused.join(' ')} `;
  say(status, `${result} ${left}${said}`, again);
}

/** Which targets have more than what was accepted; empty for none. */
function leftOut(withOthers: readonly string[]): string {
  if (withOthers.length === 0) return '';
  const have = withOthers.length === 1 ? 'has' : 'have';
  return `${counted(withOthers.length, 'target')} ${have} other violations as well, and nothing was accepted there: ${withOthers.join(', ')}. `;
}

function acceptOn(
  targetId: string,
  control: string,
  { reason, expiresAt, codes }: Acceptance,
): Promise<Outcome<unknown>> {
  return change('PUT', waiverPath(targetId, control), { reason, expiresAt, codes });
}

/** The watched targets on which a control finds this violation, and nobody has accepted it. */
async function targetsWith(
  control: string,
  code: string,
  customer: string | undefined,
): Promise<Outcome<Acceptable>> {
  const targets = await everything<TargetView>('targets', {});
  if (!targets.ok) return targets;
  const paused = new Set(targets.value.filter((target) => target.paused).map(({ targetId }) => targetId));
  const found = await everything<Finding>('findings', {
    ...{ control, verdict: 'nonCompliant', waived: 'false' },
    ...(customer === undefined ? {} : { customer }),
  });
  return found.ok ? { ok: true, value: acceptableOf(found.value, code, paused) } : found;
}

/** All items of a list, page by page. */
async function everything<T>(
  list: string,
  query: Readonly<Record<string, string>>,
): Promise<Outcome<readonly T[]>> {
  const items: T[] = [];
  let continuation: string | undefined;
  do {
    const parameters = new URLSearchParams({ ...query, limit: '1000' });
    if (continuation !== undefined) parameters.set('continuation', continuation);
    const page = await get<Page<T>>(`${list}?${parameters.toString()}`);
    if (!page.ok) return page;
    items.push(...page.value.items);
    ({ continuation } = page.value);
  } while (continuation !== undefined);
  return { ok: true, value: items };
}

function waiverOf({ dataset: { target = '', control = '' } }: HTMLElement): string {
  return waiverPath(target, control);
}

function waiverPath(targetId: string, control: string): string {
  return `${targetPath(targetId)}/waivers/${control}`;
}
