import type { FaultRequest } from '../../../../local/simulator/faults';
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

const { isRoom } = views;
const denied = 'unknown unreadable.permission';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const audit = (options: Partial<StoredTarget> = {}) => tenant.audit('impersonation', options);
const refuse = (match: Match) =>
  tenant.simulator.fail({ match, status: 403, code: 'Authorization_RequestDenied' });

type Match = RegExp | ((request: FaultRequest) => boolean);
type Reader = StoredTarget['exchangeReader'];

/** A cmdlet with these words among its parameters. */
const runs = (cmdlet: string, words: string) => (request: FaultRequest) =>
  request.cmdlet === cmdlet && JSON.stringify(request.requestBody).includes(words);

/** Every list that is read, with the permission for it. */
const lists: [what: string, reader: Reader, match: Match, permission: string][] = [
  ['roles', 'graph', /roleDefinitions/, 'RoleManagement.Read.Exchange'],
  ['role assignments', 'graph', /roleAssignments/, 'RoleManagement.Read.Exchange'],
  ['scopes', 'graph', /customAppScopes/, 'RoleManagement.Read.Exchange'],
  ['users', 'graph', /\/users\?\$select/, 'User.Read.All'],
  ['rooms', 'graph', /places\/microsoft.graph.room/, 'Place.Read.All'],
  ['rooms', 'admin-api', runs('Get-Recipient', 'RoomMailbox"]'), 'Exchange.ManageAsApp'],
  ['recipients in a scope', 'admin-api', runs('Get-Recipient', 'Filter'), 'Exchange.ManageAsApp'],
  ['role assignments', 'admin-api', /Get-ManagementRoleAssignment/, 'Exchange.ManageAsApp'],
  ['scopes', 'admin-api', /Get-ManagementScope/, 'Exchange.ManageAsApp'],
];

/** Only requests for a second page or a later one. */
const later = (match: Match) => (request: FaultRequest) =>
  request.url.includes('skiptoken') &&
  (match instanceof RegExp ? match.test(`${request.url} ${request.cmdlet ?? ''}`) : match(request));

describe.each(lists)('the list of %s, read by %s', (what, exchangeReader, match, permission) => {
  const isRooms = what === 'rooms';
  const read = () => audit({ exchangeReader });

  /** Three rows in every list at the least, and two rows per page. */
  function inPages(): void {
    tenant.state.pageSize = 2;
    const names = ['A', 'B', 'C'];
    assign(...names.map((name) => ({ scope: { filter: isRoom, name } })));
  }

  it('names the permission where it is refused', async () => {
    refuse(match);
    const found = await read();
    expect(found).toMatchObject({ verdict: 'unknown' });
    expect(new Set(found.codes)).toEqual(new Set([denied]));
    expect(found.reasons[0]?.expected).toBe(permission);
    expect(found.summary).toContain(permission);
    if (isRooms) expect(found.resources).toBeUndefined();
    for (const row of found.resources ?? []) expect(row.verdict).toBe('unknown');
  });

  it('is read on after a 429 in the middle', async () => {
    inPages();
    tenant.simulator.fail({ match: later(match), status: 429, retryAfter: 9, times: 1 });
    expect(await read()).toMatchObject({ verdict: 'compliant', codes: [], evidence: { roomsReached: 12 } });
  });

  it('is read on after a broken connection', async () => {
    inPages();
    tenant.simulator.fail({ match: later(match), drop: true, times: 1 });
    expect(await read()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is read again from the start where a link has expired', async () => {
    inPages();
    const expired = { status: 400, code: 'Directory_ExpiredPageToken', message: 'The token has expired.' };
    tenant.simulator.fail({ match: later(match), ...expired, times: 1 });
    expect(await read()).toMatchObject({ verdict: 'compliant', codes: [], evidence: { roomsReached: 12 } });
  });

  it.each([
    ['is refused', { status: 403 }, 'permission'],
    ['is throttled', { status: 429, retryAfter: 600 }, 'throttled'],
    ['fails', { status: 503 }, 'unavailable'],
    ['breaks off', { drop: true }, 'unavailable'],
    ['is no list', { change: () => ({}) }, 'malformed'],
    ['has a row without a name', { change: () => ({ value: [{}] }) }, 'malformed'],
  ])('is not taken for whole where a later page %s', async (_case, fault, cause) => {
    inPages();
    tenant.simulator.fail({ match: later(match), ...fault });
    const found = await read();
    expect(found.verdict).toBe('unknown');
    const causes = found.reasons.map(({ code }) => code.replace('unreadable.', ''));
    expect(new Set(causes)).toEqual(new Set([cause]));
  });

  it('is malformed where its next page is at another host', async () => {
    const link = 'https://evil.test/v1.0/users?$skiptoken=2';
    tenant.simulator.fail({ match, change: (body) => ({ ...(body as object), '@odata.nextLink': link }) });
    const found = await read();
    expect(found).toMatchObject({ verdict: 'unknown' });
    expect(new Set(found.codes)).toEqual(new Set(['unknown unreadable.malformed']));
  });
});
