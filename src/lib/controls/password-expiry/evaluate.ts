import type { User } from '../../microsoft365/service-account';
import { accountName } from '../../target';
import type { Evaluation, Requirement } from '../control';
import { compareText, conclude, unreadable } from '../evaluation';
import type { Code, Reason } from './codes';
import type { Domain, PasswordExpiryFacts } from './collect';
import { neverExpires, passwordFlags } from './flags';

/** The validity that means "never". https://learn.microsoft.com/graph/api/resources/domain */
const never = 2_147_483_647;

export function evaluate({ user, domains }: PasswordExpiryFacts, { target }: Requirement): Evaluation<Code> {
  if (!user.ok) return conclude([unreadable(user.failure)], '', { evidence: {} });
  const flags = passwordFlags(user.value.passwordPolicies);
  const evidence: Record<string, unknown> = {
    userPrincipalName: user.value.userPrincipalName,
    passwordPolicies: flags,
    lastPasswordChangeDateTime: user.value.lastPasswordChangeDateTime ?? null,
    onPremisesSyncEnabled: user.value.onPremisesSyncEnabled ?? false,
  };
  // Without the domain it is open whether the password is Microsoft's at all.
  if (!domains.ok) return conclude([unreadable(domains.failure)], '', { evidence });

  const name = user.value.userPrincipalName.split('@').at(-1)?.toLowerCase() ?? '';
  const policy = policyFor(name, domains.value);
  if (policy === undefined) {
    const message = `Could not read the password policy: ${name} is not among the tenant's domains.`;
    return conclude([unreadable({ cause: 'notFound', message })], '', { evidence });
  }
  evidence.domain = policy;
  const reasons = judge(user.value, flags, policy, accountName(target));
  return conclude(reasons, `The password of ${user.value.userPrincipalName} never expires.`, { evidence });
}

interface PasswordPolicy {
  /** The domain of the UPN. */
  domain: string;
  authenticationType: string;
  /** Days, or null when neither the domain nor its root states a validity. */
  validityDays: number | null;
  /** The domain that the validity comes from: the root domain for a sub-domain without a policy of its own. */
  statedBy: string | null;
}

function policyFor(name: string, domains: readonly Domain[]): PasswordPolicy | undefined {
  const byName = new Map(domains.map((domain) => [domain.id, domain]));
  const own = byName.get(name);
  if (own === undefined) return undefined;
  const family = [own, ...parentsOf(name).flatMap((parent) => byName.get(parent) ?? [])];
  const stating = family.find((domain) => typeof domain.passwordValidityPeriodInDays === 'number');
  return {
    domain: name,
    authenticationType: own.authenticationType,
    validityDays: stating?.passwordValidityPeriodInDays ?? null,
    statedBy: stating?.id ?? null,
  };
}

/** `eu.rooms.contoso.com` → `rooms.contoso.com`, `contoso.com`, `com`; only verified domains are in the tenant's list. */
function parentsOf(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}

function judge(user: User, flags: string[], policy: PasswordPolicy, resource: string): Reason[] {
  const upn = user.userPrincipalName;
  if (policy.authenticationType.toLowerCase() === 'federated') {
    return [
      {
        code: 'password.managedElsewhere',
        level: 'unknown',
        message: `${policy.domain} is federated: the password of ${upn} is kept by another identity provider, where its expiry has to be checked.`,
        resource,
      },
    ];
  }
  const hasFlag = flags.some((flag) => flag.toLowerCase() === neverExpires.toLowerCase());
  if (hasFlag) {
    if (user.onPremisesSyncEnabled !== true) return [];
    return [
      {
        code: 'password.synchronised',
        level: 'notice',
        message: `${upn} is synchronised from Active Directory: whether the password expires there is not visible from here.`,
        resource,
      },
    ];
  }
  if (policy.validityDays === never) {
    return [
      {
        code: 'password.neverByDomain',
        level: 'notice',
        message: `The password of ${upn} does not expire because of ${policy.statedBy ?? policy.domain}, not because of the account: it will when the domain's policy changes.`,
        resource,
      },
    ];
  }
  const expected = neverExpires;
  const actual = flags.length === 0 ? 'None' : [...flags].sort(compareText).join(', ');
  if (policy.validityDays === null) {
    return [
      {
        code: 'password.domainDefault',
        level: 'violation',
        message: `Nothing says that the password of ${upn} never expires: ${policy.domain} states no validity, which Microsoft documents as 90 days.`,
        resource,
        expected,
        actual,
      },
    ];
  }
  return [
    {
      code: 'password.expires',
      level: 'violation',
      message: `The password of ${upn} expires ${expiry(user, policy.validityDays)}: passwords of ${policy.statedBy ?? policy.domain} are valid for ${policy.validityDays} days.`,
      resource,
      expected,
      actual,
    },
  ];
}

/** Days. Beyond it a date says nothing to anybody, and may be one that there is not. */
const longestTold = 36_500;

function expiry(user: User, days: number): string {
  if (!user.lastPasswordChangeDateTime || days > longestTold) return `${days} days after its last change`;
  const at = Date.parse(user.lastPasswordChangeDateTime) + days * 86_400_000;
  return `on ${new Date(at).toISOString().slice(0, 10)}`;
}
