import type { AuditRun } from '../../../src/lib/audit/audit-run';
import { measurementsOf } from '../../../src/lib/audit/measurements';
import { control } from '../../../src/lib/controls';
import type { Finding } from '../../../src/lib/model/finding';
import type { ResourceRow } from '../../../src/lib/model/verdict';
import { at, evaluation, row, storedFinding, storedTarget } from '../../support/storage';

function measured(resources: ResourceRow[] | undefined, finding: Partial<Finding> = {}) {
  const run: AuditRun = {
    target: storedTarget('a'),
    control: control('impersonation'),
    evaluation: evaluation([], resources === undefined ? {} : { resources }),
    runId: 'run',
    checkedAt: at(1),
    requests: 4,
  };
  const kept = { ...storedFinding('a', 'impersonation'), checkedAt: at(1).toISOString() };
  return measurementsOf(run, { ...kept, counts: { resources: 0, violations: 3 }, ...finding }, at(1.5));
}

const common = { durationMs: 1_800_000, requests: 4, violations: 3 };

describe('the measurements of an audit', () => {
  it('count the rooms, and those of them that are compliant', () => {
    const rooms = [
      row('a@contoso.com'),
      row('b@contoso.com', { verdict: 'nonCompliant' }),
      row('c@contoso.com', { verdict: 'unknown' }),
    ];
    expect(measured(rooms)).toEqual({ ...common, rooms: 3, roomsCompliant: 1 });
  });

  it('leave out mailboxes, and rooms that the tenant does not have', () => {
    const rows = [
      row('a@contoso.com'),
      row('ceo@contoso.com', { kind: 'mailbox', verdict: 'nonCompliant' }),
      row('gone@contoso.com', { verdict: 'notApplicable' }),
    ];
    expect(measured(rows)).toEqual({ ...common, rooms: 1, roomsCompliant: 1 });
  });

  it('say nothing of rooms that could not be read, or that there are none of', () => {
    expect(measured(undefined)).toEqual(common);
    expect(measured([])).toEqual(common);
  });

  it('say nothing of rooms when a later reading was kept in place of this one', () => {
    expect(measured([row('a@contoso.com')], { checkedAt: at(2).toISOString() })).toEqual(common);
  });
});
