import { type ControlId, controlIds, type Verdict } from '../../../src/lib/model/verdict';
import { rowOf, worstFirst } from '../../../src/lib/report/cells';
import type { Row } from '../../../src/lib/report/model';
import type { FindingStatus } from '../../../src/lib/storage/findings';
import {
  at,
  evaluation,
  overdueAt,
  status,
  storedTarget,
  unreadable,
  violation,
} from '../../support/storage';

const broken = evaluation([violation('license.none'), violation('license.disabled')]);

function cell(row: Row, control: ControlId) {
  const found = row.cells.find((candidate) => candidate.control === control);
  if (found === undefined) throw new Error(`There is no cell ${control}.`);
  return found;
}

describe('a row of the grid', () => {
  const row = (statuses: FindingStatus[], hours = 2, options = {}) =>
    rowOf({ target: storedTarget('a', options), statuses }, overdueAt(at(hours)));

  it('has a cell for each control, in the order of the controls', () => {
    expect(row([]).cells.map(({ control }) => control)).toEqual(controlIds);
  });

  it('says of a control that never ran that nothing is known', () => {
    expect(cell(row([]), 'license')).toEqual({
      control: 'license',
      severity: 'high',
      verdict: 'unknown',
      waived: false,
      stale: false,
      since: null,
      verifiedAt: null,
      checkedAt: null,
      changedAt: null,
      codes: [],
      unknownCodes: [],
      summary: '',
      requests: 0,
    });
  });

  it('says of a finding what it is, since when, and what it cost', () => {
    expect(cell(row([status('a', 'license', broken, 1)]), 'license')).toEqual({
      control: 'license',
      severity: 'high',
      verdict: 'nonCompliant',
      waived: false,
      stale: false,
      since: at(1).toISOString(),
      verifiedAt: at(1).toISOString(),
      checkedAt: at(1).toISOString(),
      changedAt: at(1).toISOString(),
      codes: ['license.disabled', 'license.none'],
      unknownCodes: [],
      summary: 'It is nonCompliant.',
      requests: 1,
    });
  });

  it('is stale where nothing was verified for too long, and not a moment before', () => {
    const fine = [status('a', 'license', evaluation(), 1)];
    expect(cell(row(fine, 27), 'license').stale).toBe(false);
    expect(cell(row(fine, 27.001), 'license').stale).toBe(true);
  });

  it('counts a control that never ran from the creation of the target', () => {
    expect(cell(row([], 26), 'license').stale).toBe(false);
    expect(cell(row([], 26.001), 'license').stale).toBe(true);
  });

  it('is stale although it was tried, when it could not be read', () => {
    const unread = {
      ...status('a', 'license', evaluation([unreadable]), 40),
      verifiedAt: at(1).toISOString(),
    };
    expect(cell(row([unread], 41), 'license')).toMatchObject({ verdict: 'unknown', stale: true });
  });

  it('is not stale where what is unknown was looked at and accepted', () => {
    const unread = { ...status('a', 'license', evaluation([unreadable]), 40), waived: true };
    expect(cell(row([unread], 41), 'license').stale).toBe(false);
    expect(cell(row([unread], 67), 'license').stale).toBe(true);
  });

  it('of a paused target is never stale', () => {
    const paused = row([status('a', 'license', broken, 1)], 9000, { paused: true });
    expect(paused).toMatchObject({ paused: true, worstVerdict: 'nonCompliant' });
    expect(paused.cells.filter(({ stale }) => stale)).toEqual([]);
  });
});

describe('the worst first', () => {
  const all = (verdict: Verdict) => Object.fromEntries(controlIds.map((id) => [id, verdict]));

  function target(targetId: string, verdicts: Partial<Record<ControlId, Verdict>>, options = {}): Row {
    const statuses = Object.entries(verdicts).map(([control, verdict]) => ({
      ...status(targetId, control as ControlId),
      verdict,
    }));
    return rowOf({ target: storedTarget(targetId, options), statuses }, overdueAt(at(2)));
  }
  const order = (...rows: Row[]) => worstFirst(rows).map(({ targetId }) => targetId);

  it('goes by the worst verdict, and by id among equals', () => {
    const rows = [
      target('a', all('notApplicable')),
      target('b', all('compliant')),
      target('d', { ...all('compliant'), rooms: 'unknown' }),
      target('c', { ...all('compliant'), rooms: 'unknown' }),
      target('e', { ...all('compliant'), rooms: 'nonCompliant' }),
    ];
    expect(order(...rows)).toEqual(['e', 'c', 'd', 'b', 'a']);
  });

  it('goes by severity among those that are as bad', () => {
    const medium = target('a', { ...all('compliant'), rooms: 'nonCompliant' });
    const critical = target('b', { ...all('compliant'), account: 'nonCompliant' });
    expect(order(medium, critical)).toEqual(['b', 'a']);
  });

  it('does not go by the severity of what is accepted', () => {
    const accepted = target('a', {
      ...all('compliant'),
      account: 'nonCompliant',
      rooms: 'nonCompliant',
    });
    const cells = accepted.cells.map((one) => ({ ...one, waived: one.control === 'account' }));
    const open = target('b', { ...all('compliant'), license: 'nonCompliant' });
    expect(order({ ...accepted, cells }, open)).toEqual(['b', 'a']);
  });

  it('puts what is stale before what is fine', () => {
    const fresh = target('a', all('compliant'));
    const statuses = controlIds.map((control) => status('b', control, evaluation(), 1));
    const stale = rowOf({ target: storedTarget('b'), statuses }, overdueAt(at(100)));
    expect(stale.worstVerdict).toBe('compliant');
    expect(order(fresh, stale)).toEqual(['b', 'a']);
  });

  it('puts paused targets last, however bad they are', () => {
    const paused = target('a', all('nonCompliant'), { paused: true });
    expect(order(paused, target('b', all('notApplicable')))).toEqual(['b', 'a']);
  });
});
