import { dayMs } from '../../durations';
import type { Room } from '../../microsoft365/exchange';
import type { Protocol } from '../../profiles/protocol';
import { compareText } from '../evaluation';
import type { Reaches, RoomAccess } from './reaches';

/** How many rooms Exchange is asked about in a night: two batches. */
export const mostTested = 20;

/** How many of these may be at an edge for the same reason. */
const mostPerEdge = 4;

/** At the least so many take turns, so that every room has its turn. */
const inTurnEachNight = 10;

/**
 * The rooms that Exchange is asked about on a day: those in dispute and those at the edges first, where an error is likely
 * (rooms that just came, some that nothing reaches, one of each scope), and the rest in turn. The same on the same day.
 * @param at some time of the day, in milliseconds since 1970.
 * @param disputed addresses of the rooms of which Exchange said something else when it was last asked.
 */
export function roomsToTest(
  rooms: readonly Room[],
  reaches: Reaches,
  wanted: readonly Protocol[],
  at: number,
  disputed: ReadonlySet<string> = new Set(),
): string[] {
  const day = Math.floor(at / dayMs);
  const inOrder = rooms
    .filter(({ exists }) => exists)
    .sort((a, b) => compareText(a.address, b.address))
    .map((room) => ({ room, access: reaches.accessTo(room, wanted) }));
  const isReached = ({ access }: Judged) => access.kind !== 'missed';
  const inDispute = inOrder.flatMap(({ room }) => (disputed.has(room.address) ? [room] : []));
  const edges = [
    ...turn(inDispute, day * inTurnEachNight),
    ...newest(inOrder.map(({ room }) => room)),
    // The same ones every night: what is not known of them is not to come and go.
    ...inOrder
      .filter((judged) => !isReached(judged))
      .slice(0, mostPerEdge)
      .map(({ room }) => room),
    ...oneOfEachScope(inOrder, day),
  ].map(({ address }) => address);
  const atEdges = [...new Set(edges)].slice(0, mostTested - inTurnEachNight);
  const others = inOrder
    .filter(isReached)
    .map(({ room }) => room.address)
    .filter((address) => !atEdges.includes(address));
  return [...atEdges, ...turn(others, day * inTurnEachNight)].slice(0, mostTested);
}

interface Judged {
  room: Room;
  access: RoomAccess;
}

/** Rooms of which Exchange says when they were made, the newest first. */
function newest(rooms: readonly Room[]): Room[] {
  return rooms
    .map((room) => ({ room, created: Date.parse(room.created ?? '') }))
    .filter(({ created }) => !Number.isNaN(created))
    .sort((a, b) => b.created - a.created || compareText(a.room.address, b.room.address))
    .slice(0, mostPerEdge)
    .map(({ room }) => room);
}

/** Of the scopes, when there are many, others on other days; of the rooms of each likewise. */
function oneOfEachScope(inOrder: readonly Judged[], day: number): Room[] {
  const byScope = new Map<string, Room[]>();
  for (const { room, access } of inOrder) {
    if (!('way' in access)) continue;
    const { path, scope } = access.way;
    const key = JSON.stringify([path, scope]);
    const others = byScope.get(key);
    if (others === undefined) byScope.set(key, [room]);
    else others.push(room);
  }
  const scopes = turn([...byScope.values()], day * mostPerEdge).slice(0, mostPerEdge);
  return scopes.flatMap((rooms) => turn(rooms, day).slice(0, 1));
}

/** The same list, begun at another place. */
function turn<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
