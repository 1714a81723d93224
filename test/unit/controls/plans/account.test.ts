import { account as control } from '../../../../src/lib/controls/account';
import type { AccountFacts } from '../../../../src/lib/controls/account/collect';
import { observe, plan } from '../../../../src/lib/controls/account/plan';
import { readOk } from '../../../../src/lib/microsoft365/read';
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
} from '../../../support/planning';

const plan1 = { servicePlanId: '9aaf7827-d63c-4b61-89c3-182f06f82e5c', capabilityStatus: 'Enabled' };
const mailbox = { capabilityStatus: 'Enabled', provisioningStatus: 'Success', service: 'exchange' };
const healthy: AccountFacts = {
  user: readOk(account({ assignedPlans: [plan1], provisionedPlans: [mailbox] })),
};
const blocked: AccountFacts = { user: readOk(account({ accountEnabled: false })) };
const deleted: AccountFacts = {
  user: notFound,
  deleted: readOk({
    id: accountId,
    userPrincipalName: `${accountId.replaceAll('-', '')}${upn}`,
    deletedDateTime: '2026-11-20T10:00:00Z',
  }),
};
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

  it('leaves a synchronised account that is blocked to Active Directory', () => {
    const facts = { user: readOk(account({ accountEnabled: false, onPremisesSyncEnabled: true })) };
    expect(planned(facts)).toEqual({
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
    [
      'does not exist',
      { user: notFound, deleted: readOk(null) },
      'Create the account',
      'knowledge.eptura.com',
    ],
    [
      'has no mailbox',
      { user: readOk(account({ assignedPlans: [plan1] })) },
      'Wait up to a day',
      'servicehealth',
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

  it('says that the account was renamed beside what it repairs', () => {
    const { changes, manualSteps } = planned(blocked, { serviceAccount: 'old@contoso.com' });
    expect(changes).toHaveLength(1);
    expect(manualSteps.map(({ description }) => description)).toEqual([
      expect.stringContaining('from old@contoso.com to svc-condeco@contoso.com'),
    ]);
  });

  it.each<[string, AccountFacts]>([
    ['the account', { user: refused }],
    ['the deleted users', { user: notFound, deleted: refused }],
  ])('is empty when %s could not be read', (_case, facts) => {
    expect(planned(facts)).toEqual({ changes: [], manualSteps: [] });
  });

  it('enables sign-in also when Exchange could not be asked for the mailbox', () => {
    const facts = {
      user: readOk(account({ accountEnabled: false, assignedPlans: [plan1] })),
      mailbox: refused,
    };
    expect(planned(facts).changes).toEqual(planned(blocked).changes);
  });

  it('does not depend on the order of lists, and tells accounts apart by its ids', () => {
    const facts = { user: readOk(account({ accountEnabled: false, assignedPlans: [plan1, plan1] })) };
    expect(planned(reversed(facts))).toEqual(planned(facts));
    const other = { user: readOk(account({ accountEnabled: false, id: 'another' })) };
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

  it('is the same for the way back', () => {
    const back = undoing(onlyChange(blocked));
    expect(observe(healthy, back)).toEqual(back.before);
    expect(observe(blocked, back)).toEqual(back.after);
  });

  it.each<[string, AccountFacts]>([
    ['could not be read', { user: refused }],
    ['is another one of the same name', { user: readOk(account({ id: 'another' })) }],
    ['is gone for good', { user: notFound, deleted: readOk(null) }],
    ['is missing, and the deleted ones could not be read', { user: notFound, deleted: refused }],
  ])('is undefined when the account %s', (_case, facts) => {
    expect(observe(facts, kept(onlyChange(deleted)))).toBeUndefined();
    expect(observe(facts, kept(onlyChange(blocked)))).toBeUndefined();
  });
});
