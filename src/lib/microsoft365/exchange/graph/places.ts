import * as z from 'zod';
import { placeReadAll } from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';

/** A room or a desk among the places of a tenant. Those that are hidden from address lists are none. */
export interface Place {
  /** In lower case. */
  address: string;
  displayName: string;
}

/** https://learn.microsoft.com/graph/api/resources/room */
const Room = z
  .object({ displayName: z.string().nullish(), emailAddress: z.string() })
  .transform(({ displayName, emailAddress }) => toPlace(emailAddress, displayName));

/** One without an address cannot be booked: nobody has a mailbox for it. https://learn.microsoft.com/graph/api/resources/workspace */
const Workspace = z
  .object({ displayName: z.string().nullish(), emailAddress: z.string().nullable() })
  .transform(({ displayName, emailAddress }) =>
    emailAddress ? toPlace(emailAddress, displayName) : undefined,
  );

const permission = placeReadAll.name;
// The service gives at most a hundred at once.
const query = '?$select=displayName,emailAddress&$top=100';

/** Every room of the tenant. A new one can take a day to appear. */
export function readRooms(tenant: Tenant): Promise<Read<Place[]>> {
  return onceEach(
    tenant.graph.list(`/places/microsoft.graph.room${query}`, Room, {
      what: 'the rooms of the tenant',
      permission,
    }),
  );
}

/** Every desk of the tenant. */
export function readDesks(tenant: Tenant): Promise<Read<Place[]>> {
  return onceEach(
    tenant.graph.list(`/places/microsoft.graph.workspace${query}`, Workspace, {
      what: 'the desks of the tenant',
      permission,
    }),
  );
}

/** The rooms of a room list. Those of lists within it are left out. */
export function readRoomsOf(tenant: Tenant, list: string): Promise<Read<Place[]>> {
  const path = `/places/${encodeURIComponent(list)}/microsoft.graph.roomlist/rooms`;
  return onceEach(
    tenant.graph.list(`${path}${query}`, Room, { what: `the rooms of the room list ${list}`, permission }),
  );
}

/** The desks of a room list. Those of lists within it are left out. */
export function readDesksOf(tenant: Tenant, list: string): Promise<Read<Place[]>> {
  const path = `/places/${encodeURIComponent(list)}/microsoft.graph.roomlist/workspaces`;
  return onceEach(
    tenant.graph.list(`${path}${query}`, Workspace, {
      what: `the desks of the room list ${list}`,
      permission,
    }),
  );
}

/** What places there are, by their addresses. Undefined for the desks where these could not be read. */
export class PlaceIndex {
  private readonly kinds = new Map<string, 'room' | 'desk'>();
  readonly areDesksKnown: boolean;

  constructor(rooms: readonly Place[], desks: readonly Place[] | undefined) {
    this.areDesksKnown = desks !== undefined;
    for (const { address } of desks ?? []) this.kinds.set(address, 'desk');
    for (const { address } of rooms) this.kinds.set(address, 'room');
  }

  has(address: string): boolean {
    return this.kinds.has(address);
  }

  /** What the place with this address is; where nobody has it, that may be one of the desks that were not read. */
  kindOf(address: string | undefined): PlaceKind {
    const kind = address === undefined ? undefined : this.kinds.get(address);
    return kind ?? (this.areDesksKnown ? 'none' : 'unknown');
  }
}

/** `unknown`: no room, but perhaps a desk; `hidden`: no place, but perhaps a room that is hidden from address lists. */
export type PlaceKind = 'room' | 'desk' | 'none' | 'unknown' | 'hidden';

async function onceEach(reading: Promise<Read<(Place | undefined)[]>>): Promise<Read<Place[]>> {
  const read = await reading;
  if (!read.ok) return read;
  const byAddress = new Map(read.value.flatMap((place) => (place ? [[place.address, place] as const] : [])));
  return readOk([...byAddress.values()]);
}

function toPlace(emailAddress: string, displayName: string | null | undefined): Place {
  const address = emailAddress.toLowerCase();
  return { address, displayName: displayName ?? address };
}
