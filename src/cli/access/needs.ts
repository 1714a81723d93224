import type { Control } from '../../lib/controls/control';
import {
  exchangeManageAsApp,
  groupMemberReadBasicAll,
  groupReadBasicAll,
  type Permission,
  placeReadAll,
  roleManagementReadExchange,
} from '../../lib/microsoft365/permissions';
import type { Target } from '../../lib/model/target';

type Reader = Target['exchangeReader'];

/** What only one way of reading Exchange needs; everything else is needed whichever it is. */
const onlyFor: Record<Reader, readonly Permission[]> = {
  graph: [roleManagementReadExchange, placeReadAll, groupReadBasicAll, groupMemberReadBasicAll],
  'admin-api': [exchangeManageAsApp],
};

/** What a control needs to read a target with this reader; nothing for one that reads nothing with it. */
export function neededToRead({ id, permissions }: Control<unknown>, reader: Reader): readonly Permission[] {
  if (reader === 'graph' && ['rooms', 'ews-access'].includes(id)) return [];
  const other = onlyFor[reader === 'graph' ? 'admin-api' : 'graph'];
  return permissions.read.filter((permission) => !other.includes(permission));
}

/** Permissions of several lists, each once. */
export function distinct(lists: readonly (readonly Permission[])[]): Permission[] {
  return [...new Set(lists.flat())];
}
