import type { Room } from '../../microsoft365/exchange';
import { exchangeManageAsAppToWrite as permission } from '../../microsoft365/permissions';
import type { CalendarSetting } from '../../profiles/profile';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import { listOf } from '../listing';
import { type Change, cmdletRequest, emptyPlan, type ManualStep, type Plan, toChange } from '../plan';
import type { RoomsFacts } from './collect';
import { deviationsOf } from './deviations';
import { evaluate } from './evaluate';

/** One change for each room with a setting that it must not have; which list a room belongs to is for people to say. */
export function plan(facts: RoomsFacts | null, requirement: Requirement): Plan {
  const { verdict, reasons } = evaluate(facts, requirement);
  if (facts === null || !facts.rooms.ok || verdict !== 'nonCompliant') return emptyPlan;
  const rooms = [...facts.rooms.value].sort((a, b) => compareText(a.address, b.address));
  const unlisted = reasons.flatMap(({ code, resource }) =>
    code === 'rooms.notInRoomList' ? (resource ?? []) : [],
  );
  return {
    changes: rooms.flatMap((room) => changeOf(room, facts, requirement)),
    manualSteps: unlisted.length === 0 ? [] : [addToLists(unlisted)],
  };
}

/** What only spoils a little is put right together with what does not work, and left alone otherwise. */
function changeOf(room: Room, { settings }: RoomsFacts, { profile, target }: Requirement): Change[] {
  const read = settings.get(room.address);
  if (read?.ok !== true) return [];
  const deviations = deviationsOf(read.value, profile.rooms.calendarSettings);
  if (!deviations.some(({ level }) => level === 'violation')) return [];
  const set = (values: Settings) =>
    cmdletRequest(target.tenantId, 'Set-CalendarProcessing', { Identity: room.address, ...values });
  const before = valuesOf(deviations, ({ name }) => read.value[name]);
  const after = valuesOf(deviations, ({ expected }) => expected);
  const sentence = deviations.map(({ name, expected }) => `${name} ${String(expected)}`).join(', ');
  return [
    toChange({
      step: 1,
      name: 'set-calendar',
      description: `Set ${sentence} for ${room.displayName} (${room.address}).`,
      request: set(after),
      undo: () => set(before),
      ...{ before, after, permission },
    }),
  ];
}

type Settings = Record<string, string | boolean>;

function valuesOf(
  deviations: readonly CalendarSetting[],
  valueOf: (setting: CalendarSetting) => string | boolean,
): Settings {
  return Object.fromEntries(deviations.map((setting) => [setting.name, valueOf(setting)]));
}

/** @param rooms the addresses of those that are in no room list. */
function addToLists(rooms: readonly string[]): ManualStep {
  return {
    description: `Add each of these rooms to the room list that it belongs to: ${listOf(rooms)}.`,
    link: 'https://learn.microsoft.com/powershell/module/exchange/add-distributiongroupmember',
  };
}
