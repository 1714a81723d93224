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

const { account, address, roleGroup } = views;
const mailRole = 'Application Mail Full Access';
const readRole = 'Application Calendars.Read';
const excess = 'violation impersonation.excessRole';
const unresolved = 'unknown impersonation.scopeUnresolved';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);

describe.each(['graph', 'admin-api'] as const)(
  'a role that nobody asked for, read by %s',
  (exchangeReader) => {
    const audit = (options: Partial<StoredTarget> = {}) =>
      tenant.audit('impersonation', { exchangeReader, ...options });

    it.each([readRole, mailRole, 'Application MailboxSettings.Read', 'Mail Recipients'])(
      'is %s for the whole organisation, beside the right one',
      async (role) => {
        assign({}, { role, scope: 'organization' });
        const found = await audit();
        expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [excess] });
        expect(found.reasons[0]).toMatchObject({
          ...{ resource: role, actual: 'the whole organisation', expected: 'not assigned' },
        });
        expect(found.evidence).toMatchObject({
          otherRoles: [{ role, through: null, scope: { kind: 'organization' } }],
          roomsReached: 12,
        });
      },
    );

    it('is said once with all its scopes, however often it is assigned', async () => {
      assign(
        ...[{}, { role: mailRole, scope: 'organization' as const }],
        ...[{ role: mailRole, scope: { name: 'Some', filter: views.isRoom } }, { role: readRole }],
      );
      const found = await audit();
      expect(found.reasons.map(({ resource, actual }) => [resource, actual])).toEqual([
        [readRole, 'the scope Condeco rooms'],
        [mailRole, 'the scope Some, the whole organisation'],
      ]);
    });

    it('is no stray, and nothing without a scope of its own', async () => {
      assign({}, { role: readRole, scope: { unit: [address('ada')] } });
      expect((await audit()).codes).toEqual([excess]);
    });

    it.each([
      ['by its name', [mailRole]],
      ['in another case, among others', ['x', ` ${mailRole.toUpperCase()} `]],
    ])('is allowed %s', async (_case, allowedExtraRoles) => {
      assign({}, { role: mailRole, scope: 'organization' });
      const found = await audit({ allowedExtraRoles });
      expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
      expect(found.evidence).toMatchObject({ otherRoles: [{ role: mailRole }] });
    });

    it('is not held under a name that the target allows in vain, which the evidence says', async () => {
      assign({}, { role: mailRole, scope: 'organization' });
      const allowedExtraRoles = ['No Such Role', mailRole.toLowerCase()];
      expect((await audit({ allowedExtraRoles })).evidence).toMatchObject({
        allowedExtraRolesNotHeld: ['No Such Role'],
      });
      expect((await audit({ allowedExtraRoles: [mailRole] })).evidence).not.toHaveProperty(
        'allowedExtraRolesNotHeld',
      );
    });

    it.each([
      ['a part of it', mailRole, 'Application Mail.ReadWrite'],
      ['what bundles it', 'Application Mail.ReadWrite', mailRole],
      ['the beginning of its name', mailRole, 'Application Mail'],
    ])('is not allowed by %s', async (_case, role, allowed) => {
      assign({}, { role });
      expect((await audit({ allowedExtraRoles: [allowed] })).codes).toEqual([excess]);
    });

    it.each(['Application Exchange Full Access', 'Application EWS.AccessAsApp', 'ApplicationImpersonation'])(
      'is not %s, which the profile names',
      async (role) => {
        assign({}, { role });
        expect((await audit()).codes).toEqual([]);
      },
    );

    it.each([
      ['another application', views.anotherApplication],
      ['the service account', account],
      ['another user', views.anotherUser],
    ])('is not what %s holds', async (_case, holder) => {
      assign({}, { role: mailRole, holder, scope: 'organization' });
      expect((await audit()).codes).toEqual([]);
    });

    it('is not what a product may hold that asks for it', async () => {
      assign({}, { role: 'Application EWS.AccessAsApp' });
      const found = await audit({ profile: 'planon-connect-for-calendars' });
      expect(found.codes).toEqual([excess]);
    });
  },
);

describe('a role through a role group', () => {
  const audit = (exchangeReader: 'graph' | 'admin-api') => tenant.audit('impersonation', { exchangeReader });

  it('is excess too where Exchange says who is in it', async () => {
    tenant.state.exchange.roleGroups.push({ Name: 'Booking products', members: [views.clientId] });
    assign({}, { role: 'Mail Recipients', holder: roleGroup('Booking products'), scope: 'organization' });
    const found = await audit('admin-api');
    expect(found.codes).toEqual([excess]);
    expect(found.summary).toBe(
      "Mail Recipients is assigned to the application through Booking products, for the whole organisation: the vendor does not ask for it. Take it back, or allow it in the target's allowedExtraRoles.",
    );
  });

  it('of others is nothing, and neither is one that only hands it on', async () => {
    tenant.state.exchange.roleGroups.push({ Name: 'Booking products', members: ['Ada Nwosu'] });
    assign({}, { role: mailRole, holder: roleGroup('Booking products') });
    expect((await audit('admin-api')).codes).toEqual([]);
    assign({}, { role: mailRole });
    Object.assign(tenant.state.exchange.managementRoleAssignments[1] ?? {}, {
      RoleAssignmentDelegationType: 'DelegatingOrgWide',
    });
    expect((await audit('admin-api')).codes).toEqual([]);
  });

  it('leaves it open with Microsoft Graph, where it is one for applications', async () => {
    assign({}, { role: mailRole, holder: roleGroup('Booking products') });
    const found = await audit('graph');
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.reasons[0]).toMatchObject({ resource: `the role ${mailRole} through Booking products` });
    assign({}, { role: 'Mail Recipients', holder: roleGroup('Booking products') });
    expect((await audit('graph')).codes).toEqual([]);
    assign({}, { role: mailRole, holder: roleGroup('Organization Management') });
    expect((await audit('graph')).codes).toEqual([]);
    assign({}, { role: mailRole, holder: roleGroup('Booking products') }, { role: mailRole });
    expect((await audit('graph')).codes).toEqual([excess]);
  });
});

describe('a role of which Microsoft Graph does not give the name', () => {
  const audit = () => tenant.audit('impersonation', { exchangeReader: 'graph' });
  const nameless = (change: (id: string) => void) =>
    change(String(tenant.state.roleAssignments[1]?.roleDefinitionId));

  it.each([
    [
      'is not listed',
      (id: string) =>
        (tenant.state.roleDefinitions = tenant.state.roleDefinitions.filter((each) => each.id !== id)),
    ],
    [
      'has none',
      (id: string) =>
        tenant.state.roleDefinitions.forEach((each) => each.id === id && (each.displayName = '')),
    ],
  ])('is never dropped: it %s', async (_case, change) => {
    assign({}, { role: mailRole });
    nameless(change);
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    assign({}, { role: mailRole, holder: roleGroup('Booking products') });
    nameless(change);
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
  });

  it.each([
    ['another application', views.anotherApplication],
    ['a role group that only hands roles on', roleGroup('Organization Management')],
  ])('does not matter to %s', async (_case, holder) => {
    assign({}, { role: 'Application Mail.Send', holder });
    nameless(
      (id) => (tenant.state.roleDefinitions = tenant.state.roleDefinitions.filter((each) => each.id !== id)),
    );
    expect((await audit()).codes).toEqual([]);
  });
});
