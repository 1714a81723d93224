import { exchangeManageAsApp, exchangeManageAsAppWith, userReadAll } from '../../microsoft365/permissions';
import type { Control } from '../control';
import { isNotKnown } from '../not-known';
import { type Code, codes } from './codes';
import { collect, type EwsFacts } from './collect';
import { evaluate } from './evaluate';
import { observe, plan } from './plan';

/** Whether Exchange Web Services still let the product in, and for how long. */
export const ewsAccess: Control<EwsFacts, Code> = {
  id: 'ews-access',
  version: 3,
  title: 'Exchange Web Services still let it in',
  severity: 'critical',
  codes,
  // The rules on user agents, which keep out Microsoft Graph too, are for Exchange itself to say. The end of Exchange Web
  // Services holds whoever is asked.
  appliesTo: ({ exchangeReader }, profile) =>
    profile.usesEws ||
    exchangeReader === 'admin-api' ||
    isNotKnown(profile, 'protocol') ||
    `${profile.name} does not use Exchange Web Services.`,
  permissions: {
    read: [userReadAll, exchangeManageAsApp],
    readWith: { graph: [] },
    write: [exchangeManageAsAppWith('Organization Configuration')],
  },
  collect,
  evaluate,
  plan,
  observe,
};
