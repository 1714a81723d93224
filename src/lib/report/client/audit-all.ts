import { counted, grouped } from '../../counted';
import { during, type PageHooks, showResult } from './act';
import { get, post } from './api';
import { confirmed } from './confirm';
import { say, sayBusy, sayProblem, statusElement } from './status';

/** How often the queue is looked at. */
const lookEveryMs = 2_000;

/** Puts a visit of every target into the queue, and tells how far they are until all are done. */
export async function auditAll(button: HTMLButtonElement, page: PageHooks): Promise<void> {
  if (!(await confirmed(button, 'Audit every target that is not paused now?', 'Audit all targets'))) return;
  const outcome = await during(button, 'Putting a visit of every target into the queue …', () =>
    post<{ enqueued: number }>('audits'),
  );
  if (!outcome.ok) return;
  const { enqueued } = outcome.value;
  const status = statusElement(button);
  button.disabled = true;
  for (let waiting = enqueued; waiting > 0;) {
    sayBusy(
      status,
      `${counted(enqueued, 'target')} in the queue, ${grouped(Math.min(waiting, enqueued))} left …`,
    );
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    // The page was left for another one in the meantime.
    if (!button.isConnected) return;
    const look = await get<{ waiting: number }>('audits');
    if (!look.ok) {
      button.disabled = false;
      sayProblem(status, look.problem);
      return;
    }
    ({ waiting } = look.value);
  }
  button.disabled = false;
  say(status);
  await showResult(button, page, `Audited ${counted(enqueued, 'target')}.`);
}
