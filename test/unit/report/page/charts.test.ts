import { coverage } from '../../../../src/lib/report/page/coverage';
import { percent, trendChart } from '../../../../src/lib/report/page/trend';
import { attributes } from '../../../support/page';
import { now, resourcesOf, trendOf } from '../../../support/report-models';

const pathOf = (html: string) => attributes(html, 'd')[0] ?? '';

describe('the trend', () => {
  it('is one line through every day of the last ninety', () => {
    const path = pathOf(trendChart(trendOf(90), now).toString());
    expect(path.match(/M/g)).toHaveLength(1);
    expect(path.match(/L/g)).toHaveLength(89);
  });

  it('has a gap where no score was kept: nothing is made up', () => {
    const path = pathOf(
      trendChart(
        trendOf(90, (day) => day >= 20 && day < 30),
        now,
      ).toString(),
    );
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path.match(/L/g)).toHaveLength(78);
  });

  it('shows a single day as a point at its place', () => {
    const html = trendChart([{ date: '2026-11-24', score: 0.5 }], now).toString();
    expect(pathOf(html)).toBe('M1000,70Z');
    expect(html).toContain('<circle cx="100%" cy="70" r="4"');
  });

  it('goes from nothing at the bottom to everything at the top', () => {
    const html = trendChart(
      [
        { date: '2026-11-23', score: 0 },
        { date: '2026-11-24', score: 1 },
      ],
      now,
    ).toString();
    expect(pathOf(html)).toMatch(/,126L1000,14$/);
  });

  it('leaves out what is older than ninety days, and what is no day', () => {
    const html = trendChart(
      [
        { date: '2026-08-26', score: 1 },
        { date: 'yesterday', score: 1 },
      ],
      now,
    );
    expect(html.toString()).toContain('No score yet.');
    expect(trendChart([{ date: '2026-08-27', score: 1 }], now).toString()).toContain('<svg');
  });

  it('is told in words to whoever does not see it', () => {
    const trend = [
      { date: '2026-11-01', score: 0.9 },
      { date: '2026-11-10', score: 0.25 },
      { date: '2026-11-24', score: 0.5 },
    ];
    expect(attributes(trendChart(trend, now).toString(), 'aria-label')).toEqual([
      'Score from 90 % on 1 Nov to 50 % on 24 Nov; lowest 25 %, highest 90 %.',
    ]);
  });

  it('calls only a full score a full score', () => {
    expect([0, 0.29, 0.57, 0.999_99, 1].map(percent)).toEqual(['0 %', '29 %', '57 %', '99 %', '100 %']);
  });
});

describe('the coverage of rooms', () => {
  const bar = (nonCompliant: number, compliant: number, unknown = 0) => {
    const rooms = { nonCompliant, unknown, compliant, notApplicable: 0 };
    const html = coverage(resourcesOf([], { rooms })).toString();
    return (html.match(/<rect[^>]*>/g) ?? []).map((rect) => ({
      look: attributes(rect, 'data-look')[0],
      x: Number.parseFloat(attributes(rect, 'x')[0] ?? ''),
      width: Number.parseFloat(attributes(rect, 'width')[0] ?? ''),
    }));
  };

  it('is as wide as the shares are, the worst first', () => {
    expect(bar(25, 50, 25)).toEqual([
      { look: 'nonCompliant', x: 0, width: 25 },
      { look: 'unknown', x: 25, width: 25 },
      { look: 'compliant', x: 50, width: 50 },
    ]);
  });

  it('shows one room among ten thousand', () => {
    const [broken] = bar(1, 9_999);
    expect(broken?.look).toBe('nonCompliant');
    expect(broken?.width).toBeGreaterThan(0.9);
  });

  it('has no part for what there is none of, and none at all without rooms', () => {
    expect(bar(0, 12)).toEqual([{ look: 'compliant', x: 0, width: 100 }]);
    expect(bar(0, 0)).toEqual([]);
  });
});
