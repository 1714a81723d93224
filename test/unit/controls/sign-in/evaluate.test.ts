import { signIn as control } from '../../../../src/lib/controls/sign-in';
import { type LogRow, Policy, type SignInFacts } from '../../../../src/lib/controls/sign-in/facts';
import { readFailed, readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { Verdict } from '../../../../src/lib/model/verdict';
import { account, clientApp, notFound, refused, requirement } from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';

const lately: LogRow = {
  id: '1',
  createdDateTime: '2026-11-23T01:00:00Z',
  appId: requirement().target.clientAppId,
  resourceId: '00000003-0000-0000-c000-000000000000',
  status: { errorCode: 0 },
};
const failed: LogRow = { ...lately, createdDateTime: '2026-11-23T01:30:00Z', status: { errorCode: 50126 } };

/** A tenant in order, with what a row wants otherwise. */
function factsOf(change: Partial<SignInFacts> = {}): SignInFacts {
  return {
    account: readOk(account()),
    client: readOk(clientApp()),
    securityDefaults: readOk({ isEnabled: false }),
    perUserMfa: readOk({ perUserMfaState: 'disabled' }),
    accountWhatIf: [{ resource: 'Microsoft Graph', policies: readOk([]) }],
    accountLog: readOk([lately]),
    activity: readOk(null),
    applicationLog: readOk([]),
    ...change,
  };
}

/** A policy that blocks, unless told. */
function withPolicy(change: object = {}): SignInFacts {
  const policy = Policy.parse({
    ...{ id: 'policy', displayName: 'Trial', state: 'enabled' },
    ...{ policyApplies: true, analysisReasons: 'notSet', createdDateTime: '2025-03-03T09:00:00Z' },
    conditions: {},
    grantControls: { operator: 'OR', builtInControls: ['block'] },
    ...change,
  });
  return factsOf({ accountWhatIf: [{ resource: 'Microsoft Graph', policies: readOk([policy]) }] });
}

const fromAbroad = { policyApplies: false, analysisReasons: 'notEnoughInformation' };
const changedSince = { ...fromAbroad, modifiedDateTime: '2026-11-23T01:45:00Z' };
const demanding = { grantControls: { operator: 'OR', builtInControls: ['mfa'] } };
const unlicensed = readFailed({
  cause: 'permission',
  message: 'There is no licence.',
  code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
});

function row(
  where: string,
  facts: SignInFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
  options?: Parameters<typeof requirement>[0],
): Row<SignInFacts> {
  return { where, facts, requirement: requirement(options), verdict, codes };
}

const unread = ['unknown unreadable.permission'];
const young = { createdAt: '2026-11-22T00:00:00.000Z' };

describe('the verdict on sign-ins', () => {
  testTable(
    control,
    [
      row('nothing stands in the way', factsOf(), 'compliant'),
      row('a policy blocks', withPolicy(), 'nonCompliant', ['violation signin.blocked']),
      row('a policy is off', withPolicy({ state: 'disabled' }), 'compliant'),
      row(
        'a policy is for somebody else',
        withPolicy({ policyApplies: false, analysisReasons: 'users, notEnoughInformation' }),
        'compliant',
      ),
      row('a policy demands', withPolicy(demanding), 'nonCompliant', ['violation signin.controlRequired']),
      row('a policy has session controls alone', withPolicy({ grantControls: null }), 'compliant'),
      row('it depends on the location', withPolicy(changedSince), 'unknown', ['unknown signin.conditional']),
      row('it has let it in', withPolicy(fromAbroad), 'compliant', ['notice signin.conditional']),
      row('a policy reports', withPolicy({ state: 'enabledForReportingButNotEnforced' }), 'compliant', [
        'notice signin.reportOnly',
      ]),
      row(
        'security defaults are on',
        factsOf({ securityDefaults: readOk({ isEnabled: true }) }),
        'nonCompliant',
        ['violation signin.securityDefaults'],
      ),
      row(
        'the account has to confirm',
        factsOf({ perUserMfa: readOk({ perUserMfaState: 'enforced' }) }),
        'nonCompliant',
        ['violation signin.perUserMfa'],
      ),
      row('the latest sign-in failed', factsOf({ accountLog: readOk([failed, lately]) }), 'nonCompliant', [
        'violation signin.failing',
      ]),
      row(
        'the application has signed in since',
        factsOf({
          accountLog: readOk([failed]),
          applicationLog: readOk([{ ...lately, createdDateTime: '2026-11-23T01:50:00Z' }]),
        }),
        'compliant',
      ),
      row('nobody has signed in', factsOf({ accountLog: readOk([]) }), 'nonCompliant', [
        'violation signin.silent',
      ]),
      row(
        'nobody has yet',
        factsOf({ accountLog: readOk([]) }),
        'compliant',
        ['notice signin.silent'],
        young,
      ),
      row(
        'there is no licence for the log',
        factsOf({ accountLog: unlicensed, applicationLog: unlicensed, activity: unlicensed }),
        'compliant',
        ['notice signin.noLog'],
      ),
      row('the application is missing', factsOf({ client: notFound }), 'compliant'),
    ],
    [
      row('the account is not read', factsOf({ account: refused }), 'unknown', unread),
      row('the application is not read', factsOf({ client: refused }), 'unknown', unread),
      row('security defaults are not read', factsOf({ securityDefaults: refused }), 'unknown', unread),
      row(
        'policies are not read',
        factsOf({ accountWhatIf: [{ resource: 'Microsoft Graph', policies: refused }] }),
        'unknown',
        unread,
      ),
      row('the confirmation is not read', factsOf({ perUserMfa: refused }), 'unknown', unread),
      row('one log is not read', factsOf({ applicationLog: refused, activity: refused }), 'unknown', unread),
      row('a state is not known', withPolicy({ state: 'halfway' }), 'unknown', [
        'unknown unreadable.malformed',
      ]),
    ],
  );
});
