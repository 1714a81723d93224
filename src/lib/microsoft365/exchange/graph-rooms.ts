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

/** Every room of the tenant. A new one can take a day to appear. */
export function readAllRooms(tenant: Tenant): Promise<Read<Room[]>> {
  return tenant.graph.list(`/places/microsoft.graph.room${query}`, Place, options);
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
  const rooms = new Map<string, Room>();
  for (const read of reads) {
    if (!read.ok) return read;
    for (const room of read.value) rooms.set(room.address, room);
  }
  return readOk([...rooms.values()]);
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
