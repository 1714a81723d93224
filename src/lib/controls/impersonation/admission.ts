import { type AccessPolicy, isUncertain, policyName, type Recipient } from '../../microsoft365/exchange';
import { unreadable } from '../evaluation';
import type { Reason } from './codes';

/**
 * Which mailboxes application access policies leave to a permission of Microsoft Entra. A mailbox that is denied is kept
 * from the application whatever else there is; where access is restricted, only the mailboxes of all such policies
 * together are left. https://learn.microsoft.com/exchange/permissions-exo/application-access-policies
 */
export class Admission {
  private readonly keys: ReadonlyMap<AccessPolicy, ReadonlySet<string>>;

  constructor(private readonly policies: readonly AccessPolicy[]) {
    this.keys = new Map(policies.map((policy) => [policy, keysOf(policy)]));
  }

  /** Whether there is any policy about the application. */
  get isLimited(): boolean {
    return this.policies.length > 0;
  }

  /** Whether everybody is left who is not denied: then only a list of all mailboxes tells who that is. */
  get isOpenEnded(): boolean {
    return this.isLimited && !this.policies.some(({ right }) => right === 'restrict');
  }

  /** Whether a mailbox that goes by these keys is left to the application; undefined where that cannot be told. */
  admits(keys: readonly string[]): boolean | undefined {
    const denied = this.isInAny('deny', keys);
    if (denied === true) return false;
    if (this.policies.some(({ right }) => right === 'other')) return undefined;
    const admitted = this.isOpenEnded || !this.isLimited ? true : this.isInAny('restrict', keys);
    if (admitted === false) return false;
    return denied === false && admitted === true ? true : undefined;
  }

  /**
   * The mailboxes beside these that are left to the application for certain, and whether there may be others. Desks are
   * rooms of a kind, and harm nobody.
   * @param everybody every mailbox of the tenant, where policies only deny.
   */
  beside(
    expected: ReadonlySet<string>,
    everybody: readonly Recipient[] | undefined,
  ): { left: Recipient[]; mayBeMore: boolean } {
    const restricted = this.policies.filter(({ right }) => right === 'restrict');
    const candidates = this.isOpenEnded ? (everybody ?? []) : onceEach(restricted.flatMap(insideOf));
    const isComplete =
      !this.policies.some(({ right }) => right === 'other') &&
      (this.isOpenEnded
        ? everybody !== undefined
        : restricted.every(({ members }) => members.undecided !== 'any'));
    const others = candidates.filter(
      ({ hasMailbox, desk, keys }) =>
        hasMailbox !== false && desk !== 'yes' && !keys.some((key) => expected.has(key)),
    );
    const isLeft = (recipient: Recipient) => this.admits(recipient.keys);
    return {
      left: others.filter((each) => !isUncertain(each) && isLeft(each) === true),
      mayBeMore:
        !isComplete ||
        others.some((each) => isLeft(each) === undefined || (isUncertain(each) && isLeft(each) !== false)),
    };
  }

  /** What leaves something open about the policies. */
  problems(): Reason[] {
    return this.policies.flatMap((policy): Reason[] => {
      const { right, members } = policy;
      const problem = members.problem ?? (right === 'other' ? 'its right is not known' : undefined);
      const resource = policyName(policy);
      if (problem === undefined) return [];
      if (typeof problem !== 'string') return [{ ...unreadable(problem), resource }];
      const message = `What ${resource} leaves to the application cannot be told: ${problem}.`;
      return [{ code: 'impersonation.scopeUnresolved', level: 'unknown', message, resource }];
    });
  }

  evidence(): Record<string, unknown> {
    const policies = this.policies.map(({ name, right }) => ({ name, right }));
    return this.isLimited ? { applicationAccessPolicies: policies } : {};
  }

  private isInAny(right: AccessPolicy['right'], keys: readonly string[]): boolean | undefined {
    const found = this.policies
      .filter((policy) => policy.right === right)
      .map((policy) => {
        if (keys.some((key) => this.keys.get(policy)?.has(key))) return true;
        return policy.members.undecided === 'any' ? undefined : false;
      });
    return found.includes(true) ? true : found.includes(undefined) ? undefined : false;
  }
}

function insideOf({ members }: AccessPolicy): readonly Recipient[] {
  return members.inside === 'all' ? [] : members.inside;
}

function keysOf(policy: AccessPolicy): ReadonlySet<string> {
  return new Set(insideOf(policy).flatMap(({ keys }) => keys));
}

function onceEach(recipients: readonly Recipient[]): Recipient[] {
  return [...new Map(recipients.map((recipient) => [recipient.address, recipient])).values()];
}
