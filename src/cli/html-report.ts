import { controls } from '../lib/controls';
import { compareText } from '../lib/controls/evaluation';
import { type Finding, unknownCodes, violationCodes } from '../lib/model/finding';
import { namesOf, type StoredTarget } from '../lib/model/target';
import { type ResourceRow, type Verdict, verdicts } from '../lib/model/verdict';
import type { Cell, ControlReport, ResourceReport, TargetReport } from '../lib/report/model';
import { productReport } from '../lib/report/product';
import { keptRow } from '../lib/storage/resource-rows';
import { score } from '../lib/watch/target-status';
import { type TargetReading, planOfReading } from './reading';
import type { SignIn } from './sign-in';

/** One HTML page about what was just read, which needs nothing beside itself. */
export async function htmlReport(
  signIn: SignIn,
  target: StoredTarget,
  readings: readonly TargetReading[],
  now: Date,
): Promise<string> {
  // Loaded when it is wanted: most commands make no page.
  const { targetPage } = await import('../lib/report/page');
  return targetPage(targetReport(signIn, target, readings, now), { viewer: null }).html;
}

/** What the page shows, of readings that are kept nowhere: there is no history, and nothing is accepted. */
export function targetReport(
  signIn: SignIn,
  target: StoredTarget,
  readings: readonly TargetReading[],
  now: Date,
): TargetReport {
  const { targetId, tenantId, serviceAccount, clientAppId, profile, paused } = target;
  const findings = readings.map(({ finding }) => finding);
  const present = findings.map(({ verdict }) => verdict);
  return {
    generatedAt: now.toISOString(),
    ...{ targetId, ...namesOf(target), tenantId, serviceAccount, clientAppId, profile, paused },
    product: productReport(profile),
    worstVerdict: verdicts.find((verdict) => present.includes(verdict)) ?? 'unknown',
    controls: readings.map((reading) => controlReport(signIn, target, reading)),
    resources: readings.flatMap(resourceReport),
    repairs: [],
    trend: [],
    // Of some controls alone a score would look like that of all.
    score: findings.length === controls.length ? score(findings) : undefined,
    requests: findings.reduce((sum, { requests }) => sum + requests, 0),
    unreadable: [],
  };
}

function controlReport(signIn: SignIn, target: StoredTarget, reading: TargetReading): ControlReport {
  const { control, finding } = reading;
  // Only where there is something to repair; without a reading there is no ground to plan on.
  const isOpen = finding.verdict === 'nonCompliant' && reading.facts !== undefined;
  return {
    control: control.id,
    title: control.title,
    cell: cellOf(finding),
    finding,
    transitions: [],
    waiver: null,
    plan: isOpen ? planOfReading(signIn, target, reading, []) : undefined,
  };
}

function cellOf(finding: Finding): Cell {
  const { control, severity, verdict, waived, verifiedAt, checkedAt, reasons, requests, summary } = finding;
  const codes = violationCodes(reasons);
  // Since when it has been like that only a history could tell.
  return {
    control,
    severity,
    verdict,
    waived,
    stale: false,
    since: null,
    verifiedAt,
    checkedAt,
    changedAt: null,
    codes,
    unknownCodes: unknownCodes(reasons),
    summary,
    requests,
  };
}

/** All rows stand in the file: there is nowhere else to look for them. */
function resourceReport({ control, evaluation }: TargetReading): ResourceReport[] {
  const rows = (evaluation.resources ?? []).map(keptRow).sort(worstFirst);
  if (rows.length === 0) return [];
  const rooms = rows.filter(({ kind }) => kind === 'room');
  const count = (wanted: Verdict) => rooms.filter(({ verdict }) => verdict === wanted).length;
  return [
    {
      control: control.id,
      rooms: {
        nonCompliant: count('nonCompliant'),
        unknown: count('unknown'),
        compliant: count('compliant'),
        notApplicable: count('notApplicable'),
      },
      strays: rows.length - rooms.length,
      rows,
      complete: true,
      matching: rows.length,
      page: 1,
      pageSize: rows.length,
    },
  ];
}

function worstFirst(a: ResourceRow, b: ResourceRow): number {
  return verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || compareText(a.resource, b.resource);
}
