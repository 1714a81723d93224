import { toStatus } from '../../../src/lib/storage/finding-rows';
import { hasColumns } from '../../../src/lib/storage/history-rows';

// Asked for a column that a row does not have, Table Storage gives null. The emulator of the other tests leaves it out.
describe('a row that was kept before it had a column', () => {
  it('has changed when what is there now began, for a finding', () => {
    const since = '2026-11-01T00:00:00.000Z';
    const columns = {
      targetId: 'a',
      tenantId: 'tenant',
      control: 'license',
      severity: 'high',
      verdict: 'compliant',
      waived: false,
      checkedAt: since,
      verifiedAt: '',
      since,
      requests: 1,
      codes: '',
      summary: 'All is well.',
    };
    const expected = {
      ...{ ...columns, verifiedAt: null, codes: [], changedAt: since, openCodes: [], openSince: {} },
      ...{ changedFrom: undefined, unknownCodes: [] },
    };
    expect(toStatus({ ...columns, changedAt: null, changedFrom: null, openCodes: null })).toEqual(expected);
    expect(toStatus(columns)).toEqual(expected);
    const open = { ...columns, verdict: 'nonCompliant', codes: 'license.grace,license.none' };
    expect(toStatus(open).openCodes).toEqual(['license.grace', 'license.none']);
    expect(toStatus({ ...open, waived: true }).openCodes).toEqual([]);
  });

  it('is read as a whole, for a transition', () => {
    const columns = { control: 'license', at: '2026-11-01T00:00:00.000Z', targetId: null, verdict: null };
    expect(hasColumns({ ...columns, etag: '' })).toBe(false);
  });
});
