import type { Room, RoomGap } from '../../microsoft365/exchange';
import type { CalendarProcessing } from '../../microsoft365/exchange/calendar-settings';
import type { Read } from '../../microsoft365/read';
import type { Evaluation, Requirement, ResourceRow } from '../control';
import { conclude, notApplicable, unreadable, verdictOf } from '../evaluation';
import { listOf } from '../listing';
import type { Code, Reason } from './codes';
import type { RoomsFacts } from './collect';
import { compare, type Deviation, expectedText, textOf } from './deviations';
import { type Expectation, expectationsOf } from './expectations';

export function evaluate(facts: RoomsFacts | null, { profile, target }: Requirement): Evaluation<Code> {
  if (facts === null) {
    return notApplicable(
      'Only Exchange itself knows the settings of rooms: set exchangeReader to admin-api.',
    );
  }
  const { rooms, roomGaps, listed, settings } = facts;
  if (!rooms.ok) return conclude([unreadable(rooms.failure)], '', { evidence: {} });

  const { inRoomList } = profile.rooms;
  const expectations = expectationsOf(profile, target);
  if (expectations.length === 0 && !inRoomList)
    return notApplicable(`${profile.name} asks for no setting of rooms, and for no room list.`);
  const listedKeys = new Set(listed.ok ? listed.value.flatMap(({ keys }) => keys) : []);
  // A room that the tenant does not have is the business of impersonation.
  const isListed = (room: Room) =>
    !inRoomList || !listed.ok || !room.exists || room.keys.some((key) => listedKeys.has(key));
  const unread = inRoomList && !listed.ok ? [unreadable(listed.failure)] : [];
  const open = roomGaps.map(notAllKnown);
  const judged = rooms.value.map((room) => {
    const reasons = [
      ...judgeSettings(room, settings.get(room.address), expectations),
      ...(isListed(room) ? [] : [notInRoomList(room)]),
    ];
    return { reasons, row: rowOf(room, room.exists ? [...reasons, ...unread] : []) };
  });
  const existing = rooms.value.filter(({ exists }) => exists);
  const count = existing.length;
  if (count === 0 && open.length === 0) {
    const why = 'There is no room: impersonation says so.';
    return { ...notApplicable(why), resources: judged.map(({ row }) => row) };
  }
  const inLists = inRoomList ? ', and they are in a room list' : '';
  const fine = `All ${count} rooms are set up as ${profile.name} needs it${inLists}.`;
  return conclude([...unread, ...open, ...judged.flatMap(({ reasons }) => reasons)], fine, {
    resources: judged.map(({ row }) => row),
    evidence: { rooms: count, inRoomLists: listed.ok ? existing.filter(isListed).length : null },
  });
}

/** Of a room that is not known nobody has looked at the settings. */
function notAllKnown({ about, problem }: RoomGap): Reason {
  const resource = about === undefined ? {} : { resource: about };
  if (typeof problem !== 'string') return { ...unreadable(problem), ...resource };
  const message = `Could not read which rooms of the target there are, because of ${about ?? 'what it names'}: ${problem}.`;
  return { ...unreadable({ cause: 'malformed', message }), ...resource };
}

function judgeSettings(
  room: Room,
  read: Read<CalendarProcessing> | undefined,
  expectations: readonly Expectation[],
): Reason[] {
  if (read === undefined)
    return room.exists && expectations.length > 0 ? [notUnderstood(room, expectations)] : [];
  if (!read.ok) return [{ ...unreadable(read.failure), resource: room.address }];
  const { deviations, unclear } = compare(read.value, expectations);
  return [
    ...deviations.map((deviation) => calendarSetting(room, deviation)),
    ...(unclear.length === 0 ? [] : [notUnderstood(room, unclear)]),
  ];
}

function calendarSetting(room: Room, deviation: Deviation): Reason {
  const { name, actual, level, why } = deviation;
  return {
    code: 'rooms.calendarSetting',
    level,
    message: `${name} of ${room.displayName} (${room.address}) is ${textOf(actual)}. ${why}`,
    resource: room.address,
    expected: expectedText(deviation),
    actual: `${name} ${textOf(actual)}`,
  };
}

function notUnderstood({ displayName, address }: Room, settings: readonly Expectation[]): Reason {
  const names = listOf(settings.map(({ name }) => name));
  const message = `Could not read ${names} of ${displayName} (${address}): Exchange gives nothing that can be compared.`;
  return { ...unreadable({ cause: 'malformed', message }), resource: address };
}

function notInRoomList(room: Room): Reason {
  return {
    code: 'rooms.notInRoomList',
    level: 'violation',
    message: `${room.displayName} (${room.address}) is in no room list: the booking product does not see it.`,
    resource: room.address,
    expected: 'in a room list',
    actual: 'in none',
  };
}

/** Notices change no verdict, but stand in the row. */
function rowOf(room: Room, reasons: readonly Reason[]): ResourceRow {
  const verdict = room.exists ? verdictOf(reasons) : 'notApplicable';
  return {
    resource: room.address,
    kind: 'room',
    displayName: room.displayName,
    verdict,
    codes: [...new Set(reasons.map(({ code }) => code))].sort(),
    ...(reasons.length === 0 ? {} : { detail: reasons.map(({ message }) => message).join(' ') }),
  };
}
