import * as z from 'zod';
import { fallbackWords } from '../../permission-fallback';
import {
  administrativeUnitReadAll,
  groupMemberReadBasicAll,
  groupReadBasicAll,
  userReadAll,
} from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readFailed, readOk } from '../../wire/read';
import { type GraphRecipient, selectionFor } from './recipient';

const pageSize = '$top=999';

/** Of members nothing is asked but who they are. */
export const identity = selectionFor();

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
    permission: fallbackWords(groupMemberReadBasicAll),
  });
}

/** A group, as far as somebody asks for it by its address. */
export interface Group {
  id: string;
  /** The primary one, in lower case; undefined for a group that no mail can reach. */
  address: string | undefined;
  /** What it is, with its article, where that cannot be a distribution group, of which room lists are a kind. */
  kind?: string;
}

/**
 * A group, with its kind in words where it is none that holds mail alone.
 * https://learn.microsoft.com/graph/api/resources/group
 */
export const GroupRow = z
  .object({
    id: z.string(),
    mail: z.string().nullish(),
    securityEnabled: z.boolean().nullish(),
    groupTypes: z.array(z.string()).nullish(),
  })
  .transform(({ id, mail, securityEnabled, groupTypes }): Group => {
    const isUnified = groupTypes?.some((type) => type.toLowerCase() === 'unified');
    const kind = isUnified ? 'a Microsoft 365 group' : securityEnabled ? 'a security group' : undefined;
    return { id, address: mail?.toLowerCase(), ...(kind === undefined ? {} : { kind }) };
  });

/** The groups that go by this address: as their primary one or, where none does, as any other. */
export async function readGroups(tenant: Tenant, address: string): Promise<Read<Group[]>> {
  const quoted = address.replaceAll("'", "''");
  const groups = await filteredGroups(tenant, address, `mail eq '${quoted}'`);
  if (!groups.ok || groups.value.length > 0) return groups;
  return filteredGroups(tenant, address, `proxyAddresses/any(p:p eq 'smtp:${quoted}')`);
}

function filteredGroups(tenant: Tenant, address: string, filter: string): Promise<Read<Group[]>> {
  const select = Object.keys(GroupRow.in.shape).join(',');
  return tenant.graph.list(`/groups?$filter=${encodeURIComponent(filter)}&$select=${select}`, GroupRow, {
    what: `the group ${address}`,
    permission: fallbackWords(groupReadBasicAll),
  });
}

/** The users who are direct members of the group with this address. */
export async function readGroupMembersByAddress(
  tenant: Tenant,
  address: string,
): Promise<Read<GraphRecipient[]>> {
  const groups = await readGroups(tenant, address);
  if (!groups.ok) return groups;
  const [group] = groups.value;
  if (group !== undefined && groups.value.length === 1) return readGroupMembers(tenant, group.id);
  const message = `Could not read the group ${address}: ${groups.value.length} groups have this address. Correct scopeGroups in the target.`;
  return readFailed({ cause: 'notFound', message });
}
