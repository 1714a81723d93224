import { account as control } from '../../../../src/lib/controls/account';
import type { AccountFacts } from '../../../../src/lib/controls/account/collect';
import { evaluate } from '../../../../src/lib/controls/account/evaluate';
import { observe, plan as planEvaluated } from '../../../../src/lib/controls/account/plan';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import {
  account,
  accountId,
  complaintsAboutChanges,
  kept,
  notFound,
  refused,
  requirement,
  reversed,
  undoing,
  upn,
  type WholeUser,
} from '../../../support/planning';
import { planning } from '../../../support/planning';

const plan = planning({ evaluate, plan: planEvaluated });

const plan1 = { servicePlanId: '9aaf7827-d63c-4b61-89c3-182f06f82e5c', capabilityStatus: 'Enabled' };
const mailbox = { capabilityStatus: 'Enabled', provisioningStatus: 'Success', service: 'exchange' };
const factsOf = (change: Partial<WholeUser> = {}): AccountFacts => {
  const user = readOk(account(change));
  return { user, plans: user };
};
const missing = (deleted: AccountFacts['deleted']): AccountFacts => ({
  ...{ user: notFound, plans: notFound },
  ...(deleted === undefined ? {} : { deleted }),
});
const deletedUser = {
  id: accountId,
  userPrincipalName: `${accountId.replaceAll('-', '')}${upn}`,
  deletedDateTime: '2026-11-20T10:00:00Z',
};
const healthy = factsOf({ assignedPlans: [plan1], provisionedPlans: [mailbox] });
const blocked = factsOf({ accountEnabled: false });
const deleted = missing(readOk(deletedUser));
const deletedAndBlocked = missing(readOk({ ...deletedUser, accountEnabled: false }));
const planned = (facts: AccountFacts, options?: Parameters<typeof requirement>[0]) =>
  plan(facts, requirement(options));
const onlyChange = (facts: AccountFacts) => {
  const [change, ...others] = planned(facts).changes;
  if (change === undefined || others.length > 0) throw new Error('One change was expected.');
  return change;
};

