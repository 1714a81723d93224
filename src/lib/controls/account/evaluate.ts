import { dayMs } from '../../durations';
import type { DeletedUser } from '../../microsoft365/directory/service-account';
import { accountName, type StoredTarget } from '../../model/target';
import type { Evaluation, Requirement } from '../control';
import { conclude, notUnderstood, unreadable } from '../evaluation';
import type { Code, Reason } from './codes';
import type { Account, AccountFacts } from './collect';
import { judgeMailbox } from './mailbox';
import { firstUpnOf, upnBeforeDeletion } from './names';

/** How long a deleted user can be restored. https://learn.microsoft.com/entra/fundamentals/users-restore */
const restorableDays = 30;

/**
 * Decides whether the account is there, this tenant's own, let in, and has the mailbox that its plans promise. Of one
 * that is gone: whether it can be restored. A new name is a notice. What could not be read is `unknown`: that
 * includes the list of the deleted, because without it nobody can tell which violation it is.
 */
export function evaluate(facts: AccountFacts, { target }: Requirement): Evaluation<Code> {
  const { user, deleted } = facts;
  if (user.ok) return evaluateUser(user.value, facts, target);
  if (deleted === undefined) return conclude([unreadable(user.failure)], '', { evidence: {} });
  // Deleted or never there: both are violations, but which of them is not known without the list.
  if (!deleted.ok) return conclude([unreadable(deleted.failure)], '', { evidence: {} });
  return deleted.value === null ? evaluateNobody(target) : evaluateDeleted(deleted.value, target);
}

function evaluateUser(user: Account, facts: AccountFacts, target: StoredTarget): Evaluation<Code> {
  const name = user.userPrincipalName;
  const resource = accountName(target);
  const mailbox = judgeMailbox(facts, name, resource);
  const firstUpn = firstUpnOf(target, user);
  const reasons = [
    ...(user.accountEnabled ? [] : [signInBlocked(name, resource)]),
    ...belonging(user, resource),
    ...mailbox.reasons,
    ...(isSameName(name, firstUpn) ? [] : [renamed(name, firstUpn, resource)]),
  ];
  const fine = mailbox.isProven ? 'exists, may sign in, and has a mailbox' : 'exists and may sign in';
  return conclude(reasons, `${name} ${fine}.`, {
    serviceAccountId: user.id,
    serviceAccountUpn: firstUpn,
    evidence: {
      userId: user.id,
      userPrincipalName: name,
      userType: user.userType,
      accountEnabled: user.accountEnabled,
      mailboxAskedOf: facts.mailbox === undefined ? 'provisionedPlans' : 'Exchange',
      exchangeProvisioning: facts.plans.ok ? facts.plans.value.provisionedPlans.filter(isExchange) : [],
    },
  });
}

/** Whether the account is this tenant's own. */
function belonging({ userType, userPrincipalName }: Account, resource: string): Reason[] {
  const type = userType?.toLowerCase() ?? 'member';
  if (type === 'member') return [];
  if (type !== 'guest') return [notUnderstood(`whose account ${userPrincipalName} is`, userType)];
  return [
    {
      code: 'account.guest',
      level: 'violation',
      message: `${userPrincipalName} is a guest: the account belongs to another tenant, which decides on its sign-in, its password and its licence.`,
      resource,
      expected: 'an account of this tenant',
      actual: 'a guest',
    },
  ];
}

function signInBlocked(name: string, resource: string): Reason {
  return {
    code: 'account.signInBlocked',
    level: 'violation',
    message: `Sign-in is blocked for ${name}: the booking product cannot sign in with it.`,
    resource,
    expected: 'sign-in allowed',
    actual: 'sign-in blocked',
  };
}

function renamed(name: string, firstUpn: string, resource: string): Reason {
  const was = isSameName(firstUpn, resource) ? '' : `, and was ${firstUpn}`;
  return {
    code: 'account.renamed',
    level: 'notice',
    message: `The account is now called ${name}${was}: update the booking product and the target.`,
    resource,
    expected: firstUpn,
    actual: name,
  };
}

function evaluateNobody(target: StoredTarget): Evaluation<Code> {
  const resource = accountName(target);
  const reason: Reason = {
    code: 'account.notFound',
    level: 'violation',
    message: `There is no user ${resource}, and none among the deleted users.`,
    resource,
    expected: 'an existing user',
    actual: 'no such user',
  };
  return conclude([reason], '', { evidence: {} });
}

/** One that was blocked as well would come back blocked. */
function evaluateDeleted(user: DeletedUser, target: StoredTarget): Evaluation<Code> {
  const { id, deletedDateTime, accountEnabled } = user;
  const resource = accountName(target);
  const until = new Date(Date.parse(deletedDateTime) + restorableDays * dayMs).toISOString();
  const deleted: Reason = {
    code: 'account.deleted',
    level: 'violation',
    message: `${resource} was deleted on ${deletedDateTime.slice(0, 10)} and can be restored until ${until.slice(0, 10)}.`,
    resource,
    expected: 'an existing user',
    actual: 'deleted',
  };
  const blocked = accountEnabled === false ? [signInBlocked(upnBeforeDeletion(user), resource)] : [];
  return conclude([deleted, ...blocked], '', {
    evidence: { userId: id, deletedDateTime, restorableUntil: until, accountEnabled: accountEnabled ?? null },
  });
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function isExchange(plan: { service?: string | null | undefined }): boolean {
  return plan.service?.toLowerCase() === 'exchange';
}
