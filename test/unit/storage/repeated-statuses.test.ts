import * as fc from 'fast-check';
import { controlIds, verdicts } from '../../../src/lib/model/verdict';
import type { FindingStatus } from '../../../src/lib/storage/finding-rows';
import {
  isRepeatedAlike,
  repair,
  repeat,
  repeatedFrom,
  repeatedIn,
  repeatsAll,
} from '../../../src/lib/storage/repeated-statuses';
import { at, evaluation, status, violation } from '../../support/storage';

const none = violation('license.none');
const license = (hours = 1, of = evaluation([none])) => status('a', 'license', of, hours);
const about = { targetId: 'a', tenantId: license().tenantId };
const now = at(100);

/** Statuses of one target, of some of its controls. */
const someStatuses = fc
  .array(
    fc.record({
      control: fc.constantFrom(...controlIds),
      verdict: fc.constantFrom(...verdicts),
      waived: fc.boolean(),
      stale: fc.boolean(),
      codes: fc.subarray(['license.none', 'license.grace']),
      summary: fc.string(),
      changedFrom: fc.constantFrom(undefined, { previousVerdict: null, resumed: false } as const),
      verifiedAt: fc.constantFrom(null, at(3).toISOString()),
    }),
    { maxLength: controlIds.length },
  )
  .map((drawn) => {
    const byControl = new Map(drawn.map((one) => [one.control, one]));
    return [...byControl.values()].map((one): FindingStatus => ({ ...status('a', one.control), ...one }));
  });

const sorted = (statuses: readonly FindingStatus[]) =>
  statuses.toSorted((a, b) => controlIds.indexOf(a.control) - controlIds.indexOf(b.control));

describe('what a row repeats', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(someStatuses, (statuses) => {
        expect(repeatedIn(repeat(statuses), about)).toEqual(sorted(statuses));
      }),
    );
  });

  it('becomes what it is to be, whatever stands there, and then there is nothing left to do', () => {
    const damage = fc.constantFrom('', '{', '{}', 7, null);
    const anything = fc.oneof(
      someStatuses.map(repeat),
      fc.dictionary(fc.constantFrom(...Object.keys(repeat(controlIds.map((id) => status('a', id))))), damage),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), someStatuses, (there, isMarked, statuses) => {
        const row = { ...there, ...(isMarked ? { repeatsAll: true } : {}) };
        const repaired = { ...row, ...repair(row, statuses, now) };
        expect(repeatsAll(repaired)).toBe(true);
        expect(verdictsIn(repeatedIn(repaired, about))).toEqual(verdictsIn(sorted(statuses)));
        expect(repair(repaired, statuses, now)).toBeUndefined();
      }),
    );
  });

  const verdictsIn = (statuses: readonly FindingStatus[]) =>
    statuses.map(({ control, verdict, waived, stale, codes }) => ({
      control,
      verdict,
      waived,
      stale,
      codes,
    }));

  it('is not written again for an audit that changes nothing', () => {
    const [before, after] = [
      license(1),
      { ...license(1), checkedAt: at(25).toISOString(), verifiedAt: at(25).toISOString(), requests: 9 },
    ];
    expect(isRepeatedAlike(before, after)).toBe(true);
    const fine = license(1, evaluation());
    expect(isRepeatedAlike(fine, { ...fine, summary: 'All 46 rooms are reached.' })).toBe(true);
    expect(repair({ ...repeat([before]), repeatsAll: true }, [after], now)).toBeUndefined();
  });

  it.each<Partial<FindingStatus>>([
    { verdict: 'compliant' },
    { verdict: 'unknown' },
    { waived: true },
    { severity: 'low' },
    { since: at(7).toISOString() },
    { changedAt: at(7).toISOString() },
    { codes: ['license.grace'] },
    { openCodes: [] },
    { summary: 'Otherwise.' },
    { stale: true },
    { changedFrom: { previousVerdict: 'compliant', resumed: true } },
    { unreadable: { targetId: 'a', what: 'It', errors: [], remedy: 'Look.' } },
  ])('is written again when this changes: %j', (change) => {
    expect(isRepeatedAlike(license(), { ...license(), ...change })).toBe(false);
  });

  it('is left for a while where it may be that of a finding which is just being kept', () => {
    const row = { ...repeat([license(100, evaluation())]), repeatsAll: true };
    expect(repair(row, [license(1)], at(100.1))).toBeUndefined();
    expect(repair(row, [license(1)], at(101))).toMatchObject(repeat([license(1)]));
    // Of a clock that ran ahead.
    expect(repair(row, [license(1)], at(50))).toMatchObject(repeat([license(1)]));
  });

  it('that cannot be understood is unknown', () => {
    const row = { ...repeat([license()]), status_license: '{"verdict":"fine"}' };
    expect(repeatedIn(row, about)).toMatchObject([
      {
        control: 'license',
        verdict: 'unknown',
        waived: false,
        unreadable: { what: 'The status of license in the row of a' },
      },
    ]);
  });

  it('goes into the row that takes its place, if that is about the same; a new one repeats all there is, which is nothing', () => {
    const row = { ...repeat([license()]), definition: '{}', status_consent: '' };
    expect(repeatedFrom(row)).toEqual(repeat([license()]));
    expect(repeatedFrom({ ...row, repeatsAll: true })).toEqual({ ...repeat([license()]), repeatsAll: true });
    expect(repeatedFrom(undefined)).toEqual({ repeatsAll: true });
  });
});
