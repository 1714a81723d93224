import { z } from 'zod';
import { placeReadAll } from '../permissions';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import type { Room } from './exchange';

/** https://learn.microsoft.com/graph/api/resources/room */
const Place = z.object({ displayName: z.string().nullish(), emailAddress: z.string() }).transform(toRoom);

const options = { what: 'the rooms of the tenant', permission: placeReadAll.name };
// The service gives at most a hundred at once.
const query = '?$select=displayName,emailAddress&$top=100';

/** Every room of the tenant, each once. A new one can take a day to appear. */
export async function readAllRooms(tenant: Tenant): Promise<Read<Room[]>> {
  const read = await tenant.graph.list(`/places/microsoft.graph.room${query}`, Place, options);
  return read.ok ? readOk(onceEach(read.value)) : read;
}

/** The rooms in these room lists, each once. */
export async function readRoomsOfLists(tenant: Tenant, lists: readonly string[]): Promise<Read<Room[]>> {
  const reads = await Promise.all(
    lists.map((list) =>
      tenant.graph.list(`/places/${encodeURIComponent(list)}/microsoft.graph.roomlist/rooms${query}`, Place, {
        ...options,
        what: `the rooms of the room list ${list}`,
      }),
    ),
  );
  const rooms: Room[] = [];
  for (const read of reads) {
    if (!read.ok) return read;
    rooms.push(...read.value);
  }
  return readOk(onceEach(rooms));
}

function onceEach(rooms: readonly Room[]): Room[] {
  return [...new Map(rooms.map((room) => [room.address, room])).values()];
}

function toRoom(place: { displayName?: string | null | undefined; emailAddress: string }): Room {
  const address = place.emailAddress.toLowerCase();
  return {
    address,
    displayName: place.displayName ?? address,
    keys: [address],
    hasMailbox: true,
    exists: true,
  };
}
