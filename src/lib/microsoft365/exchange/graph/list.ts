import { isNotFound, type Read, type ReadFailure } from '../../wire/read';
import type { ListWalk } from '../list-walk';
import type { Room } from '../recipient';
import { absentRoom, asPossibleRoom, roomAt } from '../target-rooms';
import type { ListMember } from './list-members';
import type { Group } from './members';
import type { Place } from './places';
import type { GraphRecipient } from './recipient';

/** A room list on the way through lists within lists. */
export interface Step {
  address: string;
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

/** Takes a list in, and gives those within it. @param learnt whether it could be read who has a mailbox. */
export function takeIn(walk: ListWalk, list: GraphList, learnt: Read<void>): Step[] {
  const { address, isNested } = list;
  const isPlace = !isNotFound(list.rooms);
  if (!isPlace && !isNested && list.groups.ok && list.groups.value.length === 0) {
    walk.addMissing(address);
    return [];
  }
  const elsewhere = isPlace ? undefined : mainAddress(list);
  const steps = elsewhere === undefined ? stepsInto(list) : [elsewhere];
  for (const step of steps) walk.addWithin(address, step.address);
  if (elsewhere !== undefined) return steps;
  const instead = isUnproved(list) ? groupOf(list)?.kind : undefined;
  if (instead !== undefined) {
    walk.addMissing(address, instead);
    return [];
  }
  for (const problem of problemsOf(list, learnt)) walk.addProblem(address, problem);
  // Whoever is in a group that is no list is no room because of that.
  if (!isPlace && isNested) return [];
  walk.addList(address);
  for (const room of roomsOf(list)) walk.addRoom(room);
  return steps;
}

/** Whether nothing says that what the target names is a room list: a new one is no place yet, but other groups are none either. */
export function isUnproved({ rooms, isNested }: GraphList): boolean {
  return isNotFound(rooms) && !isNested;
}

function groupOf({ groups }: GraphList): Group | undefined {
  return groups.ok ? groups.value[0] : undefined;
}

function roomsOf(list: GraphList): Room[] {
  const { places, members } = list;
  const isList = !isUnproved(list);
  const names = new Map(placesIn(list).map(({ address, displayName }) => [address, displayName]));
  const inGroup = (members?.ok === true ? members.value : []).flatMap((member): Room[] => {
    // In a group that may be none, who is no place is as likely a person.
    if (!isList && (member.kind !== 'user' || member.user.isRoomMailbox !== true)) return [];
    if (member.kind === 'contact') return [absentRoom(member.address, member.displayName)];
    if (member.kind !== 'user' || member.user.addresses.length === 0) return [];
    const displayName = names.get(member.user.addressAmong(places) ?? '') ?? member.user.displayName;
    return [{ ...asPossibleRoom(member.user, noSignInList), displayName }];
  });
  const others = [...names].filter(([address]) => !places.has(address));
  return [...inGroup, ...others.map(([address, displayName]) => roomAt({ address, displayName }))];
}

/** Places go by their first address, and a target may name a list by another one. */
function mainAddress(list: GraphList): Step | undefined {
  const { address, isNested } = list;
  const group = groupOf(list);
  if (group?.address === undefined || group.address === address) return undefined;
  return { address: group.address, group, isNested };
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

function stepsInto({ members }: GraphList): Step[] {
  if (members?.ok !== true) return [];
  return members.value.flatMap((member): Step[] =>
    member.kind === 'group' && member.group.address !== undefined
      ? [{ address: member.group.address, group: member.group, isNested: true }]
      : [],
  );
}

const noSignInList =
  'it is a member of the room list, and Microsoft Graph has it neither among the places nor with a plan of Exchange. It may be hidden from address lists, or new: those are there after up to a day. Set exchangeReader to admin-api';
