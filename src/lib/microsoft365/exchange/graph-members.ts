import {
  administrativeUnitReadAll,
  groupMemberReadBasicAll,
  groupReadBasicAll,
  userReadAll,
} from '../permissions';
import { wordsFor } from '../permission-fallback';
import { z } from 'zod';
import { type Read, readFailed, readOk } from '../read';
import type { Tenant } from '../tenant';
import { type GraphRecipient, selectionFor } from './graph-recipient';

const pageSize = '$top=999';

/** Of members of a group or a unit nothing is asked but who they are. */
const identity = selectionFor();

/** All users of the tenant, with what filters over these properties (names in lower case) need. */
export function readUsers(tenant: Tenant, properties?: Iterable<string>): Promise<Read<GraphRecipient[]>> {
  const { query, row } = selectionFor(properties);
  return tenant.graph.list(`/users?${query}&${pageSize}`, row, {
    what: 'the users of the tenant',
    permission: userReadAll.name,
  });
}

/** One user, as a list of one. */
export async function readUser(tenant: Tenant, id: string): Promise<Read<GraphRecipient[]>> {
  const read = await tenant.graph.get(`/users/${encodeURIComponent(id)}?${identity.query}`, identity.row, {
    what: `the user ${id}`,
    permission: userReadAll.name,
  });
  return read.ok ? readOk([read.value]) : read;
}

/** The users in an administrative unit. Groups in it do not bring in their members. */
export function readUnitMembers(tenant: Tenant, id: string): Promise<Read<GraphRecipient[]>> {
  const path = `/directory/administrativeUnits/${encodeURIComponent(id)}/members/microsoft.graph.user`;
  return tenant.graph.list(`${path}?${identity.query}&${pageSize}`, identity.row, {
    what: `the members of the administrative unit ${id}`,
    permission: administrativeUnitReadAll.name,
  });
}

/** The users who are direct members of a group, which is as far as scopes reach. */
export function readGroupMembers(tenant: Tenant, id: string): Promise<Read<GraphRecipient[]>> {
  const path = `/groups/${encodeURIComponent(id)}/members/microsoft.graph.user`;
  return tenant.graph.list(`${path}?${identity.query}&${pageSize}`, identity.row, {
    what: `the members of the group ${id}`,
    permission: wordsFor(groupMemberReadBasicAll),
  });
}

const Group = z.object({ id: z.string() });

/** The users who are direct members of the group with this address. */
export async function readGroupMembersByAddress(
  tenant: Tenant,
  address: string,
): Promise<Read<GraphRecipient[]>> {
  const filter = encodeURIComponent(`mail eq '${address.replaceAll("'", "''")}'`);
  const groups = await tenant.graph.list(`/groups?$filter=${filter}&$select=id`, Group, {
    what: `the group ${address}`,
    permission: wordsFor(groupReadBasicAll),
  });
  if (!groups.ok) return groups;
  const [group] = groups.value;
  if (group !== undefined && groups.value.length === 1) return readGroupMembers(tenant, group.id);
  const message = `Could not read the group ${address}: ${groups.value.length} groups have this address. Correct scopeGroups in the target.`;
  return readFailed({ cause: 'notFound', message });
}
