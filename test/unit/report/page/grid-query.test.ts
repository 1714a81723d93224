import {
  chooseRows,
  type GridQuery,
  rowsPerPage,
  worstSince,
} from '../../../../src/lib/report/page/grid-query';
import { before, manyRows, never, rowOf } from '../../../support/report-models';

const broken = rowOf('delta', 'nonCompliant', {
  consent: { verdict: 'nonCompliant', since: before(5) },
  license: { verdict: 'nonCompliant', since: before(90) },
});
const old = rowOf('alpha', 'nonCompliant', { account: { verdict: 'nonCompliant', since: before(100) } });
const unread = rowOf('bravo', 'unknown', { license: { verdict: 'unknown', since: before(1000) } });
const accepted = rowOf('echo', 'compliant', { consent: { verdict: 'nonCompliant', waived: true } });
const fine = rowOf('charlie', 'compliant', { rooms: { verdict: 'notApplicable' } }, { tenantId: 'ABCD-ef' });
const rows = [broken, old, unread, accepted, fine];

const ids = (query: GridQuery) => chooseRows(rows, query).rows.map(({ row }) => row.targetId);

describe('the grid', () => {
  it('shows every target in the order of the model, unless told', () => {
    expect(ids({})).toEqual(['delta', 'alpha', 'bravo', 'echo', 'charlie']);
  });

  it('sorts by the id', () => {
    expect(ids({ sort: 'target' })).toEqual(['alpha', 'bravo', 'charlie', 'delta', 'echo']);
  });

  it('sorts by age: what has been wrong for longest comes first, what is fine comes last', () => {
    expect(ids({ sort: 'age' })).toEqual(['bravo', 'alpha', 'delta', 'echo', 'charlie']);
  });

  it.each([
    ['nonCompliant', ['delta', 'alpha']],
    ['unknown', ['bravo']],
    ['compliant', ['echo', 'charlie']],
    ['notApplicable', []],
  ] as const)('chooses by the worst verdict: %s', (verdict, chosen) => {
    expect(ids({ verdict })).toEqual(chosen);
  });

  it('chooses by the verdict of one control, also of one that is accepted', () => {
    expect(ids({ control: 'consent', verdict: 'nonCompliant' })).toEqual(['delta', 'echo']);
    expect(ids({ control: 'license', verdict: 'unknown' })).toEqual(['bravo']);
  });

  it('chooses by how bad something is that needs somebody', () => {
    expect(ids({ severity: 'critical' })).toEqual(['alpha']);
    expect(ids({ severity: 'high' })).toEqual(['delta', 'bravo']);
    expect(ids({ severity: 'high', control: 'consent' })).toEqual(['delta']);
  });

  it('chooses what is accepted or stale, anywhere or in one control', () => {
    const stale = rowOf('golf', 'compliant', { license: { stale: true } });
    const chosen = (query: GridQuery) =>
      chooseRows([...rows, stale], query).rows.map(({ row }) => row.targetId);
    expect(chosen({ verdict: 'accepted' })).toEqual(['echo']);
    expect(chosen({ verdict: 'accepted', control: 'license' })).toEqual([]);
    expect(chosen({ verdict: 'stale' })).toEqual(['golf']);
    expect(chosen({ verdict: 'stale', control: 'license' })).toEqual(['golf']);
  });

  it('finds targets by their name, their customer and their tags', () => {
    const named = rowOf(
      'golf',
      'compliant',
      {},
      { displayName: 'Contoso, London', customer: 'contoso', tags: ['gold', 'emea'] },
    );
    const found = (query: GridQuery) =>
      chooseRows([...rows, named], query).rows.map(({ row }) => row.targetId);
    for (const q of ['london', 'CONTOSO', 'emea', 'golf']) expect(found({ q })).toEqual(['golf']);
    expect(found({ tag: 'gold' })).toEqual(['golf']);
    expect(found({ tag: 'gol' })).toEqual([]);
  });

  it('chooses the targets to which a control applies', () => {
    expect(ids({ control: 'rooms' })).toEqual(['delta', 'alpha', 'bravo', 'echo']);
  });

  it.each([
    [' CHAR ', ['charlie']],
    ['abcd-EF', ['charlie']],
    ['1111-1111', ['delta', 'alpha', 'bravo', 'echo']],
    ['no such', []],
    ['', ['delta', 'alpha', 'bravo', 'echo', 'charlie']],
  ])('finds %j in the ids of target and tenant', (q, chosen) => {
    expect(ids({ q })).toEqual(chosen);
  });

  it('takes every choice together', () => {
    expect(ids({ q: 'l', verdict: 'nonCompliant', sort: 'target' })).toEqual(['alpha', 'delta']);
  });
});

describe('many targets', () => {
  const many = manyRows(2 * rowsPerPage + 1);

  it('stand on several pages, each target once', () => {
    const pages = [1, 2, 3].map((page) => chooseRows(many, { page }));
    expect(pages.map(({ rows: shown }) => shown.length)).toEqual([rowsPerPage, rowsPerPage, 1]);
    expect(pages.map(({ pages: count }) => count)).toEqual([3, 3, 3]);
    const shown = pages.flatMap((page) => page.rows.map(({ row }) => row.targetId));
    expect(new Set(shown).size).toBe(many.length);
  });

  it('end with the last page: one beyond it is the last', () => {
    expect(chooseRows(many, { page: 99 })).toMatchObject({ page: 3, pages: 3, matching: many.length });
    expect(chooseRows([], { page: 99 })).toMatchObject({ page: 1, pages: 1, matching: 0 });
  });

  it('keep their place in the order of the model', () => {
    const [first] = chooseRows(many, { page: 3 }).rows;
    expect(first?.rank).toBe(2 * rowsPerPage);
  });
});

describe('since when a target is wrong', () => {
  it('is when the first of its worst findings began', () => {
    expect(worstSince(broken)).toBe(before(90));
  });

  it('goes neither by what is accepted nor by what is only unknown beside it', () => {
    const row = rowOf('a', 'nonCompliant', {
      account: { verdict: 'nonCompliant', waived: true, since: before(500) },
      license: { verdict: 'unknown', since: before(400) },
      consent: { verdict: 'nonCompliant', since: before(3) },
    });
    expect(worstSince(row)).toBe(before(3));
  });

  it('is not known of what never ran, nor of what is fine', () => {
    expect(worstSince(rowOf('a', 'unknown', { account: never }))).toBeUndefined();
    expect(worstSince(fine)).toBeUndefined();
  });
});
