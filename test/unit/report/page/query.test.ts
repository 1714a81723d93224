import { parseInput } from '../../../../src/lib/input';
import { ReportQuery } from '../../../../src/lib/report/query';

const parse = (query: Record<string, string>) => parseInput(ReportQuery, query);

describe('the query of the report', () => {
  it('may be empty', () => {
    expect(parse({})).toEqual({});
  });

  it('takes what the form of all targets sends, with its empty fields for none', () => {
    expect(parse({ q: ' fab ', verdict: 'unknown', control: '', sort: 'age', page: '2' })).toEqual({
      q: 'fab',
      verdict: 'unknown',
      sort: 'age',
      page: 2,
    });
    expect(parse({ q: '', verdict: '', control: '', sort: 'worst' })).toEqual({ sort: 'worst' });
  });

  it('takes what the form of one target sends', () => {
    const sent = { targetId: 'contoso-rooms', rq: 'amber', resources: 'nonCompliant', rpage: '3' };
    expect(parse(sent)).toEqual({ ...sent, rpage: 3 });
    expect(parse({ targetId: 'contoso-rooms', rq: '', resources: '' })).toEqual({
      targetId: 'contoso-rooms',
    });
  });

  it.each([
    ['a parameter that there is not', { tenant: 'x' }, 'tenant'],
    ['a verdict that there is not', { verdict: 'fine' }, 'verdict'],
    ['a control that there is not', { control: 'weather' }, 'control'],
    ['an order that there is not', { sort: 'name' }, 'sort'],
    ['page zero', { page: '0' }, 'page'],
    ['half a page', { page: '1.5' }, 'page'],
    ['a target that cannot be one', { targetId: '../x' }, 'targetId'],
    ['a search without end', { q: 'x'.repeat(201) }, 'q'],
    ['rooms of all targets', { rq: 'amber' }, 'rq'],
    ['a choice of targets on the page of one', { targetId: 'a', verdict: 'unknown' }, 'verdict'],
  ])('refuses %s', (_case, query, field) => {
    expect(() => parse(query as Record<string, string>)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path: field })] }) as Error,
    );
  });
});
