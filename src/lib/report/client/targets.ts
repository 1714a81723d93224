import type { TargetView } from '../../model/target';
import { during, type PageHooks, showResult } from './act';
import { change, get, type Outcome, targetPath } from './api';
import { confirmed } from './confirm';

/** Puts a target as it is now, but for what is changed. What is undefined is left out. */
export async function changeTarget(
  targetId: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<Outcome<TargetView>> {
  const current = await get<TargetView>(targetPath(targetId));
  if (!current.ok) return current;
  const { createdAt: _createdAt, worstVerdict: _worstVerdict, ...definition } = current.value;
  return change<TargetView>('PUT', targetPath(targetId), { ...definition, ...changes });
}

/** Has a target no longer audited at night, or again. */
export async function pause(button: HTMLButtonElement, page: PageHooks, paused: boolean): Promise<void> {
  const { target = '' } = button.dataset;
  const question = `Pause ${target}? Nobody looks after it until it is watched again, and no alert tells of it.`;
  if (paused && !(await confirmed(button, question, 'Pause it'))) return;
  const outcome = await during(button, paused ? 'Pausing it …' : 'Watching it again …', () =>
    changeTarget(target, { paused }),
  );
  if (outcome.ok) await showResult(button, page, paused ? 'It is paused.' : 'It is watched again.');
}

/** Deletes a target, and goes to all targets. */
export async function deleteTarget(button: HTMLButtonElement): Promise<void> {
  const { target = '' } = button.dataset;
  const question = `Delete ${target} with its findings and accepted risks? Its history is kept, and nothing in the tenant is changed.`;
  if (!(await confirmed(button, question, 'Delete it'))) return;
  const outcome = await during(button, 'Deleting it …', () => change('DELETE', targetPath(target)));
  if (outcome.ok) location.assign(location.pathname);
}
