import type { RoomList, Room } from '../../../microsoft365/exchange';
import { print } from '../../../microsoft365/opath/filter';
import type { ManualStep } from '../../../model/plan';
import type { Requirement } from '../../control';
import type { ImpersonationFacts } from '../facts';
import { roomsWithoutId, tooManyParts, unknownLists } from './manual-steps';

/** The most comparisons that a filter of ours joins: longer ones are for a group to hold. */
const mostParts = 50;

/** The filter that lets the target's rooms through, or what a person has to do because there is none. */
export type WantedFilter = { filter: string } | { manualStep: ManualStep };

/** Undefined when something that it is made of could not be read. */
export function wantedFilter(
  { rooms, roomLists }: ImpersonationFacts,
  { target }: Requirement,
): WantedFilter | undefined {
  switch (target.rooms.source) {
    case 'all':
      return { filter: equals('RecipientTypeDetails', 'RoomMailbox') };
    case 'roomLists':
      return roomLists?.ok === true ? listsFilter(roomLists.value) : undefined;
    case 'mailboxes':
      return rooms.ok ? mailboxesFilter(rooms.value.filter(({ exists }) => exists)) : undefined;
  }
}

function listsFilter(lists: readonly RoomList[]): WantedFilter {
  const unknown = lists.filter(({ distinguishedName }) => distinguishedName === null);
  if (unknown.length > 0) return { manualStep: unknownLists(unknown.map(({ address }) => address)) };
  return anyOf(
    'MemberOfGroup',
    lists.flatMap(({ distinguishedName }) => distinguishedName ?? []),
  );
}

function mailboxesFilter(rooms: readonly Room[]): WantedFilter {
  const unknown = rooms.filter(({ id }) => id === undefined);
  if (unknown.length > 0) return { manualStep: roomsWithoutId(unknown.map(({ address }) => address)) };
  return anyOf(
    'ExternalDirectoryObjectId',
    rooms.flatMap(({ id }) => id ?? []),
  );
}

function anyOf(property: string, values: readonly string[]): WantedFilter {
  const parts = [...new Set(values)].sort().map((value) => equals(property, value));
  if (parts.length > mostParts) return { manualStep: tooManyParts(parts.length, mostParts) };
  const joined = parts.join(' -or ');
  return { filter: parts.length > 1 ? `(${joined})` : joined };
}

function equals(property: string, value: string): string {
  return print({ kind: 'comparison', property, operator: 'eq', value });
}
