import { type ControlId, controlIds } from '../model/verdict';
import type { Control } from './control';
import { registry } from './registry';

/** Every control, in the order in which people read them. */
export const controls: readonly Control<unknown>[] = controlIds.map((id) => registry[id]);

/** The control with this id. Every {@link ControlId} has one. */
export function control(id: ControlId): Control<unknown> {
  return registry[id];
}
