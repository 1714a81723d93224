import { Reaches } from '../../../../src/lib/controls/impersonation/reaches';
import { roomsToTest } from '../../../../src/lib/controls/impersonation/rooms-to-test';
import { type RoleAssignment, type Room, scopeKey } from '../../../../src/lib/microsoft365/exchange';
import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { calendarsRole, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const disputed = 'unknown impersonation.disputed';
const notCovered = 'violation impersonation.roomNotCovered';
const test = 'Test-ServicePrincipalAuthorization';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const audit = (options: Partial<StoredTarget> = {}) => tenant.audit('impersonation', options);
const say = (inScope: boolean, ...resources: string[]) => {
  tenant.state.exchange.authorizationExceptions = resources.map((resource) => ({ resource, inScope }));
};
const rowOf = (found: Audit, resource: string) => found.resources?.find((row) => row.resource === resource);
const asked = () => tenant.simulator.requests.filter(({ cmdlet }) => cmdlet === test);
/** Changes every row of Exchange's own test. */
const change = (changes: object) =>
  tenant.simulator.fail({
    match: new RegExp(test),
    change: (body) => ({
      value: (body as { value: object[] }).value.map((row) => ({ ...row, ...changes })),
    }),
  });

describe("Exchange's own test of a room", () => {
  it('is asked about every room of a small tenant, ten to a request, and agrees', async () => {
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.evidence.crossCheck).toEqual({ rooms: 12, disputed: 0 });
    expect(asked()).toHaveLength(12);
    expect(
      tenant.simulator.requests.filter(({ url }) => url.endsWith('/$batch') && url.includes('adminapi')),
    ).toHaveLength(2);
  });

  it('leaves a room open of which it says that it is not within reach', async () => {
    say(false, amber);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [disputed] });
    expect(found.reasons[0]).toMatchObject({
      ...{ resource: amber, expected: 'within reach', actual: 'out of reach' },
      message: `Exchange's own test says that Amber (${amber}) is not within reach by Microsoft Graph, and this evaluation that it is, by ${calendarsRole} through the scope Condeco rooms.`,
    });
    expect(rowOf(found, amber)).toMatchObject({ verdict: 'unknown', codes: ['impersonation.disputed'] });
    expect(found.evidence).toMatchObject({ roomsReached: 11, crossCheck: { disputed: 1 } });
  });

  it('is named beside a room that is missed, of which it says that it is within reach', async () => {
    assign({ scope: { unit: otherRooms } });
    say(true, amber);
    const found = await audit();
    // Which nights it is asked on may change: what is missed does not come and go with it.
    expect(found.codes).toEqual([notCovered, disputed]);
    expect(found.reasons[1]?.message).toContain(
      `says that Amber (${amber}) is within reach by Microsoft Graph, and this evaluation that it is not.`,
    );
    expect(rowOf(found, amber)?.codes).toEqual(['impersonation.disputed', 'impersonation.roomNotCovered']);
  });

  it('agrees about a room that is missed', async () => {
    assign({ scope: { unit: otherRooms } });
    const found = await audit();
    expect(found.codes).toEqual([notCovered]);
    expect(found.evidence.crossCheck).toEqual({ rooms: 12, disputed: 0 });
  });

  it.each([
    ['words', { InScope: 'True' }, []],
    ['a word in capitals', { InScope: 'TRUE' }, []],
    ['the word False', { InScope: 'False' }, rooms],
    ['a test that was not run', { InScope: 'Not Run' }, []],
    ['nothing', { InScope: null }, []],
    ['a role in another case', { RoleName: calendarsRole.toUpperCase() }, []],
    ['a role of the other protocol', { RoleName: 'Application EWS.AccessAsApp' }, rooms],
    ['a role that does not count', { RoleName: 'Application Calendars.Read' }, rooms],
    ['a role that opens both', { RoleName: 'Application Exchange Full Access' }, []],
  ])('is read from %s', async (_case, changes, disputes) => {
    change(changes);
    const found = await audit();
    expect(found.reasons.map(({ resource }) => resource)).toEqual([...disputes]);
  });

  it('says no when it lists no role at all', async () => {
    tenant.simulator.fail({ match: new RegExp(test), change: () => ({ value: [] }) });
    expect((await audit()).codes).toEqual(rooms.map(() => disputed));
  });

  it.each([
    ['refused', { status: 403 }, 12],
    [
      'not there',
      { status: 400, message: "The cmdlet 'Test-ServicePrincipalAuthorization' does not exist." },
      12,
    ],
    ['given in a way that is not known', { change: () => ({ value: [{ Role: 1 }] }) }, 12],
    [
      'given in pages',
      { change: (body: unknown) => ({ ...(body as object), '@odata.nextLink': 'https://x.test' }) },
      12,
    ],
    ['refused for one room', { status: 403, times: 1 }, 1],
  ])('changes nothing when it is %s, and the evidence says so', async (_case, fault, notAnswered) => {
    tenant.simulator.fail({ match: new RegExp(test), ...fault });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.evidence.crossCheck).toMatchObject({
      ...{ rooms: 12 - notAnswered, disputed: 0, notAnswered },
      problem: expect.stringContaining("Exchange's own test of a room") as string,
    });
  });

  const notAsked: [string, Partial<StoredTarget>, views.TestAssignment[] | undefined][] = [
    ['with Microsoft Graph', { exchangeReader: 'graph' }, undefined],
    ['without a role of the application', {}, []],
    [
      ...(['for the role of the account', { acceptRetiredRole: true, protocol: 'ews' }] as const),
      [{ role: views.retiredRole, holder: views.account }],
    ],
    ['without rooms', { rooms: { source: 'mailboxes', mailboxes: [] } }, undefined],
  ];
  it.each(notAsked)('is not asked %s', async (_case, options, assignments) => {
    if (assignments !== undefined) assign(...assignments);
    const found = await audit(options);
    expect(asked()).toEqual([]);
    expect(found.evidence).not.toHaveProperty('crossCheck');
  });

  it('is not asked about mailboxes that are not there, and leaves open rooms open', async () => {
    const mailboxes = [amber, 'nowhere@contoso.com'];
    say(false, amber);
    tenant.state.exchange.managementScopes.forEach((scope) => (scope.RecipientFilter = ''));
    const found = await audit({ rooms: { source: 'mailboxes', mailboxes } });
    expect(asked()).toHaveLength(1);
    expect(found.codes).not.toContain(disputed);
  });
});

