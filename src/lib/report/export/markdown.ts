import { counted, grouped } from '../../counted';
import { isReadable, type ListedTarget } from '../../model/target';
import { sayUnreadable } from '../../model/unreadable';
import { type ResourceRow, verdicts } from '../../model/verdict';
import { encodeKey } from '../../storage/keys';
import { saidFilter } from './filter-words';
import { markdownText } from './markdown-text';
import { beginReading, type ExportReading, type ExportRequest, requireAny } from './reading';
import type { RoomsOf } from './rooms';
import { notRunSentence, violationsListed } from './rows';
import type { ExportedFinding, ExportServices, NotRun } from './sources';

/**
 * Findings as a report in Markdown, to hand over: a section for each target, with its verdicts and their reasons; the rooms where
 * they are asked for; what cannot be understood; and how much there is of all, at the end, so that nothing can have been cut off
 * unseen. Gives it piece by piece.
 * @throws {NotFoundError} when there is no such target, or none of the customer that is asked for.
 */
export async function* markdownExport(
  services: ExportServices,
  request: ExportRequest,
): AsyncGenerator<string> {
  const reading = await beginReading(services, request);
  requireAny(request.filter, reading);
  yield `# Findings of Syncwarden\n\nMade at ${markdownText(reading.now.toISOString())} of ${markdownText(saidFilter(request.filter))}. All times are in UTC.\n`;
  const counts = new Map<string, number>(verdicts.map((verdict) => [verdict, 0]));
  for await (const { target, findings, notRun } of byTarget(reading)) {
    for (const { verdict } of findings) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    yield targetSection(target, findings, notRun);
  }
  let rooms = 0;
  if (request.hasRooms === true) {
    yield '\n## Rooms and mailboxes\n';
    let last: RoomsOf | undefined;
    for await (const { of, row } of reading.rooms) {
      if (of !== last) yield roomsHead(of);
      last = of;
      rooms++;
      yield roomLine(row);
    }
    if (rooms === 0) yield '\nThere are none.\n';
  }
  if (reading.unreadable.length > 0) yield '\n## What cannot be read\n\n';
  for (const kept of reading.unreadable) yield `- ${markdownText(sayUnreadable(kept))}\n`;
  yield countsSection([
    ['targets', reading.targets.length],
    ['findings', [...counts.values()].reduce((sum, count) => sum + count, 0)],
    ...[...counts].map(([verdict, count]): [string, number] => [`findings: ${verdict}`, count]),
    ['controls that have not run yet', reading.notRun.length],
    ...(request.hasRooms === true ? [['rooms and mailboxes', rooms] as [string, number]] : []),
    ['what cannot be read', reading.unreadable.length],
  ]);
}

interface TargetPart {
  target: ListedTarget;
  findings: ExportedFinding[];
  notRun: NotRun[];
}

/** Findings come in the order of targets, so that those of one are all that is held. */
async function* byTarget(reading: ExportReading): AsyncGenerator<TargetPart> {
  const notRun = Map.groupBy(reading.notRun, ({ targetId }) => targetId);
  const partOf = (target: ListedTarget, findings: ExportedFinding[]): TargetPart => ({
    ...{ target, findings },
    notRun: notRun.get(target.targetId) ?? [],
  });
  const waiting = reading.listed.values();
  let next = waiting.next();
  let present: ExportedFinding[] = [];
  for await (const finding of reading.findings) {
    while (next.value !== undefined && isBefore(next.value, finding)) {
      yield partOf(next.value, present);
      present = [];
      next = waiting.next();
    }
    present.push(finding);
  }
  for (; next.value !== undefined; next = waiting.next()) {
    yield partOf(next.value, present);
    present = [];
  }
}

/** Whether the row of a target stands before those of the target of a finding. */
function isBefore(target: ListedTarget, finding: ExportedFinding): boolean {
  return encodeKey(target.targetId) < encodeKey(finding.targetId);
}

function targetSection(target: ListedTarget, findings: ExportedFinding[], notRun: NotRun[]): string {
  const { targetId, displayName, customer, tags = [], tenantId, paused } = target;
  const facts = [
    `Target ${markdownText(targetId)}`,
    `tenant ${markdownText(tenantId)}`,
    ...(customer === undefined ? [] : [`customer ${markdownText(customer)}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.map(markdownText).join(', ')}`]),
    ...(paused ? ['paused: it is not audited'] : []),
    ...(isReadable(target) ? [] : ['cannot be read: it is not audited']),
  ];
  const lines = ['', `## ${markdownText(displayName ?? targetId)}`, '', `${facts.join('; ')}.`, ''];
  if (findings.length + notRun.length === 0)
    return [...lines, 'No finding that was asked for.', ''].join('\n');
  lines.push(
    ...table(
      ['control', 'severity', 'verdict', 'since', 'verified', 'what was found'],
      [
        ...findings.map((finding) => [
          finding.control,
          finding.severity,
          verdictOf(finding),
          finding.since,
          finding.verifiedAt ?? 'never',
          finding.summary,
        ]),
        ...notRun.map(({ control, severity, stale }) => [
          ...[control, severity, stale ? 'unknown, stale' : 'unknown', '', 'never'],
          notRunSentence,
        ]),
      ],
    ),
  );
  const reasons = findings.flatMap((finding) =>
    finding.reasons.map((reason) => [
      ...[finding.control, reason.level, reason.code, reason.resource ?? ''],
      ...[reason.expected ?? '', reason.actual ?? '', reason.message],
    ]),
  );
  const head = ['control', 'level', 'code', 'about', 'expected', 'found', 'why'];
  if (reasons.length > 0) lines.push('', ...table(head, reasons));
  for (const finding of findings) lines.push(...remarksOn(finding));
  return [...lines, ''].join('\n');
}

function verdictOf({ verdict, waived, stale }: RoomsOf): string {
  return [verdict, ...(waived ? ['accepted'] : []), ...(stale ? ['stale'] : [])].join(', ');
}

/** What the tables have no place for: who has accepted it, and how many violations are not named. */
function remarksOn(finding: ExportedFinding): string[] {
  const { control, waiver, counts } = finding;
  const listed = violationsListed(finding);
  const { by = '', reason = '', expiresAt = '' } = waiver ?? {};
  return [
    ...(waiver === null
      ? []
      : [
          '',
          `${control} is accepted by ${markdownText(by)} until ${markdownText(expiresAt)}: ${markdownText(reason)}`,
        ]),
    ...(counts.violations > listed
      ? [
          '',
          `${control} has ${counted(counts.violations, 'violation')}, of which ${grouped(listed)} are named here.`,
        ]
      : []),
  ];
}

function roomsHead(of: RoomsOf): string {
  const head = ['room or mailbox', 'name', 'verdict', 'codes', 'reached by', 'scope', 'what there is to say'];
  return `\n### ${markdownText(of.targetId)}: ${of.control} (${verdictOf(of)})\n\n${table(head, []).join('\n')}\n`;
}

function roomLine({ resource, kind, displayName, verdict, codes, path, scope, detail }: ResourceRow): string {
  const about = kind === 'room' ? resource : `${resource} (no room of the target)`;
  return `${line([about, displayName, verdict, codes.join(', '), path ?? '', scope ?? '', detail ?? ''])}\n`;
}

function countsSection(counts: readonly [string, number][]): string {
  const rows = counts.map(([name, count]) => [name, String(count)]);
  return ['', '## Counts', '', ...table(['what', 'how many'], rows), ''].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(markdownText).join(' | ')} |`;
}
