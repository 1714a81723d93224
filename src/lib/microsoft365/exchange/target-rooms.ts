import { type Read, type ReadFailure, readFailed, readOk } from '../wire/read';
import type { Recipient, Room } from './recipient';

/** Why there may be more rooms than were found. */
export interface RoomGap {
  /** The address of the room list, or of the mailbox, that this is about. */
  about?: string;
  /** A reading that failed, or a sentence about what this reader cannot find out. */
  problem: ReadFailure | string;
}

/** A room list that a target names and that is none. */
export interface MissingList {
  /** In lower case. */
  address: string;
  /** What has this address instead, with its article; undefined where nothing has it. */
  instead?: string;
}

/** The rooms of a target, in no particular order, and what is known of whether these are all. */
export interface TargetRooms {
  rooms: Room[];
  missingLists: readonly MissingList[];
  gaps: readonly RoomGap[];
}

/** What room lists come to, with the lists themselves. */
export interface WalkedLists extends TargetRooms {
  /** The addresses of the lists that exist, and of the lists within them, in lower case. */
  lists: string[];
}

/** Rooms that are all there are. */
export function allOf(rooms: Room[]): TargetRooms {
  return { rooms, missingLists: [], gaps: [] };
}

/** The rooms of the lists that exist; a failure where any reading of them failed. */
export function roomsIn(read: Read<TargetRooms>): Read<Room[]> {
  if (!read.ok) return read;
  for (const { problem } of read.value.gaps) if (typeof problem !== 'string') return readFailed(problem);
  return readOk(read.value.rooms);
}

/** The rooms that a target names by address, found among recipients; one that nobody goes by does not exist. */
export function namedRooms(addresses: readonly string[], recipients: readonly Recipient[]): Room[] {
  const byKey = new Map(
    recipients.flatMap((recipient) => recipient.keys.map((key) => [key, recipient] as const)),
  );
  const named = new Map<string, Room>();
  for (const name of addresses) {
    const address = name.toLowerCase();
    const found = byKey.get(address);
    const room: Room = found === undefined ? absentRoom(address) : asRoom(found);
    named.set(room.address, room);
  }
  return [...named.values()];
}

/** A room that a target means, and that has no mailbox. */
export function absentRoom(address: string, displayName = address): Room {
  return { address, displayName, keys: [address], hasMailbox: false, exists: false };
}

/** A recipient as a room, as far as it is known that it has a mailbox. @param why the doubt where nothing tells. */
export function asPossibleRoom(recipient: Recipient, why: string): Room {
  const room = asRoom(recipient);
  if (room.hasMailbox === undefined) return { ...room, doubt: why };
  return room.hasMailbox ? room : { ...room, exists: false };
}

/** A recipient that exists as a room. Property by property: some recipients work theirs out when they are asked. */
export function asRoom({ address, displayName, keys, hasMailbox, id, created }: Recipient): Room {
  return { address, displayName, keys, hasMailbox, id, created, exists: true };
}

/** A place as a room: that is all that is known of it. */
export function roomAt({ address, displayName }: { address: string; displayName: string }): Room {
  return { address, displayName, keys: [address], hasMailbox: true, exists: true };
}
