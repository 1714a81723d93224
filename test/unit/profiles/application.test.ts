import { control } from '../../../src/lib/controls';
import { examine, observed } from '../../../src/lib/controls/examine';
import type { StoredTarget } from '../../../src/lib/model/target';
import type { ControlId } from '../../../src/lib/model/verdict';
import { profile } from '../../../src/lib/profiles';
import { planOf } from '../../../src/lib/remediation/plan';
import * as views from '../../support/exchange-views';
import { SimulatedTenant } from '../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  // The vendor asks for a role of Exchange, and for no consent.
  tenant.state.appRoleAssignments = [];
  tenant.state.oauth2PermissionGrants = [];
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

/** Whoever looks after the integration: nobody signs in with this account, and the tenant does not know it. */
const contact = 'facilities@contoso.com';
const product = { profile: 'planon-connect-for-calendars', serviceAccount: contact } as const;
const audit = (id: ControlId, options: Partial<StoredTarget> = {}) =>
  tenant.audit(id, { ...product, ...options });

async function planned(id: ControlId, options: Partial<StoredTarget> = {}) {
  const target = tenant.target({ ...product, ...options });
  const requirement = { profile: profile(target.profile), target, now: new Date('2026-11-23T02:00:00Z') };
  const examined = await examine(control(id), tenant.tenants().open(target.tenantId)(), requirement);
  const endpoints = { graphEndpoint: '', exchangeEndpoint: '' };
  return { facts: examined.facts, plan: planOf(control(id), examined, requirement, endpoints), requirement };
}

describe('for a product that signs in as an application alone', () => {
  it.each(['account', 'password-expiry', 'license'] as const)(
    '%s does not apply, and asks for nothing',
    async (id) => {
      const found = await audit(id);
      expect(found).toMatchObject({ verdict: 'notApplicable', codes: [], requests: 0 });
      expect(found.summary).toBe(
        'Planon Connect for Calendars signs in as an application: it has no service account.',
      );
      const { facts, plan, requirement } = await planned(id);
      expect({ facts, plan }).toMatchObject({ facts: null, plan: { changes: [], manualSteps: [] } });
      const change = {
        id: '1',
        description: '',
        request: { method: 'POST', url: '' },
        permission: '',
      } as const;
      const about = { ...change, before: 1, after: 2 };
      expect(observed(control(id), facts, about, requirement)).toBeUndefined();
    },
  );

  it('Exchange Web Services are not its way, whatever their switches say', async () => {
    Object.assign(tenant.state.exchange.organizationConfig, { EwsEnabled: false });
    expect(await audit('ews-access')).toMatchObject({ verdict: 'notApplicable', codes: [] });
  });

  it('rooms are held to its own settings', async () => {
    expect(await audit('rooms')).toMatchObject({ verdict: 'compliant' });
    const [first] = tenant.state.exchange.calendarProcessing;
    Object.assign(first ?? {}, { AutomateProcessing: 'AutoUpdate' });
    expect(await audit('rooms')).toMatchObject({ codes: ['violation rooms.calendarSetting'] });
    // Recurring meetings are no business of this vendor's.
    Object.assign(first ?? {}, { AutomateProcessing: 'AutoAccept', AllowRecurringMeetings: false });
    expect(await audit('rooms')).toMatchObject({ verdict: 'compliant', codes: [] });
    Object.assign(first ?? {}, { AllBookInPolicy: false });
    expect(await audit('rooms')).toMatchObject({ codes: ['violation rooms.calendarSetting'] });
  });
});

describe('its consent', () => {
  it('is compliant without any, and nobody asks for the account', async () => {
    const found = await audit('consent');
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(tenant.simulator.requests.filter(({ url }) => url.includes('/users'))).toEqual([]);
  });

  it('does not demand that an account is assigned to the application', async () => {
    Object.assign(tenant.state.servicePrincipals[0] ?? {}, { appRoleAssignmentRequired: true });
    expect(await audit('consent')).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('holds too much with a permission for the whole tenant', async () => {
    const [graph, calendars] = [views.contoso(31), 'ef54d2bf-783f-4e0f-bca1-3210c0444d99'];
    tenant.state.appRoleAssignments = [
      { id: 'grant', principalId: views.clientId, resourceId: graph, appRoleId: calendars },
    ];
    const found = await audit('consent');
    expect(found.reasons).toMatchObject([
      { code: 'consent.excess', resource: 'Calendars.ReadWrite (application, Microsoft Graph)' },
    ]);
    expect(await audit('impersonation')).toMatchObject({
      verdict: 'compliant',
      reasons: [{ code: 'impersonation.tenantWideGrant', level: 'notice', expected: 'not granted' }],
    });
    expect(await audit('impersonation', { access: 'rooms-only' })).toMatchObject({
      codes: ['violation impersonation.tenantWideGrant'],
    });
  });

  it('is not that of a user who has consented for himself', async () => {
    tenant.state.oauth2PermissionGrants = [
      {
        ...{ id: 'grant', clientId: views.clientId, resourceId: views.contoso(31), scope: 'Mail.Send' },
        ...{ consentType: 'Principal', principalId: views.contoso(11) },
      },
    ];
    expect(await audit('consent')).toMatchObject({ verdict: 'compliant', codes: [] });
    Object.assign(tenant.state.oauth2PermissionGrants[0] ?? {}, { consentType: 'AllPrincipals' });
    expect(await audit('consent')).toMatchObject({ codes: ['violation consent.excess'] });
  });

  it('of an application that is gone is repaired by registering it, not by a consent that nobody asks for', async () => {
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== views.clientId);
    for (const id of ['consent', 'impersonation'] as const) {
      const { plan } = await planned(id);
      const described = plan.manualSteps.map(({ description }) => description).join(' ');
      expect(described).not.toMatch(/consent to/i);
      if (id === 'consent') expect(described).toContain('Register the application of Planon');
      for (const { link } of plan.manualSteps) expect(link).toContain('planoncloud.com');
    }
  });
});

describe.each(['graph', 'admin-api'] as const)('its impersonation, read by %s', (exchangeReader) => {
  it('is compliant when the role reaches all rooms and nothing else', async () => {
    const found = await audit('impersonation', { exchangeReader });
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.resources).toHaveLength(12);
  });

  it('does not excuse a mailbox within reach that the target calls its service account', async () => {
    const serviceAccount = views.address('svc-condeco');
    const group = [...views.roomNames.map(views.room), serviceAccount];
    views.assign(tenant.state, { scope: { group } });
    const reached = await audit('impersonation', { exchangeReader, serviceAccount });
    expect(reached).toMatchObject({
      reasons: [{ code: 'impersonation.strayMailbox', resource: serviceAccount }],
    });
    const excused = { exchangeReader, serviceAccount, profile: 'condeco-exchange-sync' } as const;
    expect((await tenant.audit('impersonation', excused)).verdict).toBe('compliant');
  });

  it('knows no retired role of an account, even where the target accepts it', async () => {
    views.assign(tenant.state, { role: views.retiredRole, holder: views.account });
    const found = await audit('impersonation', { exchangeReader, acceptRetiredRole: true });
    expect(found).toMatchObject({ codes: ['violation impersonation.none'] });
  });
});
