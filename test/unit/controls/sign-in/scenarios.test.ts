import { toPolicy } from '../../../../local/simulator/sign-in/state';
import { SimulatedTenant, without } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const accountId = 'c0170507-0000-4000-8000-000000000011';
const clientId = 'c0170507-0000-4000-8000-000000000021';
const adaId = 'c0170507-0000-4000-8000-000000000121';
const policyId = 'c0170507-0000-4000-8000-000000000950';
const exchange = '00000002-0000-0ff1-ce00-000000000000';
const graph = '00000003-0000-0000-c000-000000000000';
const evaluate = /POST \/v1\.0\/identity\/conditionalAccess\/evaluate/;

const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) => tenant.audit('sign-in', options);

/** A policy that is on, for everybody and everything, with other properties where the test wants them. */
function setPolicy({ controls = ['block'], operator = 'OR', ...change }: PolicyOptions = {}): void {
  const { conditions, grantControls, ...rest } = change;
  tenant.state.signIn.policies = [
    toPolicy({
      ...{ id: policyId, displayName: 'Trial', state: 'enabled' },
      createdDateTime: '2025-03-03T09:00:00Z',
      conditions: {
        users: { includeUsers: ['All'] },
        applications: { includeApplications: ['All'] },
        ...conditions,
      },
      grantControls: {
        ...{ operator, builtInControls: controls, customAuthenticationFactors: [], termsOfUse: [] },
        ...grantControls,
      },
      ...rest,
    }),
  ];
}

interface PolicyOptions {
  controls?: string[];
  operator?: string;
  conditions?: object;
  grantControls?: object;
  state?: string;
  modifiedDateTime?: string;
}

const fromAbroad = { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } };

/** Lets policies reach the application. */
function registerHere(): void {
  const principal = tenant.state.servicePrincipals.find(({ id }) => id === clientId);
  Object.assign(principal ?? {}, { appOwnerOrganizationId: tenant.state.tenantId });
}

const questions = () => tenant.simulator.requests.filter(({ url }) => url.endsWith('/evaluate'));

