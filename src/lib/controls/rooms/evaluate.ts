import type { Room } from '../../microsoft365/exchange';
import type { CalendarProcessing } from '../../microsoft365/exchange/calendar-settings';
import type { Read } from '../../microsoft365/read';
import type { CalendarSetting } from '../../profiles/profile';
import type { Evaluation, Requirement, ResourceRow } from '../control';
import { conclude, notApplicable, unreadable, verdictOf } from '../evaluation';
import type { Code, Reason } from './codes';
import type { RoomsFacts } from './collect';
import { deviationsOf } from './deviations';

export function evaluate(facts: RoomsFacts | null, { profile }: Requirement): Evaluation<Code> {
  if (facts === null) {
    return notApplicable(
      'Only Exchange itself knows the settings of rooms: set exchangeReader to admin-api.',
    );
  }
  const { rooms, listed, settings } = facts;
  if (!rooms.ok) return conclude([unreadable(rooms.failure)], '', { evidence: {} });

  const { calendarSettings, inRoomList } = profile.rooms;
  const listedKeys = new Set(listed.ok ? listed.value.flatMap(({ keys }) => keys) : []);
  // A room that the tenant does not have is the business of impersonation.
  const isListed = (room: Room) =>
    !inRoomList || !listed.ok || !room.exists || room.keys.some((key) => listedKeys.has(key));
  const unread = inRoomList && !listed.ok ? [unreadable(listed.failure)] : [];
  const judged = rooms.value.map((room) => {
    const reasons = [
      ...judgeSettings(room, settings.get(room.address), calendarSettings),
      ...(isListed(room) ? [] : [notInRoomList(room)]),
    ];
    return { reasons, row: rowOf(room, room.exists ? [...reasons, ...unread] : []) };
  });
  const existing = rooms.value.filter(({ exists }) => exists);
  const count = existing.length;
  if (count === 0) {
    const why = 'There is no room: impersonation says so.';
    return { ...notApplicable(why), resources: judged.map(({ row }) => row) };
  }
  const inLists = inRoomList ? ', and they are in a room list' : '';
  const fine = `All ${count} rooms are set up as ${profile.name} needs it${inLists}.`;
  return conclude([...unread, ...judged.flatMap(({ reasons }) => reasons)], fine, {
    resources: judged.map(({ row }) => row),
    evidence: { rooms: count, inRoomLists: listed.ok ? existing.filter(isListed).length : null },
  });
}

function judgeSettings(
  room: Room,
  read: Read<CalendarProcessing> | undefined,
  expected: readonly CalendarSetting[],
): Reason[] {
  if (read === undefined) return [];
  if (!read.ok) return [{ ...unreadable(read.failure), resource: room.address }];
  return deviationsOf(read.value, expected).map((setting): Reason => {
    const actual = read.value[setting.name];
    return {
      code: 'rooms.calendarSetting',
      level: setting.level,
      message: `${setting.name} of ${room.displayName} (${room.address}) is ${String(actual)}. ${setting.why}`,
      resource: room.address,
      expected: `${setting.name} ${String(setting.expected)}`,
      actual: `${setting.name} ${String(actual)}`,
    };
  });
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
