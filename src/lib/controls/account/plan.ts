import { userDeleteRestoreAll, userEnableDisableAccountAll } from '../../microsoft365/permissions';
import type { DeletedUser, User } from '../../microsoft365/service-account';
import type { Requirement } from '../control';
import { type Change, type ManualStep, type Plan, emptyPlan, toChange } from '../plan';
import type { AccountFacts } from './collect';
import { evaluate } from './evaluate';

/** Restores a deleted account, and lets a blocked one sign in; what else is wrong takes a person. */
export function plan(facts: AccountFacts, requirement: Requirement): Plan {
  const { verdict, reasons } = evaluate(facts, requirement);
  if (verdict === 'compliant') return emptyPlan;
  const found = new Set(reasons.map(({ code }) => code));
  const changes: Change[] = [];
  if (found.has('account.deleted') && facts.deleted?.ok && facts.deleted.value !== null)
    changes.push(restore(facts.deleted.value, requirement));
  if (found.has('account.signInBlocked') && facts.user.ok && !isSynchronised(facts.user.value))
    changes.push(enableSignIn(facts.user.value));
  return { changes, manualSteps: manualSteps(facts, found, requirement) };
}

/**
 * What is there of the account that a change is about: `present` or `deleted` for a restore, whether sign-in is allowed
 * for the other one. Undefined when the facts are about another account, or could not be read.
 */
export function observe({ user, deleted }: AccountFacts, { request: { url } }: Change): unknown {
  if (user.ok) {
    if (url.endsWith(addressOf(user.value))) return { accountEnabled: user.value.accountEnabled };
    return url.endsWith(restoreAddressOf(user.value)) ? 'present' : undefined;
  }
  if (!deleted?.ok || deleted.value === null) return undefined;
  return url.endsWith(restoreAddressOf(deleted.value)) ? 'deleted' : undefined;
}

/**
 * Whether another user has taken the name or an address meanwhile shows only when it is tried.
 * There is no way back: deleting an account is nothing that this product does.
 * https://learn.microsoft.com/graph/api/directory-deleteditems-restore
 */
function restore(deleted: DeletedUser, { target }: Requirement): Change {
  return toChange({
    step: 1,
    name: 'restore-user',
    description: `Restore the deleted account ${target.serviceAccount}.`,
    request: { method: 'POST', url: restoreAddressOf(deleted) },
    before: 'deleted',
    after: 'present',
    permission: userDeleteRestoreAll,
  });
}

function enableSignIn(user: User): Change {
  const url = addressOf(user);
  return toChange({
    step: 2,
    name: 'enable-sign-in',
    description: `Allow ${user.userPrincipalName} to sign in.`,
    request: { method: 'PATCH', url, body: { accountEnabled: true } },
    before: { accountEnabled: false },
    after: { accountEnabled: true },
    undo: () => ({ method: 'PATCH', url, body: { accountEnabled: false } }),
    // With User.Read.All the least for this property: https://learn.microsoft.com/graph/api/user-update
    permission: userEnableDisableAccountAll,
  });
}

function manualSteps(
  { user }: AccountFacts,
  found: ReadonlySet<string>,
  { profile, target }: Requirement,
): ManualStep[] {
  const steps: ManualStep[] = [];
  const upn = user.ok ? user.value.userPrincipalName : target.serviceAccount;
  if (found.has('account.notFound'))
    steps.push({
      description: `Create the account ${target.serviceAccount} anew as ${profile.name} needs it, or put the target with the account that is in use.`,
      link: profile.source,
    });
  if (found.has('account.signInBlocked') && user.ok && isSynchronised(user.value))
    steps.push({
      description: `Enable ${upn} in Active Directory: it is synchronised from there, and what is changed here does not last.`,
      link: 'https://learn.microsoft.com/entra/identity/users/users-revoke-access',
    });
  if (found.has('account.mailboxMissing'))
    steps.push({
      description: `Wait up to a day for the mailbox of ${upn} if its licence is new; later, look at the service health of Exchange Online and for an error at the user.`,
      link: 'https://admin.microsoft.com/Adminportal/Home#/servicehealth',
    });
  if (found.has('account.renamed'))
    steps.push({
      description: `Change the name of the account from ${target.serviceAccount} to ${upn} in ${profile.name} and in the target.`,
      link: profile.source,
    });
  return steps;
}

/** Whether Active Directory decides who may sign in. */
function isSynchronised({ onPremisesSyncEnabled }: User): boolean {
  return onPremisesSyncEnabled === true;
}

function addressOf({ id }: { id: string }): string {
  return `/v1.0/users/${encodeURIComponent(id)}`;
}

function restoreAddressOf({ id }: { id: string }): string {
  return `/v1.0/directory/deletedItems/${encodeURIComponent(id)}/restore`;
}
