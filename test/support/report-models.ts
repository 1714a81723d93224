import { controls } from '../../src/lib/controls';
import { control as controlOf } from '../../src/lib/controls';
import type { BriefTransition, Finding } from '../../src/lib/model/finding';
import type { ControlId, ResourceRow, Verdict } from '../../src/lib/model/verdict';
import { concernsOf } from '../../src/lib/report/concerns';
import type {
  Cell,
  ControlReport,
  DayScore,
  Overview,
  ResourceReport,
  Row,
  TargetReport,
} from '../../src/lib/report/model';
import { productReport } from '../../src/lib/report/product';

/** The time of all models. */
export const now = '2026-11-24T08:00:00.000Z';

const tenantId = '11111111-1111-1111-1111-111111111111';

/** A time before {@link now}. */
export function before(hours: number): string {
  return new Date(Date.parse(now) - hours * 3_600_000).toISOString();
}

/** One cell; compliant for thirty days unless told. */
export function cellOf(control: ControlId, change: Partial<Cell> = {}): Cell {
  return {
    control,
    severity: controlOf(control).severity,
    verdict: 'compliant',
    waived: false,
    stale: false,
    since: before(30 * 24),
    verifiedAt: before(6),
    checkedAt: before(6),
    changedAt: before(30 * 24),
    codes: [],
    unknownCodes: [],
    summary: '',
    requests: 3,
    ...change,
  };
}

/** A control that never ran. */
export const never = {
  verdict: 'unknown',
  since: null,
  verifiedAt: null,
  checkedAt: null,
  changedAt: null,
  requests: 0,
} as const;

/** One target, with what its cells have beyond being compliant. */
export function rowOf(
  targetId: string,
  worstVerdict: Verdict = 'compliant',
  cells: Partial<Record<ControlId, Partial<Cell>>> = {},
  change: Partial<Row> = {},
): Row {
  return {
    targetId,
    tenantId,
    paused: false,
    worstVerdict,
    cells: controls.map(({ id }) => cellOf(id, cells[id])),
    ...change,
  };
}

/** One change; consent broken six hours ago unless told. */
export function changeOf(change: Partial<BriefTransition> = {}): BriefTransition {
  return {
    targetId: 'fabrikam-rooms',
    control: 'consent',
    severity: 'high',
    previousVerdict: 'compliant',
    verdict: 'nonCompliant',
    waived: false,
    resumed: false,
    summary: 'One permission of the vendor’s application is missing.',
    codes: ['consent.missing'],
    at: before(6),
    ...change,
  };
}

/** A score for each of the last days, but for some. */
export function trendOf(days: number, without: (day: number) => boolean = () => false): DayScore[] {
  return Array.from({ length: days }, (_, index) => days - 1 - index)
    .filter((day) => !without(day))
    .map((day) => ({ date: before(day * 24).slice(0, 10), score: 0.72 + 0.2 * Math.sin(day / 9) }));
}

/** All targets; three in different states unless told. */
export function overviewOf(change: Partial<Overview> = {}): Overview {
  const rows = change.rows ?? [fabrikam, woodgrove, contoso];
  return {
    generatedAt: now,
    customer: undefined,
    concerns: concernsOf(rows),
    better: [],
    betterCount: change.better?.length ?? 0,
    rows,
    trend: trendOf(90),
    score: 0.857,
    ...change,
  };
}

const fabrikam = rowOf('fabrikam-rooms', 'nonCompliant', {
  account: { verdict: 'nonCompliant', since: before(6), codes: ['account.signInBlocked'] },
  consent: { verdict: 'nonCompliant', since: before(72), codes: ['consent.missing'] },
  rooms: { verdict: 'nonCompliant', waived: true, since: before(400) },
});
const woodgrove = rowOf('woodgrove-rooms', 'unknown', {
  license: { verdict: 'unknown', since: before(50), verifiedAt: before(60) },
  rooms: { verdict: 'notApplicable' },
});
const contoso = rowOf('contoso-rooms');

