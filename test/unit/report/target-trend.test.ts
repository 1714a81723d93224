import fc from 'fast-check';
import type { BriefTransition } from '../../../src/lib/model/finding';
import { type ControlId, controlIds, type Verdict, verdicts } from '../../../src/lib/model/verdict';
import { type TargetPast, trendOf } from '../../../src/lib/report/target-trend';
import type { FindingStatus } from '../../../src/lib/storage/findings';
import { score } from '../../../src/lib/watch/target-status';
import { at, evaluation, status } from '../../support/storage';

const day = 24;
const dateOf = (days: number) =>
  at(days * day)
    .toISOString()
    .slice(0, 10);

interface Stand {
  verdict: Verdict;
  waived: boolean;
}

function change(
  control: ControlId,
  hours: number,
  previousVerdict: Verdict | null,
  { verdict, waived = false }: Partial<Stand> & { verdict: Verdict },
): BriefTransition {
  const texts = { severity: 'high' as const, resumed: false, summary: '', codes: [] };
  return { ...texts, targetId: 'a', control, previousVerdict, verdict, waived, at: at(hours).toISOString() };
}

function statusAs(control: ControlId, { verdict, waived }: Stand, changedAt = at(1)): FindingStatus {
  return { ...status('a', control, evaluation()), verdict, waived, changedAt: changedAt.toISOString() };
}

const fine: Stand = { verdict: 'compliant', waived: false };
const broken: Stand = { verdict: 'nonCompliant', waived: false };
/** Every control but these. */
const others = (...without: ControlId[]) => controlIds.filter((id) => !without.includes(id));

/** A target whose controls all began well in its first night, but for what `license` went through. */
function past(license: BriefTransition[], now: Stand, more: Partial<TargetPast> = {}): TargetPast {
  return {
    changes: [...license, ...others('license').map((control) => change(control, 2, null, fine))],
    statuses: [statusAs('license', now), ...others('license').map((control) => statusAs(control, fine))],
    createdAt: at(0).toISOString(),
    ...more,
  };
}

const scoresOf = (of: TargetPast, now: Date) =>
  Object.fromEntries(trendOf(of, now).map((one) => [one.date, one.score]));

