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

  it('takes the history of a target, and the forms', () => {
    const history = { targetId: 'a', history: 'all', control: 'license', continuation: 'x' };
    expect(parse(history)).toEqual(history);
    expect(parse({ form: 'new' })).toEqual({ form: 'new' });
    expect(parse({ form: 'edit', targetId: 'a' })).toEqual({ form: 'edit', targetId: 'a' });
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
    ['a history of all targets', { history: 'all' }, 'history'],
    ['rooms in the history', { targetId: 'a', history: 'all', rq: 'amber' }, 'rq'],
    ['a place in a history that is not asked for', { targetId: 'a', continuation: 'x' }, 'continuation'],
    ['a form to edit nothing', { form: 'edit' }, 'targetId'],
    ['a form for what is there', { form: 'new', targetId: 'a' }, 'targetId'],
    ['a choice beside a form', { form: 'edit', targetId: 'a', verdict: 'unknown' }, 'verdict'],
    ['a file of a form', { form: 'new', download: '1' }, 'download'],
    ['rooms of all targets', { rq: 'amber' }, 'rq'],
    ['a choice of targets on the page of one', { targetId: 'a', verdict: 'unknown' }, 'verdict'],
  ])('refuses %s', (_case, query, field) => {
    expect(() => parse(query as Record<string, string>)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path: field })] }) as Error,
    );
  });
});

it('hands out nothing about all when a customer is to be named and is not', () => {
  expect(() => parse({ customer: '', download: '1' })).toThrow('customer: must not be empty');
  expect(parse({ customer: '' }).customer).toBe('');
  expect(parse({ customer: 'contoso', download: '1' }).customer).toBe('contoso');
});
