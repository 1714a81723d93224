import type { Room } from '../../microsoft365/exchange';
import type { CalendarProcessing } from '../../microsoft365/exchange/calendar-settings';
import type { Read } from '../../microsoft365/read';
import type { CalendarSetting } from '../../profiles/profile';
import type { Evaluation, Reason, Requirement, ResourceRow } from '../control';
import { conclude, notApplicable, unreadable, verdictOf } from '../evaluation';
import type { RoomsFacts } from './collect';

export function evaluate(facts: RoomsFacts | null, { profile }: Requirement): Evaluation {
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
  const judged = rooms.value.map((room) => {
    const reasons = [
      ...judgeSettings(room, settings.get(room.address), calendarSettings),
      ...(isListed(room) ? [] : [notInRoomList(room)]),
    ];
    return { reasons, row: rowOf(room, reasons, inRoomList && !listed.ok) };
  });
  const unread = inRoomList && !listed.ok ? [unreadable(listed.failure)] : [];
  const count = rooms.value.length;
  const inLists = inRoomList ? ', and they are in a room list' : '';
  const fine =
    count === 0
      ? 'There is no room.'
      : `All ${count} rooms are set up as ${profile.name} needs it${inLists}.`;
  return conclude([...unread, ...judged.flatMap(({ reasons }) => reasons)], fine, {
    resources: judged.map(({ row }) => row),
    evidence: { rooms: count, inRoomLists: listed.ok ? rooms.value.filter(isListed).length : null },
  });
}

function judgeSettings(
  room: Room,
  read: Read<CalendarProcessing> | undefined,
  expected: readonly CalendarSetting[],
): Reason[] {
  if (read === undefined) return [];
  if (!read.ok) return [{ ...unreadable(read.failure), resource: room.address }];
  return expected.flatMap((setting): Reason[] => {
    const actual = read.value[setting.name];
    if (sameText(actual, setting.expected)) return [];
    return [
      {
        code: 'rooms.calendarSetting',
        level: setting.level,
        message: `${setting.name} of ${room.displayName} (${room.address}) is ${String(actual)}. ${setting.why}`,
        resource: room.address,
        expected: `${setting.name} ${String(setting.expected)}`,
        actual: `${setting.name} ${String(actual)}`,
      },
    ];
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
function rowOf(room: Room, reasons: readonly Reason[], isOpen: boolean): ResourceRow {
  const verdict = verdictOf(reasons);
  return {
    resource: room.address,
    kind: 'room',
    displayName: room.displayName,
    verdict: verdict === 'compliant' && isOpen ? 'unknown' : verdict,
    codes: [...new Set(reasons.map(({ code }) => code))].sort(),
    ...(reasons.length === 0 ? {} : { detail: reasons.map(({ message }) => message).join(' ') }),
  };
}

function sameText(a: string | boolean, b: string | boolean): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}
