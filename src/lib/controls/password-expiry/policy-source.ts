import type { Read, ReadFailure } from '../../microsoft365/wire/read';
import type { Domain, PasswordUser } from './facts';
import { hasNeverExpires, passwordFlags } from './flags';

/** The validity that means "never", and the largest that there is. https://learn.microsoft.com/graph/api/resources/domain */
export const never = 2_147_483_647;

/** What decides whether a password expires, and which domains were looked at for it. */
export type PolicySource = { policy?: PasswordPolicy } & (
  | { kind: 'guest' }
  | { kind: 'federated'; by: string }
  /** The account itself says that it never expires. */
  | { kind: 'flag' }
  /** A domain says for how many days passwords are valid. */
  | { kind: 'stated'; days: number; by: string }
  /** No domain says anything: the default of the tenant decides. */
  | { kind: 'unstated'; by: string }
  | { kind: 'unread'; failure: ReadFailure }
  | { kind: 'notUnderstood'; what: string; value: unknown }
);

/** Where the password policy of an account comes from. */
export interface PasswordPolicy {
  /** The domain of the UPN. */
  domain: string;
  authenticationType: string;
  /** The domain whose settings it takes over: itself for a root. Null when the tenant lists none. */
  root: string | null;
  /** Days, or null when neither the domain nor one that it follows states a validity. */
  validityDays: number | null;
  /** The domain that the validity comes from: one above for a sub-domain without a policy of its own. */
  statedBy: string | null;
}

/** Finds what decides, as far as the account and the domains tell. Whose password it is comes before how long it lasts. */
export function policySource(user: PasswordUser, domains: Read<Domain[]>): PolicySource {
  const type = user.userType?.toLowerCase() ?? 'member';
  if (type === 'guest') return { kind: 'guest' };
  if (type !== 'member')
    return {
      kind: 'notUnderstood',
      what: `whose account ${user.userPrincipalName} is`,
      value: user.userType,
    };
  // Without the domain it is open whether the password is Microsoft's at all.
  if (!domains.ok) return { kind: 'unread', failure: domains.failure };
  const name = user.userPrincipalName.split('@').at(-1)?.toLowerCase() ?? '';
  const family = familyOf(name, domains.value);
  const [own] = family;
  if (own === undefined) return notFound(`${name} is not among the tenant's domains`);

  const policy = policyOf(own, family);
  const hasFlag = hasNeverExpires(passwordFlags(user.passwordPolicies));
  return { policy, ...(keptElsewhere(family) ?? (hasFlag ? { kind: 'flag' } : validityOf(policy))) };
}

/** The domain and those above it, up to the first that is a root: a promoted sub-domain takes over nothing. */
function familyOf(name: string, domains: readonly Domain[]): Domain[] {
  const byName = new Map(domains.map((domain) => [domain.id, domain]));
  const own = byName.get(name);
  if (own === undefined) return [];
  const all = [own, ...parentsOf(name).flatMap((parent) => byName.get(parent) ?? [])];
  const root = all.findIndex(({ isRoot }) => isRoot);
  return root === -1 ? all : all.slice(0, root + 1);
}

/** `eu.rooms.contoso.com` → `rooms.contoso.com`, `contoso.com`, `com`; only verified domains are in the tenant's list. */
function parentsOf(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}

function policyOf(own: Domain, family: readonly Domain[]): PasswordPolicy {
  const root = family.find(({ isRoot }) => isRoot);
  // Without a root there is nothing to follow.
  const stating = (root === undefined ? [own] : family).find(
    ({ passwordValidityPeriodInDays: days }) => days !== null,
  );
  return {
    domain: own.id,
    authenticationType: own.authenticationType,
    root: root?.id ?? null,
    validityDays: stating?.passwordValidityPeriodInDays ?? null,
    statedBy: stating?.id ?? null,
  };
}

/** A sub-domain signs in as its root does, whatever it says of itself. */
function keptElsewhere(family: readonly Domain[]): PolicySource | undefined {
  const typeOf = ({ authenticationType }: Domain) => authenticationType.toLowerCase();
  const federated = family.find((domain) => typeOf(domain) === 'federated');
  if (federated !== undefined) return { kind: 'federated', by: federated.id };
  const strange = family.find((domain) => typeOf(domain) !== 'managed');
  if (strange === undefined) return undefined;
  const what = `who keeps the passwords of ${strange.id}`;
  return { kind: 'notUnderstood', what, value: strange.authenticationType };
}

function validityOf({ domain, root, validityDays, statedBy }: PasswordPolicy): PolicySource {
  if (validityDays === null || statedBy === null) {
    if (root !== null) return { kind: 'unstated', by: root };
    return notFound(`${domain} states no validity, and no domain that it could take one over from is there`);
  }
  if (validityDays >= 1 && validityDays <= never) return { kind: 'stated', days: validityDays, by: statedBy };
  const what = `for how many days the passwords of ${statedBy} are valid`;
  return { kind: 'notUnderstood', what, value: validityDays };
}

function notFound(why: string): PolicySource {
  const message = `Could not read the password policy: ${why}.`;
  return { kind: 'unread', failure: { cause: 'notFound', message } };
}
