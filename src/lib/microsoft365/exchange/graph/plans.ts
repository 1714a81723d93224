import * as z from 'zod';
import { givesMailbox } from '../../directory/exchange-plans';
import { userReadAll } from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readFailed, readOk } from '../../wire/read';
import { GraphRecipient } from './recipient';

/** A user may have a hundred plans; all that is kept of them is whether one of them gives a mailbox. */
const UserPlans = z
  .object({
    id: z.string(),
    assignedPlans: z.array(z.object({ servicePlanId: z.string(), capabilityStatus: z.string().nullish() })),
  })
  .transform(({ id, assignedPlans }) => ({
    id: id.toLowerCase(),
    hasPlan: givesMailbox(assignedPlans),
  }));

const options = { what: "the users' service plans", permission: userReadAll.name };
const select = '$select=id,assignedPlans';

/** The most ids that one filter may name. https://learn.microsoft.com/graph/filter-query-parameter */
const idsPerFilter = 15;

/** Beyond this many, reading everybody takes fewer requests. */
const mostAskedOneByOne = 600;

/**
 * Learns which of these recipients have a mailbox. Only they are asked about: the plans of everybody would be most of
 * what an audit reads.
 */
export async function learnPlans(tenant: Tenant, recipients: Iterable<unknown>): Promise<Read<void>> {
  // Lists that were read apart may hold the same user, each an object of its own.
  const open = new Map<string, GraphRecipient[]>();
  for (const recipient of recipients) {
    if (!(recipient instanceof GraphRecipient)) continue;
    if (recipient.isRoomMailbox === true || recipient.hasPlan !== undefined) continue;
    open.set(recipient.id, [...(open.get(recipient.id) ?? []), recipient]);
  }
  for (const read of await Promise.all(
    queriesFor([...open.keys()]).map((query) => readPlans(tenant, query)),
  )) {
    if (!read.ok) return read;
    for (const { id, hasPlan } of read.value) {
      for (const recipient of open.get(id) ?? []) recipient.hasPlan = hasPlan;
      open.delete(id);
    }
  }
  if (open.size === 0) return readOk(undefined);
  const message = `Could not read ${options.what}: Microsoft Graph left out ${open.size} of the users that it was asked about.`;
  return readFailed({ cause: 'malformed', message });
}

function readPlans(tenant: Tenant, query: string) {
  return tenant.graph.list(`/users?${query}`, UserPlans, options);
}

function queriesFor(ids: readonly string[]): string[] {
  if (ids.length > mostAskedOneByOne) return [`${select}&$top=999`];
  const groups = Array.from({ length: Math.ceil(ids.length / idsPerFilter) }, (_, index) =>
    ids.slice(index * idsPerFilter, (index + 1) * idsPerFilter),
  );
  return groups.map((group) => {
    const filter = `id in (${group.map((id) => `'${id}'`).join(',')})`;
    return `$filter=${encodeURIComponent(filter)}&${select}`;
  });
}
