import { existing, type GraphRoute, isOf, list, memberPage, one, page, pathOf } from './route';
import type { GraphObject, TenantState } from './state';
import { userDefaults } from './users';

const readUnits = [
  'AdministrativeUnit.Read.All',
  'AdministrativeUnit.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
const readGroups = [
  'GroupMember.Read.All',
  'Group.ReadBasic.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
const readMembers = [
  'GroupMember.ReadBasic.All',
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.ReadBasic.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
];
const id = '([^/]+)';

/** Groups and administrative units of Microsoft Entra, with the users in them. */
export const directoryRoutes: readonly GraphRoute[] = [
  list(
    '/directory/administrativeUnits',
    'GET /directory/administrativeUnits',
    readUnits,
    ({ tenant }) => tenant.administrativeUnits,
  ),
  {
    method: 'GET',
    path: pathOf(`/directory/administrativeUnits/${id}`),
    operation: 'GET /directory/administrativeUnits/{administrativeUnit-id}',
    permissions: readUnits,
    answer: ({ tenant, params: [unit = ''], url }) =>
      one(withId(tenant.administrativeUnits, unit), unit, url),
  },
  {
    method: 'GET',
    path: pathOf(`/directory/administrativeUnits/${id}/members/microsoft.graph.user`),
    operation: 'GET /directory/administrativeUnits/{administrativeUnit-id}/members/graph.user',
    permissions: readUnits,
    answer: (call) => {
      const [unit = ''] = call.params;
      const { id: found } = existing(withId(call.tenant.administrativeUnits, unit), unit);
      return memberPage(call, call.tenant.members[found] ?? [], userDefaults);
    },
  },
  list('/groups', 'GET /groups', readGroups, ({ tenant }) => tenant.groups),
  {
    method: 'GET',
    path: pathOf(`/groups/${id}`),
    operation: 'GET /groups/{group-id}',
    permissions: readGroups,
    answer: ({ tenant, params: [group = ''], url }) => one(withId(tenant.groups, group), group, url),
  },
  {
    method: 'GET',
    path: pathOf(`/groups/${id}/members`),
    operation: 'GET /groups/{group-id}/members',
    permissions: readMembers,
    answer: (call) => {
      const [group = ''] = call.params;
      const { id: found } = existing(withId(call.tenant.groups, group), group);
      const members = (call.tenant.members[found] ?? []).flatMap((member) => typed(call.tenant, member));
      return page(call, members, { byDefault: userDefaults });
    },
  },
  {
    method: 'GET',
    path: pathOf(`/groups/${id}/members/microsoft.graph.user`),
    operation: 'GET /groups/{group-id}/members/graph.user',
    permissions: readMembers,
    answer: (call) => {
      const [group = ''] = call.params;
      const { id: found } = existing(withId(call.tenant.groups, group), group);
      return memberPage(call, call.tenant.members[found] ?? [], userDefaults);
    },
  },
];

/** A user or a group with the name of its type, as it stands in lists of both. */
function typed({ users, groups }: TenantState, id: string): GraphObject[] {
  const user = withId(users, id);
  if (user !== undefined) return [{ '@odata.type': '#microsoft.graph.user', ...user }];
  const group = withId(groups, id);
  return group === undefined ? [] : [{ '@odata.type': '#microsoft.graph.group', ...group }];
}

function withId(objects: readonly GraphObject[], wanted: string): GraphObject | undefined {
  return objects.find(isOf('id', wanted));
}
