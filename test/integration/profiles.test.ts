import type { ControlId } from '../../src/lib/model/verdict';
import { profile, profileIds } from '../../src/lib/profiles';
import type { Profile } from '../../src/lib/profiles/profile';
import { demanding, demandsOf, targetOf, untouched } from '../support/product-tenant';
import { Repairs } from '../support/repairs';

jest.setTimeout(120_000);

let repairs: Repairs;
beforeAll(async () => {
  repairs = await Repairs.start();
});
afterEach(() => repairs.reset());
afterAll(() => repairs.stop());

/** The control that asks for what a vendor may leave open. */
const judging = {
  permissions: 'consent',
  access: 'impersonation',
  licence: 'license',
  rooms: 'rooms',
  protocol: 'ews-access',
} as const;

/** What a control says of the tenant now: levels and codes of all but notices. */
async function said(control: ControlId, product: Profile): Promise<string[]> {
  const { reasons } = await repairs.tenant.audit(control, targetOf(product));
  return [...new Set(reasons.filter(({ level }) => level !== 'notice').map(({ code }) => code))];
}

/** Of what a product needs, what its vendor's pages leave open is all that is said of a tenant where everything is right. */
async function isRight(product: Profile): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const control of demanding) {
    const codes = (await said(control, product)).filter((code) => !code.endsWith('.notKnown'));
    if (codes.length > 0) found[control] = codes;
  }
  return found;
}

/** Plans, and applies what the plan has of changes. */
async function repair(control: ControlId): Promise<number> {
  const { planHash, changes } = await repairs.plan(control);
  if (changes.length === 0) return 0;
  const { status, problem } = await repairs.apply(control, planHash);
  // Where something is not known of the vendor, the finding stays unknown, and every change is in the tenant all the same.
  const isDone = status === 'verified' || problem?.includes('in the tenant') === true;
  if (!isDone) throw new Error(`${control} was not repaired: ${status}, ${problem ?? ''}`);
  return changes.length;
}

describe.each(profileIds)('a tenant for %s', (id) => {
  const product = profile(id);

  it('is set up by plans, misses each demand with its own code, and is repaired where there is a repair', async () => {
    const { state } = repairs.tenant;
    untouched(state, product);
    await repairs.putTarget(targetOf(product));
    let changes = 0;
    for (const control of demanding) changes += await repair(control);
    expect(await isRight(product)).toEqual({});
    for (const { what } of product.notKnown) {
      const { verdict } = await repairs.tenant.audit(judging[what], targetOf(product));
      expect([what, verdict]).toEqual([what, 'unknown']);
    }
    const demands = demandsOf(product);
    // What is demanded in the first place is what a plan sets up.
    expect(changes > 0).toBe(demands.some(({ isRepaired }) => isRepaired));

    for (const { what, control, code, miss, isRepaired } of demands) {
      miss(state);
      const { reasons } = await repairs.tenant.audit(control, targetOf(product));
      expect([what, reasons.map((reason) => reason.code)]).toEqual([
        what,
        expect.arrayContaining([code]) as unknown,
      ]);
      if (!isRepaired) continue;
      await repair(control);
      expect([what, (await isRight(product))[control] ?? []]).not.toEqual([
        what,
        expect.arrayContaining([code]),
      ]);
    }
  });

  it('says of everything that its vendor leaves open that it is not known, and never that it is fine', async () => {
    untouched(repairs.tenant.state, product);
    for (const { what } of product.notKnown) {
      const { verdict, reasons } = await repairs.tenant.audit(judging[what], targetOf(product));
      expect([what, verdict]).not.toEqual([what, 'compliant']);
      expect(reasons.map(({ code }) => code)).toEqual(
        expect.arrayContaining([expect.stringMatching(/\.notKnown$/)]),
      );
    }
  });
});
