import fc from 'fast-check';
import { rooms as control } from '../../../../src/lib/controls/rooms';
import type { RoomsFacts } from '../../../../src/lib/controls/rooms/collect';
import { evaluate } from '../../../../src/lib/controls/rooms/evaluate';
import { observe, plan as planEvaluated } from '../../../../src/lib/controls/rooms/plan';
import type {
  CalendarProcessing,
  SettingValue,
} from '../../../../src/lib/microsoft365/exchange/calendar-settings';
import { type Read, readOk } from '../../../../src/lib/microsoft365/wire/read';
import {
  CalendarSetting,
  type CalendarSettingName,
  CalendarSettings,
  largest,
  processings,
} from '../../../../src/lib/profiles/calendar-setting';
import { kept, planning, refused, requirement, reversed, tenantId, undoing } from '../../../support/planning';
import { amber, beryl, cmdletOf, room } from '../impersonation/repair/exchange-facts';

const plan = planning({ evaluate, plan: planEvaluated });

const right: CalendarProcessing = {
  AutomateProcessing: 'AutoAccept',
  AllBookInPolicy: true,
  DeleteSubject: false,
  AddOrganizerToSubject: false,
  AllowRecurringMeetings: true,
};
const target = requirement({ exchangeReader: 'admin-api' });
const planned = (facts: RoomsFacts) => plan(facts, target);

/** Facts of these two rooms, both in a room list; what is not given about a room is as it should be. */
function factsOf(
  ofAmber: Partial<CalendarProcessing>,
  ofBeryl: Partial<CalendarProcessing> = {},
  changes: Partial<RoomsFacts> = {},
): RoomsFacts {
  const settings = new Map<string, Read<CalendarProcessing>>([
    [amber.address, readOk({ ...right, ...ofAmber })],
    [beryl.address, readOk({ ...right, ...ofBeryl })],
  ]);
  return {
    rooms: readOk([amber, beryl]),
    roomGaps: [],
    missingLists: [],
    listed: readOk([amber, beryl]),
    settings,
    ...changes,
  };
}

describe('the plan of rooms', () => {
  it.each([
    ['nothing is wrong', factsOf({})],
    ['there is only something to notice', factsOf({ DeleteSubject: true, AllowRecurringMeetings: false })],
    ['the rooms could not be read', factsOf({ AutomateProcessing: 'None' }, {}, { rooms: refused })],
    ['the room lists could not be read', factsOf({}, {}, { listed: refused })],
  ])('is empty where %s', (_case, facts) => {
    expect(planned(facts)).toEqual({ changes: [], manualSteps: [] });
  });

  it('sets everything that differs in a room that does not answer, and can put it back', () => {
    const facts = factsOf({ AutomateProcessing: 'AutoUpdate', DeleteSubject: true });
    const [change, ...more] = planned(facts).changes;
    const after = { AutomateProcessing: 'AutoAccept', DeleteSubject: false };
    const before = { AutomateProcessing: 'AutoUpdate', DeleteSubject: true };
    const url = `/adminapi/beta/${tenantId}/InvokeCommand`;
    const set = (values: object) => ({
      method: 'POST',
      url,
      body: {
        CmdletInput: {
          CmdletName: 'Set-CalendarProcessing',
          Parameters: { Identity: 'amber@contoso.com', ...values },
        },
      },
    });
    expect(change).toEqual({
      id: expect.stringMatching(/^1-set-calendar-[0-9a-f]{16}$/) as string,
      description: 'Set AutomateProcessing AutoAccept, DeleteSubject false for amber (amber@contoso.com).',
      ...{ before, after, request: set(after), undo: set(before), permission: 'Exchange.ManageAsApp' },
    });
    expect(more).toEqual([]);
    expect(control.permissions.write.map(({ name }) => name)).toEqual([change?.permission]);
  });

  it('lets a room answer for itself that asks its delegates, and leaves them there', () => {
    const facts = factsOf({ AllBookInPolicy: false, ResourceDelegates: ['Ada Nwosu'] });
    expect(planned(facts).changes).toMatchObject([
      { before: { AllBookInPolicy: false }, after: { AllBookInPolicy: true } },
    ]);
  });

  it('leaves a room alone in which there is only something to notice', () => {
    const facts = factsOf({ AutomateProcessing: 'None' }, { DeleteSubject: true });
    expect(planned(facts).changes.map((change) => cmdletOf(change).Identity)).toEqual([amber.address]);
  });

  it('leaves a room alone whose settings could not be read, or that is not there', () => {
    const unread = factsOf({ AutomateProcessing: 'None' }, { AutomateProcessing: 'None' });
    const settings = new Map([...unread.settings, [beryl.address, refused] as const]);
    const gone = room('gone', 103, { exists: false });
    const facts = { ...unread, settings, rooms: readOk([gone, beryl, amber]) };
    expect(planned(facts).changes.map((change) => cmdletOf(change).Identity)).toEqual([amber.address]);
  });

  it('does not depend on the order in which the tenant lists things', () => {
    const facts = factsOf(
      { AutomateProcessing: 'None', DeleteSubject: true },
      { AutomateProcessing: 'None' },
      { listed: readOk([]) },
    );
    expect(planned(facts).changes.map((change) => cmdletOf(change).Identity)).toEqual([
      ...[amber.address, beryl.address],
    ]);
    expect(JSON.stringify(planned(reversed(facts)))).toBe(JSON.stringify(planned(facts)));
  });

  it('has ids that differ where what is set does', () => {
    const facts = factsOf(
      { AutomateProcessing: 'None', DeleteSubject: true },
      { AutomateProcessing: 'None' },
    );
    const [one, two] = planned(facts).changes;
    const [other] = planned(factsOf({ AutomateProcessing: 'None' })).changes;
    expect(new Set([one?.id, two?.id, other?.id]).size).toBe(3);
    expect(planned(facts).changes[0]?.id).toBe(one?.id);
  });

  it('leaves it to people which room list a room belongs to', () => {
    const found = planned(factsOf({}, {}, { listed: readOk([beryl]) }));
    expect(found.changes).toEqual([]);
    expect(found.manualSteps).toEqual([
      {
        description: 'Add each of these rooms to the room list that it belongs to: amber@contoso.com.',
        link: 'https://learn.microsoft.com/powershell/module/exchange/add-distributiongroupmember',
      },
    ]);
  });

  it('lists twenty of those rooms', () => {
    const rooms = Array.from({ length: 22 }, (_, index) => room(`r${100 + index}`, 300 + index));
    const [step] = planned({
      rooms: readOk(rooms),
      roomGaps: [],
      missingLists: [],
      listed: readOk([]),
      settings: new Map(),
    }).manualSteps;
    expect(step?.description).toMatch(/: r100@contoso\.com, .*r119@contoso\.com and 2 more\.$/);
  });
});

