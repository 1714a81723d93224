import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const audit = (options: Partial<StoredTarget> = {}) =>
  tenant.audit('rooms', { exchangeReader: 'admin-api', ...options });
const { address, room } = views;
const amber = room('amber');

const exchange = () => tenant.state.exchange;
const rowOf = (found: Audit, resource: string) => found.resources?.find((row) => row.resource === resource);
const named = (...mailboxes: string[]): Partial<StoredTarget> => ({
  rooms: { source: 'mailboxes', mailboxes },
});

/** Changes calendar settings of one room. */
function set(name: string, changes: object): void {
  const settings = exchange().calendarProcessing.find(({ Identity }) => Identity === name);
  Object.assign(settings ?? {}, changes);
}

describe('rooms', () => {
  it('is compliant when every room is set up and in a room list', async () => {
    const found = await audit();
    expect(found).toMatchObject({
      verdict: 'compliant',
      codes: [],
      evidence: { rooms: 12, inRoomLists: 12 },
    });
    expect(found.summary).toBe(
      'All 12 rooms are set up as Eptura Condeco Exchange Sync needs it, and they are in a room list.',
    );
    expect(found.resources).toHaveLength(12);
    expect(rowOf(found, amber)).toEqual({
      ...{ resource: amber, kind: 'room', displayName: 'Amber', verdict: 'compliant', codes: [] },
    });
  });

  it('is not applicable where Microsoft Graph is the reader, and asks nothing', async () => {
    const found = await audit({ exchangeReader: 'graph' });
    expect(found).toMatchObject({ verdict: 'notApplicable', codes: [], resources: [], requests: 0 });
    expect(found.summary).toContain('set exchangeReader to admin-api');
  });

  describe('rooms.calendarSetting', () => {
    it.each([
      [
        'violation',
        { AutomateProcessing: 'None' },
        'AutomateProcessing AutoAccept',
        'AutomateProcessing None',
      ],
      [
        'violation',
        { AutomateProcessing: 'AutoUpdate' },
        'AutomateProcessing AutoAccept',
        'AutomateProcessing AutoUpdate',
      ],
      ['violation', { AllBookInPolicy: false }, 'AllBookInPolicy true', 'AllBookInPolicy false'],
      ['notice', { DeleteSubject: true }, 'DeleteSubject false', 'DeleteSubject true'],
      [
        'notice',
        { AddOrganizerToSubject: true },
        'AddOrganizerToSubject false',
        'AddOrganizerToSubject true',
      ],
      [
        'notice',
        { AllowRecurringMeetings: false },
        'AllowRecurringMeetings true',
        'AllowRecurringMeetings false',
      ],
    ])('is a %s for %j', async (level, setting, expected, actual) => {
      set('Amber', setting);
      const found = await audit();
      expect(found.codes).toEqual([`${level} rooms.calendarSetting`]);
      expect(found.verdict).toBe(level === 'violation' ? 'nonCompliant' : 'compliant');
      expect(found.reasons[0]).toMatchObject({ resource: amber, expected, actual });
      expect(found.reasons[0]?.message).toContain('Amber (room-amber@contoso.com)');
      expect(rowOf(found, amber)).toMatchObject({
        ...{ verdict: found.verdict, detail: expect.stringContaining(actual.split(' ')[0] ?? '') as string },
      });
    });

    it('is a violation where delegates decide, although the room is set to accept', async () => {
      set('Amber', {
        ...{ AutomateProcessing: 'AutoAccept', AllBookInPolicy: false, AllRequestInPolicy: true },
        ResourceDelegates: ['Ada Nwosu'],
      });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation rooms.calendarSetting'] });
      expect(found.summary).toContain('wait for a delegate');
    });

    it.each([
      // In policy they are accepted all the same; the delegates hear of the rest.
      { ResourceDelegates: ['Ada Nwosu'], AllRequestOutOfPolicy: true },
      { AllRequestInPolicy: true, ForwardRequestsToDelegates: true },
      { AllBookInPolicy: 'True' },
    ])('is not given for delegates whom nothing waits for: %j', async (settings) => {
      set('Amber', settings);
      expect((await audit()).codes).toEqual([]);
    });

    describe('for how far ahead can be booked', () => {
      it('is a notice where the target says another number', async () => {
        set('Amber', { BookingWindowInDays: 180 });
        const found = await audit({ bookingWindowInDays: 365 });
        expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice rooms.calendarSetting'] });
        expect(found.reasons[0]).toMatchObject({
          ...{ resource: amber, expected: 'BookingWindowInDays 365', actual: 'BookingWindowInDays 180' },
        });
      });

      it('is not given where the number is that of the target, also as a text', async () => {
        set('Amber', { BookingWindowInDays: '365' });
        expect((await audit({ bookingWindowInDays: 365 })).codes).toEqual([]);
      });

      it('is not compared, and not asked for, where the target says nothing', async () => {
        set('Amber', { BookingWindowInDays: 0 });
        expect((await audit()).codes).toEqual([]);
        expect(tenant.simulator.requests.some(({ url }) => url.includes('BookingWindow'))).toBe(false);
      });

      it('is compared for a product whose vendor has no word about it', async () => {
        set('Amber', { BookingWindowInDays: 90 });
        const planon = { profile: 'planon-connect-for-calendars' } as const;
        expect((await audit({ ...planon, bookingWindowInDays: 365 })).codes).toEqual([
          ...['notice rooms.calendarSetting'],
        ]);
        expect((await audit(planon)).codes).toEqual([]);
      });
    });

    it('is given for each room and each setting, in a fixed order', async () => {
      set('Amber', { AutomateProcessing: 'None', DeleteSubject: true, AllowRecurringMeetings: false });
      set('Beryl', { AutomateProcessing: 'None' });
      const found = await audit();
      expect(found.codes).toEqual([
        ...Array<string>(2).fill('violation rooms.calendarSetting'),
        ...Array<string>(2).fill('notice rooms.calendarSetting'),
      ]);
      expect(found.reasons.map(({ resource }) => resource)).toEqual([amber, room('beryl'), amber, amber]);
      expect(rowOf(found, amber)?.codes).toEqual(['rooms.calendarSetting']);
      exchange().recipients.reverse();
      expect((await audit()).reasons).toEqual(found.reasons);
    });

    it.each([
      { AutomateProcessing: 'AUTOACCEPT' },
      { DeleteSubject: 'False', AllowRecurringMeetings: 'True' },
      { DeleteSubject: 'false' },
    ])('is not given for another way to write it: %j', async (settings) => {
      set('Amber', settings);
      expect((await audit()).codes).toEqual([]);
    });

    it.each([{ DeleteSubject: 'True' }, { AllowRecurringMeetings: 'False' }])(
      'is given for a word in place of a boolean: %j',
      async (settings) => {
        set('Amber', settings);
        expect((await audit()).codes).toEqual(['notice rooms.calendarSetting']);
      },
    );

    it.each([
      { AutomateProcessing: null },
      { AutomateProcessing: 'AutoDecline' },
      { AutomateProcessing: 2 },
      { AllBookInPolicy: null },
      { AllBookInPolicy: 1 },
      { DeleteSubject: 'perhaps' },
      { DeleteSubject: '' },
      { AllowRecurringMeetings: null, AddOrganizerToSubject: [] },
    ])('is left open where Exchange says nothing that is understood: %j', async (settings) => {
      set('Amber', settings);
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
      expect(found.reasons[0]?.resource).toBe(amber);
      for (const name of Object.keys(settings)) expect(found.summary).toContain(name);
    });

    it('holds whatever another setting of the room would mean', async () => {
      set('Amber', { AutomateProcessing: 'None', DeleteSubject: 'perhaps' });
      expect((await audit()).codes).toEqual([
        ...['violation rooms.calendarSetting', 'unknown unreadable.malformed'],
      ]);
    });
  });

  describe('rooms.notInRoomList', () => {
    it('is a violation for a room that no list has', async () => {
      exchange().distributionGroups[0]?.members.shift();
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation rooms.notInRoomList'] });
      expect(found.reasons[0]).toMatchObject({ resource: amber, actual: 'in none' });
      expect(rowOf(found, amber)).toMatchObject({ verdict: 'nonCompliant', codes: ['rooms.notInRoomList'] });
      expect(found.evidence).toMatchObject({ rooms: 12, inRoomLists: 11 });
    });

    it('does not take any other group for a room list', async () => {
      Object.assign(exchange().distributionGroups[0] ?? {}, {
        RecipientTypeDetails: 'MailUniversalDistributionGroup',
      });
      expect((await audit()).codes).toEqual(Array(12).fill('violation rooms.notInRoomList'));
    });

    it('is not said of a room in any one of several lists, under any of its addresses', async () => {
      exchange().distributionGroups[0]?.members.shift();
      views.recipientOf(tenant.state, amber).EmailAddresses.push('smtp:amber@contoso.com');
      views.addGroup(tenant.state, views.contoso(90_001), 'More rooms', ['amber@contoso.com']);
      Object.assign(exchange().distributionGroups.at(-1) ?? {}, { RecipientTypeDetails: 'RoomList' });
      expect((await audit()).codes).toEqual([]);
    });

    it('is not said of a room that the tenant does not have', async () => {
      const found = await audit(named(amber, 'room-zircon@contoso.com'));
      expect(found.codes).toEqual(['unknown unreadable.notFound']);
      expect(rowOf(found, 'room-zircon@contoso.com')?.verdict).not.toBe('compliant');
      expect(found.summary).not.toContain('2 rooms');
    });
  });

  it('does not call a target without rooms fine', async () => {
    exchange().recipients = exchange().recipients.filter(
      (each) => each.RecipientTypeDetails !== 'RoomMailbox',
    );
    const found = await audit();
    expect(found).toMatchObject({ codes: [], resources: [] });
    expect(found.verdict).not.toBe('compliant');
  });

  it('looks at mailboxes that are no rooms where the target names them', async () => {
    views.addRecipient(tenant.state, 'hall', 'SharedMailbox');
    const found = await audit(named(address('hall')));
    expect(found.codes).toEqual([
      ...['violation rooms.calendarSetting', 'violation rooms.notInRoomList'],
      // Both of which a new mailbox does with subjects.
      ...['notice rooms.calendarSetting', 'notice rooms.calendarSetting'],
    ]);
  });
});
