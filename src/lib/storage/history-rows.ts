import { odata, type TableEntityResult } from '@azure/data-tables';
import { z } from 'zod';
import { controlIds, severities, type Verdict, verdicts } from '../controls/control';
import type { BriefTransition, Transition } from '../finding';
import { readJson, writeJson } from './json';
import { encodeKey, newestFirst } from './keys';
import { StoredTransition } from './schemas';

type Entity = TableEntityResult<Record<string, unknown>>;

const Brief = z
  .object({
    targetId: z.string(),
    control: z.enum(controlIds),
    severity: z.enum(severities),
    /** Empty for none: Table Storage has no null. */
    previousVerdict: z.enum(['', ...verdicts]),
    verdict: z.enum(verdicts),
    waived: z.boolean(),
    resumed: z.boolean(),
    summary: z.string(),
    codes: z.string(),
    at: z.string(),
  })
  .transform(({ previousVerdict, codes, ...brief }): BriefTransition => ({
    ...brief,
    previousVerdict: previousVerdict === '' ? null : previousVerdict,
    codes: codes === '' ? [] : codes.split(','),
  }));

/** The columns that {@link briefOf} reads. */
export const briefColumns = Object.keys(Brief.in.shape);

/** Which transitions are asked for. */
export interface HistoryFilter {
  control?: string | undefined;
  /** The verdict that it came to. */
  verdict?: Verdict | undefined;
  /** Not before this time … */
  from?: Date | undefined;
  /** … and before this one. */
  to?: Date | undefined;
}

/** Leaves the reasons out. */
export function inBrief(transition: BriefTransition): BriefTransition {
  const { targetId, control, severity, previousVerdict, verdict, waived, resumed, summary, codes, at } =
    transition;
  return { targetId, control, severity, previousVerdict, verdict, waived, resumed, summary, codes, at };
}

/** The key of a transition comes from what it says, so that keeping it again changes nothing. */
export function toEntity(transition: Transition) {
  const { targetId, control, previousVerdict, codes, at } = transition;
  return {
    partitionKey: encodeKey(targetId),
    rowKey: newestFirst(new Date(at), control),
    ...inBrief(transition),
    previousVerdict: previousVerdict ?? '',
    codes: codes.join(','),
    ...writeJson('transition', transition),
  };
}

/** A transition with all that is kept of it. */
export function fromEntity(entity: Entity): Transition {
  return StoredTransition.parse(readJson(entity, 'transition'));
}

/** A transition from its columns alone; undefined when it was kept before there were such columns. */
export function briefOf(entity: Entity): BriefTransition | undefined {
  // The service gives null, the emulator nothing, for a column that a row does not have.
  if (typeof entity['targetId'] !== 'string') return undefined;
  return Brief.parse(entity);
}

/** The query for one target's transitions, or for those of all, of one control and within a time. The verdict is no part of it. */
export function toQuery(
  targetId: string | undefined,
  { control, from, to }: Pick<HistoryFilter, 'control' | 'from' | 'to'>,
): string {
  // Times are whole milliseconds: the one before a time is the last that is earlier. Later is smaller in the keys.
  const justBefore = (time: Date) => newestFirst(new Date(time.getTime() - 1), '');
  return [
    targetId === undefined ? '' : odata`PartitionKey eq ${encodeKey(targetId)}`,
    control === undefined ? '' : odata`control eq ${control}`,
    from === undefined ? '' : odata`RowKey lt ${justBefore(from)}`,
    to === undefined ? '' : odata`RowKey ge ${justBefore(to)}`,
  ]
    .filter((condition) => condition !== '')
    .join(' and ');
}
