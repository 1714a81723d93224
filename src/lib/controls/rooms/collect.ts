import { exchangeOf, type Recipient, type Room, type RoomGap, roomsIn } from '../../microsoft365/exchange';
import {
  type CalendarProcessing,
  readCalendarSettings,
  readRoomListMembers,
} from '../../microsoft365/exchange/calendar-settings';
import { type Read, readFailed } from '../../microsoft365/read';
import type { Tenant } from '../../microsoft365/tenant';
import { profile } from '../../profiles';
import type { StoredTarget } from '../../target';
import { expectationsOf } from './expectations';

/** Beyond this many rooms their settings cannot be read, one at a time, within the time of an audit. */
const mostRooms = 20_000;

export interface RoomsFacts {
  rooms: Read<Room[]>;
  /** Why there may be more rooms than these. */
  roomGaps: readonly RoomGap[];
  /** By address of the room: the settings that are asked for, and no others. */
  settings: ReadonlyMap<string, Read<CalendarProcessing>>;
  listed: Read<Recipient[]>;
}

/** Null: Microsoft Graph knows none of it, so there is nothing to read. */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<RoomsFacts | null> {
  if (target.exchangeReader !== 'admin-api') return null;
  const [found, listed] = await Promise.all([
    exchangeOf(tenant, target).rooms(),
    readRoomListMembers(tenant),
  ]);
  // That a room list of the target does not exist is the business of impersonation.
  const rooms = roomsIn(found);
  const roomGaps = found.ok ? found.value.gaps : [];
  if (!rooms.ok) return { rooms, roomGaps, listed, settings: new Map() };
  const names = expectationsOf(profile(target.profile), target).map(({ name }) => name);
  if (names.length > 0 && rooms.value.length > mostRooms) {
    const message = `Could not read the calendar settings of ${rooms.value.length} rooms: Exchange gives them one at a time, and more than ${mostRooms} take longer than an audit may.`;
    const failed = readFailed({ cause: 'unavailable', message });
    return { rooms: failed, roomGaps, listed, settings: new Map() };
  }
  const existing = names.length === 0 ? [] : rooms.value.filter(({ exists }) => exists);
  return { rooms, roomGaps, listed, settings: await readCalendarSettings(tenant, existing, names) };
}
