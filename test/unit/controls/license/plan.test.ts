import { license } from '../../../../src/lib/controls/license';
import type { LicensedUser, LicenseFacts, SubscribedSku } from '../../../../src/lib/controls/license/collect';
import { evaluate } from '../../../../src/lib/controls/license/evaluate';
import { observe, plan as planEvaluated } from '../../../../src/lib/controls/license/plan';
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
} from '../../../support/planning';
import { planning } from '../../../support/planning';

const plan = planning({ evaluate, plan: planEvaluated });

const url = `/v1.0/users/${accountId}`;
const plan1 = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';
const plan2 = 'efb87545-963c-4e0d-99df-69c6916d9eb0';
const kioskPlan = '4a82b400-a79f-41a4-b4e2-e94f5787b113';
const teams = '57ff2da0-773e-42df-b2af-ffb7a2317929';
const sway = 'a23b959c-7ce8-4e57-9140-b90eb88a9e97';
const group = '9109d000-0000-4000-8000-000000000001';
const otherGroup = '9109d000-0000-4000-8000-000000000002';

const e1 = product('18181a46-0d4e-45cd-891e-60aabd171b4e', 'STANDARDPACK', [teams, plan1, sway]);
const e3 = product('6fd2c87f-b296-42f0-b197-1e91e994b900', 'ENTERPRISEPACK', [plan2]);
const kiosk = product('80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82', 'EXCHANGEDESKLESS', [kioskPlan]);

function product(
  skuId: string,
  skuPartNumber: string,
  plans: string[],
  more: Partial<SubscribedSku> = {},
): SubscribedSku {
  return {
    skuId,
    skuPartNumber,
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: 4,
    prepaidUnits: { enabled: 5, warning: 0 },
    servicePlans: plans.map((servicePlanId) => ({ servicePlanId })),
    ...more,
  };
}

interface Assignment {
  sku: SubscribedSku;
  group?: string;
  off?: string[];
  state?: string;
  error?: string;
}

/** An account with these assignments, where none of them is in effect. */
function given(
  assignments: Assignment[],
  change: Partial<LicensedUser> = {},
  skus = [e1, e3, kiosk],
): LicenseFacts {
  const states = assignments.map(
    ({ sku, group: assignedByGroup = null, off = [], state = 'Active', error }) => ({
      skuId: sku.skuId,
      assignedByGroup,
      disabledPlans: off,
      state,
      error: error ?? 'None',
    }),
  );
  const assignedLicenses = states
    .filter(({ state }) => state === 'Active')
    .map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans }));
  return {
    user: readOk(account({ licenseAssignmentStates: states, assignedLicenses, ...change })),
    skus: readOk(skus),
  };
}

const nothing = (change?: Partial<LicensedUser>, skus?: SubscribedSku[]) => given([], change, skus);
const status = (servicePlanId: string, capabilityStatus: string) => ({
  assignedPlans: [{ servicePlanId, capabilityStatus }],
});
const planned = (facts: LicenseFacts, license?: { skuPartNumber?: string; usageLocation?: string }) =>
  plan(facts, requirement(license === undefined ? {} : { license }));
const requests = (...parameters: Parameters<typeof planned>) =>
  planned(...parameters).changes.map(({ request }) => request);
const steps = (...parameters: Parameters<typeof planned>) => {
  const { changes, manualSteps } = planned(...parameters);
  expect(changes).toEqual([]);
  return manualSteps.map(({ description, link }) => `${description} ${link}`);
};
const assigning = ({ skuId }: SubscribedSku, disabledPlans: string[] = []) => ({
  method: 'POST',
  url: `${url}/assignLicense`,
  body: { addLicenses: [{ skuId, disabledPlans }], removeLicenses: [] },
});

