import type { TargetView } from '../../model/target';
import { change, get, type Outcome, post, type Problem, targetPath } from './api';
import { all, fieldsOf, fill, find, findA } from './dom';
import { say, sayBusy, sayProblem } from './status';
import { changeTarget } from './targets';

/** Fields that are sent as they are written. One that is empty is left out. */
const texts = ['displayName', 'customer', 'tenantId', 'serviceAccount', 'clientAppId'] as const;
const choices = ['profile', 'exchangeReader', 'access'] as const;

/** Makes the form of a target ask what its product needs, and put it. */
export function enhanceTargetForm(page: ParentNode): void {
  const form = findA(HTMLFormElement, 'form[data-target-form]', page);
  if (form === undefined) return;
  for (const note of all('[data-without-script]', page)) note.hidden = true;
  const ask = () => askFor(form);
  form.addEventListener('change', ask);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save(form);
  });
  ask();
}

/** Shows the fields that say something for the product and the rooms that are chosen. */
function askFor(form: HTMLFormElement): void {
  const product = findA(HTMLSelectElement, '[name="profile"]', form)?.selectedOptions[0];
  const needs = find('[data-needs-of-product]', form);
  if (needs !== undefined) fill(needs, product?.dataset.needs);
  const { serviceAccount, clientAppId, 'rooms.source': source } = fieldsOf(form);
  // What is written there is never passed over.
  const isShown: Record<string, boolean> = {
    serviceAccount: product?.dataset.withoutAccount === undefined || serviceAccount !== '',
    clientAppId: product?.dataset.application === undefined || !isKnown(form, clientAppId ?? ''),
    'rooms.addresses': source !== 'all',
  };
  for (const [path, shown] of Object.entries(isShown)) {
    const field = fieldAt(form, path);
    if (field !== undefined) field.hidden = !shown;
  }
}

/**
 * Whether an application need not be named: none is, or the one that the profile knows, or knew that was chosen before. One of
 * another product was written there on purpose.
 */
function isKnown(form: HTMLFormElement, clientAppId: string): boolean {
  const products = all<HTMLOptionElement>('[name="profile"] option', form);
  const own = products.filter(({ selected, defaultSelected }) => selected || defaultSelected);
  return clientAppId === '' || own.some(({ dataset }) => dataset.application === clientAppId);
}

async function save(form: HTMLFormElement): Promise<void> {
  const status = find('[data-status]', form);
  const edited = form.dataset.edits;
  const targetId = edited ?? fieldsOf(form).targetId?.trim() ?? '';
  clear(form);
  const button = findA(HTMLButtonElement, 'button[type="submit"]', form);
  if (button !== undefined) button.disabled = true;
  sayBusy(status, 'Saving …');
  const outcome = await (edited === undefined ? add(targetId, form) : changeTarget(edited, changesIn(form)));
  if (!outcome.ok) {
    if (button !== undefined) button.disabled = false;
    tell(form, status, outcome.problem);
    return;
  }
  sayBusy(status, 'Saved. Reading the tenant …');
  // Whatever that comes to is on the page of the target.
  await post(`${targetPath(targetId)}/audits`);
  location.assign(`${location.pathname}?targetId=${encodeURIComponent(targetId)}`);
}

/** Puts a target that is not there yet: a form that is filled in for a new one must not write over another. */
async function add(targetId: string, form: HTMLFormElement): Promise<Outcome<TargetView>> {
  const path = targetPath(targetId);
  const there = await get<TargetView>(path);
  if (there.ok) {
    const message = 'is the id of another target: choose one that is free';
    return {
      ok: false,
      problem: { code: 'input.invalid', detail: '', body: { errors: [{ path: 'targetId', message }] } },
    };
  }
  // What is wrong with the id is told together with whatever else is wrong.
  if (there.problem.code !== 'notFound' && there.problem.code !== 'input.invalid') return there;
  return change<TargetView>('PUT', path, changesIn(form));
}

/** What the form says, as the API takes it. What is hidden says nothing. */
function changesIn(form: HTMLFormElement): Record<string, unknown> {
  const fields = fieldsOf(form);
  const isHidden = (path: string) => fieldAt(form, path)?.hidden === true;
  const written = (path: string) => (isHidden(path) ? undefined : fields[path]?.trim() || undefined);
  const listed = (path: string) => (written(path) ?? '').split(/[\s,;]+/).filter((word) => word !== '');
  const tags = listed('tags');
  const source = fields['rooms.source'];
  const addresses = listed('rooms.addresses');
  return {
    ...Object.fromEntries(texts.map((path) => [path, written(path)])),
    ...Object.fromEntries(choices.map((path) => [path, fields[path]])),
    tags: tags.length === 0 ? undefined : tags,
    ...(source === 'roomLists' ? { rooms: { source, roomLists: addresses } } : {}),
    ...(source === 'mailboxes' ? { rooms: { source, mailboxes: addresses } } : {}),
    ...(source === 'all' && form.dataset.rooms !== 'all' ? { rooms: { source } } : {}),
  };
}

/** Says what is wrong at the fields that it is about, and the rest below the form. */
function tell(form: HTMLFormElement, status: HTMLElement | undefined, problem: Problem): void {
  const errors = (problem.body.errors ?? []) as readonly { path: string; message: string }[];
  const rest: string[] = [];
  for (const { path, message } of errors) {
    const field = fieldAt(form, path);
    const wrong = field === undefined || field.hidden ? undefined : find('[data-wrong]', field);
    if (field === undefined || wrong === undefined) {
      rest.push(`${path} ${message}.`);
      continue;
    }
    fill(wrong, message);
    inputOf(field)?.setAttribute('aria-invalid', 'true');
  }
  const first = find('[aria-invalid="true"]', form);
  first?.focus();
  if (errors.length === 0) sayProblem(status, problem);
  else say(status, 'Not saved.', rest.length > 0 && ` ${rest.join(' ')}`);
}

function clear(form: HTMLFormElement): void {
  for (const wrong of all('[data-wrong]', form)) fill(wrong);
  for (const input of all('[aria-invalid]', form)) input.removeAttribute('aria-invalid');
}

/** The field of a path; that of the addresses for whatever is wrong with rooms. */
function fieldAt(form: HTMLFormElement, path: string): HTMLElement | undefined {
  const [name = ''] = path.split('.');
  const exact = find(`[data-field="${CSS.escape(path)}"]`, form);
  return exact ?? find(`[data-field="${name === 'rooms' ? 'rooms.addresses' : CSS.escape(name)}"]`, form);
}

function inputOf(field: HTMLElement): HTMLElement | undefined {
  return find('input, select, textarea', field);
}
