import * as z from 'zod';
import type { Room } from '../../microsoft365/exchange';
import type { SettingValue } from '../../microsoft365/exchange/calendar-settings';
import { exchangeManageAsApp as permission } from '../../microsoft365/permissions';
import { type Change, emptyPlan, type Plan } from '../../model/plan';
import type { Evaluation, Requirement } from '../control';
import { compareText, listOf } from '../evaluation';
import { cmdletRequest, planFor, toChange, type Ways } from '../plan';
import type { Code } from './codes';
import type { RoomsFacts } from './collect';
import { deviationIn, type Deviation, settingText } from './deviations';
import { expectationsOf } from './expectations';

interface Context {
  facts: RoomsFacts;
  requirement: Requirement;
  evaluation: Evaluation<Code>;
}

const ways: Ways<Code, Context> = {
  'rooms.calendarSetting': setCalendars,
  'rooms.notInRoomList': addToLists,
  'rooms.notKnown': null,
};

/** Sets what is wrong in the calendars of rooms. Into which list a room goes is a step for people. */
export function plan(facts: RoomsFacts, evaluation: Evaluation<Code>, requirement: Requirement): Plan {
  return planFor(evaluation, ways, { facts, requirement, evaluation });
}

/** One change for each room with a setting that it must not have. */
function setCalendars({ facts, requirement }: Context): Plan {
  if (!facts.rooms.ok) return emptyPlan;
  const rooms = [...facts.rooms.value].sort((a, b) => compareText(a.address, b.address));
  return { changes: rooms.flatMap((room) => changeOf(room, facts, requirement)), manualSteps: [] };
}

/** What only spoils a little is put right together with what does not work, and left alone otherwise. */
function changeOf(room: Room, { settings }: RoomsFacts, { profile, target }: Requirement): Change[] {
  const read = settings.get(room.address);
  if (read?.ok !== true) return [];
  const { deviations } = deviationIn(read.value, expectationsOf(profile, target));
  if (!deviations.some(({ level }) => level === 'violation')) return [];
  const set = (values: Settings) =>
    cmdletRequest(target.tenantId, 'Set-CalendarProcessing', {
      Identity: room.address,
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)])),
    });
  const before = valuesOf(deviations, ({ actual }) => actual);
  const after = valuesOf(deviations, ({ repaired }) => repaired);
  const sentence = deviations.map(({ name, repaired }) => `${name} ${settingText(repaired)}`).join(', ');
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

type Settings = Readonly<Record<string, SettingValue>>;

function valuesOf(
  deviations: readonly Deviation[],
  valueOf: (deviation: Deviation) => SettingValue,
): Settings {
  return Object.fromEntries(deviations.map((deviation) => [deviation.name, valueOf(deviation)]));
}

/** As the cmdlet takes it: nobody is null. */
function written(value: SettingValue): SettingValue | null {
  return typeof value === 'object' && value.length === 0 ? null : value;
}

/** Which list a room belongs to is for people to say. */
function addToLists({ evaluation: { reasons } }: Context): Plan {
  const rooms = reasons.flatMap(({ code, resource }) =>
    code === 'rooms.notInRoomList' ? (resource ?? []) : [],
  );
  const description = `Add each of these rooms to the room list that it belongs to: ${listOf(rooms)}.`;
  const link = 'https://learn.microsoft.com/powershell/module/exchange/add-distributiongroupmember';
  return { changes: [], manualSteps: [{ description, link }] };
}

const Value = z.union([z.string(), z.boolean(), z.number(), z.array(z.string())]);

/** The room that a change is about, and what it sets there: null is nobody. */
const SetCalendar = z.object({
  CmdletInput: z.object({
    Parameters: z
      .object({ Identity: z.string() })
      .catchall(Value.nullable().transform((value) => value ?? [])),
  }),
});

/** The settings that a change is about, as they are now. */
export function observe(facts: RoomsFacts, { request }: Change): unknown {
  const parsed = SetCalendar.safeParse(request.body);
  if (!parsed.success) return undefined;
  const { Identity, ...set } = parsed.data.CmdletInput.Parameters;
  const read = facts.settings.get(Identity);
  if (read?.ok !== true) return undefined;
  const now: Readonly<Record<string, SettingValue | undefined>> = read.value;
  const names = Object.keys(set);
  // Of what is no longer asked for, or was not understood, nothing can be said.
  if (names.some((name) => now[name] === undefined)) return undefined;
  // Spelled as the change does where it is the same: Exchange writes values in more than one way.
  return Object.fromEntries(
    names.map((name) => [name, sameText(now[name], set[name]) ? set[name] : now[name]]),
  );
}

function sameText(a: SettingValue | undefined, b: SettingValue | undefined): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}
