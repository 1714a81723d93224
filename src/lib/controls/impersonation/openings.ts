import { counted, grouped } from '../../counted';
import type { User } from '../../microsoft365/directory/service-account';
import type { ExchangeReader, Room } from '../../microsoft365/exchange';
import {
  type Identification,
  mayNameGroup,
  type Names,
  openingOf,
  type RoomOpening,
  unsettledNames,
} from '../../microsoft365/exchange/openings';
import { type Read, type ReadFailure, readFailed, readOk } from '../../microsoft365/wire/read';
import { isOpenedToAccount, type Opening } from '../../profiles/access';
import { accessKindOf } from '../../profiles/profile';
import type { ImpersonationFacts, Openings } from './facts';
import type { Demand } from './protocols';

/** Beyond this many rooms their lists cannot be read, one at a time, within the time of an audit. */
const mostRooms = 20_000;

/** Names that are settled, one at a time. More than these are left open. */
const mostNames = 20;

/** How rooms are opened to the account; undefined for a product that reaches them in another way. */
export function openingKind({ profile }: Pick<Demand, 'profile'>): Opening | undefined {
  const kind = accessKindOf(profile);
  return isOpenedToAccount(kind) ? kind : undefined;
}

/** Reads who may open each room. What of names and groups is asked for depends on what the lists leave open. */
export async function readOpenings(
  { openings: reader }: ExchangeReader,
  { rooms, account }: Pick<ImpersonationFacts, 'rooms' | 'account'>,
  demand: Demand,
): Promise<Read<Openings> | undefined> {
  const kind = openingKind(demand);
  if (kind === undefined || reader === undefined || !rooms.ok || account?.ok !== true) return undefined;
  const existing = rooms.value.filter(({ exists }) => exists);
  if (existing.length > mostRooms) return readFailed(tooManyRooms(existing.length));
  const entries = await reader.entries(kind, existing);
  const lists = [...entries.values()].flatMap((read) => (read.ok ? [read.value] : []));
  const left = (known: Identification) => lists.filter((list) => openingOf(list, known).kind !== 'open');
  const found: Openings = { entries };

  if (left(identificationOf(found, account.value)).length === 0) return readOk(found);
  found.names = await reader.namesOf(account.value.id);
  const named = identificationOf(found, account.value);
  const mayBeGroups = left(named).some((list) => mayNameGroup(list, named));
  if (mayBeGroups && found.names.ok) found.groups = await reader.groupsOf(found.names.value);
  else if (!mayBeGroups) found.groups = readOk([]);
  const known = identificationOf(found, account.value);
  const names = new Set(left(known).flatMap((list) => unsettledNames(list, known)));
  if (names.size > 0 && names.size <= mostNames && found.groups?.ok === true)
    found.settled = await reader.whose([...names]);
  return readOk(found);
}

/** Who the account is, as far as that was read. */
export function identificationOf({ names, groups, settled }: Openings, user: User): Identification {
  const certain = new Set([user.id, user.userPrincipalName.toLowerCase()]);
  const fromGraph: Names = { id: user.id, certain, possible: new Set() };
  const account = names?.ok === true ? withNames(names.value, certain) : fromGraph;
  return {
    account,
    groups: groups?.ok === true ? groups.value : 'unread',
    settled: new Map(
      [...(settled ?? [])].flatMap(([name, read]) => (read.ok ? [[name, read.value] as const] : [])),
    ),
  };
}

function withNames(names: Names, others: ReadonlySet<string>): Names {
  return { ...names, certain: new Set([...names.certain, ...others]) };
}

/** How a room stands towards the account, or why that could not be read. */
export function openingTo(room: Room, openings: Openings, user: User): RoomOpening | ReadFailure {
  const read = openings.entries.get(room.address);
  if (read === undefined) return { cause: 'unavailable', message: `${room.address} was not read.` };
  if (!read.ok) return read.failure;
  const opening = openingOf(read.value, identificationOf(openings, user));
  if (opening.kind !== 'undecided') return opening;
  const failed = [openings.names, openings.groups].find((each) => each?.ok === false);
  return failed?.ok === false ? failed.failure : opening;
}

function tooManyRooms(rooms: number): ReadFailure {
  return {
    cause: 'unavailable',
    message: `Could not read who may open ${counted(rooms, 'room')}: Exchange says it of one at a time, and more than ${grouped(mostRooms)} take longer than an audit may.`,
  };
}
