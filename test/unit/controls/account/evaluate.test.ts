import { account as control } from '../../../../src/lib/controls/account';
import type { Account, AccountFacts, AccountPlans } from '../../../../src/lib/controls/account/collect';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../src/lib/model/target';
import type { Verdict } from '../../../../src/lib/model/verdict';
import { account, accountId, notFound, refused, requirement, upn } from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';

const plan = { servicePlanId: '9aaf7827-d63c-4b61-89c3-182f06f82e5c', capabilityStatus: 'Enabled' };
const provisioned = { capabilityStatus: 'Enabled', provisioningStatus: 'Success', service: 'exchange' };
const failed = { ...provisioned, provisioningStatus: 'Error' };

/** An account that is in order and has a mailbox, unless told. */
function factsOf(user: Partial<Account> = {}, changes: Partial<AccountFacts> = {}): AccountFacts {
  return { user: readOk(account(user)), plans: plansOf(), ...changes };
}

function plansOf(changes: Partial<AccountPlans> = {}): AccountFacts['plans'] {
  return readOk({ assignedPlans: [plan], provisionedPlans: [provisioned], ...changes });
}

/** No user of that name, and what is known of the deleted ones. */
function goneOf(deleted: AccountFacts['deleted']): AccountFacts {
  return { user: notFound, plans: notFound, ...(deleted === undefined ? {} : { deleted }) };
}

function deletedUser(accountEnabled: boolean) {
  const name = `${accountId.replaceAll('-', '')}${upn}`;
  const deletedDateTime = '2026-11-20T10:00:00Z';
  return readOk({ id: accountId, userPrincipalName: name, deletedDateTime, accountEnabled });
}

function row(
  where: string,
  facts: AccountFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
  options: Partial<StoredTarget> = {},
): Row<AccountFacts> {
  return { where, facts, requirement: requirement(options), verdict, codes };
}

const malformed = ['unknown unreadable.malformed'];
const unread = ['unknown unreadable.permission'];
const missing = ['violation account.mailboxMissing'];
const blocked = 'violation account.signInBlocked';
const known = { serviceAccountId: accountId, serviceAccountUpn: upn };

describe('the verdict on the account', () => {
  testTable(
    control,
    [
      row('it may sign in and has a mailbox', factsOf(), 'compliant'),
      row('its type is older than guests', factsOf({ userType: null }), 'compliant'),
      row('sign-in is blocked', factsOf({ accountEnabled: false }), 'nonCompliant', [blocked]),
      row('it is a guest', factsOf({ userType: 'Guest' }), 'nonCompliant', ['violation account.guest']),
      row('its type is not documented', factsOf({ userType: 'Visitor' }), 'unknown', malformed),
      row(
        'a violation stands beside that',
        factsOf({ userType: 'Visitor', accountEnabled: false }),
        'nonCompliant',
        [blocked, ...malformed],
      ),
      row('there is no such user', goneOf(readOk(null)), 'nonCompliant', ['violation account.notFound']),
      row('it was deleted', goneOf(deletedUser(true)), 'nonCompliant', ['violation account.deleted']),
      row('it was blocked before it was deleted', goneOf(deletedUser(false)), 'nonCompliant', [
        ...['violation account.deleted', blocked],
      ]),
      row(
        'it has another name than before',
        factsOf({ userPrincipalName: 'svc-rooms@contoso.com' }),
        'compliant',
        ['notice account.renamed'],
        known,
      ),
      row(
        'its name differs in case alone',
        factsOf({ userPrincipalName: upn.toUpperCase() }),
        'compliant',
        [],
        known,
      ),
      row(
        'nothing was provisioned from its plan',
        factsOf({}, { plans: plansOf({ provisionedPlans: [] }) }),
        'nonCompliant',
        missing,
      ),
      row(
        'what was provisioned is in error',
        factsOf({}, { plans: plansOf({ provisionedPlans: [failed] }) }),
        'nonCompliant',
        missing,
      ),
      row(
        'one part is in error beside one with success',
        factsOf({}, { plans: plansOf({ provisionedPlans: [failed, provisioned] }) }),
        'unknown',
        ['unknown account.mailboxUnproved'],
      ),
      row(
        'Exchange has the mailbox, whatever the plans say',
        factsOf({}, { plans: plansOf({ provisionedPlans: [failed] }), mailbox: readOk(true) }),
        'compliant',
      ),
      row(
        'Exchange has no mailbox, whatever the plans say',
        factsOf({}, { mailbox: readOk(false) }),
        'nonCompliant',
        missing,
      ),
      row(
        'no plan promises a mailbox, which is the business of the licence',
        factsOf({}, { plans: plansOf({ assignedPlans: [], provisionedPlans: [] }) }),
        'compliant',
      ),
    ],
    [
      row('the account could not be read', { user: refused, plans: refused }, 'unknown', unread),
      row('the deleted users could not be read', goneOf(refused), 'unknown', unread),
      row('nobody asked for the deleted users', goneOf(undefined), 'unknown', [
        'unknown unreadable.notFound',
      ]),
      row('its plans could not be read', factsOf({}, { plans: refused }), 'unknown', unread),
      row(
        'Exchange did not say whether it has a mailbox',
        factsOf({}, { mailbox: refused }),
        'unknown',
        unread,
      ),
      row(
        'a plan is in a state that is not documented, and there is no mailbox',
        factsOf(
          {},
          {
            plans: plansOf({
              assignedPlans: [{ ...plan, capabilityStatus: 'Halfway' }],
              provisionedPlans: [],
            }),
          },
        ),
        'unknown',
        malformed,
      ),
    ],
  );
});
