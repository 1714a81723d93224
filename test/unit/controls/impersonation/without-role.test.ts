import { impersonation } from '../../../../src/lib/controls/impersonation';
import type { StoredTarget } from '../../../../src/lib/model/target';
import { profile } from '../../../../src/lib/profiles';
import * as views from '../../../support/exchange-views';
import { planning } from '../../../support/planning';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.assign(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address, calendarsRole, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const name = 'Eptura Microsoft 365 integration';
const notice = 'notice impersonation.tenantWideGrant';
const blocks = 'violation impersonation.policyBlocks';
const refuse = (match: RegExp) =>
  tenant.simulator.fail({ match, status: 403, code: 'Authorization_RequestDenied' });

/** The target of a product whose vendor asks for no role of Exchange. */
function product(options: Partial<StoredTarget> = {}): StoredTarget {
  const { serviceAccount: _, protocol: _protocol, ...target } = tenant.target();
  return { ...target, profile: 'condeco-microsoft-365-integration', ...options };
}
async function read(options: Partial<StoredTarget> = {}) {
  const target = product(options);
  const view = tenant.tenants().open(target.tenantId)();
  const facts = await impersonation.collect(view, target);
  const requirement = { profile: profile(target.profile), target, now: new Date('2026-11-23T02:00:00Z') };
  const found = impersonation.evaluate(facts, requirement);
  return {
    ...found,
    codes: found.reasons.map(({ level, code }) => `${level} ${code}`),
    plan: planning(impersonation)(facts, requirement),
  };
}

it('asks for no role, as its vendor does', () => {
  expect(profile('condeco-microsoft-365-integration').impersonation.applicationRoles).toEqual([]);
});

describe.each(['graph', 'admin-api'] as const)('a product without a role, read by %s', (exchangeReader) => {
  const audit = (options: Partial<StoredTarget> = {}) => read({ exchangeReader, ...options });
  const unseen =
    exchangeReader === 'graph'
      ? ' Whether an application access policy keeps it from some, Microsoft Graph does not show.'
      : '';

  it('reaches its rooms through the permission for the whole tenant, and says so', async () => {
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [notice] });
    expect(found.summary).toBe(
      `All 12 rooms are reached by the tenant-wide permission Calendars.ReadWrite, and it reaches every other mailbox too.${unseen}`,
    );
    expect(found.evidence).toMatchObject({ rooms: 12, roomsReached: 12, assignments: [] });
    expect(found.resources?.[0]).toMatchObject({
      ...{ verdict: 'compliant', codes: [], scope: 'every mailbox' },
      path: 'Calendars.ReadWrite (application, Microsoft Graph)',
    });
    expect(found.plan).toEqual({ changes: [], manualSteps: [] });
  });

  it('reaches none without it, which is the business of consent', async () => {
    views.withoutTenantWide(tenant.state);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.summary).toBe(
      `${name} needs no role of Exchange, and no permission is granted that reaches its rooms: see consent.`,
    );
    expect(found.evidence).toMatchObject({ rooms: 12, roomsReached: 0 });
    for (const row of found.resources ?? [])
      expect(row).toMatchObject({ verdict: 'notApplicable', codes: [] });
  });

  it.each([
    ['what it is granted', /appRoleAssignments/],
    ['Microsoft Graph as a resource', /appId='00000003/],
  ])('is left open without %s', async (_case, match) => {
    refuse(match);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
    expect(found.resources?.[0]).toMatchObject({ verdict: 'unknown', codes: ['unreadable.permission'] });
  });

  it('holds too much with any role of Exchange, unless the target allows it', async () => {
    views.assign(tenant.state, { scope: 'organization' });
    const found = await audit();
    expect(found.codes).toEqual(['violation impersonation.excessRole', notice]);
    expect(found.reasons[0]).toMatchObject({ resource: calendarsRole, actual: 'the whole organisation' });
    expect(found.plan.manualSteps.map(({ description }) => description)).toEqual([
      expect.stringContaining(`Take the role ${calendarsRole} back from the application`),
    ]);
    expect((await audit({ allowedExtraRoles: [calendarsRole] })).codes).toEqual([notice]);
  });

  it('misses a room that the target names and that has no mailbox', async () => {
    const found = await audit({ rooms: { source: 'mailboxes', mailboxes: [amber, 'nowhere@contoso.com'] } });
    expect(found.codes).toEqual(['violation impersonation.roomNotCovered', notice]);
    expect(found.reasons[0]).toMatchObject({ resource: 'nowhere@contoso.com', actual: 'no such mailbox' });
  });

  it('asks for no name of a room list', async () => {
    const roomLists = [address('condeco-rooms')];
    expect((await audit({ rooms: { source: 'roomLists', roomLists } })).codes).toEqual([notice]);
    const asked = tenant.simulator.requests.filter(({ cmdlet }) => cmdlet === 'Get-DistributionGroup');
    expect(JSON.stringify(asked.map(({ url }) => url))).not.toContain('DistinguishedName');
  });

  it('is unknown where the application is not there', async () => {
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== views.clientId);
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
  });
});

describe('a product without a role, and application access policies', () => {
  const deny = (members: string[]): views.TestPolicy => ({ right: 'DenyAccess', members });
  const restrict = (members: string[]): views.TestPolicy => ({ right: 'RestrictAccess', members });
  const audit = (...policies: views.TestPolicy[]) => {
    views.limit(tenant.state, ...policies);
    return read();
  };

  it.each([
    ['denies a room', [deny([amber])]],
    ['restricts it to others', [restrict(otherRooms)]],
  ])('is kept from a room where one %s', async (_case, policies) => {
    const found = await audit(...policies);
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [blocks, notice] });
    expect(found.reasons[0]?.resource).toBe(amber);
    expect(found.resources?.find(({ resource }) => resource === amber)).toMatchObject({
      ...{ verdict: 'nonCompliant', codes: ['impersonation.policyBlocks'] },
    });
    expect(found.plan).toMatchObject({ changes: [], manualSteps: [{}] });
    expect(found.plan.manualSteps[0]?.description).toContain(amber);
  });

  it('is left nothing but its rooms', async () => {
    const found = await audit(restrict(rooms));
    expect(found).toMatchObject({ verdict: 'compliant', codes: [notice] });
    expect(found.summary).toBe(
      'All 12 rooms are reached by the tenant-wide permission Calendars.ReadWrite, and application access policies leave it nothing else.',
    );
    const roomsOnly = await read({ access: 'rooms-only' });
    expect(roomsOnly).toMatchObject({ verdict: 'compliant', codes: [notice] });
  });

  it('is kept from a room also where only its rooms are to be reached', async () => {
    views.limit(tenant.state, restrict(rooms), deny([amber]));
    expect((await read({ access: 'rooms-only' })).codes).toEqual([blocks, notice]);
  });

  it('is open where they may not be read', async () => {
    views.limit(tenant.state, restrict(rooms));
    refuse(/Get-ApplicationAccessPolicy/);
    expect(await read()).toMatchObject({
      ...{ verdict: 'unknown', codes: ['unknown unreadable.permission', notice] },
    });
  });
});
