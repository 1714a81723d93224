import { counted } from '../../counted';
import type { MissingList, Room, RoomGap } from '../../microsoft365/exchange';
import type { CalendarProcessing } from '../../microsoft365/exchange/calendar-settings';
import type { Read } from '../../microsoft365/wire/read';
import type { ResourceRow } from '../../model/verdict';
import type { Evaluation, Requirement } from '../control';
import { conclude, notApplicable, unreadable, verdictOf, listOf } from '../evaluation';
import { notKnown } from '../not-known';
import type { Code, Reason } from './codes';
import type { RoomsFacts } from './collect';
import { deviationIn, type Deviation, expectedText, settingText } from './deviations';
import { type Expectation, expectationsOf } from './expectations';

/**
 * Decides of each room whether its calendar settings are as the vendor asks, and whether it is in a room list where
 * the vendor asks for that. A room that does not exist, or a list that is none, is `unknown` here: the violation is
 * said by impersonation.
 */
export function evaluate(facts: RoomsFacts, { profile, target }: Requirement): Evaluation<Code> {
  const { rooms, roomGaps, missingLists, listed, settings } = facts;
  if (!rooms.ok) return conclude([unreadable(rooms.failure)], '', { evidence: {} });

  const { inRoomList } = profile.rooms;
  const expectations = expectationsOf(profile, target);
  const silent = notKnown(profile, 'rooms', 'rooms.notKnown');
  if (expectations.length === 0 && !inRoomList && silent.length === 0)
    return notApplicable(`${profile.name} asks for no setting of rooms, and for no room list.`);
  const listedKeys = new Set(listed.ok ? listed.value.flatMap(({ keys }) => keys) : []);
  const isListed = (room: Room) => !inRoomList || !listed.ok || room.keys.some((key) => listedKeys.has(key));
  const unread = inRoomList && !listed.ok ? [unreadable(listed.failure)] : [];
  const open = [...roomGaps.map(notAllKnown), ...missingLists.map(noSuchList), ...silent];
  const judged = rooms.value.map((room) => {
    if (!room.exists) return { reasons: [absent(room)], row: rowOf(room, [absent(room)]) };
    const reasons = [
      ...judgeSettings(room, settings.get(room.address), expectations),
      ...(isListed(room) ? [] : [notInRoomList(room)]),
    ];
    return { reasons, row: rowOf(room, [...reasons, ...unread]) };
  });
  if (rooms.value.length === 0 && open.length === 0)
    return notApplicable('There is no room: impersonation says so.');
  const existing = rooms.value.filter(({ exists }) => exists);
  const count = existing.length;
  const [all, they] =
    count === 1 ? ['The only room is', 'it is'] : [`All ${counted(count, 'room')} are`, 'they are'];
  const inLists = inRoomList ? `, and ${they} in a room list` : '';
  const fine = `${all} set up as ${profile.name} needs it${inLists}.`;
  return conclude([...unread, ...open, ...judged.flatMap(({ reasons }) => reasons)], fine, {
    // What was there before stays where a list of rooms could not be read.
    ...(isAnyRoomUnread(facts) ? {} : { resources: judged.map(({ row }) => row) }),
    evidence: { rooms: count, inRoomLists: listed.ok ? existing.filter(isListed).length : null },
  });
}

/** Whether something about rooms could not be read, so that their rows are not all there are. */
function isAnyRoomUnread({ roomGaps }: RoomsFacts): boolean {
  return roomGaps.some(({ problem }) => typeof problem !== 'string');
}

/** What is wrong with the list is the business of impersonation: here nobody can look at rooms that are not known. */
function noSuchList({ address, instead }: MissingList): Reason {
  const why = instead === undefined ? 'there is no such list' : `it is ${instead}, and no room list`;
  const message = `Could not read which rooms the room list ${address} of the target stands for: ${why}. See what impersonation says of it.`;
  return { ...unreadable({ cause: 'notFound', message }), resource: address };
}

/** That it is not there is the business of impersonation. */
function absent({ displayName, address }: Room): Reason {
  const message = `Could not read the settings of ${displayName} (${address}): it has no mailbox in Exchange Online. See what impersonation says of it.`;
  return { ...unreadable({ cause: 'notFound', message }), resource: address };
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
  if (read === undefined) return expectations.length > 0 ? [notUnderstood(room, expectations)] : [];
  if (!read.ok) return [{ ...unreadable(read.failure), resource: room.address }];
  const { deviations, unclear } = deviationIn(read.value, expectations);
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
    message: `${name} of ${room.displayName} (${room.address}) is ${settingText(actual)}. ${why}`,
    resource: room.address,
    expected: expectedText(deviation),
    actual: `${name} ${settingText(actual)}`,
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
  return {
    resource: room.address,
    kind: 'room',
    displayName: room.displayName,
    verdict: verdictOf(reasons),
    codes: [...new Set(reasons.map(({ code }) => code))].sort(),
    ...(reasons.length === 0 ? {} : { detail: reasons.map(({ message }) => message).join(' ') }),
  };
}
