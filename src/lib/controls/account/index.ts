import {
  exchangeManageAsApp,
  userDeleteRestoreAll,
  userEnableDisableAccountAll,
  userReadAll,
} from '../../microsoft365/permissions';
import type { Control } from '../control';
import { ofServiceAccount } from '../service-account';
import { type Code, codes } from './codes';
import { type AccountFacts, collect } from './collect';
import { evaluate } from './evaluate';
import { observe, plan } from './plan';

/**
 * The service account: there, let in, with a mailbox. Does not apply to products that sign in as an application
 * alone.
 */
export const account: Control<AccountFacts, Code> = {
  id: 'account',
  version: 2,
  title: 'The service account exists, may sign in, and has a mailbox',
  severity: 'critical',
  codes,
  appliesTo: ofServiceAccount,
  permissions: {
    read: [userReadAll, exchangeManageAsApp],
    readWith: { graph: [userReadAll] },
    // Microsoft asks for User.Read.All beside User.EnableDisableAccount.All.
    write: [userDeleteRestoreAll, userEnableDisableAccountAll, userReadAll],
  },
  collect,
  evaluate,
  plan,
  observe,
};
