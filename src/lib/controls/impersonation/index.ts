import {
  administrativeUnitReadAll,
  applicationReadAll,
  exchangeManageAsApp,
  exchangeManageAsAppWith,
  groupMemberReadBasicAll,
  groupReadBasicAll,
  placeReadAll,
  roleManagementReadExchange,
  roleManagementReadWriteExchange,
  userReadAll,
} from '../../microsoft365/permissions';
import type { Control } from '../control';
import { type Code, codes } from './codes';
import { collect } from './collect';
import { evaluate } from './evaluate';
import type { ImpersonationFacts } from './facts';
import { observe } from './repair/observe';
import { plan } from './repair/plan';

const readThroughGraph = [
  applicationReadAll,
  userReadAll,
  roleManagementReadExchange,
  placeReadAll,
  administrativeUnitReadAll,
  groupReadBasicAll,
  groupMemberReadBasicAll,
];

/** Which mailboxes the product reaches: every room, and nobody else. */
export const impersonation: Control<ImpersonationFacts, Code> = {
  id: 'impersonation',
  version: 3,
  title: 'It reaches every room, and nothing else',
  severity: 'critical',
  codes,
  appliesTo: () => true,
  permissions: {
    read: [...readThroughGraph, exchangeManageAsApp],
    readWith: {
      graph: readThroughGraph,
      'admin-api': [applicationReadAll, userReadAll, administrativeUnitReadAll, exchangeManageAsApp],
    },
    write: [
      roleManagementReadWriteExchange,
      exchangeManageAsAppWith('Role Management'),
      exchangeManageAsAppWith('Mail Recipients'),
    ],
  },
  collect,
  evaluate,
  plan,
  observe,
};
