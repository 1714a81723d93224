import pMap from 'p-map';
import { z } from 'zod';
import type { Cmdlet } from '../admin-api';
import { largestBatch, requestsAtOnce } from '../admin-api/cmdlet';
import { exchangeManageAsApp } from '../permissions';
import { isNotFound, type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import { type ExchangeRecipient, recipientProperties, RecipientRow } from './admin-api-rows';
import type { Room } from './exchange';
import type { RoomList } from './ground';
import { type RoomGap, roomsIn, type WalkedLists } from './target-rooms';

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

/** A room list on the way through lists within lists. */
interface Step {
  address: string;
  /** The list of the target through which it was found. */
  root: string;
  /** Whether it was found within another list. */
  isNested: boolean;
}

/** The rooms and desks in room lists, and in the lists within them, with or without a mailbox in Exchange Online. */
export async function walkLists(tenant: Tenant, addresses: readonly string[]): Promise<WalkedLists> {
  const walk = new ListWalk();
  const first = addresses.map((name) => ({ address: name.toLowerCase(), root: name.toLowerCase() }));
  let steps = walk.fresh(first.map((list) => ({ ...list, isNested: false })));
  while (steps.length > 0) {
    const found = await Promise.all(
      steps.map(async (step) => ({ step, members: await readList(tenant, step) })),
    );
    steps = walk.fresh(found.flatMap(({ step, members }) => walk.add(step, members)));
  }
  return walk.result();
}

/**
 * The members of a list; `missing` where Exchange does not know it. Asked for its members alone it says the same of a
 * group whose members it does not list, so that it is asked for the list as well.
 */
async function readList(
  tenant: Tenant,
  { address, isNested }: Step,
): Promise<Read<ExchangeRecipient[]> | 'missing'> {
  const members = await readGroupMembers(tenant, address);
  if (isNested || !isNotFound(members)) return members;
  const list = await tenant.adminApi.get(cmdletFor(address), Group, {
    what: `the room list ${address}`,
    permission,
  });
  return isNotFound(list) ? 'missing' : members;
}

/** Puts together what room lists, and the lists within them, come to. */
class ListWalk {
  private readonly seen = new Set<string>();
  private readonly lists = new Set<string>();
  private readonly missing = new Set<string>();
  private readonly rooms = new Map<string, Room>();
  private readonly gaps: RoomGap[] = [];

  /** Those that were not come by yet: lists may be in each other. */
  fresh(steps: readonly Step[]): Step[] {
    return steps.filter(({ address }) => !this.seen.has(address) && this.seen.add(address));
  }

  /** Takes a list in, and gives those within it. */
  add({ address, root }: Step, members: Read<ExchangeRecipient[]> | 'missing'): Step[] {
    if (members === 'missing') {
      this.missing.add(address);
      return [];
    }
    if (!members.ok) {
      this.gaps.push({ about: root, problem: members.failure });
      return [];
    }
    this.lists.add(address);
    for (const member of members.value) this.addMember(root, member);
    return members.value.filter(isRoomList).map((list) => ({ address: list.address, root, isNested: true }));
  }

  result(): WalkedLists {
    const [lists, missingLists] = [[...this.lists].sort(), [...this.missing].sort()];
    return { rooms: [...this.rooms.values()], missingLists, gaps: this.gaps, lists };
  }

  private addMember(root: string, member: ExchangeRecipient): void {
    const { address, hasMailbox, recipientTypeDetails } = member;
    if (!isGroup(member)) this.rooms.set(address, { ...member, exists: hasMailbox });
    else if (!isRoomList(member) && !this.seen.has(address)) {
      // Whoever is in it is no room because of that.
      const problem = `it holds the group ${address}, which is no room list but a ${recipientTypeDetails}`;
      this.gaps.push({ about: root, problem });
    }
  }
}

/** Whether it is a list or a group of any kind. */
export function isGroup({ recipientTypeDetails }: ExchangeRecipient): boolean {
  return /group|list/i.test(recipientTypeDetails);
}

function isRoomList({ recipientTypeDetails }: ExchangeRecipient): boolean {
  return recipientTypeDetails.toLowerCase() === 'roomlist';
}

const Group = z.object({ DistinguishedName: z.string().min(1) });

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
  return tenant.adminApi.getEach(addresses.map(cmdletFor), Group, reading);
}

function cmdletFor(Identity: string): Cmdlet {
  return { name: 'Get-DistributionGroup', parameters: { Identity }, select: Object.keys(Group.shape) };
}
