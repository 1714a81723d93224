import { counted, grouped } from '../../counted';
import {
  exchangeOf,
  type MissingList,
  type Recipient,
  type Room,
  type RoomGap,
} from '../../microsoft365/exchange';
import {
  type CalendarProcessing,
  readCalendarSettings,
  readRoomListMembers,
} from '../../microsoft365/exchange/calendar-settings';
import type { Tenant } from '../../microsoft365/tenant';
import { type Read, readFailed, readOk } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { profile } from '../../profiles';
import { expectationsOf } from './expectations';

/** Beyond this many rooms their settings cannot be read, one at a time, within the time of an audit. */
const mostRooms = 20_000;

/** What is known of the rooms of the target, of their calendar settings, and of room lists. */
export interface RoomsFacts {
  /** Those that are known, whatever could not be read of others. */
  rooms: Read<Room[]>;
  /** Why there may be more rooms than these. */
  roomGaps: readonly RoomGap[];
  /** Room lists of the target that do not exist, or are none. */
  missingLists: readonly MissingList[];
  /** By address of the room: the settings that are asked for, and no others. */
  settings: ReadonlyMap<string, Read<CalendarProcessing>>;
  listed: Read<Recipient[]>;
}

/**
 * Reads the rooms of the target, who is in any room list, and of every room the calendar settings that are asked for.
 * More than 20,000 rooms are a reading that failed: Exchange gives settings of one mailbox at a time.
 */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<RoomsFacts> {
  const [found, listed] = await Promise.all([
    exchangeOf(tenant, target).rooms(),
    readRoomListMembers(tenant),
  ]);
  if (!found.ok) return { rooms: found, roomGaps: [], missingLists: [], listed, settings: new Map() };
  const { rooms, gaps: roomGaps, missingLists } = found.value;
  const others = { roomGaps, missingLists, listed };
  const names = expectationsOf(profile(target.profile), target).map(({ name }) => name);
  if (names.length > 0 && rooms.length > mostRooms) {
    const message = `Could not read the calendar settings of ${counted(rooms.length, 'room')}: Exchange gives them one at a time, and more than ${grouped(mostRooms)} take longer than an audit may.`;
    return { ...others, rooms: readFailed({ cause: 'unavailable', message }), settings: new Map() };
  }
  const existing = names.length === 0 ? [] : rooms.filter(({ exists }) => exists);
  const settings = await readCalendarSettings(tenant, existing, names);
  return { ...others, rooms: readOk(rooms), settings };
}