/** The plan for a product whose vendor asks for these settings, each a violation. */
function plannedFor(settings: readonly object[], found: CalendarProcessing) {
  const calendarSettings = CalendarSettings.parse(
    settings.map((setting) => ({ level: 'violation', why: 'Why.', ...setting })),
  );
  const { profile } = target;
  const asked = { ...target, profile: { ...profile, rooms: { ...profile.rooms, calendarSettings } } };
  const facts = { ...factsOf({}), settings: new Map([[amber.address, readOk(found)]]) };
  return { facts, asked, ...plan(facts, asked) };
}

describe('the plan for settings of other vendors', () => {
  it('sets numbers and delegates, and can put them back', () => {
    const { changes, facts } = plannedFor(
      [
        { name: 'BookingWindowInDays', expected: 365, compare: 'atLeast' },
        { name: 'MaximumDurationInMinutes', expected: 0 },
        { name: 'ResourceDelegates', expected: [] },
        { name: 'EnforceSchedulingHorizon', expected: false },
      ],
      {
        ...{ BookingWindowInDays: 180, MaximumDurationInMinutes: 1440, EnforceSchedulingHorizon: true },
        ResourceDelegates: ['Ada Nwosu', 'Ben Castillo'],
      },
    );
    const [change] = changes.map(kept);
    if (change?.undo === undefined) throw new Error('A change with a way back was expected.');
    expect(cmdletOf(change)).toEqual({
      ...{ cmdlet: 'Set-CalendarProcessing', Identity: amber.address },
      ...{ BookingWindowInDays: 365, MaximumDurationInMinutes: 0, ResourceDelegates: null },
      EnforceSchedulingHorizon: false,
    });
    expect(cmdletOf({ request: change.undo })).toMatchObject({
      ...{ BookingWindowInDays: 180, ResourceDelegates: ['Ada Nwosu', 'Ben Castillo'] },
    });
    expect(change.description).toContain('BookingWindowInDays 365, MaximumDurationInMinutes 0');
    expect(change.description).toContain('ResourceDelegates nobody');
    expect(observe(facts, change)).toEqual(change.before);
    const settings = new Map([[amber.address, readOk(change.after as CalendarProcessing)]]);
    expect(observe({ ...facts, settings }, change)).toEqual(change.after);
    expect(observe({ ...facts, settings }, undoing(change))).toEqual(change.after);
  });

  it('writes the number of the target together with what does not work', () => {
    const facts = factsOf({ AutomateProcessing: 'None', BookingWindowInDays: 180 });
    const withNumber = requirement({ exchangeReader: 'admin-api', bookingWindowInDays: 365 });
    expect(plan(facts, withNumber).changes).toMatchObject([
      {
        before: { AutomateProcessing: 'None', BookingWindowInDays: 180 },
        after: { AutomateProcessing: 'AutoAccept', BookingWindowInDays: 365 },
      },
    ]);
    expect(plan(factsOf({ BookingWindowInDays: 180 }), withNumber).changes).toEqual([]);
  });

  const people = ['ada@contoso.com', 'ben@contoso.com', 'Cleo Martin'];
  const valueOf = (name: CalendarSettingName): fc.Arbitrary<SettingValue> => {
    if (name === 'AutomateProcessing') return fc.constantFrom(...processings);
    if (name === 'ResourceDelegates') return fc.subarray(people);
    return Object.hasOwn(largest, name) ? fc.nat({ max: 3 }) : fc.boolean();
  };
  const demand = fc
    .constantFrom<CalendarSettingName>(
      ...(['AutomateProcessing', 'ResourceDelegates', 'AllBookInPolicy', 'AllowConflicts'] as const),
      ...(Object.keys(largest) as (keyof typeof largest)[]),
    )
    .chain((name) =>
      fc.record({
        name: fc.constant(name),
        expected: valueOf(name),
        compare: fc.constantFrom('equal', 'atLeast', 'atMost'),
        found: fc.option(valueOf(name), { nil: undefined }),
      }),
    )
    .filter(({ found: _, ...asked }) => CalendarSetting.safeParse({ ...asked, ...consequences }).success);
  const consequences = { level: 'violation', why: 'Why.' };
  const demands = fc.uniqueArray(demand, { selector: ({ name }) => name, minLength: 1 });

  it('changes something, leaves nothing wrong that was understood, and has nothing more to do then', () => {
    fc.assert(
      fc.property(demands, (asked) => {
        const settings = asked.map(({ found: _, ...each }) => each);
        const understood = asked.flatMap(({ name, found }) => (found === undefined ? [] : [[name, found]]));
        const found = Object.fromEntries(understood) as CalendarProcessing;
        const { changes } = plannedFor(settings, found);
        for (const { before, after, request, undo } of changes) {
          expect(after).not.toEqual(before);
          expect(undo).not.toEqual(request);
          const repaired = plannedFor(settings, { ...found, ...(after as CalendarProcessing) });
          expect(repaired.changes).toEqual([]);
          const { reasons } = evaluate(repaired.facts, repaired.asked);
          expect(reasons.filter(({ level }) => level === 'violation')).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a change of rooms', () => {
  const before = factsOf({ AutomateProcessing: 'None', DeleteSubject: true });
  const changeOf = (facts: RoomsFacts) => {
    const [change] = planned(facts).changes;
    if (change === undefined) throw new Error('A change was expected.');
    return kept(change);
  };

  it('is seen as it was before, and as it was made', () => {
    const change = changeOf(before);
    expect(observe(before, change)).toEqual(change.before);
    expect(observe(factsOf({}), change)).toEqual(change.after);
    // Of what it does not set nothing is said.
    expect(observe(factsOf({ AllowRecurringMeetings: false }), change)).toEqual(change.after);
  });

  it('is seen as made where Exchange spells it in another way', () => {
    const change = changeOf(before);
    expect(observe(factsOf({ AutomateProcessing: 'AUTOACCEPT' }), change)).toEqual(change.after);
  });

  it('is not seen where it could not be read', () => {
    const change = changeOf(before);
    for (const facts of [
      factsOf({}, {}, { settings: new Map() }),
      factsOf({}, {}, { settings: new Map([[amber.address, refused]]) }),
      // One of what it sets was not understood.
      factsOf({}, {}, { settings: new Map([[amber.address, readOk({ AutomateProcessing: 'None' })]]) }),
    ])
      expect(observe(facts, change)).toBeUndefined();
    const { body: _, ...request } = change.request;
    expect(observe(before, { ...change, request })).toBeUndefined();
  });
});
