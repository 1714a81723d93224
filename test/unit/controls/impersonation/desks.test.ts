import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  views.withoutTenantWide(tenant.state);
  views.addRecipient(tenant.state, 'desk-1', 'Desk');
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address, isRoom, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const desk = address('desk-1');
const unresolved = 'unknown impersonation.scopeUnresolved';
const missed = 'violation impersonation.roomNotCovered';
const stray = 'violation impersonation.strayMailbox';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));
const isListed = (found: Audit, resource: string) =>
  found.resources?.some((row) => row.resource === resource) ?? false;

const including: Partial<StoredTarget> = { rooms: { source: 'all', desks: 'include' } };
const named = (...mailboxes: string[]): Partial<StoredTarget> => ({
  rooms: { source: 'mailboxes', mailboxes },
});
const inLists = (...roomLists: string[]): Partial<StoredTarget> => ({
  rooms: { source: 'roomLists', roomLists },
});

/** Scopes that hold the rooms and the desk. */
const withDesk: [string, views.TestScope][] = [
  ['a filter for rooms', { filter: isRoom }],
  ['a unit', { unit: [...rooms, desk] }],
  ['a group', { group: [...rooms, desk] }],
];

describe.each(['graph', 'admin-api'] as const)('a desk, read by %s', (exchangeReader) => {
  const audit = (options: Partial<StoredTarget> = {}) =>
    tenant.audit('impersonation', { exchangeReader, ...options });

  describe.each(withDesk)('within %s', (_case, scope) => {
    it.each([
      ['all rooms', {}, 12],
      ['all rooms and desks', including, 13],
      ['room lists', inLists('condeco-rooms@contoso.com'), 12],
      ['mailboxes', named(...rooms), 12],
    ])('is no stray of a target that means %s', async (_rooms, options, count) => {
      assign({ scope });
      const found = await audit(options);
      expect(found).toMatchObject({ verdict: 'compliant', codes: [], evidence: { roomsReached: count } });
      expect(isListed(found, desk)).toBe(count === 13);
    });
  });

  it('is not demanded unless the target says so', async () => {
    assign({ scope: { unit: rooms } });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    const found = await audit(including);
    expect(found.codes).toEqual([missed]);
    expect(about(found, 'roomNotCovered')).toEqual([desk]);
  });

  it('is demanded where the target names it', async () => {
    assign({ scope: { unit: [amber] } });
    const found = await audit(named(amber, desk));
    expect(found.codes).toEqual([missed]);
    expect(about(found, 'roomNotCovered')).toEqual([desk]);
    assign({ scope: { unit: [amber, desk] } });
    expect(await audit(named(amber, desk))).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is demanded where a room list has it, among rooms or alone', async () => {
    const [mixed, alone] = [
      views.addRoomList(tenant.state, 'mixed', [amber, desk]),
      views.addRoomList(tenant.state, 'alone', [desk]),
    ];
    for (const list of [mixed, alone]) {
      assign({ scope: { unit: [amber] } });
      expect(about(await audit(inLists(list)), 'roomNotCovered')).toEqual([desk]);
      assign({ scope: { unit: [desk] } });
      expect(about(await audit(inLists(list)), 'roomNotCovered')).toEqual(list === mixed ? [amber] : []);
    }
    expect(await audit(inLists(alone))).toMatchObject({ verdict: 'compliant', evidence: { rooms: 1 } });
  });

  it('is no room where there are desks alone', async () => {
    const { state } = tenant;
    state.rooms = [];
    state.exchange.recipients = state.exchange.recipients.filter(
      ({ PrimarySmtpAddress }) => !rooms.includes(PrimarySmtpAddress),
    );
    expect((await audit()).codes).toEqual(['violation impersonation.noRooms']);
    expect((await audit(including)).codes).toEqual([]);
  });

  it('is not a room, which is a stray where it is none of the target', async () => {
    assign({ scope: { unit: [...rooms, desk] } });
    const found = await audit(named(...otherRooms));
    expect(found.codes).toEqual([stray]);
    expect(about(found, 'strayMailbox')).toEqual([amber]);
  });

  it('is not equipment, which is a mailbox like any other', async () => {
    views.addRecipient(tenant.state, 'beamer', 'EquipmentMailbox');
    assign({ scope: { group: [...rooms, address('beamer')] } });
    expect((await audit()).codes).toEqual(exchangeReader === 'graph' ? [unresolved] : [stray]);
  });
});