describe('the plan of account', () => {
  it('is empty when nothing is wrong, also where there is something to notice', () => {
    expect(planned(healthy)).toEqual({ changes: [], manualSteps: [] });
    expect(planned(healthy, { serviceAccount: 'old@contoso.com' })).toEqual({ changes: [], manualSteps: [] });
  });

  it('restores a deleted account, by its object id', () => {
    expect(planned(deleted)).toEqual({
      changes: [
        {
          id: expect.stringMatching(/^1-restore-user-[0-9a-f]{16}$/) as string,
          description: 'Restore the deleted account svc-condeco@contoso.com.',
          request: { method: 'POST', url: `/v1.0/directory/deletedItems/${accountId}/restore` },
          before: 'deleted',
          after: 'present',
          permission: 'User.DeleteRestore.All',
        },
      ],
      manualSteps: [],
    });
  });

  it('lets a blocked account sign in, and has a way back', () => {
    const url = `/v1.0/users/${accountId}`;
    expect(planned(blocked)).toEqual({
      changes: [
        {
          id: expect.stringMatching(/^2-enable-sign-in-[0-9a-f]{16}$/) as string,
          description: 'Allow svc-condeco@contoso.com to sign in.',
          request: { method: 'PATCH', url, body: { accountEnabled: true } },
          before: { accountEnabled: false },
          after: { accountEnabled: true },
          undo: { method: 'PATCH', url, body: { accountEnabled: false } },
          permission: 'User.EnableDisableAccount.All',
        },
      ],
      manualSteps: [],
    });
  });

  it('restores a deleted account that was blocked, and lets it sign in after that', () => {
    const { changes, manualSteps } = planned(deletedAndBlocked);
    expect(manualSteps).toEqual([]);
    expect(changes).toEqual([...planned(deleted).changes, ...planned(blocked).changes]);
    expect(changes.map(({ id }) => id)).toEqual(changes.map(({ id }) => id).sort());
    expect(complaintsAboutChanges(changes)).toEqual([]);
  });

  it.each([true, null, undefined])(
    'only restores a deleted account that was not blocked (%p)',
    (accountEnabled) => {
      const facts = missing(
        readOk({ ...deletedUser, ...(accountEnabled === undefined ? {} : { accountEnabled }) }),
      );
      expect(planned(facts)).toEqual(planned(deleted));
    },
  );

  it('leaves the blocking of a synchronised account that was deleted to Active Directory', () => {
    const user = { ...deletedUser, accountEnabled: false, onPremisesSyncEnabled: true };
    const { changes, manualSteps } = planned(missing(readOk(user)));
    expect(changes).toEqual(planned(deleted).changes);
    expect(manualSteps).toHaveLength(1);
  });

  it('leaves a synchronised account that is blocked to Active Directory', () => {
    expect(planned(factsOf({ accountEnabled: false, onPremisesSyncEnabled: true }))).toEqual({
      changes: [],
      manualSteps: [
        {
          description: expect.stringContaining(
            'Enable svc-condeco@contoso.com in Active Directory',
          ) as string,
          link: 'https://learn.microsoft.com/entra/identity/users/users-revoke-access',
        },
      ],
    });
  });

  it.each<[string, AccountFacts, string, string]>([
    ['does not exist', missing(readOk(null)), 'Create the account', 'knowledge.eptura.com'],
    ['has no mailbox', factsOf({ assignedPlans: [plan1] }), 'Wait up to a day', 'servicehealth'],
    ['is a guest', factsOf({ userType: 'Guest' }), 'in place of the guest', 'knowledge.eptura.com'],
    [
      'is a guest that is blocked',
      factsOf({ userType: 'Guest', accountEnabled: false }),
      'of this tenant',
      '',
    ],
  ])('takes a person where the account %s', (_case, facts, description, link) => {
    const { changes, manualSteps } = planned(facts);
    expect(changes).toEqual([]);
    expect(manualSteps).toEqual([
      {
        description: expect.stringContaining(description) as string,
        link: expect.stringContaining(link) as string,
      },
    ]);
  });

  it('says what the account was called, where the target names it by its object id', () => {
    const known = { serviceAccount: accountId, serviceAccountUpn: 'old@contoso.com' };
    expect(planned(blocked, known).manualSteps.map(({ description }) => description)).toEqual([
      expect.stringContaining('from old@contoso.com to svc-condeco@contoso.com'),
    ]);
  });

  it('says that the account was renamed beside what it repairs', () => {
    const { changes, manualSteps } = planned(blocked, { serviceAccount: 'old@contoso.com' });
    expect(changes).toHaveLength(1);
    expect(manualSteps.map(({ description }) => description)).toEqual([
      expect.stringContaining('from old@contoso.com to svc-condeco@contoso.com'),
    ]);
  });

  it.each<[string, AccountFacts]>([
    ['the account', { user: refused, plans: refused }],
    ['the deleted users', missing(refused)],
  ])('is empty when %s could not be read', (_case, facts) => {
    expect(planned(facts)).toEqual({ changes: [], manualSteps: [] });
  });

  it('enables sign-in also when Exchange could not be asked for the mailbox', () => {
    const facts = { ...factsOf({ accountEnabled: false, assignedPlans: [plan1] }), mailbox: refused };
    expect(planned(facts).changes).toEqual(planned(blocked).changes);
  });

  it('does not depend on the order of lists, and tells accounts apart by its ids', () => {
    const facts = factsOf({ accountEnabled: false, assignedPlans: [plan1, plan1] });
    expect(planned(reversed(facts))).toEqual(planned(facts));
    const other = factsOf({ accountEnabled: false, id: 'another' });
    expect(onlyChange(other).id).not.toBe(onlyChange(blocked).id);
  });

  it('asks for what Microsoft describes, with permissions that the control names', () => {
    const changes = [deleted, blocked].map(onlyChange);
    expect(complaintsAboutChanges(changes)).toEqual([]);
    const names = control.permissions.write.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(changes.map(({ permission }) => permission)));
  });
});

describe('what is observed of an account', () => {
  it('is what the plan says, before and after', () => {
    for (const facts of [deleted, blocked]) {
      const change = kept(onlyChange(facts));
      expect(observe(facts, change)).toEqual(change.before);
      expect(observe(healthy, change)).toEqual(change.after);
    }
  });

  it('is told of each step of a plan with two, also between them', () => {
    const [restore, letIn] = planned(deletedAndBlocked).changes.map(kept);
    if (restore === undefined || letIn === undefined) throw new Error('Two changes were expected.');
    const seen = [deletedAndBlocked, blocked, healthy].map((facts) =>
      [restore, letIn].map((change) => observe(facts, change)),
    );
    expect(seen).toEqual([
      ['deleted', { accountEnabled: false }],
      ['present', { accountEnabled: false }],
      ['present', { accountEnabled: true }],
    ]);
    // One that is deleted does not sign in, whatever was set.
    expect(observe(missing(readOk({ ...deletedUser, accountEnabled: true })), letIn)).toBeUndefined();
  });

  it('is the same for the way back', () => {
    const back = undoing(onlyChange(blocked));
    expect(observe(healthy, back)).toEqual(back.before);
    expect(observe(blocked, back)).toEqual(back.after);
  });

  it.each<[string, AccountFacts]>([
    ['could not be read', { user: refused, plans: refused }],
    ['is another one of the same name', factsOf({ id: 'another' })],
    ['is gone for good', missing(readOk(null))],
    ['is missing, and the deleted ones could not be read', missing(refused)],
  ])('is undefined when the account %s', (_case, facts) => {
    expect(observe(facts, kept(onlyChange(deleted)))).toBeUndefined();
    expect(observe(facts, kept(onlyChange(blocked)))).toBeUndefined();
  });
});