describe('the rooms that Exchange is asked about', () => {
  const day = 24 * 60 * 60 * 1000;
  const name = (index: number) => `r${String(index).padStart(3, '0')}@contoso.com`;
  const many = (count: number, changes: (index: number) => Partial<Room> = () => ({})) =>
    Array.from({ length: count }, (_, index): Room => {
      const address = name(index);
      return {
        ...{ address, displayName: address, keys: [address], hasMailbox: true, exists: true },
        ...changes(index),
      };
    });
  const scope = (id: string): RoleAssignment => ({
    ...{ role: calendarsRole, holder: 'application', scope: { kind: 'group', id } },
  });
  const within = (...scopes: (readonly [string, readonly Room[]])[]) =>
    new Reaches(
      scopes.map(([id]) => scope(id)),
      new Map(scopes.map(([id, inside]) => [scopeKey(scope(id).scope), { inside, undecided: [] }])),
      [],
    );
  const ask = (all: readonly Room[], reaches: Reaches, at: number) =>
    roomsToTest(all, reaches, ['graph'], at);

  it('are all of them where there are no more than twenty', () => {
    const all = many(20);
    expect(ask(all, within(['g', all]), 5 * day).sort()).toEqual(all.map(({ address }) => address));
  });

  it('are twenty a day, the same on the same day whatever the order, and others the next', () => {
    const all = many(95);
    const reaches = within(['g', all]);
    const today = ask(all, reaches, 7 * day);
    expect(new Set(today).size).toBe(20);
    expect(ask([...all].reverse(), reaches, 7 * day + 1000)).toEqual(today);
    expect(ask(all, reaches, 8 * day)).not.toEqual(today);
  });

  it.each([21, 40, 95, 300])('are each of %i rooms in turn', (count) => {
    const all = many(count, (index) => ({
      created: `2026-11-${index % 20 < 10 ? '0' : ''}${(index % 20) + 1}`,
    }));
    const reaches = within(['g', all.slice(0, count - 3)], ['h', all.slice(count - 3)]);
    const days = Array.from({ length: Math.ceil(count / 10) + 1 }, (_, index) => index);
    const seen = new Set(days.flatMap((index) => ask(all, reaches, index * day)));
    expect(seen.size).toBe(count);
  });

  it('are those at the edges first: the newest, those that are missed, and one of each scope', () => {
    const all = many(100, (index) => (index === 42 ? { created: '2026-11-28T10:00:00Z' } : {}));
    const reaches = within(['g', all.slice(0, 90)], ['h', all.slice(90, 92)]);
    for (const at of [0, day, 2 * day, 50 * day]) {
      const asked = ask(all, reaches, at);
      expect(asked[0]).toBe(name(42));
      expect(asked.slice(1, 5)).toEqual([92, 93, 94, 95].map(name));
      expect(asked.some((address) => address === name(90) || address === name(91))).toBe(true);
      // What is missed is asked about every night, or never.
      expect(asked.filter((address) => address > name(91))).toHaveLength(4);
      expect(asked).toHaveLength(20);
    }
  });

  it('leave room for others where there are many scopes', () => {
    const all = many(200);
    const reaches = within(...all.slice(0, 50).map((one) => [one.address, [one]] as const), [
      'g',
      all.slice(50),
    ]);
    const asked = ask(all, reaches, 3 * day);
    expect(asked).toHaveLength(20);
    expect(asked.filter((address) => address >= name(4)).length).toBeGreaterThanOrEqual(10);
  });
});

it('knows from Exchange which room just came', async () => {
  const created = (address: string, WhenCreatedUTC: string) =>
    Object.assign(views.recipientOf(tenant.state, address), { WhenCreatedUTC });
  const last = rooms.at(-1) ?? '';
  for (const each of rooms) created(each, '2024-01-01T00:00:00Z');
  created(last, '2026-11-20T00:00:00Z');
  await audit();
  const [first] = asked();
  expect(JSON.stringify(first?.requestBody)).toContain(last);
});