describe('the kind of a resource, read by admin-api', () => {
  const audit = (options: Partial<StoredTarget> = {}) =>
    tenant.audit('impersonation', { exchangeReader: 'admin-api', ...options });
  const call = (ResourceType: unknown) =>
    Object.assign(views.recipientOf(tenant.state, desk), { ResourceType });

  it.each(['Workspace', 'workspace', 'WORKSPACE'])('is a desk as %p', async (kind) => {
    call(kind);
    assign({ scope: { unit: rooms } });
    expect((await audit()).codes).toEqual([]);
  });

  it.each(['Room', 'room', '', null, undefined])('is a room as %p', async (kind) => {
    call(kind);
    assign({ scope: { unit: rooms } });
    expect(about(await audit(), 'roomNotCovered')).toEqual([desk]);
  });

  it.each(['Desk', 'Equipment', 'Room, Workspace', 2])(
    'that nobody knows leaves open whether there is a room more, and a stray: %p',
    async (kind) => {
      call(kind);
      assign({ scope: { unit: [...otherRooms, desk, address('ada')] } });
      const found = await audit();
      expect(found.codes).toEqual([missed, unresolved]);
      expect(about(found, 'roomNotCovered')).toEqual([amber]);
      expect(found.reasons[1]).toMatchObject({ resource: desk });
      expect(found.reasons[1]?.message).toContain(`a "${kind}", which is neither a room nor a desk`);
      expect((await audit(including)).codes).toEqual([missed, unresolved]);
    },
  );

  it('that nobody knows is no stray, and leaves open whether it is one', async () => {
    call('Desk');
    assign({ scope: { group: [...rooms, desk] } });
    const found = await audit(named(...rooms));
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.reasons[0]?.message).toContain('calls the resource desk-1@contoso.com a "Desk"');
  });

  it('of somebody who is no room does not matter', async () => {
    Object.assign(views.recipientOf(tenant.state, address('ada')), { ResourceType: 'Throne' });
    assign({ scope: { group: [...rooms, address('ada')] } });
    expect((await audit()).codes).toEqual([stray]);
  });
});

describe('desks that Microsoft Graph does not give', () => {
  const audit = (options: Partial<StoredTarget> = {}) =>
    tenant.audit('impersonation', { exchangeReader: 'graph', ...options });
  const refuse = () =>
    tenant.simulator.fail({
      match: /microsoft\.graph\.workspace/,
      status: 403,
      code: 'Authorization_RequestDenied',
    });
  const denied = 'unknown unreadable.permission';

  it('leave rooms judged, and nothing else open where nothing depends on them', async () => {
    assign({ scope: { unit: [...rooms, address('svc-condeco')] } });
    refuse();
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [], evidence: { roomsReached: 12 } });
  });

  it('leave open whether somebody in a scope is one, and name no stray', async () => {
    assign({ scope: { unit: [...otherRooms, desk, address('ada')] } });
    expect((await audit()).codes).toEqual([missed, stray]);
    refuse();
    const found = await audit();
    expect(found.codes).toEqual([missed, denied]);
    expect(found.reasons[1]).toMatchObject({ expected: 'Place.Read.All' });
    expect(found.resources).toHaveLength(12);
  });

  it('leave open whom a filter for rooms lets through', async () => {
    assign({ scope: { filter: isRoom } });
    refuse();
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [denied], evidence: { roomsReached: 12 } });
  });

  it('may be rooms that the target wants, so that their rows stay', async () => {
    assign({ scope: { unit: otherRooms } });
    refuse();
    const found = await audit(including);
    expect(found.codes).toEqual([missed, denied]);
    expect(found.resources).toBeUndefined();
  });

  it('may be mailboxes that the target names', async () => {
    assign({ scope: { unit: [amber, desk, address('ada')] } });
    refuse();
    const found = await audit(named(amber, desk));
    expect(found.verdict).toBe('unknown');
    expect(found.codes).toContain(denied);
    assign({ scope: { unit: [amber] } });
    expect((await audit(named(amber, desk))).codes).toContain(missed);
  });

  it('are no violation where they have no address', async () => {
    tenant.state.workspaces.push({ id: 'x', displayName: 'Drop-in', emailAddress: null });
    assign({ scope: { unit: [...rooms, desk] } });
    expect(await audit(including)).toMatchObject({ verdict: 'compliant', evidence: { rooms: 13 } });
  });
});
