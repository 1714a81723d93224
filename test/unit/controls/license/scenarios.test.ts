import type { GraphObject } from '../../../../local/simulator/state';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  tenant.state.subscribedSkus = [e1, e3, kiosk, addOn];
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) => tenant.audit('license', options);

const plan1 = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';
const plan2 = 'efb87545-963c-4e0d-99df-69c6916d9eb0';
const kioskPlan = '4a82b400-a79f-41a4-b4e2-e94f5787b113';
const foundation = '113feb6c-3fe4-4440-bddc-54d774bf0318';
const small = 'a0a0a0a0-0000-4000-8000-000000000001';
const group = '9109d000-0000-4000-8000-000000000001';

const e1 = product('18181a46-0d4e-45cd-891e-60aabd171b4e', 'STANDARDPACK', [plan1, foundation]);
const e3 = product('6fd2c87f-b296-42f0-b197-1e91e994b900', 'ENTERPRISEPACK', [plan2, foundation]);
const kiosk = product('80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82', 'EXCHANGEDESKLESS', [kioskPlan]);
const addOn = product('078d2b04-f1bd-4111-bbd4-b4b1b354cef4', 'AAD_PREMIUM', [foundation]);

function product(skuId: string, skuPartNumber: string, plans: string[], seats = 5): GraphObject {
  return {
    id: `c0170507-0000-4000-8000-000000000001_${skuId}`,
    skuId,
    skuPartNumber,
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: 1,
    prepaidUnits: { enabled: seats, lockedOut: 0, suspended: 0, warning: 0 },
    servicePlans: plans.map((servicePlanId) => ({
      servicePlanId,
      servicePlanName: 'EXCHANGE',
      provisioningStatus: 'Success',
      appliesTo: 'User',
    })),
  };
}

interface Assignment {
  product: GraphObject;
  group?: string;
  /** Plans that are switched off. */
  off?: string[];
  state?: string;
  error?: string;
}

/** Gives the account these assignments, and the plans in the states that they lead to. */
function given(assignments: Assignment[], plans: Record<string, string>): void {
  const skuIds = [...new Set(assignments.map(({ product }) => product.skuId as string))];
  Object.assign(tenant.state.users[0] ?? {}, {
    // What was assigned in error is not among the licences.
    assignedLicenses: skuIds
      .filter((id) => assignments.some(({ product, state }) => product.skuId === id && state !== 'Error'))
      .map((skuId) => ({ skuId, disabledPlans: [] })),
    licenseAssignmentStates: assignments.map(({ product, group, off, state, error }) => ({
      skuId: product.skuId,
      assignedByGroup: group ?? null,
      disabledPlans: off ?? [],
      state: state ?? 'Active',
      error: error ?? 'None',
      lastUpdatedDateTime: '2026-01-12T08:30:00Z',
    })),
    assignedPlans: Object.entries(plans).map(([servicePlanId, capabilityStatus]) => ({
      servicePlanId,
      capabilityStatus,
      service: 'exchange',
      assignedDateTime: '2026-01-12T08:30:00Z',
    })),
  });
}

