import {
  licenseAssignmentReadAll,
  licenseAssignmentReadWriteAll,
  userReadAll,
  userReadWriteAll,
} from '../../microsoft365/permissions';
import type { Control } from '../control';
import type { Target } from '../../model/target';
import type { Profile } from '../../profiles';
import { isNotKnown } from '../not-known';
import { asksForLicence, ofServiceAccount } from '../service-account';
import { type Code, codes } from './codes';
import { collect, type LicenseFacts } from './collect';
import { evaluate } from './evaluate';
import { plan, observe } from './plan';

/** The licence of the service account. Does not apply to products that sign in as an application alone, or without a licence. */
export const license: Control<LicenseFacts, Code> = {
  id: 'license',
  version: 3,
  title: 'A licence of at least Office 365 E1, that is Exchange Online Plan 1, and it works',
  severity: 'high',
  codes,
  appliesTo: ofLicensedAccount,
  permissions: {
    read: [userReadAll, licenseAssignmentReadAll],
    write: [userReadWriteAll, licenseAssignmentReadWriteAll],
  },
  collect,
  evaluate,
  plan,
  observe,
};

function ofLicensedAccount(target: Target, profile: Profile): true | string {
  const hasAccount = ofServiceAccount(target, profile);
  if (hasAccount !== true || asksForLicence(profile) || isNotKnown(profile, 'licence')) return hasAccount;
  return `${profile.name} asks for no licence of its account.`;
}
