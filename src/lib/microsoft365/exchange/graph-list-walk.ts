import { isNotFound, type Read, type ReadFailure } from '../read';
import type { Room } from './exchange';
import type { ListMember } from './graph-list-members';
import type { Group } from './graph-members';
import type { Place } from './graph-places';
import type { GraphRecipient } from './graph-recipient';
import { absentRoom, asRoom, type RoomGap, type WalkedLists } from './target-rooms';

/** A room list on the way through lists within lists. */
export interface Step {
  address: string;
  /** The list of the target through which it was found. */
  root: string;
  /** The same as a group, where it was found as one. */
  group?: Group;
  /** Whether it was found within another list. */
  isNested: boolean;
}

/** What was read of a room list. */
export interface GraphList extends Step {
  rooms: Read<Place[]>;
  desks: Read<Place[]>;
  /** Those with its address. */
  groups: Read<Group[]>;
  /** Undefined where there is no group, or more than one. */
  members: Read<ListMember[]> | undefined;
  /** The addresses of rooms and desks that belong to members. */
  places: ReadonlySet<string>;
}

/** Puts together what room lists, and the lists within them, come to. */
export class GraphListWalk {
  private readonly seen = new Set<string>();
  private readonly lists = new Set<string>();
  private readonly missing = new Set<string>();
  private readonly rooms = new Map<string, Room>();
  private readonly gaps: RoomGap[] = [];

  /** Those that were not come by yet: lists may be in each other. */
  fresh(steps: readonly Step[]): Step[] {
    return steps.filter(({ address }) => !this.seen.has(address) && this.seen.add(address));
  }

  /** Takes a list in, and gives those within it. @param learnt whether it could be read who has a mailbox. */
  add(list: GraphList, learnt: Read<void>): Step[] {
    const { address, root, isNested } = list;
    const isPlace = !isNotFound(list.rooms);
    if (!isPlace && !isNested && list.groups.ok && list.groups.value.length === 0) {
      this.missing.add(root);
      return [];
    }
    const elsewhere = isPlace ? undefined : mainAddress(list);
    if (elsewhere !== undefined) return [elsewhere];
    this.gaps.push(...problemsOf(list, learnt).map((problem) => ({ about: root, problem })));
    // Whoever is in a group that is no list is no room because of that.
    if (!isPlace && isNested) return [];
    this.lists.add(address);
    this.addRooms(list);
    return stepsInto(list);
  }

  result(): WalkedLists {
    const [lists, missingLists] = [[...this.lists].sort(), [...this.missing].sort()];
    return { rooms: [...this.rooms.values()], missingLists, gaps: this.gaps, lists };
  }

  private addRooms(list: GraphList): void {
    const { places, members } = list;
    const names = new Map(placesIn(list).map(({ address, displayName }) => [address, displayName]));
    for (const member of members?.ok === true ? members.value : []) {
      if (member.kind === 'contact') this.put(absentRoom(member.address, member.displayName));
      if (member.kind !== 'user' || member.user.addresses.length === 0) continue;
      const displayName = names.get(member.user.addressAmong(places) ?? '') ?? member.user.displayName;
      this.put({ ...roomOf(member.user), displayName });
    }
    for (const [address, displayName] of names) {
      if (!places.has(address))
        this.put({ address, displayName, keys: [address], hasMailbox: true, exists: true });
    }
  }

  /** Of one that is in several lists, that stays of which there is no doubt. */
  private put(room: Room): void {
    const isSure = this.rooms.get(room.address)?.doubt === undefined && this.rooms.has(room.address);
    if (!isSure) this.rooms.set(room.address, room);
  }
}

/** Places go by their first address, and a target may name a list by another one. */
function mainAddress({ address, root, groups, isNested }: GraphList): Step | undefined {
  const [group] = groups.ok ? groups.value : [];
  if (group?.address === undefined || group.address === address) return undefined;
  return { address: group.address, root, group, isNested };
}

/** Why a list may hold more than is known. */
function problemsOf(list: GraphList, learnt: Read<void>): (ReadFailure | string)[] {
  const { rooms, desks, groups, members } = list;
  const isDoubtful = usersIn(list).some(({ hasMailbox }) => hasMailbox === undefined);
  const [stranger] =
    members?.ok === true ? placesIn(list).filter(({ address }) => !list.places.has(address)) : [];
  return [
    ...(rooms.ok ? failureIn(desks) : isNotFound(rooms) ? [noPlace(list)] : failureIn(rooms)),
    ...(groups.ok ? behind(groups.value.length, rooms.ok) : failureIn(groups)),
    ...(members?.ok === true ? members.value.flatMap(oddMember) : failureIn(members)),
    ...(stranger === undefined ? [] : [`it holds ${stranger.address} as a place, and not as a member`]),
    ...(isDoubtful ? failureIn(learnt) : []),
  ];
}

function failureIn(read: Read<unknown> | undefined): ReadFailure[] {
  return read === undefined || read.ok ? [] : [read.failure];
}

function behind(groups: number, isPlace: boolean): string[] {
  if (groups > 1) return [`${groups} groups have its address`];
  return groups === 0 && isPlace ? ['it is among the places, and no group has its address'] : [];
}

/** A list within another one may as well be a group that is no list, which nothing but Exchange tells. */
function noPlace({ address, isNested }: GraphList): ReadFailure | string {
  const why =
    'is not among the room lists of Microsoft Graph. A new one is there after up to a day; otherwise set exchangeReader to admin-api';
  if (isNested) return `it holds the group ${address}, which ${why}`;
  const message = `Could not read the rooms of the room list ${address}: it is a group that ${why}.`;
  return { cause: 'notFound', message };
}

function oddMember(member: ListMember): string[] {
  if (member.kind === 'other') return [`it holds a ${member.type}`];
  return member.kind === 'group' && member.group.address === undefined
    ? ['it holds a group that no mail can reach']
    : [];
}

/** The rooms and desks that a list holds itself. */
function placesIn({ rooms, desks }: GraphList): Place[] {
  return [...(rooms.ok ? rooms.value : []), ...(desks.ok ? desks.value : [])];
}

/** The users among the members of a list. */
export function usersIn({ members }: Pick<GraphList, 'members'>): GraphRecipient[] {
  if (members?.ok !== true) return [];
  return members.value.flatMap((member) => (member.kind === 'user' ? [member.user] : []));
}

function stepsInto({ root, members }: GraphList): Step[] {
  if (members?.ok !== true) return [];
  return members.value.flatMap((member): Step[] =>
    member.kind === 'group' && member.group.address !== undefined
      ? [{ address: member.group.address, root, group: member.group, isNested: true }]
      : [],
  );
}

/** A user as a member of a list. Of some nothing says whether they have a mailbox. */
function roomOf(user: GraphRecipient): Room {
  const room = asRoom(user);
  if (user.hasMailbox === undefined) return { ...room, doubt: noSignInList };
  return user.hasMailbox ? room : { ...room, exists: false };
}

const noSignInList =
  'it is a member of the room list, and Microsoft Graph has it neither among the places nor with a plan of Exchange. It may be hidden from address lists, or new: those are there after up to a day. Set exchangeReader to admin-api';

/** Rooms need no licence, and a new one is not among the places yet. */
export const noSignOfMailbox =
  'Microsoft Graph has it neither among the places nor with a plan of Exchange. A new room is there after up to a day; otherwise set exchangeReader to admin-api, or correct the setting rooms of the target';
