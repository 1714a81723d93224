import {
  licenseAssignmentReadAll,
  licenseAssignmentReadWriteAll,
  userReadAll,
  userReadWriteAll,
} from '../../microsoft365/permissions';
import type { Control } from '../control';
import { ofServiceAccount } from '../service-account';
import { type Code, codes } from './codes';
import { collect, type LicenseFacts } from './collect';
import { evaluate } from './evaluate';
import { plan, observe } from './plan';

/** The licence of the service account. Does not apply to products that sign in as an application alone. */
export const license: Control<LicenseFacts, Code> = {
  id: 'license',
  version: 2,
  title: 'A licence of at least Office 365 E1, that is Exchange Online Plan 1, and it works',
  severity: 'high',
  codes,
  appliesTo: ofServiceAccount,
  permissions: {
    read: [userReadAll, licenseAssignmentReadAll],
    write: [userReadWriteAll, licenseAssignmentReadWriteAll],
  },
  collect,
  evaluate,
  plan,
  observe,
};
