import { givesMailbox, isInEffect } from '../../microsoft365/exchange-plans';
import { type Read, readOk } from '../../microsoft365/read';
import type { DeletedUser, User } from '../../microsoft365/service-account';
import { accountName } from '../../target';
import type { Evaluation, Requirement } from '../control';
import { conclude, unreadable } from '../evaluation';
import type { Code, Reason } from './codes';
import type { AccountFacts } from './collect';

/** How long a deleted user can be restored. https://learn.microsoft.com/entra/fundamentals/users-restore */
const restorableDays = 30;

export function evaluate(
  { user, deleted, mailbox }: AccountFacts,
  { target }: Requirement,
): Evaluation<Code> {
  if (user.ok) {
    const answer = mailbox ?? readOk(wasProvisioned(user.value));
    return evaluateUser(user.value, answer, mailbox !== undefined, accountName(target));
  }
  if (deleted !== undefined) return evaluateMissing(deleted, accountName(target));
  return conclude([unreadable(user.failure)], '', { evidence: {} });
}

function evaluateUser(
  user: User,
  mailbox: Read<boolean>,
  isExchangesWord: boolean,
  serviceAccount: string,
): Evaluation<Code> {
  const reasons: Reason[] = [];
  if (!user.accountEnabled) {
    reasons.push({
      code: 'account.signInBlocked',
      level: 'violation',
      message: `Sign-in is blocked for ${user.userPrincipalName}: the booking product cannot sign in with it.`,
      resource: serviceAccount,
      expected: 'sign-in allowed',
      actual: 'sign-in blocked',
    });
  }
  // Add-ons and Exchange Foundation are of the service "exchange" too, and come without a mailbox.
  const hasPlan = givesMailbox(user.assignedPlans);
  if (hasPlan && !mailbox.ok) reasons.push(unreadable(mailbox.failure));
  if (hasPlan && mailbox.ok && !mailbox.value) {
    reasons.push({
      code: 'account.mailboxMissing',
      level: 'violation',
      message: `${user.userPrincipalName} has an Exchange Online plan, but no mailbox was provisioned from it. After a new assignment this can take up to a day.`,
      resource: serviceAccount,
      expected: 'a provisioned mailbox',
      actual: 'no mailbox',
    });
  }
  if (user.userPrincipalName.toLowerCase() !== serviceAccount.toLowerCase()) {
    reasons.push({
      code: 'account.renamed',
      level: 'notice',
      message: `The account is now called ${user.userPrincipalName}: update the booking product and the target.`,
      resource: serviceAccount,
      expected: serviceAccount,
      actual: user.userPrincipalName,
    });
  }
  const fine = hasPlan ? 'exists, may sign in, and has a mailbox' : 'exists and may sign in';
  return conclude(reasons, `${user.userPrincipalName} ${fine}.`, {
    serviceAccountId: user.id,
    evidence: {
      userId: user.id,
      userPrincipalName: user.userPrincipalName,
      accountEnabled: user.accountEnabled,
      mailboxAskedOf: isExchangesWord ? 'Exchange' : 'provisionedPlans',
      exchangeProvisioning: user.provisionedPlans.filter(isExchange),
    },
  });
}

function evaluateMissing(deleted: Read<DeletedUser | null>, serviceAccount: string): Evaluation<Code> {
  // Deleted or never there: both are violations, but which of them is not known without the list.
  if (!deleted.ok) return conclude([unreadable(deleted.failure)], '', { evidence: {} });
  if (deleted.value === null) {
    const reason: Reason = {
      code: 'account.notFound',
      level: 'violation',
      message: `There is no user ${serviceAccount}, and none among the deleted users.`,
      resource: serviceAccount,
      expected: 'an existing user',
      actual: 'no such user',
    };
    return conclude([reason], '', { evidence: {} });
  }
  const { id, deletedDateTime } = deleted.value;
  const until = new Date(Date.parse(deletedDateTime) + restorableDays * 86_400_000).toISOString();
  const reason: Reason = {
    code: 'account.deleted',
    level: 'violation',
    message: `${serviceAccount} was deleted on ${deletedDateTime.slice(0, 10)} and can be restored until ${until.slice(0, 10)}.`,
    resource: serviceAccount,
    expected: 'an existing user',
    actual: 'deleted',
  };
  return conclude([reason], '', {
    evidence: { userId: id, deletedDateTime, restorableUntil: until },
  });
}

function wasProvisioned(user: User): boolean {
  return user.provisionedPlans.some(
    (plan) => isExchange(plan) && isInEffect(plan) && plan.provisioningStatus === 'Success',
  );
}

function isExchange(plan: { service?: string | null | undefined }): boolean {
  return plan.service?.toLowerCase() === 'exchange';
}