describe('license', () => {
  it.each([
    ['Plan 1', e1, plan1],
    ['Plan 2', e3, plan2],
  ])('is compliant with Exchange Online (%s)', async (name, product, plan) => {
    given([{ product }], { [plan]: 'Enabled', [foundation]: 'Enabled' });
    expect(await audit()).toMatchObject({
      verdict: 'compliant',
      codes: [],
      requests: 1,
      summary: `svc-condeco@contoso.com has Exchange Online (${name}), and it works.`,
    });
  });

  it('says license.none when nothing is assigned', async () => {
    given([], {});
    expect(await audit()).toMatchObject({ verdict: 'nonCompliant', codes: ['violation license.none'] });
  });

  it.each([
    ['a kiosk plan', kiosk, { [kioskPlan]: 'Enabled' }, 'Exchange Online Kiosk'],
    ['Exchange Foundation alone', addOn, { [foundation]: 'Enabled' }, 'no Exchange Online plan'],
  ])('says license.belowRequired with %s', async (_case, product, plans, actual) => {
    given([{ product }], plans);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation license.belowRequired'] });
    expect(found.reasons[0]).toMatchObject({ actual, expected: 'Exchange Online (Plan 1) or better' });
  });

  it('says license.belowRequired for a product that the tenant does not list', async () => {
    tenant.state.subscribedSkus = [e3];
    given([{ product: kiosk }], { [kioskPlan]: 'Enabled' });
    expect((await audit()).codes).toEqual(['violation license.belowRequired']);
  });

  it('says license.exchangePlanDisabled when the plan is off in every assignment', async () => {
    given(
      [
        { product: e1, off: [plan1] },
        { product: e3, group, off: [plan2] },
      ],
      {
        [plan1]: 'Deleted',
        [plan2]: 'Deleted',
        [foundation]: 'Enabled',
      },
    );
    const found = await audit();
    expect(found).toMatchObject({
      verdict: 'nonCompliant',
      codes: ['violation license.exchangePlanDisabled'],
    });
    expect(found.reasons[0]?.actual).toBe('switched off in ENTERPRISEPACK, STANDARDPACK');
  });

  it("is compliant when the plan is off in the direct assignment and on in the group's", async () => {
    given(
      [
        { product: e1, off: [plan1] },
        { product: e1, group },
      ],
      { [plan1]: 'Enabled' },
    );
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: ['notice license.fromGroup'] });
  });

  it("is compliant when the plan is off in the group's assignment and on in the direct one", async () => {
    given([{ product: e1 }, { product: e1, group, off: [plan1] }], { [plan1]: 'Enabled' });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('gives the error and the group of license.assignmentError', async () => {
    given([{ product: e1, group, state: 'Error', error: 'CountViolation' }], {});
    const found = await audit();
    expect(found.verdict).toBe('nonCompliant');
    expect(found.codes).toEqual(['violation license.assignmentError']);
    expect(found.reasons[0]?.actual).toBe(`STANDARDPACK from group ${group}: Error: CountViolation`);
  });

  it('says nothing of an assignment in error when another one works', async () => {
    given([{ product: e1, group, state: 'Error', error: 'CountViolation' }, { product: e3 }], {
      [plan2]: 'Enabled',
    });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each([['Suspended'], ['LockedOut'], ['Deleted']])(
    'says license.suspended for a plan that is %s',
    async (state) => {
      given([{ product: e1 }], { [plan1]: state, [foundation]: 'Enabled' });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation license.suspended'] });
      expect(found.reasons[0]?.actual).toBe(state);
    },
  );

  it('is compliant when one plan is suspended and another one works', async () => {
    given([{ product: e1 }, { product: e3 }], { [plan1]: 'Suspended', [plan2]: 'Enabled' });
    expect((await audit()).codes).toEqual([]);
  });

  it('says license.grace, as a notice, when the subscription has ended and still works', async () => {
    given([{ product: e1 }], { [plan1]: 'Warning' });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: ['notice license.grace'] });
  });

  it('says license.fromGroup, as a notice, when only a group gives it', async () => {
    given([{ product: e1, group }], { [plan1]: 'Enabled' });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice license.fromGroup'] });
    expect(found.reasons[0]?.message).toContain(group);
  });

  it('does not call it a group licence when it is direct as well', async () => {
    given([{ product: e1, group }, { product: e1 }], { [plan1]: 'Enabled' });
    expect((await audit()).codes).toEqual([]);
  });

  describe('license.noSpareSeats', () => {
    it('comes with a repair that needs a seat, when no product has one', async () => {
      tenant.state.subscribedSkus = [product(small, 'STANDARDPACK', [plan1], 1)];
      given([], {});
      const found = await audit();
      expect(found.codes).toEqual(['violation license.none', 'notice license.noSpareSeats']);
      expect(found.reasons[1]?.message).toContain('No seat of STANDARDPACK is free');
    });

    it('does not come when another product has a seat', async () => {
      tenant.state.subscribedSkus = [product(small, 'STANDARDPACK', [plan1], 1), e3];
      given([], {});
      expect((await audit()).codes).toEqual(['violation license.none']);
    });

    it.each([
      ['has no free seat', 'STANDARDPACK', 'No seat of STANDARDPACK is free'],
      ['is not owned', 'SPE_E5', 'The tenant owns no SPE_E5'],
    ])('comes when the product that the target names %s', async (_case, skuPartNumber, message) => {
      tenant.state.subscribedSkus = [product(small, 'STANDARDPACK', [plan1], 1), e3];
      given([], {});
      const found = await audit({ license: { skuPartNumber } });
      expect(found.codes).toEqual(['violation license.none', 'notice license.noSpareSeats']);
      expect(found.reasons[1]?.message).toContain(message);
    });

    it('comes in a tenant that owns nothing', async () => {
      tenant.state.subscribedSkus = [];
      given([], {});
      expect((await audit()).codes).toEqual(['violation license.none', 'notice license.noSpareSeats']);
    });

    it('does not come when nothing has to be assigned', async () => {
      tenant.state.subscribedSkus = [product(e1.skuId as string, 'STANDARDPACK', [plan1], 1)];
      given([{ product: e1, off: [plan1] }], { [plan1]: 'Deleted' });
      expect((await audit()).codes).toEqual(['violation license.exchangePlanDisabled']);
    });
  });

  it('is unknown while Microsoft 365 has not put a new licence into effect', async () => {
    given([{ product: e1 }], {});
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown license.unsettled'] });
  });

  it('is unknown, not a second violation, when there is no such account', async () => {
    tenant.state.users.length = 0;
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
  });

  describe("without the tenant's products", () => {
    beforeEach(() => {
      tenant.simulator.fail({ match: /subscribedSkus/, status: 403 });
    });

    const refused = ['unknown unreadable.permission'];
    const unsettled = ['unknown license.unsettled'];
    it.each<[string, Assignment[], Record<string, string>, string[]]>([
      // Which plans it gives, the product alone tells: this one may give none.
      ['unknown', [{ product: e1 }], { [plan1]: 'Enabled' }, refused],
      ['unknown', [{ product: e1 }], { [plan1]: 'Warning' }, refused],
      ['unknown', [{ product: e1, off: [plan1] }], { [plan1]: 'Enabled' }, unsettled],
      ['unknown', [{ product: e1, state: 'Error' }], { [plan1]: 'Enabled' }, unsettled],
      ['unknown', [], { [plan1]: 'Enabled' }, unsettled],
      ['nonCompliant', [], {}, ['violation license.none']],
      ['nonCompliant', [], { [plan1]: 'Deleted' }, ['violation license.none']],
      ['unknown', [], { [plan1]: 'Halfway' }, refused],
      ['nonCompliant', [{ product: e1 }], { [plan1]: 'Suspended' }, ['violation license.suspended']],
      ['unknown', [{ product: e1, state: 'Halfway' }], { [plan1]: 'Suspended' }, refused],
      ['unknown', [{ product: e1, off: [plan1] }], { [plan1]: 'Suspended' }, refused],
      ['unknown', [{ product: e1 }], { [plan1]: 'Deleted' }, refused],
      ['unknown', [{ product: kiosk }], { [kioskPlan]: 'Enabled' }, refused],
    ])('is %s when they could not change it (%#)', async (verdict, assignments, plans, codes) => {
      given(assignments, plans);
      expect(await audit()).toMatchObject({ verdict, codes });
    });
  });
});

