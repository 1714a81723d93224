import pMap from 'p-map';
import { z } from 'zod';
import type { Cmdlet } from '../admin-api';
import { largestBatch, requestsAtOnce } from '../admin-api/cmdlet';
import { exchangeManageAsApp } from '../permissions';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import { type ExchangeRecipient, recipientProperties, RecipientRow } from './admin-api-rows';
import type { RoomList } from './ground';

const permission = exchangeManageAsApp.name;

/** The members of a group, as far as Exchange lists any. @param group its name or address. */
export function readGroupMembers(tenant: Tenant, group: string): Promise<Read<ExchangeRecipient[]>> {
  return tenant.adminApi.list(
    {
      name: 'Get-DistributionGroupMember',
      parameters: { Identity: group, ResultSize: 'Unlimited' },
      select: recipientProperties,
    },
    RecipientRow,
    { what: `the members of the group ${group}`, permission },
  );
}

/** What room lists come to: who is in them, with or without a mailbox in Exchange Online, and the addresses of the lists with all lists within them. */
export interface WalkedLists {
  rooms: ExchangeRecipient[];
  lists: string[];
}

export async function walkLists(tenant: Tenant, lists: readonly string[]): Promise<Read<WalkedLists>> {
  const rooms = new Map<string, ExchangeRecipient>();
  const seen = new Set<string>();
  for (let level = [...lists]; level.length > 0;) {
    const fresh = level.filter((list) => !seen.has(list.toLowerCase()));
    for (const list of fresh) seen.add(list.toLowerCase());
    const reads = await Promise.all(fresh.map((list) => readGroupMembers(tenant, list)));
    level = [];
    for (const read of reads) {
      if (!read.ok) return read;
      for (const member of read.value) {
        if (!member.hasMailbox && /group|list/i.test(member.recipientTypeDetails)) level.push(member.address);
        else rooms.set(member.address, member);
      }
    }
  }
  return readOk({ rooms: [...rooms.values()], lists: [...seen] });
}

export function roomsIn(walked: Read<WalkedLists>): Read<ExchangeRecipient[]> {
  return walked.ok ? readOk(walked.value.rooms) : walked;
}

const Group = z.object({ DistinguishedName: z.string().min(1) });

/** Room lists, and lists within these, with the distinguished names that filters know them by: ten to a request. */
export async function readRoomLists(tenant: Tenant, lists: readonly string[]): Promise<Read<RoomList[]>> {
  const walked = await walkLists(tenant, lists);
  if (!walked.ok) return walked;
  const addresses = walked.value.lists;
  const batches = Array.from({ length: Math.ceil(addresses.length / largestBatch) }, (_, index) =>
    addresses.slice(index * largestBatch, (index + 1) * largestBatch),
  );
  const reads = await pMap(batches, (batch) => readNames(tenant, batch), { concurrency: requestsAtOnce });
  const found: RoomList[] = [];
  for (const [index, read] of reads.flat().entries()) {
    if (!read.ok) return read;
    found.push({ address: addresses[index] ?? '', distinguishedName: read.value.DistinguishedName });
  }
  return readOk(found);
}

function readNames(tenant: Tenant, addresses: readonly string[]) {
  const cmdlets = addresses.map((Identity): Cmdlet => ({
    name: 'Get-DistributionGroup',
    parameters: { Identity },
    select: Object.keys(Group.shape),
  }));
  return tenant.adminApi.getEach(cmdlets, Group, { what: 'the name of a room list', permission });
}