describe('the trend of a target', () => {
  it('has no day before the target was made, and ends at this moment', () => {
    const license = [change('license', 2 * day + 2, 'compliant', broken), change('license', 2, null, fine)];
    expect(trendOf(past(license, broken), at(3 * day + 9))).toEqual([
      // Made at midnight; when the scores were sent it had not been audited.
      { date: dateOf(0), score: 0 },
      { date: dateOf(1), score: 1 },
      { date: dateOf(2), score: 1 },
      { date: dateOf(3), score: (controlIds.length - 1) / controlIds.length },
    ]);
  });

  it('has no score of a day on which the target was made after the scores were sent', () => {
    const made = { createdAt: at(0.51).toISOString() };
    const license = [change('license', 2, null, fine)];
    expect(trendOf(past(license, fine, made), at(day + 9)).map(({ date }) => date)).toEqual([dateOf(1)]);
  });

  it('says at the end how it is now, whatever came since midnight', () => {
    const license = [change('license', day + 2, 'compliant', broken), change('license', 2, null, fine)];
    expect(scoresOf(past(license, broken), at(day + 9))).toEqual({
      [dateOf(0)]: 0,
      [dateOf(1)]: (controlIds.length - 1) / controlIds.length,
    });
  });

  it('shows ninety days of a long past', () => {
    const trend = trendOf(past([change('license', 2, null, fine)], fine), at(400 * day + 9));
    expect(trend).toHaveLength(90);
    expect(trend[0]).toEqual({ date: dateOf(311), score: 1 });
    expect(trend.at(-1)?.date).toBe(dateOf(400));
  });

  it('counts what is accepted as compliant, from when it was accepted', () => {
    const accepted: Stand = { verdict: 'nonCompliant', waived: true };
    const license = [
      change('license', 2 * day + 2, 'nonCompliant', accepted),
      change('license', 2, null, broken),
    ];
    const { [dateOf(2)]: before, [dateOf(3)]: after } = scoresOf(past(license, accepted), at(4 * day));
    expect([before, after]).toEqual([(controlIds.length - 1) / controlIds.length, 1]);
  });

  it('leaves out a day on which nothing applied', () => {
    const none: Stand = { verdict: 'notApplicable', waived: false };
    const changes = [
      ...controlIds.map((control) => change(control, 2 * day + 2, 'notApplicable', fine)),
      ...controlIds.map((control) => change(control, 2, null, none)),
    ];
    const statuses = controlIds.map((control) => statusAs(control, fine));
    const { createdAt } = past([], fine);
    expect(scoresOf({ changes, statuses, createdAt }, at(3 * day + 9))).toEqual({
      [dateOf(0)]: 0,
      [dateOf(3)]: 1,
    });
  });

  it.each([
    ['compliant', 1],
    ['notApplicable', 1],
    // These may have been accepted: the transition that would tell was removed.
    ['nonCompliant', undefined],
    ['unknown', undefined],
  ] as const)('whose older transitions were removed goes by the previous verdict %s', (previous, before) => {
    const license = [change('license', 5 * day + 2, previous, broken)];
    const scores = scoresOf(past(license, broken), at(7 * day));
    expect([scores[dateOf(4)], scores[dateOf(6)]]).toEqual([
      before,
      (controlIds.length - 1) / controlIds.length,
    ]);
  });

  it('of which no transition is left begins with the last change', () => {
    const one = past([], fine);
    const changedAt = at(5 * day + 2);
    const statuses = [
      ...one.statuses.filter(({ control }) => control !== 'license'),
      statusAs('license', fine, changedAt),
    ];
    const dates = trendOf({ ...one, statuses }, at(7 * day + 9)).map(({ date }) => date);
    expect(dates).toEqual([dateOf(6), dateOf(7)]);
  });

  it('counts a control that never ran as unknown', () => {
    const { changes, createdAt } = past([], fine);
    const statuses = others('license').map((control) => statusAs(control, fine));
    expect(scoresOf({ changes, statuses, createdAt }, at(2 * day + 9))).toEqual({
      [dateOf(0)]: 0,
      [dateOf(1)]: (controlIds.length - 1) / controlIds.length,
      [dateOf(2)]: (controlIds.length - 1) / controlIds.length,
    });
  });

  it('is what was sent night by night, whatever happened', () => {
    const stand = fc.record({ verdict: fc.constantFrom(...verdicts), waived: fc.boolean() });
    const night = fc.record(
      Object.fromEntries(controlIds.map((id) => [id, fc.option(stand, { nil: undefined })])),
    );
    fc.assert(
      fc.property(fc.array(night, { maxLength: 12 }), (nightsOfTarget) => {
        const changes: BriefTransition[] = [];
        const stands = new Map<ControlId, Stand & { changedAt: Date }>();
        const sent: Record<string, number> = {};
        const statuses = () =>
          [...stands].map(([control, { changedAt, ...now }]) => statusAs(control, now, changedAt));
        for (const [index, found] of nightsOfTarget.entries()) {
          const value = score(statuses());
          if (value !== undefined) sent[dateOf(index)] = value;
          for (const control of controlIds) {
            const next = found[control];
            if (next === undefined) continue;
            const last = stands.get(control);
            if (last?.verdict === next.verdict && last.waived === next.waived) continue;
            const hours = index * day + 2;
            changes.unshift(change(control, hours, last?.verdict ?? null, next));
            stands.set(control, { ...next, changedAt: at(hours) });
          }
        }
        const now = at(nightsOfTarget.length * day + 0.5);
        const today = score(statuses());
        if (today !== undefined) sent[dateOf(nightsOfTarget.length)] = today;
        const createdAt = at(0).toISOString();
        expect(scoresOf({ changes, statuses: statuses(), createdAt }, now)).toEqual(sent);
      }),
    );
  });
});