describe('a licence whose subscription has ended', () => {
  const user = () => tenant.state.users[0] as Record<string, Record<string, unknown>[]> | undefined;
  const plan = (capabilityStatus: string) =>
    Object.assign(user()?.assignedPlans?.[0] ?? {}, { capabilityStatus });
  const assignment = (state: string, error = 'None') =>
    Object.assign(user()?.licenseAssignmentStates?.[0] ?? {}, { state, error });
  const suspended = 'violation license.suspended';

  it('is license.suspended also where the tenant no longer lists the product', async () => {
    plan('Suspended');
    tenant.state.subscribedSkus = [kiosk];
    expect((await audit()).codes).toEqual([suspended]);
  });

  it('is license.suspended where the assignment is disabled with it, which is no error', async () => {
    plan('Suspended');
    assignment('Disabled');
    expect((await audit()).codes).toEqual([suspended]);
  });

  it('is the same violation whether the products can be read or not', async () => {
    plan('LockedOut');
    expect((await audit()).codes).toEqual([suspended]);
    tenant.simulator.fail({ match: /subscribedSkus/, status: 503 });
    expect((await audit()).codes).toEqual([suspended]);
  });

  it('is left open without the products where an assignment is in error as well', async () => {
    plan('LockedOut');
    assignment('Error', 'Other');
    expect((await audit()).codes).toContain('violation license.assignmentError');
    tenant.simulator.fail({ match: /subscribedSkus/, status: 503 });
    expect((await audit()).codes).toEqual(['unknown unreadable.unavailable']);
  });
});

