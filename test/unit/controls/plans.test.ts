import fc from 'fast-check';
import { account } from '../../../src/lib/controls/account';
import type { AccountFacts } from '../../../src/lib/controls/account/collect';
import type { Control, Evaluation } from '../../../src/lib/controls/control';
import { license } from '../../../src/lib/controls/license';
import type { LicenseFacts, SubscribedSku } from '../../../src/lib/controls/license/collect';
import { passwordExpiry } from '../../../src/lib/controls/password-expiry';
import type { Domain, PasswordExpiryFacts } from '../../../src/lib/controls/password-expiry/facts';
import { digest } from '../../../src/lib/controls/plan';
import { readOk } from '../../../src/lib/microsoft365/wire/read';
import {
  account as userWith,
  accountId,
  kept,
  notFound,
  refused,
  requirement,
  upn,
  type WholeUser,
} from '../../support/planning';
import { planning } from '../../support/planning';

const plan1 = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';
const plan2 = 'efb87545-963c-4e0d-99df-69c6916d9eb0';
const kiosk = '4a82b400-a79f-41a4-b4e2-e94f5787b113';
const sway = 'a23b959c-7ce8-4e57-9140-b90eb88a9e97';
const group = '9109d000-0000-4000-8000-000000000001';

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const flag = fc.boolean();
const capabilityStatus = some('Enabled', 'Warning', 'Suspended', 'LockedOut', 'Deleted', 'Halfway', null);
const listOf = <T>(each: fc.Arbitrary<T>) => fc.array(each, { maxLength: 3 });
const orUnread = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: value.map(readOk) }, fc.constant(refused));

const sku: fc.Arbitrary<SubscribedSku> = fc
  .record({
    skuId: some('a', 'b', 'c').map((letter) => `${letter}0000000-0000-4000-8000-000000000000`),
    plans: fc.subarray([plan1, plan2, kiosk, sway]),
    capabilityStatus,
    appliesTo: some('User', 'Company', null),
    consumedUnits: fc.nat(3),
    enabled: fc.nat(3),
  })
  .map(({ plans, enabled, ...rest }) => ({
    ...rest,
    skuPartNumber: rest.skuId.slice(0, 1).toUpperCase(),
    prepaidUnits: { enabled, warning: 0 },
    servicePlans: plans.map((servicePlanId) => ({ servicePlanId })),
  }));
const skus = fc.uniqueArray(sku, { maxLength: 3, selector: ({ skuId }) => skuId });
const skuId = sku.map((each) => each.skuId);
const disabledPlans = fc.subarray([plan1, plan2, sway]);

const user: fc.Arbitrary<WholeUser> = fc
  .record({
    accountEnabled: flag,
    userType: some('Member', 'Guest', null, 'Visitor'),
    userPrincipalName: some(upn, 'svc@rooms.contoso.com'),
    onPremisesSyncEnabled: some(true, null),
    passwordPolicies: some(
      ...[null, 'None', 'DisablePasswordExpiration', 'disablepasswordexpiration', 'DisableStrongPassword'],
      'DisableStrongPassword, Another',
    ),
    usageLocation: some('GB', null),
    assignedLicenses: listOf(fc.record({ skuId, disabledPlans })),
    assignedPlans: listOf(fc.record({ servicePlanId: some(plan1, plan2, kiosk, sway), capabilityStatus })),
    provisionedPlans: listOf(
      fc.record({
        capabilityStatus,
        provisioningStatus: some('Success', 'Error', 'PendingInput', 'Disabled', 'Halfway'),
        service: some('exchange', 'SharePoint'),
      }),
    ),
    licenseAssignmentStates: fc.uniqueArray(
      fc.record({
        ...{ skuId, disabledPlans, assignedByGroup: some(null, group) },
        state: some('Active', 'ActiveWithError', 'Error', 'Disabled', 'Halfway'),
        error: some('None', 'CountViolation'),
      }),
      // Whoever assigns a product assigns it once.
      { maxLength: 3, selector: (each) => `${each.skuId} ${each.assignedByGroup}` },
    ),
  })
  .map((change) => userWith(change));

