import * as views from '../../../support/exchange-views';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

type Options = NonNullable<Parameters<SimulatedTenant['audit']>[1]>;

const { account, calendarsRole, clientId, retiredRole, room, roomNames } = views;
const rooms = roomNames.map(room);
const graph = views.contoso(31);
const exchange = views.contoso(32);
const calendars = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
const everyMailbox = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40';

/** The application permissions of somebody: pairs of resource and id. */
function grant(principalId: string, ...pairs: (readonly [resourceId: string, appRoleId: string])[]): void {
  const [first] = tenant.state.appRoleAssignments;
  tenant.state.appRoleAssignments = pairs.map(([resourceId, appRoleId]) => ({
    ...(first ?? { id: '' }),
    ...{ id: `${principalId} ${resourceId} ${appRoleId}`, principalId, resourceId, appRoleId },
  }));
}

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);

describe.each(['graph', 'admin-api'] as const)('impersonation, read by %s', (exchangeReader) => {
  const audit = (options: Options = {}) => tenant.audit('impersonation', { exchangeReader, ...options });

  it('is compliant when the roles reach all rooms and nothing else', async () => {
    grant(clientId);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.summary).toBe('All 12 rooms are reached, and no other mailbox is.');
    const scope = { kind: 'filter', name: 'Condeco rooms', filter: views.isRoom };
    const notSeen = { notSeen: 'rooms that are hidden from address lists' };
    expect(found.evidence).toEqual({
      ...(exchangeReader === 'graph' ? notSeen : {}),
      ...{ exchangeReader, rooms: 12, roomsReached: 12, strayMailboxes: 0, tenantWidePermissions: [] },
      assignments: [{ role: calendarsRole, holder: 'application', through: null, scope }],
      ...(exchangeReader === 'admin-api' ? { crossCheck: { rooms: 12, disputed: 0 } } : {}),
    });
  });

  it.each([
    ['Application Calendars.ReadWrite', 'graph'],
    ['Application Exchange Full Access', 'graph'],
    ['Application Exchange Full Access', 'ews'],
    ['Application EWS.AccessAsApp', 'ews'],
    ['APPLICATION calendars.readwrite', 'graph'],
  ] as const)('takes %s for a product that uses %s', async (role, protocol) => {
    assign({ role });
    const found = await audit({ protocol });
    expect(found.verdict).toBe('compliant');
    expect(found.resources?.[0]).toMatchObject({ path: role, scope: 'the scope Condeco rooms' });
  });

  describe('without a role that counts', () => {
    it('says impersonation.none, once and not per room', async () => {
      grant(clientId);
      assign();
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation impersonation.none'] });
      expect(found.reasons[0]).toMatchObject({ resource: '7e57ab1e-0000-4000-8000-00000000c0de' });
      expect(found.summary).toContain(calendarsRole);
      expect(found.summary).not.toContain('does not replace');
      expect(found.resources).toHaveLength(12);
      for (const row of found.resources ?? [])
        expect(row).toMatchObject({ verdict: 'nonCompliant', codes: ['impersonation.none'] });
    });

    it('says that a tenant-wide permission does not replace it', async () => {
      assign();
      const found = await audit();
      expect(found.codes).toEqual(['violation impersonation.none', 'notice impersonation.tenantWideGrant']);
      expect(found.summary).toContain('Calendars.ReadWrite is granted, and does not replace the role');
    });

    it.each([
      ['a role that only reads', { role: 'Application Calendars.Read' }],
      ['a role for mail', { role: 'Application Mail.ReadWrite' }],
      ['a longer name', { role: 'Application Calendars.ReadWrite.All' }],
    ])('does not count %s, and calls it excess', async (_case, assignment) => {
      assign(assignment);
      expect((await audit()).codes).toEqual([
        ...['violation impersonation.excessRole', 'violation impersonation.none'],
        'notice impersonation.tenantWideGrant',
      ]);
    });

    it.each([
      ["another application's role", { holder: views.anotherApplication }],
      ['a role of the application, assigned to the service account', { holder: account }],
      ['a role of the application, assigned to another user', { holder: views.anotherUser }],
      ['the retired role, assigned to the application', { role: retiredRole }],
      ["another user's retired role", { role: retiredRole, holder: views.anotherUser }],
    ])('does not count %s, however the retired role is looked at', async (_case, assignment) => {
      assign(assignment);
      for (const acceptRetiredRole of [false, true])
        expect((await audit({ acceptRetiredRole, protocol: 'ews' })).codes).toEqual([
          'violation impersonation.none',
          'notice impersonation.tenantWideGrant',
        ]);
    });
  });

  describe('the retired role of the service account', () => {
    beforeEach(() => {
      grant(clientId);
      assign({ role: retiredRole, holder: account });
    });

    it('is impersonation.roleRetired, with its successor', async () => {
      const found = await audit();
      expect(found).toMatchObject({
        verdict: 'nonCompliant',
        codes: ['violation impersonation.roleRetired'],
      });
      expect(found.reasons[0]).toMatchObject({
        ...{ resource: 'svc-condeco@contoso.com', actual: retiredRole, expected: calendarsRole },
      });
      expect(found.resources?.[0]?.codes).toEqual(['impersonation.roleRetired']);
    });

    it('is a role like any other where the target accepts it', async () => {
      const found = await audit({ acceptRetiredRole: true, protocol: 'ews' });
      expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
      expect(found.resources?.[0]).toMatchObject({ path: retiredRole });
      expect(found.evidence.assignments).toMatchObject([{ holder: 'serviceAccount' }]);
    });

    it('is not mentioned beside its successor', async () => {
      assign({ role: retiredRole, holder: account, scope: 'organization' }, {});
      expect((await audit()).codes).toEqual([]);
    });

    it('is unscoped too, where it is accepted', async () => {
      assign({ role: retiredRole, holder: account, scope: 'organization' });
      const found = await audit({ acceptRetiredRole: true, protocol: 'ews' });
      expect(found.codes).toEqual(['violation impersonation.unscoped']);
      expect(found.summary).toContain('service account');
    });
  });

  describe('impersonation.unscoped', () => {
    beforeEach(() => grant(clientId));

    it('is said of a role for the whole organisation, without a list of everybody', async () => {
      assign({ scope: 'organization' });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation impersonation.unscoped'] });
      expect(found.reasons[0]).toMatchObject({ resource: calendarsRole, actual: 'the whole organisation' });
      expect(found.resources?.map(({ resource }) => resource).sort()).toEqual(rooms);
      expect(found.resources?.[0]).toMatchObject({
        ...{ verdict: 'compliant', codes: [], path: calendarsRole, scope: 'the whole organisation' },
      });
    });

    it('is said beside a role with the right scope', async () => {
      assign({}, { role: 'Application EWS.AccessAsApp', scope: 'organization' });
      const found = await audit();
      expect(found.codes).toEqual(['violation impersonation.unscoped']);
      expect(found.reasons[0]?.resource).toBe('Application EWS.AccessAsApp');
    });
  });

  describe('impersonation.tenantWideGrant', () => {
    const permissions = [
      ['Calendars.ReadWrite', 'Microsoft Graph', [graph, calendars]],
      ['Calendars.ReadWrite.All', 'Office 365 Exchange Online', [exchange, calendars]],
      ['full_access_as_app', 'Office 365 Exchange Online', [exchange, everyMailbox]],
    ] as const;

    it.each(permissions)('is a notice for %s on %s', async (name, resource, pair) => {
      grant(clientId, pair);
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice impersonation.tenantWideGrant'] });
      expect(found.reasons[0]?.resource).toBe(`${name} (application, ${resource})`);
      expect(found.summary).toContain(`The tenant-wide permission ${name} does`);
      expect(found.evidence.tenantWidePermissions).toEqual([`${name} (${resource})`]);
    });

    it.each(permissions)(
      'is a violation for %s on %s with access to rooms only',
      async (name, resource, pair) => {
        grant(clientId, pair);
        const found = await audit({ access: 'rooms-only' });
        expect(found.verdict).toBe('nonCompliant');
        expect(found.codes).toEqual(['violation impersonation.tenantWideGrant']);
        expect(found.reasons[0]?.resource).toBe(`${name} (application, ${resource})`);
      },
    );

    it('is given for each of them', async () => {
      grant(clientId, ...permissions.map(([, , pair]) => pair));
      const found = await audit({ access: 'rooms-only' });
      expect(found.codes).toEqual(Array(3).fill('violation impersonation.tenantWideGrant'));
    });

    it.each([
      ["another application's", views.contoso(99), [graph, calendars]],
      ['a permission with the same id on another resource', clientId, [views.contoso(98), calendars]],
      ["Graph's permission for work hours", clientId, [graph, 'd91697b0-a708-4c11-a712-8fb2dc081aa2']],
    ] as const)('is not %s', async (_case, principalId, pair) => {
      grant(principalId, pair);
      expect(await audit({ access: 'rooms-only' })).toMatchObject({ verdict: 'compliant', codes: [] });
    });
  });

  it('is unknown, not a second violation, when the application is not there', async () => {
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== clientId);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
    expect(found.resources).toBeUndefined();
  });

  it('needs no application where the retired role is accepted', async () => {
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== clientId);
    assign({ role: retiredRole, holder: account });
    const found = await audit({ acceptRetiredRole: true, protocol: 'ews' });
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('needs no account where the application has the role', async () => {
    views.removeUser(tenant.state, views.accountId);
    for (const acceptRetiredRole of [false, true])
      expect((await audit({ acceptRetiredRole })).verdict).toBe('compliant');
  });

  it('is unknown, not a third violation, when neither application nor account is there', async () => {
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== clientId);
    views.removeUser(tenant.state, views.accountId);
    const found = await audit({ acceptRetiredRole: true });
    expect(found.verdict).toBe('unknown');
    expect(new Set(found.codes)).toEqual(new Set(['unknown unreadable.notFound']));
  });

  it('costs few requests, however many users there are', async () => {
    // With Exchange: its own test of the rooms, ten to a request.
    const most = exchangeReader === 'graph' ? 4 : 10;
    const { requests } = await audit();
    for (let index = 0; index < 100; index++)
      views.addRecipient(tenant.state, `person-${index}`, 'UserMailbox');
    expect((await audit()).requests).toBe(requests);
    expect(requests).toBeLessThanOrEqual(most);
  });
});
