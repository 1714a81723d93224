import * as z from 'zod';
import { dayMs } from '../../durations';
import { asksForTargets } from '../../api/target-choice';
import { Transition } from '../../model/finding';
import { Remediation } from '../../model/remediation';
import { TargetView } from '../../model/target';
import { time } from '../../model/time';
import { Unreadable } from '../../model/unreadable';
import { control as controlOf } from '../../controls';
import {
  type ControlId,
  controlIds,
  type ResourceRow,
  severities,
  type Verdict,
  verdicts,
} from '../../model/verdict';
import { Waiver } from '../../model/waiver';
import { hasAny } from '../../storage/pages';
import { beginReading, type ExportReading, type ExportRequest, requireAny } from './reading';
import { ExportedRoom, type RoomsOf } from './rooms';
import { ExportedFinding, type ExportFilter, type ExportServices, NotRun } from './sources';

const count = z.number().int();

/** The export in JSON. */
export const ExportDocument = z
  .object({
    schemaVersion: z.literal(1).describe('Raised when the form changes in a way that a reader must know.'),
    generatedAt: time('When it was made: targets, findings and waivers are as they were then.'),
    from: time('Transitions and remediations from this time on …'),
    to: time('… and before this one.'),
    filter: z
      .object({
        targetId: z.string().exactOptional(),
        control: z.enum(controlIds).exactOptional(),
        verdict: z.enum(verdicts).exactOptional(),
        severity: z.enum(severities).exactOptional(),
        customer: z.string().exactOptional(),
        tag: z.string().exactOptional(),
      })
      .describe('What was asked for: anything else is left out.'),
    targets: z.array(TargetView),
    findings: z.array(ExportedFinding),
    notRun: z.array(NotRun).describe('Controls that have not run on a target yet. They are unknown.'),
    transitions: z
      .array(Transition)
      .describe('By target, of each the newest first. Also of targets that were deleted.'),
    waivers: z.array(Waiver).describe('Those that are kept, also where they have ended.'),
    remediations: z
      .array(Remediation)
      .describe('By target, of each the newest first. Also of targets that were deleted.'),
    rooms: z
      .array(ExportedRoom)
      .exactOptional()
      .describe('A row for each room and mailbox of these findings, with `resources=all` alone.'),
    unreadable: z
      .array(Unreadable)
      .describe('What belongs into these lists, is kept, and cannot be understood.'),
    counts: z
      .object({
        targets: count,
        findings: count,
        notRun: count,
        transitions: count,
        waivers: count,
        remediations: count,
        rooms: count.exactOptional(),
        unreadable: count,
      })
      .describe('How long each list is. It stands at the end, so that nothing can have been cut off unseen.'),
  })
  .meta({ id: 'Export', description: 'Findings with their history, for auditors.' });
export type ExportDocument = z.infer<typeof ExportDocument>;

/** What of the history is exported: all that is kept, unless told. */
export interface ExportSpan {
  from?: Date | undefined;
  to?: Date | undefined;
}

/**
 * An {@link ExportDocument}, piece by piece, one line for each item.
 * @throws {NotFoundError} when the one target that is asked for does not exist, and never did, or the customer has none.
 */
export async function* jsonExport(
  services: ExportServices,
  request: ExportRequest,
  span: ExportSpan,
): AsyncGenerator<string> {
  const { filter, hasRooms } = request;
  const reading = await beginReading(services, request);
  const { now, targets, notRun, unreadable, told, isAsked } = reading;
  const to = span.to ?? now;
  const from = span.from ?? new Date(to.getTime() - services.settings.retentionDays * dayMs);
  // Nobody can say whose a target was that is gone.
  const mayBeGone = reading.listed.length === 0 && !asksForTargets(filter);
  if (!mayBeGone || !(await anyTrace(services, filter))) requireAny(filter, reading);
  const head = { schemaVersion: 1, generatedAt: now, from, to, filter };
  yield JSON.stringify(head).slice(0, -1);
  const counts: Record<string, number> = {};
  const matching = <T extends Matched>(items: AsyncIterable<T>, of: ExportFilter) =>
    matchingOf(items, of, isAsked);
  // Whoever asks for a verdict asks for it of findings and transitions: a waiver and a repair have none.
  const whole = { ...filter, verdict: undefined };
  const lists = {
    targets,
    findings: reading.findings,
    notRun,
    // Without an end nothing is left out, nor what a clock that ran ahead has dated later than now.
    transitions: matching(services.history.range(from, span.to, told, filter.targetId), filter),
    waivers: matching(services.waivers.all(told, filter.targetId), whole),
    remediations: matching(services.remediations.range(from, span.to, told, filter.targetId), whole),
    ...(hasRooms === true ? { rooms: roomsOf(reading.rooms) } : {}),
    // The last one: what it holds comes to light while the others are read.
    unreadable,
  };
  for (const [name, items] of Object.entries(lists)) {
    counts[name] = 0;
    yield `,\n"${name}":[`;
    for await (const item of items) yield `${counts[name]++ === 0 ? '' : ','}\n${JSON.stringify(item)}`;
    yield ']';
  }
  yield `,\n"counts":${JSON.stringify(counts)}}\n`;
}

async function* roomsOf(
  rooms: AsyncIterable<{ of: RoomsOf; row: ResourceRow }>,
): AsyncGenerator<ExportedRoom> {
  for await (const { of, row } of rooms) yield { targetId: of.targetId, control: of.control, ...row };
}

interface Matched {
  targetId: string;
  tenantId?: string;
  control: ControlId;
  verdict?: Verdict;
}

async function* matchingOf<T extends Matched>(
  items: AsyncIterable<T>,
  { control, verdict, severity }: ExportFilter,
  isAsked: ExportReading['isAsked'],
): AsyncGenerator<T> {
  for await (const item of items) {
    if (!isAsked(item)) continue;
    if (control !== undefined && item.control !== control) continue;
    if (verdict !== undefined && item.verdict !== verdict) continue;
    if (severity !== undefined && controlOf(item.control).severity !== severity) continue;
    yield item;
  }
}

/** Whether a target has left anything behind; not when it never was. */
async function anyTrace(
  { history, remediations }: ExportServices,
  { targetId = '' }: ExportFilter,
): Promise<boolean> {
  const [transitions, repairs] = await Promise.all([
    history.page(targetId, undefined, { limit: 1 }),
    remediations.page(targetId, { limit: 1 }),
  ]);
  return hasAny(transitions) || hasAny(repairs);
}
