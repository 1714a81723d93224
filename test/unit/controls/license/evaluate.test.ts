import { license as control } from '../../../../src/lib/controls/license';
import type { LicensedUser, LicenseFacts, SubscribedSku } from '../../../../src/lib/controls/license/collect';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { Verdict } from '../../../../src/lib/model/verdict';
import { account, refused, requirement } from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';

const plan1 = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';
const plan2 = 'efb87545-963c-4e0d-99df-69c6916d9eb0';
const kiosk = '4a82b400-a79f-41a4-b4e2-e94f5787b113';
const e1 = '18181a46-0d4e-45cd-891e-60aabd171b4e';
const f1 = '66b55226-6b4f-492c-910c-a3b7a3c9d993';

type State = LicensedUser['licenseAssignmentStates'][number];

/** A product with seats, unless told. */
function product(skuId: string, plan: string, changes: Partial<SubscribedSku> = {}): SubscribedSku {
  return {
    skuId,
    skuPartNumber: skuId === e1 ? 'STANDARDPACK' : 'DESKLESSPACK',
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: 3,
    prepaidUnits: { enabled: 10, warning: 0 },
    servicePlans: [{ servicePlanId: plan }],
    ...changes,
  };
}
const products = [product(e1, plan1), product(f1, kiosk)];
const soldOut = [product(e1, plan1, { consumedUnits: 10 })];

interface Given {
  /** Products of the account, by `skuId`. */
  assigned?: string[];
  /** Plans that Microsoft 365 lists, each with its state. */
  listed?: [plan: string, capabilityStatus: string][];
  /** What is otherwise than in an assignment that works; null for none at all. */
  assignment?: Partial<State> | null;
  skus?: LicenseFacts['skus'];
}

/** An account with Office 365 E1, which is directly assigned and works, unless told. */
function factsOf({ assigned = [e1], listed = [[plan1, 'Enabled']], assignment = {}, skus }: Given = {}) {
  const works: State = {
    skuId: e1,
    disabledPlans: [],
    assignedByGroup: null,
    state: 'Active',
    error: 'None',
  };
  const user = account({
    assignedLicenses: assigned.map((skuId) => ({ skuId, disabledPlans: [] })),
    assignedPlans: listed.map(([servicePlanId, capabilityStatus]) => ({ servicePlanId, capabilityStatus })),
    licenseAssignmentStates: assignment === null ? [] : [{ ...works, ...assignment }],
  });
  return { user: readOk<LicensedUser>(user), skus: skus ?? readOk(products) };
}

/** Nothing is assigned. */
const nothing = { assigned: [], listed: [], assignment: null };

function row(
  where: string,
  facts: LicenseFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
): Row<LicenseFacts> {
  return { where, facts, requirement: requirement(), verdict, codes };
}

const noSeat = 'notice license.noSpareSeats';
const none = 'violation license.none';
const suspended = ['violation license.suspended'];
const unsettled = ['unknown license.unsettled'];
const error = { state: 'Error', error: 'CountViolation' };
const malformed = ['unknown unreadable.malformed'];
const unread = ['unknown unreadable.permission'];

describe('the verdict on the licence', () => {
  testTable(
    control,
    [
      row('Office 365 E1 works', factsOf(), 'compliant'),
      row(
        'a higher plan works',
        factsOf({ listed: [[plan2, 'Enabled']], skus: readOk([product(e1, plan2)]) }),
        'compliant',
      ),
      row('it works and has an error', factsOf({ assignment: { state: 'ActiveWithError' } }), 'compliant'),
      row('there is none', factsOf(nothing), 'nonCompliant', [none]),
      row('there is none, and no seat', factsOf({ ...nothing, skus: readOk(soldOut) }), 'nonCompliant', [
        ...[none, noSeat],
      ]),
      row('there is none, and no product', factsOf({ ...nothing, skus: readOk([]) }), 'nonCompliant', [
        ...[none, noSeat],
      ]),
      row(
        'there is none, whatever the products are',
        factsOf({ ...nothing, skus: refused }),
        'nonCompliant',
        [none],
      ),
      row(
        'there is a lower plan only',
        factsOf({ assigned: [f1], listed: [[kiosk, 'Enabled']], assignment: { skuId: f1 } }),
        'nonCompliant',
        ['violation license.belowRequired'],
      ),
      row(
        'the plan is switched off in it',
        factsOf({ listed: [], assignment: { disabledPlans: [plan1] } }),
        'nonCompliant',
        ['violation license.exchangePlanDisabled'],
      ),
      row('it could not be assigned', factsOf({ listed: [], assignment: error }), 'nonCompliant', [
        'violation license.assignmentError',
      ]),
      row(
        'it could not be assigned, because no seat is free',
        factsOf({ listed: [], assignment: error, skus: readOk(soldOut) }),
        'nonCompliant',
        ['violation license.assignmentError', noSeat],
      ),
      row(
        'its subscription has ended',
        factsOf({ listed: [[plan1, 'Suspended']] }),
        'nonCompliant',
        suspended,
      ),
      row('it is locked out', factsOf({ listed: [[plan1, 'LockedOut']] }), 'nonCompliant', suspended),
      row('it is in its grace period', factsOf({ listed: [[plan1, 'Warning']] }), 'compliant', [
        'notice license.grace',
      ]),
      row('it comes from a group', factsOf({ assignment: { assignedByGroup: 'group-1' } }), 'compliant', [
        'notice license.fromGroup',
      ]),
      row('it is assigned and not listed yet', factsOf({ listed: [] }), 'unknown', unsettled),
      {
        ...row('the vendor does not say whether it needs one', factsOf(nothing), 'unknown', [
          'unknown license.notKnown',
        ]),
        requirement: requirement({ profile: 'joan' }),
      },
      {
        ...row(
          'any plan with a mailbox is enough',
          factsOf({
            assigned: [f1],
            listed: [[kiosk, 'Enabled']],
            assignment: { skuId: f1 },
          }),
          'compliant',
        ),
        requirement: requirement({ profile: 'zoom-rooms-account' }),
      },
      row(
        'it is listed and no longer assigned',
        factsOf({ assigned: [], assignment: null }),
        'unknown',
        unsettled,
      ),
    ],
    [
      row('the account could not be read', { user: refused, skus: readOk(products) }, 'unknown', unread),
      row('the products could not be read', factsOf({ skus: refused }), 'unknown', unread),
      row(
        'its plan is in a state that is not documented',
        factsOf({ listed: [[plan1, 'Halfway']] }),
        'unknown',
        malformed,
      ),
      row(
        'its assignment is in a state that is not documented',
        factsOf({ listed: [], assignment: { state: 'Pending' } }),
        'unknown',
        malformed,
      ),
    ],
  );
});
