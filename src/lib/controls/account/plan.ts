import type { DeletedUser } from '../../microsoft365/directory/service-account';
import { userDeleteRestoreAll, userEnableDisableAccountAll } from '../../microsoft365/permissions';
import { type Change, emptyPlan, type Plan } from '../../model/plan';
import { accountName } from '../../model/target';
import type { Evaluation, Requirement } from '../control';
import { planFor, toChange, type Ways } from '../plan';
import type { Code } from './codes';
import type { Account, AccountFacts } from './collect';
import { firstUpnOf, upnBeforeDeletion } from './names';

interface Context {
  facts: AccountFacts;
  requirement: Requirement;
}

/**
 * A deleted account is restored, and a blocked one let in, after that where it takes both; what else is wrong takes a
 * person.
 */
const ways: Ways<Code, Context> = {
  'account.deleted': restore,
  'account.notFound': createAnew,
  'account.signInBlocked': letIn,
  'account.guest': useOwnAccount,
  'account.mailboxMissing': waitForMailbox,
  'account.mailboxUnproved': null,
  'account.renamed': changeName,
};

/** Restores a deleted account and lets a blocked one in. What else is wrong are steps for people. */
export function plan(facts: AccountFacts, evaluation: Evaluation<Code>, requirement: Requirement): Plan {
  return planFor(evaluation, ways, { facts, requirement });
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
  if (url.endsWith(restoreAddressOf(deleted.value))) return 'deleted';
  // One that was blocked comes back blocked. That a deleted one may sign in is not so.
  const isBlocked = url.endsWith(addressOf(deleted.value)) && deleted.value.accountEnabled === false;
  return isBlocked ? { accountEnabled: false } : undefined;
}

/**
 * Whether another user has taken the name or an address meanwhile shows only when it is tried.
 * There is no way back: deleting an account is nothing that this product does.
 * https://learn.microsoft.com/graph/api/directory-deleteditems-restore
 */
function restore({ facts, requirement }: Context): Plan {
  if (!facts.deleted?.ok || facts.deleted.value === null) return emptyPlan;
  const change = toChange({
    step: 1,
    name: 'restore-user',
    description: `Restore the deleted account ${accountName(requirement.target)}.`,
    request: { method: 'POST', url: restoreAddressOf(facts.deleted.value) },
    before: 'deleted',
    after: 'present',
    permission: userDeleteRestoreAll,
  });
  return { changes: [change], manualSteps: [] };
}

function letIn({ facts: { user, deleted } }: Context): Plan {
  if (user.ok) return isGuest(user.value) ? emptyPlan : letInAs(user.value.userPrincipalName, user.value);
  return deleted?.ok && deleted.value !== null
    ? letInAs(upnBeforeDeletion(deleted.value), deleted.value)
    : emptyPlan;
}

function letInAs(name: string, account: Account | DeletedUser): Plan {
  return isSynchronised(account)
    ? byHand(
        `Enable ${name} in Active Directory: it is synchronised from there, and what is changed here does not last.`,
        'https://learn.microsoft.com/entra/identity/users/users-revoke-access',
      )
    : { changes: [enableSignIn(name, account)], manualSteps: [] };
}

/** A deleted account keeps its object id when it is restored, so that the address holds for it too. */
function enableSignIn(name: string, account: Account | DeletedUser): Change {
  const url = addressOf(account);
  return toChange({
    step: 2,
    name: 'enable-sign-in',
    description: `Allow ${name} to sign in.`,
    request: { method: 'PATCH', url, body: { accountEnabled: true } },
    before: { accountEnabled: false },
    after: { accountEnabled: true },
    undo: () => ({ method: 'PATCH', url, body: { accountEnabled: false } }),
    // With User.Read.All the least for this property: https://learn.microsoft.com/graph/api/user-update
    permission: userEnableDisableAccountAll,
  });
}

function useOwnAccount(context: Context): Plan {
  const { profile } = context.requirement;
  return byHand(
    `Give ${profile.name} an account of this tenant in place of the guest ${nameOf(context)}, and name it in the target: a guest's sign-in, password and licence are decided on by another tenant.`,
    profile.source,
  );
}

function createAnew({ requirement: { profile, target } }: Context): Plan {
  return byHand(
    `Create the account ${accountName(target)} anew as ${profile.name} needs it, or put the target with the account that is in use.`,
    profile.source,
  );
}

function waitForMailbox(context: Context): Plan {
  return byHand(
    `Wait up to a day for the mailbox of ${nameOf(context)} if its licence is new; later, look at the service health of Exchange Online and for an error at the user.`,
    'https://admin.microsoft.com/Adminportal/Home#/servicehealth',
  );
}

function changeName(context: Context): Plan {
  const { facts, requirement } = context;
  const { profile, target } = requirement;
  const was = facts.user.ok ? firstUpnOf(target, facts.user.value) : accountName(target);
  return byHand(
    `Change the name of the account from ${was} to ${nameOf(context)} in ${profile.name} and in the target.`,
    profile.source,
  );
}

function byHand(description: string, link: string): Plan {
  return { changes: [], manualSteps: [{ description, link }] };
}

function nameOf({ facts: { user }, requirement: { target } }: Context): string {
  return user.ok ? user.value.userPrincipalName : accountName(target);
}

/** Whether Active Directory decides who may sign in. */
function isSynchronised({ onPremisesSyncEnabled }: Account | DeletedUser): boolean {
  return onPremisesSyncEnabled === true;
}

/** Letting a guest in is for the tenant that it belongs to, and no repair. */
function isGuest({ userType }: Account): boolean {
  return userType?.toLowerCase() === 'guest';
}

function addressOf({ id }: { id: string }): string {
  return `/v1.0/users/${encodeURIComponent(id)}`;
}

function restoreAddressOf({ id }: { id: string }): string {
  return `/v1.0/directory/deletedItems/${encodeURIComponent(id)}/restore`;
}