const accountFacts: fc.Arbitrary<AccountFacts> = fc.oneof(
  fc
    .record({ user, mailbox: fc.option(orUnread(flag), { nil: undefined }) })
    .map(({ user: found, mailbox }) => ({
      ...{ user: readOk(found), plans: readOk(found) },
      ...(mailbox === undefined ? {} : { mailbox }),
    })),
  orUnread(
    fc.option(
      fc.record({ accountEnabled: some(true, false, null), onPremisesSyncEnabled: some(true, null) }),
    ),
  ).map((deleted) => {
    const known = {
      ...{ id: accountId, deletedDateTime: '2026-11-20T10:00:00Z' },
      userPrincipalName: `${accountId.replaceAll('-', '')}${upn}`,
    };
    const found = deleted.ok ? readOk(deleted.value && { ...known, ...deleted.value }) : deleted;
    return { user: notFound, plans: notFound, deleted: found };
  }),
);

const domain = (id: string): fc.Arbitrary<Domain> =>
  fc.record({
    id: fc.constant(id),
    authenticationType: some('Managed', 'Managed', 'Federated', 'Halfway'),
    isRoot: flag,
    passwordValidityPeriodInDays: some(null, null, 90, 2_147_483_647, 0),
  });
const passwordFacts: fc.Arbitrary<PasswordExpiryFacts> = fc.record({
  user: user.map(readOk),
  domains: orUnread(fc.tuple(domain('contoso.com'), domain('rooms.contoso.com'))),
  created: orUnread(some('2016-04-12T09:30:00Z', '2021-10-12T09:30:00Z', '2023-04-12T09:30:00Z')),
});

const licenseFacts: fc.Arbitrary<LicenseFacts> = fc.record({ user: user.map(readOk), skus: orUnread(skus) });

/** With the parts of the facts that are read by themselves. */
const generated: [string, Control<unknown>, fc.Arbitrary<object>, string[]][] = [
  [account.id, account, accountFacts, ['plans', 'mailbox', 'deleted']],
  [passwordExpiry.id, passwordExpiry, passwordFacts, ['domains', 'created']],
  [license.id, license, licenseFacts, ['skus']],
];

describe.each(generated)('whatever the facts of %s', (_id, control, facts, parts) => {
  const need = requirement({ license: { usageLocation: 'GB' } });
  const check = (property: (facts: object) => void) =>
    fc.assert(fc.property(facts, property), { numRuns: 2000 });
  const changesFor = (each: unknown) => planning(control)(each, need).changes;

  it('no change that is planned changes nothing', () => {
    let planned = 0;
    check((each) => {
      for (const { before, after } of changesFor(each)) {
        planned++;
        expect(digest(before)).not.toBe(digest(after));
      }
    });
    expect(planned).toBeGreaterThan(0);
  });

  it('every change is seen, before it is made, as the plan says', () => {
    check((each) => {
      for (const change of changesFor(each).map(kept))
        expect(control.observe?.(each, change, need)).toEqual(change.before);
    });
  });

  it('nothing is planned for a finding that is compliant', () => {
    check((each) => {
      if (control.evaluate(each, need).verdict === 'compliant')
        expect(planning(control)(each, need)).toEqual({ changes: [], manualSteps: [] });
    });
  });

  it('gives no code that is not declared, and none at another level', () => {
    check((each) => {
      for (const { code, level } of control.evaluate(each, need).reasons) {
        if (code.startsWith('unreadable.')) expect(level).toBe('unknown');
        else expect([code, control.codes[code]?.level]).toEqual([code, level]);
      }
    });
  });

  it.each(parts)('a failure to read %s takes violations away, and gives none', (part) => {
    const violations = ({ reasons }: Evaluation) => reasons.filter(({ level }) => level === 'violation');
    check((each) => {
      fc.pre(part in each);
      const whole = control.evaluate(each, need);
      const blinder = control.evaluate({ ...each, [part]: refused }, need);
      expect(violations(whole)).toEqual(expect.arrayContaining(violations(blinder)));
      if (whole.verdict !== 'compliant') expect(blinder.verdict).not.toBe('compliant');
    });
  });
});
