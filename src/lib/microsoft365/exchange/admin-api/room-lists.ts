import pMap from 'p-map';
import * as z from 'zod';
import { started } from '../../../started';
import type { Cmdlet } from '../../admin-api';
import { largestBatch, requestsAtOnce } from '../../admin-api/cmdlet';
import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { isNotFound, type Read, readOk } from '../../wire/read';
import type { RoomList } from '../baseline';
import { ListWalk } from '../list-walk';
import { roomsIn, type WalkedLists } from '../target-rooms';
import { type ExchangeRecipient, recipientProperties, RecipientRow } from './rows';

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

const RoomListRow = z.object({
  PrimarySmtpAddress: z.string(),
  EmailAddresses: z.array(z.string()).nullish(),
});

/** Every room list of the tenant. */
export function readEveryRoomList(tenant: Tenant): Promise<Read<z.infer<typeof RoomListRow>[]>> {
  return tenant.adminApi.list(
    {
      name: 'Get-DistributionGroup',
      parameters: { RecipientTypeDetails: ['RoomList'], ResultSize: 'Unlimited' },
      select: Object.keys(RoomListRow.shape),
    },
    RoomListRow,
    { what: 'the room lists of the tenant', permission },
  );
}

/** The addresses by which room lists go; none where they could not be read. */
async function readListAddresses(tenant: Tenant): Promise<ReadonlySet<string>> {
  const lists = await readEveryRoomList(tenant);
  return new Set(
    (lists.ok ? lists.value : []).flatMap(({ PrimarySmtpAddress, EmailAddresses }) =>
      [PrimarySmtpAddress, ...(EmailAddresses ?? [])].map((address) =>
        address.replace(/^smtp:/i, '').toLowerCase(),
      ),
    ),
  );
}

/** A room list on the way through lists within lists. */
interface Step {
  address: string;
  /** Whether it was found within another list. */
  isNested: boolean;
}

/** The rooms and desks in room lists, and in the lists within them, with or without a mailbox in Exchange Online. */
export async function walkLists(tenant: Tenant, addresses: readonly string[]): Promise<WalkedLists> {
  const walk = new ListWalk(addresses);
  const known = started(readListAddresses(tenant));
  let steps: Step[] = walk.first();
  while (steps.length > 0) {
    const found = await Promise.all(
      steps.map(async (step) => ({
        address: step.address,
        members: await readList(tenant, step, known),
      })),
    );
    steps = walk.fresh(found.flatMap(({ address, members }) => takeIn(walk, address, members)));
  }
  return walk.result();
}

/** The members of a list, or that it is none: with what has its address instead, where something has. */
type ListRead = Read<ExchangeRecipient[]> | { instead: string | undefined };

/**
 * Any group has members, so that one which is not among the room lists is asked for itself. Asked for its members alone
 * Exchange also says of a group whose members it does not list that there is none.
 */
async function readList(
  tenant: Tenant,
  { address, isNested }: Step,
  known: Promise<ReadonlySet<string>>,
): Promise<ListRead> {
  const members = await readGroupMembers(tenant, address);
  if (isNested || (await known).has(address)) return members;
  const reading = { what: `the room list ${address}`, permission };
  const group = await tenant.adminApi.get(cmdletFor(address, GroupKind), GroupKind, reading);
  if (!group.ok) return isNotFound(group) && isNotFound(members) ? { instead: undefined } : group;
  const kind = group.value.RecipientTypeDetails;
  return isRoomListKind(kind) ? members : { instead: `a ${kind}` };
}

/** Takes a list in, and gives those within it. */
function takeIn(walk: ListWalk, address: string, members: ListRead): Step[] {
  if ('instead' in members) {
    walk.addMissing(address, members.instead);
    return [];
  }
  if (!members.ok) {
    walk.addProblem(address, members.failure);
    return [];
  }
  walk.addList(address);
  return members.value.flatMap((member): Step[] => {
    if (!isGroup(member)) {
      walk.addRoom({ ...member, exists: member.hasMailbox });
      return [];
    }
    // Whoever is in a group that is no list is no room because of that, unless the target names it.
    if (!isRoomList(member) && !walk.isSeen(member.address)) {
      walk.addProblem(address, noRoomList(member));
      return [];
    }
    walk.addWithin(address, member.address);
    return [{ address: member.address, isNested: true }];
  });
}

function noRoomList({ address, recipientTypeDetails }: ExchangeRecipient): string {
  return `it holds the group ${address}, which is no room list but a ${recipientTypeDetails}`;
}

/** Whether it is a list or a group of any kind. */
export function isGroup({ recipientTypeDetails }: ExchangeRecipient): boolean {
  return /group|list/i.test(recipientTypeDetails);
}

function isRoomList({ recipientTypeDetails }: ExchangeRecipient): boolean {
  return isRoomListKind(recipientTypeDetails);
}

function isRoomListKind(kind: string): boolean {
  return kind.toLowerCase() === 'roomlist';
}

const Group = z.object({ DistinguishedName: z.string().min(1) });
const GroupKind = z.object({ RecipientTypeDetails: z.string().min(1) });

/** The room lists that exist, and lists within these, with the distinguished names that filters know them by: ten to a request. */
export async function readRoomLists(tenant: Tenant, lists: readonly string[]): Promise<Read<RoomList[]>> {
  const walked = await walkLists(tenant, lists);
  const rooms = roomsIn(readOk(walked));
  if (!rooms.ok) return rooms;
  const addresses = walked.lists;
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
  const reading = { what: 'the name of a room list', permission };
  return tenant.adminApi.getEach(
    addresses.map((address) => cmdletFor(address, Group)),
    Group,
    reading,
  );
}

function cmdletFor(Identity: string, { shape }: z.ZodObject): Cmdlet {
  return { name: 'Get-DistributionGroup', parameters: { Identity }, select: Object.keys(shape) };
}
