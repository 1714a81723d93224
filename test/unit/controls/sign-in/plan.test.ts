import { signIn as control } from '../../../../src/lib/controls/sign-in';
import { evaluate } from '../../../../src/lib/controls/sign-in/evaluate';
import { type LogRow, Policy, type SignInFacts } from '../../../../src/lib/controls/sign-in/facts';
import { plan } from '../../../../src/lib/controls/sign-in/plan';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { Plan } from '../../../../src/lib/model/plan';
import { account, accountId, clientApp, clientId, requirement, upn } from '../../../support/planning';

const policyId = 'c0170507-0000-4000-8000-000000000950';

function policy(change: object = {}): Policy {
  return Policy.parse({
    ...{
      id: policyId,
      displayName: 'Trial',
      state: 'enabled',
      policyApplies: true,
      analysisReasons: 'notSet',
    },
    conditions: {},
    grantControls: { operator: 'OR', builtInControls: ['block'] },
    ...change,
  });
}

const lately: LogRow = {
  id: '1',
  createdDateTime: '2026-11-23T01:00:00Z',
  appId: requirement().target.clientAppId,
  status: { errorCode: 0 },
};

/** A tenant in order, with what a test wants otherwise. */
function facts(change: Partial<SignInFacts> = {}): SignInFacts {
  return {
    account: readOk(account()),
    client: readOk(clientApp()),
    securityDefaults: readOk({ isEnabled: false }),
    perUserMfa: readOk({ perUserMfaState: 'disabled' }),
    accountWhatIf: [],
    accountLog: readOk([lately]),
    activity: readOk(null),
    applicationLog: readOk([]),
    ...change,
  };
}

const withPolicy = (change?: object): Partial<SignInFacts> => ({
  accountWhatIf: [{ resource: 'Microsoft Graph', policies: readOk([policy(change)]) }],
});

function planned(change: Partial<SignInFacts>): Plan {
  const asked = requirement();
  return plan(facts(change), evaluate(facts(change), asked), asked);
}

function step(change: Partial<SignInFacts>): string {
  const { changes, manualSteps } = planned(change);
  expect(changes).toEqual([]);
  expect(manualSteps).toHaveLength(1);
  return manualSteps[0]?.description ?? '';
}

const failed = (errorCode: number): Partial<SignInFacts> => ({
  accountLog: readOk([
    { ...lately, status: { errorCode } },
    { ...lately, createdDateTime: '2026-11-22T01:00:00Z' },
  ]),
});

describe('the plan of sign-in', () => {
  it('writes nothing, and has no permission to', () => {
    expect(control.permissions.write).toEqual([]);
    expect(planned({})).toEqual({ changes: [], manualSteps: [] });
  });

  it.each([
    ['signin.blocked', {}],
    ['signin.controlRequired', { grantControls: { builtInControls: ['mfa'] } }],
  ])('of %s names policy, exclusion, portal, PowerShell and cost', (_code, change) => {
    const text = step(withPolicy(change));
    expect(text).toContain(`Exclude ${upn} from the policy "Trial"`);
    expect(text).toContain('Conditional Access, Policies, "Trial", Users, Exclude');
    expect(text).toContain(`-ConditionalAccessPolicyId ${policyId}`);
    expect(text).toContain(
      `users = @{ excludeUsers = @($policy.Conditions.Users.ExcludeUsers) + '${accountId}' }`,
    );
    expect(text).toContain('What it costs: the policy then protects this sign-in no more');
    expect(text).toContain('Named locations');
  });

  it('of a policy for applications excludes the service principal', () => {
    const applicationWhatIf = withPolicy().accountWhatIf ?? [];
    const text = step({ applicationWhatIf });
    expect(text).toContain(
      `excludeServicePrincipals = @($policy.Conditions.ClientApplications.ExcludeServicePrincipals) + '${clientId}'`,
    );
    expect(text).toContain('a secret or certificate of the application is all that it takes');
  });

  it('of signin.conditional asks first from where the vendor comes', () => {
    const conditions = { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } };
    const text = step(
      withPolicy({ policyApplies: false, analysisReasons: 'notEnoughInformation', conditions }),
    );
    expect(text).toMatch(/^Find out from the vendor of Eptura Condeco Exchange Sync from where it signs in/);
    expect(text).toContain('The named locations that the policy leaves out are the narrower way');
  });

  it('has a step for each policy', () => {
    const policies = readOk([policy(), policy({ id: accountId, displayName: 'Other' })]);
    const { manualSteps } = planned({ accountWhatIf: [{ resource: 'Microsoft Graph', policies }] });
    expect(manualSteps).toHaveLength(2);
  });

  it('has none for a policy that only reports', () => {
    expect(planned(withPolicy({ state: 'enabledForReportingButNotEnforced' })).manualSteps).toEqual([]);
  });

  it('of signin.securityDefaults says what has to stand in their place', () => {
    const text = step({ securityDefaults: readOk({ isEnabled: true }) });
    expect(text).toContain('Manage security defaults');
    expect(text).toContain('Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -IsEnabled:$false');
    expect(text).toContain('What it costs: without such policies nobody');
  });

  it('of signin.perUserMfa names account and address', () => {
    const text = step({ perUserMfa: readOk({ perUserMfaState: 'enforced' }) });
    expect(text).toContain(`Per-user MFA, ${upn}, Disable`);
    expect(text).toContain(`/beta/users/${accountId}/authentication/requirements`);
    expect(text).toContain('What it costs: whoever has the password gets in');
  });

  it.each([
    [50126, 'Set the password anew'],
    [50053, 'Find out who tries wrong passwords'],
    [53003, 'exclude the account from it'],
    [7000222, 'renew its secret or certificate'],
    [90099, 'give it the request id'],
  ])('of signin.failing goes by the error: %i', (code, words) => {
    const text = step(failed(code));
    expect(text).toContain(words);
    expect(text).toMatch(/ costs/);
    expect(text).toContain('Get-MgBetaAuditLogSignIn');
  });

  it('of signin.silent sends to the product', () => {
    expect(step({ accountLog: readOk([]) })).toContain('whether the sync is switched on and connected');
  });
});
