import { type ControlId, controlIds } from '../model/verdict';
import { account } from './account';
import { consent } from './consent';
import type { Control } from './control';
import { ewsAccess } from './ews-access';
import { impersonation } from './impersonation';
import { license } from './license';
import { passwordExpiry } from './password-expiry';
import { rooms } from './rooms';

/** The registry. A new control is a folder, its id in `controlIds`, and a line here. */
const registry: Record<ControlId, Control<unknown>> = {
  account,
  'password-expiry': passwordExpiry,
  license,
  consent,
  impersonation,
  rooms,
  'ews-access': ewsAccess,
};

/** Every control, in the order in which people read them. */
export const controls: readonly Control<unknown>[] = controlIds.map((id) => registry[id]);

export function control(id: ControlId): Control<unknown> {
  return registry[id];
}
