import {
  type AssignedPlan,
  exchangePlan,
  isInEffect,
  isKnownCapability,
} from '../../microsoft365/directory/exchange-plans';
import { notUnderstood, unreadable } from '../evaluation';
import type { Reason } from './codes';
import type { AccountFacts, AccountPlans } from './collect';

type ProvisionedPlan = AccountPlans['provisionedPlans'][number];

/** What there is to say about the mailbox of the account. */
export interface MailboxVerdict {
  reasons: Reason[];
  /** Whether there is one for certain. */
  isProven: boolean;
}

/**
 * Judges whether the account has the mailbox that its plans promise. Without such a plan there is nothing to judge: that
 * is the business of the licence.
 * @param name what people call the account.
 * @param resource what the target calls it.
 */
export function judgeMailbox(
  { plans, mailbox }: Pick<AccountFacts, 'plans' | 'mailbox'>,
  name: string,
  resource: string,
): MailboxVerdict {
  // Exchange's own word needs no plans.
  if (mailbox?.ok === true && mailbox.value) return { reasons: [], isProven: true };
  if (!plans.ok) return open(unreadable(plans.failure));
  // Add-ons and Exchange Foundation are of the service "exchange" too, and come without a mailbox.
  const promising = plans.value.assignedPlans.filter(
    ({ servicePlanId }) => exchangePlan(servicePlanId) !== undefined,
  );
  const isPromised = promising.some(isInEffect);
  const strange = promising.find((plan) => !isKnownCapability(plan));
  if (!isPromised && strange === undefined) return { reasons: [], isProven: false };
  if (mailbox !== undefined && !mailbox.ok) return open(unreadable(mailbox.failure));

  const answer = mailbox === undefined ? provisioned(plans.value.provisionedPlans) : 'missing';
  if (answer === 'proven') return { reasons: [], isProven: true };
  if (answer === 'unproved') return open(unproved(name, resource));
  return open(isPromised ? missing(name, resource) : strangePlan(name, strange));
}

function open(reason: Reason): MailboxVerdict {
  return { reasons: [reason], isProven: false };
}

/** What Microsoft documents. https://learn.microsoft.com/graph/api/resources/provisionedplan */
const failedOrPending = ['Error', 'PendingInput', 'PendingActivation', 'PendingProvisioning'];

/**
 * What the entries of the service "exchange" prove. They do not say of which plan they are, so that one that is in error
 * or pending beside one with success may be the mailbox's. One that is disabled raises no doubt.
 */
function provisioned(entries: readonly ProvisionedPlan[]): 'proven' | 'missing' | 'unproved' {
  const relevant = entries
    .filter(({ service }) => service?.toLowerCase() === 'exchange')
    .filter(({ provisioningStatus }) => provisioningStatus !== 'Disabled');
  const isPending = ({ provisioningStatus }: ProvisionedPlan) =>
    failedOrPending.includes(provisioningStatus ?? '');
  const isUnclear = (entry: ProvisionedPlan) =>
    !isKnownCapability(entry) || (entry.provisioningStatus !== 'Success' && !isPending(entry));
  if (relevant.some(isUnclear)) return 'unproved';
  const hasSuccess = relevant.some((entry) => isInEffect(entry) && entry.provisioningStatus === 'Success');
  if (!hasSuccess) return 'missing';
  return relevant.some(isPending) ? 'unproved' : 'proven';
}

function missing(name: string, resource: string): Reason {
  return {
    code: 'account.mailboxMissing',
    level: 'violation',
    message: `${name} has an Exchange Online plan, but no mailbox was provisioned from it. After a new assignment this can take up to a day.`,
    resource,
    expected: 'a provisioned mailbox',
    actual: 'no mailbox',
  };
}

function unproved(name: string, resource: string): Reason {
  return {
    code: 'account.mailboxUnproved',
    level: 'unknown',
    message: `Whether ${name} has a mailbox cannot be told: of what was provisioned for it in Exchange, one part is in error, pending or in a state that is not known, and Microsoft Graph does not say which part is the mailbox. Exchange itself can: with the reader admin-api.`,
    resource,
  };
}

function strangePlan(name: string, plan: AssignedPlan | undefined): Reason {
  return notUnderstood(`whether ${name} has an Exchange Online plan`, plan?.capabilityStatus);
}
