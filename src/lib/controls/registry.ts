// Made by `npm run generate` from `controlIds` in src/lib/model/verdict.ts.
import type { ControlId } from '../model/verdict';
import type { Control } from './control';
import { account } from './account';
import { signIn } from './sign-in';
import { passwordExpiry } from './password-expiry';
import { license } from './license';
import { consent } from './consent';
import { impersonation } from './impersonation';
import { rooms } from './rooms';
import { ewsAccess } from './ews-access';

/** Every control by its id. */
export const registry: Record<ControlId, Control<unknown>> = {
  account,
  'sign-in': signIn,
  'password-expiry': passwordExpiry,
  license,
  consent,
  impersonation,
  rooms,
  'ews-access': ewsAccess,
};
