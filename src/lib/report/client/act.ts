import type { Outcome } from './api';
import { all, find } from './dom';
import { refresh } from './refresh';
import { say, sayBusy, sayProblem, statusElement } from './status';

/** What an action needs of the page around it. */
export interface PageHooks {
  /** Makes what was refreshed work again. */
  enhance: () => void;
}

/** Does something while the button is out of use, and says so; says what is wrong when it was refused. */
export async function during<T>(
  button: HTMLButtonElement,
  text: string,
  act: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const status = statusElement(button);
  const busy = [...all<HTMLButtonElement>('button[data-action]')].filter(({ disabled }) => !disabled);
  for (const other of busy) other.disabled = true;
  sayBusy(status, text);
  const outcome = await act();
  for (const other of busy) other.disabled = false;
  if (outcome.ok) say(status);
  else sayProblem(status, outcome.problem);
  return outcome;
}

/** Shows the page as it is now, with the result at the button that was pressed, if it is still there. */
export async function showResult(button: HTMLElement, page: PageHooks, result: string): Promise<void> {
  const { target, control } = button.dataset;
  if (await refresh()) page.enhance();
  const section = control === undefined ? null : document.getElementById(control);
  const status = find('[data-status]', section ?? document);
  say(status, result);
  const next = all('button[data-action="audit"]', section ?? document).find(
    ({ dataset }) => dataset.target === target && dataset.control === control,
  );
  next?.focus({ preventScroll: true });
  status?.scrollIntoView({ block: 'nearest' });
}
