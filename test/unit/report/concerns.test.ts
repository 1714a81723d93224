import * as fc from 'fast-check';
import { controls } from '../../../src/lib/controls';
import { type ControlId, controlIds, severities, verdicts } from '../../../src/lib/model/verdict';
import { unreadableTitles } from '../../../src/lib/controls/codes';
import { concernsOf, mostAlone, titleOfCode } from '../../../src/lib/report/concerns';
import type { Cell, Row } from '../../../src/lib/report/model';
import { lookOfCell, needsAttention } from '../../../src/lib/report/page/words';
import { before, cellOf, never, rowOf } from '../../support/report-models';

const someCell = (control: ControlId) =>
  fc
    .record({
      verdict: fc.constantFrom(...verdicts),
      waived: fc.boolean(),
      stale: fc.boolean(),
      hours: fc.integer({ min: 0, max: 90 }),
      codes: fc.subarray([`${control}.one`, `${control}.two`]),
      unknownCodes: fc.subarray(['unreadable.permission', 'unreadable.throttled']),
      isNew: fc.boolean(),
    })
    .map(({ hours, isNew, ...cell }): Cell => {
      if (isNew) return cellOf(control, never);
      return cellOf(control, {
        ...cell,
        since: before(hours),
        changedAt: before(hours),
        summary: 'It is so.',
      });
    });

const someRows = fc
  .array(
    fc.record({
      cells: fc.tuple(...controlIds.map(someCell)),
      paused: fc.integer({ max: 9, min: 0 }).map((one) => one === 0),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ cells, paused }, index): Row => ({
      ...rowOf(`t-${String(index).padStart(2, '0')}`),
      paused,
      cells,
    })),
  );

const isBad = (cell: Cell) => needsAttention(lookOfCell(cell));

describe('what is to look after', () => {
  it('is all that is bad, and nothing that is fine', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const concerns = concernsOf(rows);
        const watched = rows.filter(({ paused }) => !paused);
        const troubled = watched.filter(({ cells }) => cells.some(isBad));
        // Of many no more than ten are named: the rest is counted.
        for (const { isShared, count, targets } of concerns) {
          expect(count).toBe(isShared ? expect.any(Number) : 1);
          expect(targets).toHaveLength(Math.min(count, 10));
          if (isShared) expect(count).toBeGreaterThan(mostAlone);
          for (const row of targets) expect(troubled).toContain(row);
        }
        // Every bad cell is told: by itself, or with the others that have its cause.
        for (const row of troubled) {
          for (const cell of row.cells.filter(isBad)) {
            const toldAlone = concerns.some(
              ({ isShared, targets, control }) =>
                !isShared && targets[0] === row && (control === cell.control || control === undefined),
            );
            const toldTogether = concerns.some(
              ({ isShared, control, codes }) =>
                isShared &&
                (control === undefined ||
                  (control === cell.control &&
                    (codes.length === 0 || [...cell.codes, ...cell.unknownCodes].includes(codes[0] ?? '')))),
            );
            expect(toldAlone || toldTogether).toBe(true);
          }
        }
        if (troubled.length === 0) expect(concerns).toEqual([]);
      }),
    );
  });

  it('comes the worst first, then the newest, however the targets come', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const concerns = concernsOf(rows);
        const rank = ({ kind, severity }: (typeof concerns)[number]) =>
          ['target', 'violation', 'unknown', 'stale', 'never'].indexOf(kind) * 10 +
          severities.indexOf(severity);
        for (const [index, concern] of concerns.slice(1).entries()) {
          const previous = concerns[index];
          if (previous === undefined) continue;
          expect(rank(previous)).toBeLessThanOrEqual(rank(concern));
          if (rank(previous) === rank(concern))
            expect((previous.changedAt ?? '') >= (concern.changedAt ?? '')).toBe(true);
        }
        const key = (all: typeof concerns) =>
          all.map(({ kind, control, codes, count }) => [kind, control, codes, count]);
        expect(key(concernsOf(rows.toReversed()))).toEqual(key(concerns));
      }),
    );
  });

  const broken = (id: string, codes: string[]) =>
    rowOf(id, 'nonCompliant', {
      license: { verdict: 'nonCompliant', codes, summary: 'No licence.', since: before(3) },
    });
  const many = (count: number, row: (id: string) => Row) =>
    Array.from({ length: count }, (_row, index) => row(`t-${String(index).padStart(2, '0')}`));

  it('is told one by one up to ten, and once from eleven on', () => {
    expect(concernsOf(many(10, (id) => broken(id, ['license.none'])))).toHaveLength(10);
    expect(concernsOf(many(11, (id) => broken(id, ['license.none'])))).toMatchObject([
      {
        isShared: true,
        count: 11,
        sentence: 'No licence is assigned',
        codes: ['license.none'],
        since: before(3),
      },
    ]);
  });

  it('does not hide what one of many has beside it', () => {
    const rows = [
      ...many(11, (id) => broken(id, ['license.none'])),
      broken('u', ['license.none', 'license.suspended']),
    ];
    expect(concernsOf(rows)).toMatchObject([
      { isShared: true, count: 12 },
      { isShared: false, targets: [{ targetId: 'u' }], codes: ['license.suspended'] },
    ]);
  });

  it('is one line of a target that was never audited, and of one that is stale', () => {
    const fresh = rowOf('a', 'unknown', Object.fromEntries(controlIds.map((id) => [id, never])));
    expect(concernsOf([fresh])).toMatchObject([{ kind: 'never', sentence: 'Not audited yet', count: 1 }]);
    const stale = rowOf('a', 'compliant', { license: { stale: true }, consent: { stale: true } });
    expect(concernsOf([stale])).toMatchObject([{ kind: 'stale', sentence: 'Not verified in time' }]);
  });

  it('is a target that cannot be understood before all else', () => {
    const lost = rowOf(
      'z',
      'unknown',
      {},
      { unreadable: { targetId: 'z', what: 'It', errors: [], remedy: 'Put it.' } },
    );
    expect(concernsOf([broken('a', ['license.none']), lost])).toMatchObject([
      { kind: 'target' },
      { kind: 'violation' },
    ]);
  });

  it('is nothing of a paused target', () => {
    expect(concernsOf([{ ...broken('a', ['license.none']), paused: true }])).toEqual([]);
  });
});

it('every code has words', () => {
  for (const control of controls) {
    for (const code of [...Object.keys(control.codes), ...Object.keys(unreadableTitles)])
      expect(titleOfCode(control.id, code)).toEqual(expect.any(String));
  }
  expect(titleOfCode('license', 'license.ofALaterVersion')).toBeUndefined();
});
