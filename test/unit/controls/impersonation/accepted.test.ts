import { identityOf } from '../../../../src/lib/audit/pins';
import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address } = views;
const rooms = views.roomNames.map(views.room);
const scopeUnresolved = 'impersonation.scopeUnresolved';
const graph: Partial<StoredTarget> = { exchangeReader: 'graph' };

/** What would be accepted now of this code. */
async function identities(options: Partial<StoredTarget>, code = scopeUnresolved): Promise<string[]> {
  const { reasons } = await tenant.audit('impersonation', options);
  const found = reasons.filter((reason) => reason.code === code).map(identityOf);
  expect(found).not.toEqual([]);
  return found;
}

const within = (filter: string, more: object = {}) =>
  views.assign(tenant.state, { scope: { name: 'Rooms', filter, matches: rooms, ...more } });
const comer = (name: string) =>
  views.addRecipient(tenant.state, name, 'SharedMailbox', { department: 'Rooms' });
const byRooms = "Department -eq 'Rooms'";

/** What is there, and what somebody who has accepted that has not accepted. */
const worse: [string, Partial<StoredTarget>, () => void, () => void][] = [
  [
    'another filter that cannot be resolved either',
    graph,
    () => within("MemberOfGroup -eq 'CN=Rooms'"),
    () => within("MemberOfGroup -eq 'CN=Everybody'"),
  ],
  [
    'a filter that cannot be resolved in another way',
    graph,
    () => within("MemberOfGroup -eq 'CN=Rooms'"),
    () => within('ResourceCapacity -gt 0'),
  ],
  [
    'somebody more in the scope who may have a mailbox',
    graph,
    () => {
      within(byRooms);
      comer('first');
    },
    () => comer('second'),
  ],
  [
    'more rooms that an exclusive scope keeps',
    {},
    () =>
      views.assign(
        tenant.state,
        {},
        ...[{ holder: views.anotherApplication, scope: exclusive(rooms.slice(0, 1)) }],
      ),
    () =>
      views.assign(
        tenant.state,
        {},
        { holder: views.anotherApplication, scope: exclusive(rooms.slice(0, 2)) },
      ),
  ],
];
const exclusive = (matches: readonly string[]): views.TestScope => ({
  ...{ name: 'Kept', filter: "Alias -like 'room-*'", exclusive: true, matches },
});

describe('what is accepted of a scope that nobody can resolve', () => {
  it.each(worse)('is not %s', async (_what, options, accepted, change) => {
    accepted();
    const before = await identities(options);
    change();
    const after = await identities(options);
    expect(after.every((identity) => before.includes(identity))).toBe(false);
  });

  it.each([
    ['the filter is spelt in another way', () => within("(memberofgroup -eq 'cn=rooms')")],
    ['somebody comes into the tenant', () => views.addRecipient(tenant.state, 'new', 'UserMailbox')],
  ])('is the same when %s', async (_what, change) => {
    within("MemberOfGroup -eq 'CN=Rooms'");
    const before = await identities(graph);
    change();
    expect(await identities(graph)).toEqual(before);
  });
});

describe('what is accepted of a permission that policies leave others', () => {
  const wide = 'impersonation.tenantWideGrant';
  const options: Partial<StoredTarget> = { access: 'rooms-only' };
  const limit = (right: string, members: readonly string[]) =>
    views.limit(tenant.state, { right, members: [...members] });
  beforeEach(() => tenant.reset());

  it('is not that they leave it more', async () => {
    limit('RestrictAccess', [...rooms, address('ada'), address('ben')]);
    const some = await identities(options, wide);
    limit('RestrictAccess', [...rooms, address('ada'), address('ben'), address('chloe')]);
    const more = await identities(options, wide);
    views.limit(tenant.state);
    expect(new Set([some, more, await identities(options, wide)].flat()).size).toBe(3);
  });
});
