import type { StoredTarget } from '../../../model/target';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import { allOf, asPossibleRoom, namedRooms, roomAt, type RoomGap, type TargetRooms } from '../target-rooms';
import { readEverybody } from './everybody';
import { readDesks, readRooms } from './places';
import { learnPlans } from './plans';
import { walkLists } from './room-lists';

/** The rooms that a target means, as Microsoft Graph knows them. */
export async function readTargetRooms(
  tenant: Tenant,
  rooms: StoredTarget['rooms'],
): Promise<Read<TargetRooms>> {
  switch (rooms.source) {
    case 'all':
      return readAll(tenant, rooms.desks === 'include');
    case 'roomLists':
      return readOk(await walkLists(tenant, rooms.roomLists));
    case 'mailboxes':
      return readNamed(tenant, rooms.mailboxes);
  }
}

/** Rooms need no licence, and a new one is not among the places yet. */
const noSignOfMailbox =
  'Microsoft Graph has it neither among the places nor with a plan of Exchange. A new room is there after up to a day; otherwise set exchangeReader to admin-api, or correct the setting rooms of the target';

async function readAll(tenant: Tenant, withDesks: boolean): Promise<Read<TargetRooms>> {
  const [rooms, desks] = await Promise.all([readRooms(tenant), readDesks(tenant)]);
  if (!rooms.ok) return rooms;
  const gaps: RoomGap[] = withDesks && !desks.ok ? [{ problem: desks.failure }] : [];
  const places = withDesks && desks.ok ? [...desks.value, ...rooms.value] : rooms.value;
  const byAddress = new Map(places.map((place) => [place.address, roomAt(place)]));
  return readOk({ ...allOf([...byAddress.values()]), gaps });
}

async function readNamed(tenant: Tenant, addresses: readonly string[]): Promise<Read<TargetRooms>> {
  const everybody = await readEverybody(tenant);
  if (!everybody.ok) return everybody;
  const named = new Set(addresses.map((address) => address.toLowerCase()));
  const plans = await learnPlans(
    tenant,
    everybody.value.filter(({ keys }) => keys.some((key) => named.has(key))),
  );
  if (!plans.ok) return plans;
  const rooms = namedRooms(addresses, everybody.value).map((room) =>
    room.exists ? asPossibleRoom(room, noSignOfMailbox) : room,
  );
  // One that nothing speaks for may be a desk, where these could not be read.
  const desks = await readDesks(tenant);
  const isDoubtful = rooms.some(({ doubt }) => doubt !== undefined);
  const gaps: RoomGap[] = isDoubtful && !desks.ok ? [{ problem: desks.failure }] : [];
  return readOk({ ...allOf(rooms), gaps });
}