/** Many targets, of which every third is broken in two ways, and every tenth cannot be read. */
export function manyRows(count: number): Row[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, index) => {
    const id = `customer-${String(index).padStart(width, '0')}-rooms`;
    if (index % 3 === 0) {
      return rowOf(id, 'nonCompliant', {
        consent: { verdict: 'nonCompliant', since: before(index + 5), codes: ['consent.missing'] },
        impersonation: { verdict: 'nonCompliant', since: before(index + 50), codes: ['impersonation.none'] },
      });
    }
    if (index % 10 === 1) return rowOf(id, 'unknown', { license: { verdict: 'unknown', since: before(7) } });
    return rowOf(id);
  });
}

/** The finding of one control of fabrikam-rooms. */
export function findingOf(control: ControlId, change: Partial<Finding> = {}): Finding {
  return {
    targetId: 'fabrikam-rooms',
    tenantId,
    control,
    controlVersion: 1,
    severity: controlOf(control).severity,
    verdict: 'compliant',
    waived: false,
    waiver: null,
    summary: 'All is as it should be.',
    reasons: [],
    evidence: {},
    counts: { resources: 0, violations: 0 },
    checkedAt: before(6),
    verifiedAt: before(6),
    since: before(30 * 24),
    runId: '2026-11-24',
    requests: 3,
    ...change,
  };
}

/** A control with its finding; the cell follows from it. */
export function controlReportOf(
  control: ControlId,
  finding: Partial<Finding> | undefined = {},
  change: Partial<ControlReport> = {},
): ControlReport {
  const found = findingOf(control, finding);
  const { verdict, waived, since, verifiedAt, checkedAt, requests } = found;
  return {
    control,
    title: controlOf(control).title,
    cell: cellOf(control, { verdict, waived, since, verifiedAt, checkedAt, requests }),
    finding: found,
    transitions: [],
    waiver: null,
    plan: undefined,
    ...change,
  };
}

/** Rows of rooms: the first ones are not reached, every seventh is not known. */
export function roomRows(count: number, broken = 2): ResourceRow[] {
  return Array.from({ length: count }, (_, index) => {
    const verdict = index < broken ? 'nonCompliant' : index % 7 === 6 ? 'unknown' : 'compliant';
    return {
      resource: `room-${String(index).padStart(5, '0')}@fabrikam.com`,
      kind: 'room',
      displayName: `Room ${index}, floor ${index % 9}`,
      verdict,
      codes: verdict === 'nonCompliant' ? ['impersonation.roomNotCovered'] : [],
      ...(verdict === 'compliant' ? { path: 'Application Calendars.ReadWrite', scope: 'Synced rooms' } : {}),
    };
  });
}

/** One page of rows of one control. */
export function resourcesOf(
  rows: readonly ResourceRow[],
  change: Partial<ResourceReport> = {},
): ResourceReport {
  const count = (verdict: Verdict) =>
    rows.filter((row) => row.kind === 'room' && row.verdict === verdict).length;
  return {
    control: 'impersonation',
    rooms: {
      nonCompliant: count('nonCompliant'),
      unknown: count('unknown'),
      compliant: count('compliant'),
      notApplicable: count('notApplicable'),
    },
    strays: rows.filter(({ kind }) => kind === 'mailbox').length,
    rows: rows.slice(0, 100),
    complete: rows.length <= 100,
    matching: rows.length,
    page: 1,
    pageSize: 100,
    ...change,
  };
}

/** One target; compliant in everything unless told. */
export function targetReportOf(change: Partial<TargetReport> = {}): TargetReport {
  return {
    generatedAt: now,
    targetId: 'fabrikam-rooms',
    tenantId,
    serviceAccount: 'svc-condeco@fabrikam.com',
    clientAppId: '22222222-2222-2222-2222-222222222222',
    profile: 'condeco-exchange-sync',
    product: productReport('condeco-exchange-sync'),
    paused: false,
    worstVerdict: 'compliant',
    controls: controls.map(({ id }) => controlReportOf(id)),
    resources: [],
    repairs: [],
    trend: trendOf(60, (day) => day > 20 && day < 30),
    score: 1,
    requests: 21,
    unreadable: [],
    ...change,
  };
}
