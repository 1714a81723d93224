import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import { readUsers } from './members';
import { markPlaces, PlaceRecipient } from './place-recipient';
import { PlaceIndex, readDesks, readRooms } from './places';
import { GraphRecipient } from './recipient';

/** Everybody whom a scope may hold: the users, and the rooms and desks to which no user belongs. */
export type Candidates = (GraphRecipient | PlaceRecipient)[];

/** @param properties what filters ask for, by names in lower case. */
export async function readEverybody(
  tenant: Tenant,
  properties: readonly string[] = [],
): Promise<Read<Candidates>> {
  const [users, rooms, desks] = await Promise.all([
    readUsers(tenant, properties),
    readRooms(tenant),
    readDesks(tenant),
  ]);
  if (!users.ok) return users;
  if (!rooms.ok) return rooms;
  const places = new PlaceIndex(rooms.value, desks.ok ? desks.value : undefined);
  const found = markPlaces(users.value, places);
  const lonely = [...rooms.value, ...(desks.ok ? desks.value : [])].filter(
    ({ address }) => !found.has(address),
  );
  return readOk([
    ...users.value,
    ...lonely.map((place) => new PlaceRecipient(place, places.kindOf(place.address))),
  ]);
}

/** Recipients, with the rooms and desks among them marked as such. */
export async function withPlaces(
  tenant: Tenant,
  reading: Promise<Read<GraphRecipient[]>>,
): Promise<Read<GraphRecipient[]>> {
  const [recipients, rooms, desks] = await Promise.all([reading, readRooms(tenant), readDesks(tenant)]);
  if (!recipients.ok) return recipients;
  if (!rooms.ok) return rooms;
  markPlaces(recipients.value, new PlaceIndex(rooms.value, desks.ok ? desks.value : undefined));
  return recipients;
}

/** Marks those who may be rooms that are hidden from address lists. @param keys by which they go. */
export function markHidden(candidates: Candidates, keys: ReadonlySet<string>): void {
  for (const candidate of candidates) {
    if (candidate instanceof GraphRecipient && candidate.keys.some((key) => keys.has(key)))
      candidate.place = 'hidden';
  }
}
