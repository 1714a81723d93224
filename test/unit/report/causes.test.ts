import { Cause, causesOf } from '../../../src/lib/report/causes';
import type { Row } from '../../../src/lib/report/model';
import { before, rowOf } from '../../support/report-models';

const broken = (id: string, codes: string[], change: Partial<Row> = {}) =>
  rowOf(
    id,
    'nonCompliant',
    { license: { verdict: 'nonCompliant', codes, since: before(id.length) } },
    change,
  );

it('every violation stands there once, with how many of how many targets have it', () => {
  const rows = [
    ...Array.from({ length: 12 }, (_row, index) => broken(`t${'-'.repeat(index)}`, ['license.none'])),
    broken('u', ['license.none', 'license.suspended']),
    rowOf('fine'),
    broken('paused', ['license.none'], { paused: true }),
    rowOf('accepted', 'compliant', {
      license: { verdict: 'nonCompliant', waived: true, codes: ['license.none'] },
    }),
    rowOf('unread', 'unknown', { license: { verdict: 'unknown', unknownCodes: ['unreadable.permission'] } }),
  ];
  const causes = causesOf(rows);
  expect(causes).toEqual([
    {
      ...{ control: 'license', code: 'license.none', severity: 'high', title: 'No licence is assigned' },
      ...{ count: 13, of: 16, since: before(12) },
      targetIds: rows.slice(0, 10).map(({ targetId }) => targetId),
    },
    expect.objectContaining({ code: 'license.suspended', count: 1, targetIds: ['u'] }),
  ]);
  for (const cause of causes) expect(Cause.parse(cause)).toEqual(cause);
});

it('of nothing there is none', () => {
  expect(causesOf([rowOf('a')])).toEqual([]);
});