describe('the plan of license', () => {
  it.each<[string, LicenseFacts]>([
    ['a licence works', given([{ sku: e1 }], status(plan1, 'Enabled'))],
    ['a licence is in its grace period', given([{ sku: e1 }], status(plan1, 'Warning'))],
    ['a licence comes from a group', given([{ sku: e1, group }], status(plan1, 'Enabled'))],
    ['a new licence is not in effect yet', given([{ sku: e1 }])],
    ['the account could not be read', { ...nothing(), user: refused }],
    ['the account does not exist', { ...nothing(), user: notFound }],
    ['nothing is assigned, and the products could not be read', { ...nothing(), skus: refused }],
  ])('is empty when %s', (_case, facts) => {
    expect(planned(facts)).toEqual({ changes: [], manualSteps: [] });
  });

  it('assigns the smallest product that is enough, and has a way back', () => {
    expect(planned(nothing())).toEqual({
      changes: [
        {
          id: expect.stringMatching(/^2-assign-license-[0-9a-f]{16}$/) as string,
          description: 'Assign STANDARDPACK to svc-condeco@contoso.com.',
          request: assigning(e1),
          before: null,
          after: { disabledPlans: [] },
          undo: {
            method: 'POST',
            url: `${url}/assignLicense`,
            body: { addLicenses: [], removeLicenses: [e1.skuId] },
          },
          permission: 'LicenseAssignment.ReadWrite.All',
        },
      ],
      manualSteps: [],
    });
  });

  describe('chooses', () => {
    const full = { consumedUnits: 5 };
    const small = product('f0000000-0000-4000-8000-000000000000', 'EXCHANGESTANDARD', [plan1]);
    const twin = { ...small, skuId: '00000000-0000-4000-8000-000000000000', skuPartNumber: 'TWIN' };

    it.each<[string, SubscribedSku[], SubscribedSku]>([
      ['Plan 1 before Plan 2, though that one has fewer plans', [e3, e1], e1],
      ['the fewest service plans', [e1, small], small],
      ['the lower id where all else is equal', [small, twin], twin],
      ['Plan 2 where no seat of Plan 1 is free', [{ ...e1, ...full }, e3], e3],
      ['a seat in its grace period', [{ ...e1, prepaidUnits: { enabled: 0, warning: 5 } }], e1],
      ['no product that is bought for the whole company', [{ ...e1, appliesTo: 'Company' }, e3], e3],
      ['no product that is suspended', [{ ...e1, capabilityStatus: 'Suspended' }, e3], e3],
    ])('%s', (_case, skus, expected) => {
      expect(requests(nothing({}, skus))).toEqual([assigning(expected)]);
      expect(requests(nothing({}, [...skus].reverse()))).toEqual([assigning(expected)]);
    });

    it.each(['ENTERPRISEPACK', 'enterprisepack', ' EnterprisePack '])(
      'the product that the target calls "%s"',
      (skuPartNumber) => {
        const skus = [e1, { ...e3, skuPartNumber: 'ENTERPRISEPACK ' }];
        expect(requests(nothing({}, skus), { skuPartNumber })).toEqual([assigning(e3)]);
      },
    );

    it.each<[string, SubscribedSku[], string | undefined, string]>([
      ['is full', [{ ...e1, ...full }], undefined, 'Buy or free a seat of STANDARDPACK'],
      ['is more than full', [{ ...e1, consumedUnits: 9 }], undefined, 'Buy or free a seat of STANDARDPACK'],
      [
        'that the target names is full',
        [{ ...e1, ...full }, e3],
        'STANDARDPACK',
        'Buy or free a seat of STANDARDPACK',
      ],
      [
        'that the target names is suspended',
        [{ ...e1, capabilityStatus: 'Suspended' }],
        'STANDARDPACK',
        'Buy or free',
      ],
      ['that the target names is not owned', [e1], 'SPE_E5', 'Buy SPE_E5, or name another'],
      [
        'that the target names is not enough',
        [e1, kiosk],
        'EXCHANGEDESKLESS',
        'EXCHANGEDESKLESS does not contain',
      ],
      ['is not there', [kiosk], undefined, 'Buy a product with Exchange Online (Plan 1)'],
    ])('nothing when the product %s', (_case, skus, skuPartNumber, expected) => {
      const named = skuPartNumber === undefined ? {} : { skuPartNumber };
      const options = { usageLocation: 'GB', ...named };
      expect(steps(nothing({ usageLocation: null }, skus), options)).toEqual([
        expect.stringContaining(expected),
      ]);
    });
  });

  it('says that a lower plan may be in the way', () => {
    const { changes, manualSteps } = planned(given([{ sku: kiosk }], status(kioskPlan, 'Enabled')));
    expect(changes.map(({ request }) => request)).toEqual([assigning(e1)]);
    expect(manualSteps.map(({ description }) => description)).toEqual([
      'Switch Exchange Online Kiosk of svc-condeco@contoso.com off first if Microsoft 365 refuses to assign STANDARDPACK beside it.',
    ]);
  });

  describe('usage location', () => {
    it.each([[null], [''], [undefined]])('is set first when it is %p and the target names one', (missing) => {
      const { changes } = planned(nothing({ usageLocation: missing }), { usageLocation: 'GB' });
      expect(changes).toEqual([
        {
          id: expect.stringMatching(/^1-set-usage-location-[0-9a-f]{16}$/) as string,
          description:
            'Set the usage location of svc-condeco@contoso.com to GB: no product can be assigned without one.',
          request: { method: 'PATCH', url, body: { usageLocation: 'GB' } },
          before: { usageLocation: null },
          after: { usageLocation: 'GB' },
          permission: 'User.ReadWrite.All',
        },
        expect.objectContaining({ request: assigning(e1) }),
      ]);
    });

    it('is left alone when there is one', () => {
      expect(requests(nothing({ usageLocation: 'DE' }), { usageLocation: 'GB' })).toEqual([assigning(e1)]);
    });

    it('takes a person when it is missing and the target names none', () => {
      expect(steps(nothing({ usageLocation: null }))).toEqual([
        expect.stringContaining(
          'Set the usage location of svc-condeco@contoso.com, or name one in the target',
        ),
      ]);
    });
  });

  describe('of a plan that is switched off', () => {
    it('switches it on in the direct assignment, and leaves off whatever else is', () => {
      const facts = given([
        { sku: e1, off: [teams, plan1, sway] },
        { sku: e3, group, off: [plan2] },
      ]);
      expect(planned(facts)).toEqual({
        changes: [
          {
            id: expect.stringMatching(/^2-switch-on-exchange-plan-[0-9a-f]{16}$/) as string,
            description: 'Switch Exchange Online on in the licence STANDARDPACK of svc-condeco@contoso.com.',
            request: assigning(e1, [teams, sway]),
            before: { disabledPlans: [teams, plan1, sway] },
            after: { disabledPlans: [teams, sway] },
            undo: assigning(e1, [teams, plan1, sway]),
            permission: 'LicenseAssignment.ReadWrite.All',
          },
        ],
        manualSteps: [],
      });
    });

    it('takes the smaller product of two', () => {
      const facts = given([
        { sku: e3, off: [plan2] },
        { sku: e1, off: [plan1] },
      ]);
      expect(requests(facts)).toEqual([assigning(e1)]);
    });

    it('needs no free seat', () => {
      const full = { ...e1, consumedUnits: 5 };
      expect(requests(given([{ sku: full, off: [plan1] }], {}, [full]))).toEqual([assigning(e1)]);
    });

    it('takes a person at each group where only groups assign it', () => {
      const facts = given([
        { sku: e1, group, off: [plan1] },
        { sku: e1, group: otherGroup, off: [plan1] },
      ]);
      expect(steps(facts)).toEqual(
        [group, otherGroup].map(
          (id) =>
            `Switch Exchange Online on in the licence STANDARDPACK of the group ${id}. https://entra.microsoft.com/#view/Microsoft_AAD_IAM/GroupDetailsMenuBlade/~/Licenses/groupId/${id}`,
        ),
      );
    });

    it('takes a person where the direct assignment is in error as well', () => {
      const facts = given([{ sku: e1, off: [plan1], state: 'Error', error: 'DependencyViolation' }]);
      expect(steps(facts)).toEqual([expect.stringContaining('Error: DependencyViolation')]);
    });
  });

  describe('of an assignment in error', () => {
    it('has a group try again, and tells where the cause is removed', () => {
      const facts = given([{ sku: e1, group, state: 'Error', error: 'CountViolation' }]);
      expect(planned(facts)).toEqual({
        changes: [
          {
            id: expect.stringMatching(/^2-reprocess-license-[0-9a-f]{16}$/) as string,
            description:
              'Have Microsoft 365 try the licences again that svc-condeco@contoso.com gets from groups.',
            request: { method: 'POST', url: `${url}/reprocessLicenseAssignment` },
            before: [{ skuId: e1.skuId, group, works: false }],
            after: [{ skuId: e1.skuId, group, works: true }],
            permission: 'User.ReadWrite.All',
          },
        ],
        manualSteps: [
          {
            description: `Remove the cause of the error of STANDARDPACK that the group ${group} assigns to svc-condeco@contoso.com (Error: CountViolation): buy or free a seat.`,
            link: expect.stringContaining(`/Licenses/groupId/${group}`) as string,
          },
        ],
      });
    });

    it.each([
      ['CountViolation', 'buy or free a seat. https://admin.microsoft.com'],
      ['MutuallyExclusiveViolation', 'licensing-groups-resolve-problems'],
    ])('takes a person where a direct one has %s', (error, expected) => {
      expect(steps(given([{ sku: e1, state: 'Error', error }]))).toEqual([expect.stringContaining(expected)]);
    });

    it('does not have a group try again whose subscription is disabled', () => {
      expect(steps(given([{ sku: e1, group, state: 'Disabled' }]))).toHaveLength(1);
    });
  });

  it.each(['Suspended', 'LockedOut', 'Deleted'])('takes a person where the subscription is %s', (state) => {
    expect(steps(given([{ sku: e1 }], status(plan1, state)))).toEqual([
      expect.stringContaining('Renew or reactivate the subscription'),
    ]);
  });

  it('says so of a suspended subscription also when the products could not be read', () => {
    const facts = { ...given([{ sku: e1 }], status(plan1, 'Suspended')), skus: refused };
    expect(steps(facts)).toHaveLength(1);
  });

  const broken = {
    'nothing assigned': nothing({ usageLocation: null }),
    'a plan that is off': given([
      { sku: e1, off: [sway, plan1, teams] },
      { sku: e3, off: [plan2] },
    ]),
    'groups in error': given([
      { sku: e3, group, state: 'Error', error: 'CountViolation' },
      { sku: e1, group: otherGroup, state: 'Error', error: 'CountViolation' },
      { sku: e1, group, state: 'Error', error: 'CountViolation' },
    ]),
  };

  it.each(Object.entries(broken))('does not depend on the order of lists, with %s', (_case, facts) => {
    const found = planned(facts, { usageLocation: 'GB' });
    expect(found.changes.length).toBeGreaterThan(0);
    expect(planned(reversed(facts), { usageLocation: 'GB' })).toEqual(found);
  });

  it('has ids that tell products and switched-off plans apart', () => {
    const ids = [
      nothing(),
      nothing({}, [e3]),
      given([{ sku: e1, off: [plan1, sway] }]),
      given([{ sku: e1, off: [plan1, teams] }]),
    ].flatMap((facts) => planned(facts).changes.map(({ id }) => id));
    expect(new Set(ids).size).toBe(4);
  });

  it('asks for what Microsoft describes, with permissions that the control names', () => {
    const changes = Object.values(broken).flatMap((facts) => planned(facts, { usageLocation: 'GB' }).changes);
    expect(changes).toHaveLength(4);
    expect(complaintsAboutChanges(changes)).toEqual([]);
    const names = license.permissions.write.map(({ name }) => name).sort();
    expect(names).toEqual([...new Set(changes.map(({ permission }) => permission))].sort());
  });
});