it('looks for a seat of the product whose assignment is in error, whatever else has seats', async () => {
  const [user] = tenant.state.users as unknown as Record<string, Record<string, unknown>[]>[];
  Object.assign(user?.assignedPlans?.[0] ?? {}, { capabilityStatus: 'Deleted' });
  Object.assign(user?.licenseAssignmentStates?.[0] ?? {}, { state: 'Error', error: 'CountViolation' });
  expect((await audit()).codes).toEqual(['violation license.assignmentError']);
  tenant.state.subscribedSkus = [
    { ...e1, prepaidUnits: { enabled: 1, lockedOut: 0, suspended: 0, warning: 0 } },
    e3,
  ];
  const found = await audit();
  expect(found.codes).toEqual(['violation license.assignmentError', 'notice license.noSpareSeats']);
  expect(found.reasons.find(({ level }) => level === 'notice')?.message).toContain('No seat of STANDARDPACK');
});

describe('two lists that contradict each other', () => {
  const unsettled = ['unknown license.unsettled'];
  const malformed = ['unknown unreadable.malformed'];

  it.each<[string, Assignment[], Record<string, string>]>([
    [
      'switched off everywhere, and listed as enabled',
      [{ product: e3, off: [plan2] }],
      { [plan2]: 'Enabled' },
    ],
    [
      'switched off everywhere, and listed as in grace',
      [{ product: e3, off: [plan2] }],
      { [plan2]: 'Warning' },
    ],
    [
      'switched off by user and group, and listed as enabled',
      [
        { product: e3, off: [plan2] },
        { product: e1, group, off: [plan1] },
      ],
      { [plan2]: 'Enabled', [plan1]: 'Deleted' },
    ],
    ['not assigned at all, and listed as enabled', [], { [plan1]: 'Enabled' }],
    ['not assigned at all, and listed as in grace', [], { [plan1]: 'Warning' }],
    ['in none of the products, and listed as enabled', [{ product: kiosk }], { [plan1]: 'Enabled' }],
    ['of another product, and listed as enabled', [{ product: e3 }], { [plan1]: 'Enabled' }],
    [
      'assigned in error alone, and listed as enabled',
      [{ product: e1, state: 'Error' }],
      { [plan1]: 'Enabled' },
    ],
    [
      'disabled with its subscription, and listed as enabled',
      [{ product: e1, state: 'Disabled' }],
      { [plan1]: 'Enabled' },
    ],
    ['assigned, and not listed', [{ product: e1 }], {}],
    ['assigned, and another one is listed as deleted', [{ product: e3 }], { [plan1]: 'Deleted' }],
    [
      'assigned twice, and one is not listed',
      [{ product: e1 }, { product: e3, group }],
      { [plan1]: 'Deleted' },
    ],
  ])('leave it open where the plan is %s', async (_case, assignments, plans) => {
    given(assignments, plans);
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: unsettled });
  });

  it('leave it open where the tenant has no such product', async () => {
    tenant.state.subscribedSkus = [kiosk];
    given([{ product: e1 }], { [plan1]: 'Enabled' });
    expect((await audit()).codes).toEqual(unsettled);
  });

  it.each<[string, Assignment[], Record<string, string>, string[]]>([
    [
      'another plan works',
      [{ product: e1 }, { product: e3, off: [plan2] }],
      { [plan1]: 'Enabled', [plan2]: 'Enabled' },
      [],
    ],
    [
      'another plan works in its grace period',
      [{ product: e1 }, { product: e3, off: [plan2] }],
      { [plan1]: 'Warning', [plan2]: 'Enabled' },
      ['notice license.grace'],
    ],
    [
      'another plan works, and one is not listed',
      [{ product: e1 }, { product: e3 }],
      { [plan1]: 'Enabled' },
      [],
    ],
    [
      'it is on in one of two assignments',
      [
        { product: e3, off: [plan2] },
        { product: e3, group },
      ],
      { [plan2]: 'Enabled' },
      ['notice license.fromGroup'],
    ],
    [
      'it is assigned with an error that lets it work',
      [{ product: e1, state: 'ActiveWithError' }],
      { [plan1]: 'Enabled' },
      [],
    ],
    ['it is no plan of a mailbox', [{ product: e1 }], { [plan1]: 'Enabled', [kioskPlan]: 'Enabled' }, []],
  ])('decide nothing where %s', async (_case, assignments, plans, codes) => {
    given(assignments, plans);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes });
  });

  it.each<[string, Assignment[], Record<string, string>, string]>([
    [
      'it is off, and listed as deleted',
      [{ product: e3, off: [plan2] }],
      { [plan2]: 'Deleted' },
      'exchangePlanDisabled',
    ],
    ['it is off, and not listed', [{ product: e3, off: [plan2] }], {}, 'exchangePlanDisabled'],
    ['nothing is assigned, and it is listed as deleted', [], { [plan1]: 'Deleted' }, 'none'],
    ['it is assigned, and listed as deleted', [{ product: e1 }], { [plan1]: 'Deleted' }, 'suspended'],
    ['a lower plan is listed as enabled', [{ product: kiosk }], { [kioskPlan]: 'Enabled' }, 'belowRequired'],
    ['it is in error, and not listed', [{ product: e1, state: 'Error' }], {}, 'assignmentError'],
  ])('are none where %s', async (_case, assignments, plans, code) => {
    given(assignments, plans);
    expect(await audit()).toMatchObject({ verdict: 'nonCompliant', codes: [`violation license.${code}`] });
  });

  it.each<[string, Assignment[], Record<string, string>, string[]]>([
    ['a plan', [{ product: e1 }], { [plan1]: 'Halfway' }, malformed],
    ['a plan in small letters', [{ product: e1 }], { [plan1]: 'enabled' }, malformed],
    ['a plan that nobody assigned', [], { [plan1]: 'Halfway' }, malformed],
    ['an assignment', [{ product: e1, state: 'Halfway' }], {}, malformed],
    [
      'the only assignment',
      [{ product: e1, state: 'Halfway' }],
      { [plan1]: 'Enabled' },
      ['unknown license.unsettled', ...malformed],
    ],
    [
      'a plan beside one that works',
      [{ product: e1 }, { product: e3 }],
      { [plan1]: 'Enabled', [plan2]: 'Halfway' },
      [],
    ],
    [
      'an assignment beside one that works',
      [{ product: e1 }, { product: e1, group, state: 'Halfway' }],
      { [plan1]: 'Enabled' },
      [],
    ],
    ['a lower plan', [{ product: kiosk }], { [kioskPlan]: 'Halfway' }, ['violation license.belowRequired']],
  ])('are not understood by the state of %s that nobody knows', async (_case, assignments, plans, codes) => {
    given(assignments, plans);
    expect((await audit()).codes).toEqual(codes);
  });
});
