import { odata, type TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import type { BriefTransition, Transition } from '../model/finding';
import { type Unreadable, sayUnreadable } from '../model/unreadable';
import { controlIds, severities, type Verdict, verdicts } from '../model/verdict';
import { parseJson, writeJson } from './json';
import { encodeKey, newestFirst, timeOf } from './keys';
import { StoredTransition } from './schemas';
import { nameOf, readOr, understood } from './unreadable';

type Entity = TableEntityResult<Record<string, unknown>>;

const Brief = z
  .object({
    targetId: z.string(),
    control: z.enum(controlIds),
    severity: z.enum(severities),
    /** Empty for none: Table Storage has no null. */
    previousVerdict: z.enum(['', ...verdicts]),
    /** Of older rows and of the first finding there is none. */
    previousWaived: z.boolean().nullish(),
    verdict: z.enum(verdicts),
    waived: z.boolean(),
    resumed: z.boolean(),
    summary: z.string(),
    codes: z.string(),
    at: z.string(),
  })
  .transform(({ previousVerdict, previousWaived, codes, ...brief }): BriefTransition => ({
    ...brief,
    ...(typeof previousWaived === 'boolean' ? { previousWaived } : {}),
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
  const { targetId, control, severity, previousVerdict, previousWaived, verdict } = transition;
  const { waived, resumed, summary, codes, at } = transition;
  return {
    ...{ targetId, control, severity, previousVerdict },
    ...(previousWaived === undefined ? {} : { previousWaived }),
    ...{ verdict, waived, resumed, summary, codes, at },
  };
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
  return understood(
    () => aboutTransition(entity),
    () => parseJson(StoredTransition, entity, 'transition'),
  );
}

/** What its key says of a transition: whose it is, of which control, and when it was. */
function keyOf({ partitionKey = '', rowKey = '' }: Entity) {
  const control = nameOf(rowKey.slice(rowKey.indexOf('|') + 1));
  return { targetId: nameOf(partitionKey), control, at: timeOf(rowKey) };
}

function aboutTransition(entity: Entity): Omit<Unreadable, 'errors'> {
  const { targetId, control, at } = keyOf(entity);
  const what = `The transition of ${control} on ${targetId} at ${at}`;
  return { targetId, control, what, remedy: 'It stays as it is kept: a backup of the tables has all of it.' };
}

/** Shows in the place of a transition that cannot be understood that there was one, and to what nobody knows. */
function unreadableBrief(entity: Entity, kept: Unreadable): BriefTransition | undefined {
  const { targetId, control, at } = keyOf(entity);
  const id = controlIds.find((known) => known === control);
  if (id === undefined) return undefined;
  return {
    ...{ targetId, control: id, severity: severities[0], previousVerdict: null, verdict: 'unknown' },
    ...{ waived: false, resumed: false, summary: sayUnreadable(kept), codes: [], at },
  };
}

/** A transition in brief, with nothing known of one that cannot be understood; undefined for one of another version's control. */
export function briefOrUnknown(entity: Entity, read: () => BriefTransition): BriefTransition | undefined {
  return readOr(
    () => understood(() => aboutTransition(entity), read),
    (kept) => unreadableBrief(entity, kept),
  );
}

/** Whether a transition was kept with columns; older ones have none. */
export function hasColumns(entity: Entity): boolean {
  // The service gives null, the emulator nothing, for a column that a row does not have.
  return typeof entity['targetId'] === 'string';
}

/** A transition from its columns alone. */
export function briefOf(entity: Entity): BriefTransition {
  return Brief.parse(entity, { reportInput: true });
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
