import {
  domainReadAll,
  organizationReadAll,
  userReadAll,
  userReadWriteAll,
} from '../../microsoft365/permissions';
import type { Control } from '../control';
import { ofServiceAccount } from '../service-account';
import { type Code, codes } from './codes';
import { collect } from './collect';
import { evaluate } from './evaluate';
import type { PasswordExpiryFacts } from './facts';
import { observe, plan } from './plan';

/** The password of the service account. Does not apply to products that sign in as an application alone. */
export const passwordExpiry: Control<PasswordExpiryFacts, Code> = {
  id: 'password-expiry',
  version: 2,
  title: 'The password of the service account never expires',
  severity: 'high',
  codes,
  appliesTo: ofServiceAccount,
  permissions: { read: [userReadAll, domainReadAll, organizationReadAll], write: [userReadWriteAll] },
  collect,
  evaluate,
  plan,
  observe,
};