describe('what is observed of a licence', () => {
  const states: [string, LicenseFacts, LicenseFacts][] = [
    ['assigned', nothing(), given([{ sku: e1 }, { sku: e1, group, off: [sway] }])],
    [
      'switched on',
      given([{ sku: e1, off: [sway, plan1, teams] }]),
      given([{ sku: e1, off: [sway, teams] }]),
    ],
    [
      'tried again',
      given([{ sku: e1, group, state: 'Error', error: 'CountViolation' }]),
      given([
        { sku: e1, group },
        { sku: e3, group: otherGroup, state: 'Error' },
      ]),
    ],
    ['of a place', nothing({ usageLocation: '' }), nothing({ usageLocation: 'GB' })],
  ];

  it.each(states)('is what the plan says before and after it is %s', (_case, before, after) => {
    const change = planned(before, { usageLocation: 'GB' }).changes.map(kept)[0];
    if (change === undefined) throw new Error('A change was expected.');
    expect(observe(before, change)).toEqual(change.before);
    expect(observe(after, change)).toEqual(change.after);
  });

  it.each(states.slice(0, 2))('is the same for the way back when it was %s', (_case, before, after) => {
    const [change] = planned(before).changes;
    if (change === undefined) throw new Error('A change was expected.');
    const back = undoing(change);
    expect(observe(after, back)).toEqual(back.before);
    expect(observe(before, back)).toEqual(back.after);
  });

  it('is not working when the account has left the group', () => {
    const [, before] = states[2] ?? [];
    const change = before && planned(before).changes[0];
    if (change === undefined) throw new Error('A change was expected.');
    expect(observe(nothing(), change)).toEqual(change.before);
  });

  it('is undefined when the account could not be read, or is another one', () => {
    for (const change of planned(nothing({ usageLocation: null }), { usageLocation: 'GB' }).changes) {
      expect(observe({ ...nothing(), user: refused }, change)).toBeUndefined();
      expect(observe(nothing({ id: 'another' }), change)).toBeUndefined();
    }
  });
});
