import * as consents from '../../../support/consents';
import {
  account,
  another,
  calendars,
  client,
  exchange,
  fullAccess,
  graph,
  mailReadWrite,
  role,
  userReadBasicAll,
  workHours,
} from '../../../support/consents';
import { SimulatedTenant, without } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) => tenant.audit('consent', options);

const servicePrincipal = (id: string) => consents.servicePrincipal(tenant.state, id);
const roles = (...pairs: [resourceId: string, appRoleId: string][]) =>
  consents.setRoles(tenant.state, ...pairs);
const scopes = (...grants: [resourceId: string, scope: string, principalId?: string | undefined][]) =>
  consents.setScopes(tenant.state, ...grants);

describe('consent', () => {
  it('is compliant with exactly what the vendor needs', async () => {
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [], requests: 2 });
    expect(found.summary).toBe(
      'Condeco Exchange Sync holds exactly the permissions that Eptura Condeco Exchange Sync needs.',
    );
    expect(found.evidence).toMatchObject({
      servicePrincipalId: client,
      applicationPermissions: [{ resource: 'Microsoft Graph', appRoleId: calendars }],
    });
  });

  it('does not call it exactly that where something stands beside it', async () => {
    const summaryOf = async (options: Parameters<typeof audit>[0] = {}) => (await audit(options)).summary;
    const needed = 'Condeco Exchange Sync holds what Eptura Condeco Exchange Sync needs';
    const wide = 'besides Calendars.ReadWrite (application, Microsoft Graph), of which impersonation speaks';
    expect(await summaryOf({ access: 'rooms-only' })).toBe(`${needed}; ${wide}.`);
    roles([graph, calendars], [graph, workHours]);
    const allowedExtraGrants = ['calendars.readwrite.all'];
    const allowed = 'allowed besides: Calendars.ReadWrite.All (application, Microsoft Graph)';
    expect(await summaryOf({ allowedExtraGrants })).toBe(`${needed}; ${allowed}.`);
    expect(await summaryOf({ allowedExtraGrants, access: 'rooms-only' })).toBe(
      `${needed}; ${allowed}; ${wide}.`,
    );
    roles([graph, calendars], [exchange, calendars], [graph, userReadBasicAll]);
    expect(await summaryOf()).toBe(
      `${needed}; allowed besides: Calendars.ReadWrite.All (application, Office 365 Exchange Online), User.ReadBasic.All (application, Microsoft Graph).`,
    );
    roles([exchange, fullAccess]);
    expect(
      await summaryOf({
        access: 'rooms-only',
        allowedExtraGrants: ['Office 365 Exchange Online/full_access_as_app'],
      }),
    ).toBe(
      `${needed}; besides full_access_as_app (application, Office 365 Exchange Online), of which impersonation speaks.`,
    );
  });

  it('says consent.appMissing when nobody has consented to the application', async () => {
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== client);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation consent.appMissing'] });
    expect(found.reasons[0]).toMatchObject({ resource: '7e57ab1e-0000-4000-8000-00000000c0de' });
  });

  it.each([
    ['its administrator', { accountEnabled: false }, 'disabled'],
    ['its administrator, by the newer property', { isDisabled: true }, 'disabled'],
    [
      'Microsoft',
      { disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' },
      expect.any(String),
    ],
  ])('says consent.appDisabled when it was disabled by %s', async (_who, change, actual) => {
    Object.assign(servicePrincipal(client), change);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation consent.appDisabled'] });
    expect(found.reasons[0]?.actual).toEqual(actual);
  });

  it('says for each who has disabled it, where it was both', async () => {
    const disabledByMicrosoftStatus = 'DisabledDueToViolationOfServicesAgreement';
    Object.assign(servicePrincipal(client), { accountEnabled: false, disabledByMicrosoftStatus });
    const found = await audit();
    expect(found.reasons.map(({ code, actual }) => [code, actual])).toEqual([
      ['consent.appDisabled', 'disabled'],
      ['consent.appDisabled', disabledByMicrosoftStatus],
    ]);
  });

  it.each(['UnderReview', 'DisabledForNow', ''])(
    'does not guess what Microsoft means by %j, and says what holds all the same',
    async (disabledByMicrosoftStatus) => {
      Object.assign(servicePrincipal(client), { disabledByMicrosoftStatus });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
      Object.assign(servicePrincipal(client), { accountEnabled: false });
      expect((await audit()).codes).toEqual([
        'violation consent.appDisabled',
        'unknown unreadable.malformed',
      ]);
    },
  );

  it('does not call it disabled when Microsoft says that it did not disable it', async () => {
    Object.assign(servicePrincipal(client), { disabledByMicrosoftStatus: 'NotDisabled', isDisabled: false });
    expect((await audit()).codes).toEqual([]);
  });

  describe('application permission', () => {
    it('is missing when there is none', async () => {
      roles();
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation consent.missing'] });
      expect(found.reasons[0]).toMatchObject({
        resource: 'Calendars.ReadWrite.All (application)',
        expected:
          'Calendars.ReadWrite on Microsoft Graph or Calendars.ReadWrite.All on Office 365 Exchange Online',
        actual: 'not granted',
      });
    });

    it('is a notice, consent.legacyResource, when it is held on Exchange Online only', async () => {
      roles([exchange, calendars]);
      expect(await audit()).toMatchObject({ verdict: 'compliant', codes: ['notice consent.legacyResource'] });
    });

    it('is neither excess nor a notice when it is held on both resources', async () => {
      roles([exchange, calendars], [graph, calendars]);
      expect((await audit()).codes).toEqual([]);
    });

    it('does not count with the same id on any other resource', async () => {
      roles([another, calendars]);
      tenant.state.servicePrincipals.push({ ...servicePrincipal(graph), id: another, appId: another });
      expect((await audit()).codes).toEqual(['violation consent.excess', 'violation consent.missing']);
    });

    it('has a lookalike on Microsoft Graph, which is not excess as well', async () => {
      roles([graph, workHours]);
      const found = await audit();
      expect(found.codes).toEqual(['violation consent.lookalike']);
      expect(found.reasons[0]?.actual).toBe('Calendars.ReadWrite.All on Microsoft Graph (application)');
      // Names that are alike are told apart by what they are not alike in.
      expect(found.reasons[0]?.message).toMatch(
        /^Calendars\.ReadWrite\.All on Microsoft Graph \(application\) is granted, which looks like .*Calendars\.ReadWrite\.All on Office 365 Exchange Online \(application\) and is not: /,
      );
    });

    it('has a lookalike in its delegated form', async () => {
      roles();
      scopes([graph, 'User.Read Calendars.ReadWrite'], [exchange, 'EWS.AccessAsUser.All']);
      const found = await audit();
      expect(found.codes).toEqual(['violation consent.lookalike']);
      expect(found.reasons[0]?.actual).toBe('Calendars.ReadWrite on Microsoft Graph (delegated)');
    });

    it.each([{}, { access: 'rooms-only' as const }])(
      'is not troubled by a lookalike beside the right one, and names it: %p',
      async (options) => {
        roles([graph, calendars], [graph, workHours]);
        const found = await audit(options);
        expect(found).toMatchObject({ verdict: 'compliant', codes: [], requests: 2 });
        expect(found.summary).toContain(
          'besides Calendars.ReadWrite.All (application, Microsoft Graph), which looks like it',
        );
      },
    );

    it('says nothing more of a lookalike that is there for others, or nobody knows for whom', async () => {
      scopes([graph, 'User.Read Calendars.ReadWrite'], [exchange, 'EWS.AccessAsUser.All']);
      expect((await audit()).summary).toContain('besides Calendars.ReadWrite (delegated, Microsoft Graph)');
      scopes(
        [graph, 'User.Read'],
        [exchange, 'EWS.AccessAsUser.All'],
        [graph, 'Calendars.ReadWrite', another],
      );
      expect((await audit()).codes).toEqual([]);
      tenant.simulator.fail({ match: /\/users\//, status: 500 });
      expect((await audit()).codes).toEqual([]);
    });

    it.each([
      ['is not required', [] as [string, string][]],
      ['is not excess either', [[graph, calendars]] as [string, string][]],
    ])('%s with access to rooms only', async (_case, pairs) => {
      roles(...pairs);
      expect((await audit({ access: 'rooms-only' })).codes).toEqual([]);
    });
  });

  describe('delegated permissions', () => {
    it.each([
      ['in another order', 'profile openid User.Read'],
      ['with repetitions and spaces', '  User.Read   User.Read '],
      ['in another case', 'user.read'],
    ])('count %s', async (_case, scope) => {
      scopes([graph, scope], [exchange, 'EWS.AccessAsUser.All']);
      expect((await audit()).codes).toEqual([]);
    });

    it('may come in several grants, and for the service account alone', async () => {
      scopes([graph, 'User.Read', account], [exchange, 'EWS.AccessAsUser.All', account]);
      expect((await audit()).codes).toEqual([]);
    });

    it('take EWS.AccessAsUser.All on either resource', async () => {
      scopes([graph, 'User.Read EWS.AccessAsUser.All']);
      expect((await audit()).codes).toEqual([]);
    });

    it('are missing, one by one', async () => {
      scopes();
      const found = await audit();
      expect(found.codes).toEqual(['violation consent.missing', 'violation consent.missing']);
      expect(found.reasons.map(({ resource }) => resource)).toEqual([
        'EWS.AccessAsUser.All (delegated)',
        'User.Read (delegated)',
      ]);
    });

    it('do not count on another resource', async () => {
      scopes([exchange, 'User.Read EWS.AccessAsUser.All']);
      expect((await audit()).codes).toEqual(['violation consent.excess', 'violation consent.missing']);
    });

    it('do not count as a part of a longer name', async () => {
      scopes([graph, 'User.Read.All'], [exchange, 'EWS.AccessAsUser.All']);
      expect((await audit()).codes).toEqual(['violation consent.excess', 'violation consent.missing']);
    });

    it('say consent.wrongPrincipal when only other users have them', async () => {
      scopes([graph, 'User.Read', another], [exchange, 'EWS.AccessAsUser.All']);
      const found = await audit();
      expect(found.codes).toEqual(['violation consent.wrongPrincipal']);
      expect(found.reasons[0]?.resource).toBe('User.Read (delegated)');
    });

    it.each([
      ['a type of consent that is not known', { consentType: 'SomePrincipals' }],
      ['one for a single user who is not named', { consentType: 'Principal', principalId: null }],
    ])('leave it open for whom they hold with %s', async (_case, changes) => {
      scopes([graph, 'User.Read'], [exchange, 'EWS.AccessAsUser.All']);
      Object.assign(tenant.state.oauth2PermissionGrants[0] ?? {}, changes);
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
      expect(found.reasons[0]?.message).toContain('the grant grant-0');
      // Beside a grant for everybody it decides nothing.
      tenant.state.oauth2PermissionGrants.push({
        ...tenant.state.oauth2PermissionGrants[0],
        ...{ id: 'for all', consentType: 'AllPrincipals', principalId: null },
      });
      expect((await audit()).codes).toEqual([]);
    });

    it("are not excess in other users' own grants", async () => {
      scopes([graph, 'User.Read'], [exchange, 'EWS.AccessAsUser.All'], [graph, 'Mail.Send', another]);
      expect((await audit()).codes).toEqual([]);
    });

    it('are not asked for, and excess, where the vendor does not sign in with the account', async () => {
      const found = await audit({ authorizedViaServiceAccount: false });
      expect(found.codes).toEqual(['violation consent.excess']);
      expect(found.reasons[0]?.resource).toBe('EWS.AccessAsUser.All (delegated, Office 365 Exchange Online)');
      scopes([graph, 'User.Read']);
      expect((await audit({ authorizedViaServiceAccount: false })).codes).toEqual([]);
    });
  });

  describe('consent.excess', () => {
    it('names each permission by what it is called', async () => {
      roles([graph, calendars], [graph, mailReadWrite]);
      scopes([graph, 'User.Read Mail.Send'], [exchange, 'EWS.AccessAsUser.All']);
      const found = await audit();
      expect(found.codes).toEqual(['violation consent.excess', 'violation consent.excess']);
      expect(found.reasons.map(({ resource }) => resource)).toEqual([
        'Mail.ReadWrite (application, Microsoft Graph)',
        'Mail.Send (delegated, Microsoft Graph)',
      ]);
    });

    it('is given once for a permission that several grants hold', async () => {
      scopes(
        [graph, 'User.Read Mail.Send'],
        [graph, 'Mail.Send', account],
        [exchange, 'EWS.AccessAsUser.All'],
      );
      expect((await audit()).codes).toEqual(['violation consent.excess']);
    });

    it('falls back to ids where the resource does not list the permission', async () => {
      roles([graph, calendars], [graph, another]);
      expect((await audit()).reasons[0]?.resource).toBe(`${another} (application, Microsoft Graph)`);
    });

    it('respects what the target allows, in any case of the letters', async () => {
      roles([graph, calendars], [graph, mailReadWrite]);
      expect((await audit({ allowedExtraGrants: ['mail.readwrite'] })).codes).toEqual([]);
    });

    it.each(['openid', 'profile', 'email', 'offline_access'])('never is %s', async (scope) => {
      scopes([graph, `User.Read ${scope}`], [exchange, 'EWS.AccessAsUser.All']);
      expect((await audit()).codes).toEqual([]);
    });

    it('does not count the default access that an assignment without a role is', async () => {
      roles([graph, calendars], [another, '00000000-0000-0000-0000-000000000000']);
      expect((await audit()).codes).toEqual([]);
    });

    it('is left open when the name of a permission cannot be read', async () => {
      roles([graph, calendars], [graph, mailReadWrite]);
      tenant.simulator.fail({ match: /appRoles/, status: 403 });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
    });
  });

  describe('consent.assignmentRequired', () => {
    beforeEach(() => {
      servicePrincipal(client).appRoleAssignmentRequired = true;
    });

    it('is said when the account is not assigned', async () => {
      expect(await audit()).toMatchObject({
        verdict: 'nonCompliant',
        codes: ['violation consent.assignmentRequired'],
      });
    });

    it('is not said when it is, to any role', async () => {
      tenant.state.appRoleAssignments.push(role(account, client, '00000000-0000-0000-0000-000000000000'));
      expect((await audit()).codes).toEqual([]);
    });

    it('does not take an assignment to another application for it', async () => {
      tenant.state.appRoleAssignments.push(role(account, another, '00000000-0000-0000-0000-000000000000'));
      expect((await audit()).codes).toEqual(['violation consent.assignmentRequired']);
    });

    it('is left open when the assignments cannot be read', async () => {
      tenant.simulator.fail({ match: /users\/.*appRoleAssignments/, status: 403 });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
    });
  });

  describe('what could not be read', () => {
    it('is unknown when there is no such account, and only as far as the account matters', async () => {
      tenant.state.users.length = 0;
      expect((await audit()).codes).toEqual([]);
      scopes([graph, 'User.Read', account], [exchange, 'EWS.AccessAsUser.All']);
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
      servicePrincipal(client).appRoleAssignmentRequired = true;
      expect((await audit()).codes).toEqual(['unknown unreadable.notFound']);
    });

    it('keeps a violation that it could not refute', async () => {
      scopes([exchange, 'EWS.AccessAsUser.All']);
      tenant.simulator.fail({ match: /servicePrincipals.*appRoleAssignments/, status: 403 });
      const found = await audit();
      expect(found.verdict).toBe('nonCompliant');
      expect(found.codes).toEqual(['violation consent.missing', 'unknown unreadable.permission']);
      expect(found.reasons[1]).toMatchObject({ expected: 'Application.Read.All' });
    });

    it.each<[string, number | undefined]>([
      ['refused', 403],
      ['not answered', 500],
      ['nonsense', undefined],
    ])('does not call missing what may be a lookalike, where that is %s', async (_how, status) => {
      roles();
      scopes([graph, 'User.Read Calendars.ReadWrite'], [exchange, 'EWS.AccessAsUser.All']);
      expect((await audit()).codes).toEqual(['violation consent.lookalike']);
      const match = /batch/;
      tenant.simulator.fail(
        status === undefined
          ? { match, change: (body) => without(body, 'consentType') }
          : { match: /oauth2PermissionGrants/, status },
      );
      const found = await audit();
      expect(found.verdict).toBe('unknown');
      expect(found.reasons.map(({ level }) => level)).toEqual(['unknown']);
      expect(found.reasons[0]?.message).toContain("the application's delegated permissions");
    });

    it('drops a violation that it could refute', async () => {
      roles();
      tenant.simulator.fail({ match: /servicePrincipals.*appRoleAssignments/, status: 403 });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
    });

    it('does not call anything excess without knowing the resources', async () => {
      roles([graph, calendars], [graph, mailReadWrite]);
      tenant.simulator.fail({ match: /appId='00000002/, status: 403 });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
    });

    it('is unknown when the application itself cannot be read', async () => {
      tenant.simulator.fail({ match: /appId='7e57ab1e/, status: 403 });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
    });
  });

  it('does not ask for the account where a grant holds for everybody', async () => {
    tenant.state.users.length = 0;
    scopes([graph, 'User.Read', another], [graph, 'User.Read'], [exchange, 'EWS.AccessAsUser.All']);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('takes a resource that the tenant does not have for one of which nothing is held', async () => {
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== exchange);
    scopes([graph, 'User.Read']);
    const found = await audit();
    expect(found.codes).toEqual(['violation consent.missing']);
    expect(found.reasons[0]?.resource).toBe('EWS.AccessAsUser.All (delegated)');
  });
});

describe('what the application signs in with', () => {
  const appId = '7e57ab1e-0000-4000-8000-00000000c0de';
  const dayMs = 86_400_000;
  /** From the time of every audit on. */
  const inDays = (days: number) => new Date(Date.parse('2026-11-23T02:00:00Z') + days * dayMs).toISOString();

  function register(passwordCredentials: readonly object[], more: object = {}): void {
    const { state } = tenant;
    Object.assign(servicePrincipal(client), { appOwnerOrganizationId: state.tenantId });
    state.appRegistrations = [
      {
        ...{ id: another, appId, displayName: 'Condeco Exchange Sync' },
        ...{ passwordCredentials, keyCredentials: [], federatedIdentityCredentials: [], ...more },
      },
    ];
  }
  const secret = (days: number, displayName: string | null = null) => ({
    ...{ keyId: another, displayName, startDateTime: inDays(-200), endDateTime: inDays(days) },
  });

  it('is asked for in the same two requests as everything else', async () => {
    register([secret(200, 'of the vendor')]);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [], requests: 2 });
    expect(found.evidence).toMatchObject({
      credentials: [{ kind: 'secret', name: 'of the vendor' }],
      federatedCredentials: 0,
    });
  });

  it('says on which day it ends, and nothing of that in what is accepted', async () => {
    register([secret(20.5)]);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation consent.credentialExpiring'] });
    const day = inDays(20.5).slice(0, 10);
    expect(found.reasons[0]).toMatchObject({
      message: expect.stringContaining(`ends on ${day}, in 20 days: `) as unknown,
      resource: appId,
      actual: 'ends soon',
    });
    expect(JSON.stringify(found.reasons[0]?.actual)).not.toMatch(/\d/);
  });

  it('has ended, and says when the next one begins', async () => {
    register([secret(-3), { ...secret(300), startDateTime: inDays(2) }]);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation consent.credentialExpired'] });
    expect(found.summary).toContain(
      `ended on ${inDays(-3).slice(0, 10)}, and the next one holds from ${inDays(2).slice(0, 10)} on`,
    );
  });

  it('is not seen of an application that is registered at its vendor', async () => {
    expect(tenant.state.appRegistrations).toEqual([]);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each(['passwordCredentials', 'keyCredentials', 'federatedIdentityCredentials', 'endDateTime'])(
    'is unknown where Microsoft Graph does not say %s',
    async (property) => {
      register([secret(200)]);
      tenant.simulator.fail({ match: /batch/, change: (body) => without(body, property) });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
    },
  );

  it('is unknown where the registration is gone that belongs to this tenant', async () => {
    register([secret(200)]);
    tenant.state.appRegistrations = [];
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
  });
});

it.each(['accountEnabled', 'appRoleAssignmentRequired'])(
  'is unknown where Microsoft Graph does not say %s',
  async (property) => {
    tenant.simulator.fail({ match: /batch/, change: (body) => without(body, property) });
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
  },
);
