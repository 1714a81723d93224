import * as z from 'zod';
import { Transition } from '../../model/finding';
import { Remediation } from '../../model/remediation';
import { TargetView } from '../../model/target';
import { time } from '../../model/time';
import { Unreadable } from '../../model/unreadable';
import { controlIds, verdicts } from '../../model/verdict';
import { Waiver } from '../../model/waiver';
import {
  ExportedFinding,
  type ExportFilter,
  type ExportServices,
  NotRun,
  readFindings,
  readTargets,
  requireOne,
} from './sources';

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
        unreadable: count,
      })
      .describe('How long each list is. It stands at the end, so that nothing can have been cut off unseen.'),
  })
  .meta({ id: 'Export', description: 'Findings with their history, for auditors.' });
export type ExportDocument = z.infer<typeof ExportDocument>;

const dayMs = 86_400_000;

/** What of the history is exported: all that is kept, unless told. */
export interface ExportSpan {
  from?: Date | undefined;
  to?: Date | undefined;
}

/**
 * An {@link ExportDocument}, piece by piece, one line for each item.
 * @throws {NotFoundError} when the one target that is asked for does not exist, and never did.
 */
export async function* jsonExport(
  services: ExportServices,
  filter: ExportFilter,
  span: ExportSpan,
): AsyncGenerator<string> {
  const now = services.now();
  const to = span.to ?? now;
  const from = span.from ?? new Date(to.getTime() - services.settings.retentionDays * dayMs);
  const { watched, targets, unreadable, notRun } = await readTargets(services, filter, now);
  if (watched.length === 0) requireOne(filter, await anyTrace(services, filter));
  const head = { schemaVersion: 1, generatedAt: now, from, to, filter };
  yield JSON.stringify(head).slice(0, -1);
  const counts: Record<string, number> = {};
  const told = (kept: Unreadable) => unreadable.push(kept);
  const lists = {
    targets,
    findings: readFindings(services, filter, watched, now, told),
    notRun,
    // Without an end nothing is left out, nor what a clock that ran ahead has dated later than now.
    transitions: matching(services.history.range(from, span.to, told, filter.targetId), filter),
    waivers: matching(services.waivers.all(told, filter.targetId), { control: filter.control }),
    remediations: matching(services.remediations.range(from, span.to, told, filter.targetId), {
      control: filter.control,
    }),
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

async function* matching<T extends { control: string; verdict?: string }>(
  items: AsyncIterable<T>,
  { control, verdict }: ExportFilter,
): AsyncGenerator<T> {
  for await (const item of items) {
    if (control !== undefined && item.control !== control) continue;
    if (verdict !== undefined && item.verdict !== verdict) continue;
    yield item;
  }
}

/** Something that a target has left behind; nothing when it never was. */
async function anyTrace(
  { history, remediations }: ExportServices,
  { targetId = '' }: ExportFilter,
): Promise<unknown[]> {
  const [transitions, repairs] = await Promise.all([
    history.page(targetId, undefined, { limit: 1 }),
    remediations.page(targetId, { limit: 1 }),
  ]);
  return [transitions, repairs].flatMap(({ items, unreadable = [] }) => [...items, ...unreadable]);
}