describe('sign-in', () => {
  it('is compliant where policies leave the account alone and sign-ins succeed', async () => {
    const found = await audit();
    expect(found).toMatchObject({
      ...{ verdict: 'compliant', codes: [], requests: 4 },
      summary: 'Nothing keeps Eptura Condeco Exchange Sync from signing in unattended.',
      evidence: { securityDefaults: false, perUserMfa: 'disabled', policies: [], logCutAt: null },
    });
  });

  it('asks as a client that is no browser and without a device code, once for each resource', async () => {
    await audit();
    const asked = questions().map(({ requestBody }) => requestBody);
    expect(asked).toEqual(
      [exchange, graph].map((resource) => ({
        signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId: accountId },
        signInContext: {
          '@odata.type': '#microsoft.graph.applicationContext',
          includeApplications: [resource],
        },
        signInConditions: {
          clientAppType: 'mobileAppsAndDesktopClients',
          authenticationFlow: { transferMethod: 'none' },
        },
        appliedPoliciesOnly: false,
      })),
    );
  });

  it('says signin.blocked, one for each policy', async () => {
    setPolicy();
    const [first] = tenant.state.signIn.policies;
    if (first !== undefined)
      tenant.state.signIn.policies.push({ ...first, id: `${policyId.slice(0, -1)}1`, displayName: 'Other' });
    const found = await audit();
    expect(found.codes).toEqual(['violation signin.blocked', 'violation signin.blocked']);
    expect(found.reasons.map(({ resource }) => resource)).toEqual(['Other', 'Trial']);
    expect(found.reasons[1]?.message).toBe(
      'The policy "Trial" blocks the sign-in of svc-condeco@contoso.com to Microsoft Graph, Office 365 Exchange Online.',
    );
  });

  it.each([
    ['another application', { conditions: { applications: { includeApplications: [clientId] } } }],
    [
      'everything but what the product uses',
      {
        conditions: {
          applications: { includeApplications: ['All'], excludeApplications: [exchange, graph] },
        },
      },
    ],
    ['somebody else', { conditions: { users: { includeUsers: [adaId] } } }],
    [
      'everybody but the account',
      { conditions: { users: { includeUsers: ['All'], excludeUsers: [accountId] } } },
    ],
    ['another role', { conditions: { users: { includeRoles: ['62e90394-69f5-4237-9190-012177145e10'] } } }],
    ['browsers', { conditions: { clientAppTypes: ['browser'] } }],
    ['device codes', { conditions: { authenticationFlows: { transferMethods: 'deviceCodeFlow' } } }],
    ['everybody, and is off', { state: 'disabled' }],
    ['everybody, and demands nothing', { controls: [] }],
  ])('leaves a policy alone that is for %s', async (_case, options: PolicyOptions) => {
    setPolicy(options);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each([
    ['a group', ['inner'], ['violation signin.blocked']],
    ['a group in a group', ['outer'], ['violation signin.blocked']],
    ['another group', ['third'], []],
  ])('sees that a policy is for %s', async (_case, includeGroups, codes) => {
    Object.assign(tenant.state.members, { inner: [accountId], outer: ['inner'], third: [adaId] });
    setPolicy({ conditions: { users: { includeGroups } } });
    expect((await audit()).codes).toEqual(codes);
  });

  it('sees that a policy is for a role that the account has', async () => {
    tenant.state.signIn.directoryRoles = { [accountId]: ['role'] };
    setPolicy({ conditions: { users: { includeRoles: ['role'] } } });
    expect((await audit()).codes).toEqual(['violation signin.blocked']);
  });

  it('names the resource that a policy is for', async () => {
    setPolicy({ conditions: { applications: { includeApplications: [exchange] } } });
    const { reasons } = await audit();
    expect(reasons[0]?.message).toMatch(/to Office 365 Exchange Online\.$/);
  });

  it.each([
    ['mfa', 'OR', {}, 'multifactor authentication'],
    ['compliantDevice', 'AND', {}, 'a compliant device'],
    ['passwordChange', 'AND', {}, 'a change of the password'],
    ['', 'OR', { termsOfUse: ['terms'] }, 'consent to terms of use'],
    ['', 'OR', { customAuthenticationFactors: ['factor'] }, 'a custom control'],
    [
      '',
      'OR',
      { authenticationStrength: { id: 'strength', displayName: 'Strong' } },
      'the authentication strength Strong',
    ],
    // None of them can be met, so that having the choice helps nobody.
    ['mfa domainJoinedDevice', 'OR', {}, 'a device joined to the domain, multifactor authentication'],
    ['mfa unknownFutureValue', 'AND', {}, 'multifactor authentication'],
  ])('says signin.controlRequired of %s %s %j', async (controls, operator, grantControls, actual) => {
    setPolicy({ controls: controls.split(' ').filter(Boolean), operator, grantControls });
    const found = await audit();
    expect(found.codes).toEqual(['violation signin.controlRequired']);
    expect(found.reasons[0]?.actual).toBe(actual);
  });

  it('says signin.conditional where one of controls joined by OR could be met', async () => {
    setPolicy({
      controls: ['mfa', 'unknownFutureValue'],
      operator: 'OR',
      modifiedDateTime: '2026-11-23T01:00:00Z',
    });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown signin.conditional'] });
    expect(found.summary).toContain('the control unknownFutureValue, which is not known here');
  });

  describe('of a policy that depends on what is not known here', () => {
    it.each([
      ['the location', fromAbroad],
      ['the risk of the sign-in', { signInRiskLevels: ['high'] }],
      ['the risk of the user', { userRiskLevels: ['high'] }],
      ['the platform of the device', { platforms: { includePlatforms: ['android'] } }],
    ])('says signin.conditional, and that it is %s', async (what, conditions) => {
      tenant.state.signIn.log = [];
      setPolicy({ conditions });
      const found = await audit();
      expect(found.codes).toContain('unknown signin.conditional');
      expect(found.reasons.find(({ code }) => code === 'signin.conditional')?.message).toContain(
        `depends on ${what}, which`,
      );
    });

    it('says it as a notice where it has let the account in since it was last changed', async () => {
      setPolicy({ conditions: fromAbroad, modifiedDateTime: '2026-11-22T00:00:00Z' });
      expect(await audit()).toMatchObject({ verdict: 'compliant', codes: ['notice signin.conditional'] });
    });

    it('goes by when it was made, where it was never changed', async () => {
      setPolicy({ conditions: fromAbroad });
      expect((await audit()).codes).toEqual(['notice signin.conditional']);
    });

    it.each([
      ['before it was changed', () => undefined],
      [
        'as an application, which a policy for users does not touch',
        () =>
          void (tenant.state.signIn.log = tenant.state.signIn.log.filter(({ signInEventTypes }) =>
            signInEventTypes.includes('servicePrincipal'),
          )),
      ],
      [
        'to another resource',
        () => tenant.state.signIn.log.forEach((row) => Object.assign(row, { resourceId: adaId })),
      ],
    ])('stays unknown where the account was let in only %s', async (when, change) => {
      const modifiedDateTime = when.startsWith('before') ? '2026-11-23T01:30:00Z' : '2026-11-01T00:00:00Z';
      setPolicy({ conditions: fromAbroad, modifiedDateTime });
      change();
      expect((await audit()).codes).toEqual(['unknown signin.conditional']);
    });

    it('stays unknown where the log cannot be read', async () => {
      setPolicy({ conditions: fromAbroad });
      tenant.simulator.fail({ match: /signIns/, status: 500 });
      expect((await audit()).codes).toEqual(['unknown signin.conditional', 'unknown unreadable.unavailable']);
    });

    it('says nothing where something else certainly keeps it from applying', async () => {
      setPolicy({ conditions: { ...fromAbroad, clientAppTypes: ['browser'] } });
      expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    });

    it.each(['unknownFutureValue', 'invalidPolicy', 'notSet', ''])(
      'never takes the reason %j for one that keeps it from applying',
      async (analysisReasons) => {
        setPolicy();
        tenant.state.signIn.log = tenant.state.signIn.log.slice(2);
        tenant.simulator.fail({
          match: evaluate,
          change: (body) => ({
            value: (body as { value: object[] }).value.map((policy) => ({
              ...policy,
              ...{ policyApplies: false, analysisReasons },
            })),
          }),
        });
        expect((await audit()).codes).toEqual(['unknown signin.conditional']);
      },
    );
  });

  it.each([
    ['block', 'stops the sign-in of'],
    ['mfa', 'of which it demands multifactor authentication'],
  ])('says signin.reportOnly of a policy that only reports, and would %s', async (control, words) => {
    setPolicy({ controls: [control], state: 'enabledForReportingButNotEnforced' });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice signin.reportOnly'] });
    expect(found.reasons[0]?.message).toContain(words);
  });

  it('is unknown where a policy is in a state that nobody knows', async () => {
    setPolicy();
    tenant.simulator.fail({
      match: evaluate,
      change: (body) => JSON.parse(JSON.stringify(body).replace('"enabled"', '"halfway"')) as unknown,
    });
    expect((await audit()).codes).toContain('unknown unreadable.malformed');
  });

  it.each(['policyApplies', 'analysisReasons', 'state', 'conditions'])(
    'is unknown when Microsoft leaves out %s of a policy',
    async (property) => {
      tenant.simulator.fail({ match: evaluate, change: (body) => without(body, property) });
      expect((await audit()).codes).toEqual(['unknown unreadable.malformed']);
    },
  );

  it('is unknown when not all policies come at once', async () => {
    const next = { '@odata.nextLink': 'https://graph.microsoft.com/v1.0/next' };
    tenant.simulator.fail({ match: evaluate, change: (body) => ({ ...(body as object), ...next }) });
    expect((await audit()).codes).toEqual(['unknown unreadable.malformed']);
  });

  it('says signin.securityDefaults, also beside policies', async () => {
    tenant.state.signIn.securityDefaults = true;
    expect((await audit()).codes).toEqual(['violation signin.securityDefaults']);
    tenant.state.signIn.policies = [];
    tenant.reset();
    tenant.state.signIn.securityDefaults = true;
    expect((await audit()).codes).toEqual(['violation signin.securityDefaults']);
  });

  it.each(['enabled', 'enforced'])('says signin.perUserMfa when it is %s', async (state) => {
    tenant.state.signIn.perUserMfa = { [accountId]: state };
    const found = await audit();
    expect(found.codes).toEqual(['violation signin.perUserMfa']);
    expect(found.reasons[0]?.actual).toBe(state);
  });

  it.each(['unknownFutureValue', null])(
    'is unknown when the multifactor authentication is %j',
    async (state) => {
      tenant.simulator.fail({ match: /requirements/, change: () => ({ perUserMfaState: state }) });
      expect((await audit()).codes).toEqual(['unknown unreadable.malformed']);
    },
  );
});

describe('the application', () => {
  const forApplications = {
    conditions: {
      users: undefined,
      clientApplications: { includeServicePrincipals: ['ServicePrincipalsInMyTenant'] },
    },
  };

  it('is asked about only where it is registered in this tenant', async () => {
    setPolicy(forApplications);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(questions()).toHaveLength(2);
    registerHere();
    const found = await audit();
    expect(found.codes).toEqual(['violation signin.blocked']);
    expect(found.summary).toContain('the application of Eptura Condeco Exchange Sync');
    expect(found.requests).toBe(6);
  });

  it('is left alone by a policy for users', async () => {
    registerHere();
    setPolicy({ conditions: { users: { includeUsers: [adaId] } } });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is all that there is of a product without an account', async () => {
    registerHere();
    const found = await audit({ profile: 'planon-connect-for-calendars' });
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(questions().map(({ requestBody }) => requestBody)).toMatchObject([
      { signInIdentity: { servicePrincipalId: clientId } },
      { signInIdentity: { servicePrincipalId: clientId } },
    ]);
  });

  it('that is missing leaves nothing to say of such a product', async () => {
    tenant.state.servicePrincipals.length = 0;
    const found = await audit({ profile: 'planon-connect-for-calendars' });
    expect(found.codes).toEqual(['unknown unreadable.notFound']);
  });

  it('that is missing is the business of consent where there is an account', async () => {
    tenant.state.servicePrincipals.length = 0;
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });
});

describe('without a permission', () => {
  const reads: Record<string, RegExp> = {
    'Policy.Read.All': /evaluate|SecurityDefaults|requirements/,
    'AuditLog.Read.All': /signIns|signInActivity/,
    'User.Read.All': /users\/svc-condeco/,
    'Application.Read.All': /servicePrincipals/,
  };
  const take = (name: string) => {
    const [match = /never/, code] = [reads[name], 'Authorization_RequestDenied'];
    tenant.simulator.fail({ match, status: 403, code });
  };

  it.each([
    ['Policy.Read.All', 3],
    ['AuditLog.Read.All', 1],
  ])('its part is unknown, and the rest is judged: %s', async (name, parts) => {
    tenant.state.signIn.securityDefaults = true;
    tenant.state.signIn.log = [];
    take(name);
    const found = await audit();
    const unread = found.reasons.filter(({ code }) => code === 'unreadable.permission');
    expect(unread).toHaveLength(parts);
    for (const { expected } of unread) expect(expected).toBe(name);
    const other =
      name === 'Policy.Read.All' ? 'violation signin.silent' : 'violation signin.securityDefaults';
    expect(found.codes.filter((code) => !code.includes('unreadable'))).toEqual([other]);
  });

  it('for policies no second question is asked', async () => {
    take('Policy.Read.All');
    await audit();
    expect(questions()).toHaveLength(1);
  });

  it.each(['User.Read.All', 'Application.Read.All'])('nothing is fine: %s', async (name) => {
    take(name);
    const found = await audit();
    expect(found.verdict).toBe('unknown');
    expect(found.reasons[0]).toMatchObject({ code: 'unreadable.permission', expected: name });
  });
});

describe('when Conditional Access is asked too fast', () => {
  it('waits by itself, for it says no time, and asks again', async () => {
    tenant.simulator.fail({ match: evaluate, status: 429, times: 2 });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [], requests: 6 });
  });

  it('is unknown in the end, and the rest is judged', async () => {
    tenant.state.signIn.securityDefaults = true;
    tenant.simulator.fail({ match: evaluate, status: 429 });
    expect((await audit()).codes).toEqual([
      'violation signin.securityDefaults',
      'unknown unreadable.throttled',
    ]);
  });
});
