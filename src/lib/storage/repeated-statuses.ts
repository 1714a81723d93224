import * as z from 'zod';
import { isAhead } from '../clock';
import { Unreadable } from '../model/unreadable';
import { type ControlId, controlIds, severities, verdicts } from '../model/verdict';
import { type FindingStatus, unreadableStatus } from './finding-rows';
import { parseJson, shorten } from './json';
import { StoredChange } from './schemas';
import { attempt, readOr, understood } from './unreadable';

/**
 * The row of a target repeats the status of each of its findings, one property for each control, so that all targets are read
 * as they stand in two requests for two thousand. What decides is the finding: whoever changes one has the row repeat it, and
 * the watchdog puts right what has come apart. A night without changes writes nothing of this, so that of the times only those
 * hold that come with a change; what has become stale since is marked by the watchdog.
 */

/** What of a status the row of the target does not say anyway. */
const Repeated = z.object({
  verdict: z.enum(verdicts),
  waived: z.boolean(),
  severity: z.enum(severities),
  since: z.string(),
  changedAt: z.string(),
  changedFrom: StoredChange.exactOptional(),
  /** Absent where there are none, as for most. */
  codes: z.array(z.string()).exactOptional(),
  unknownCodes: z.array(z.string()).exactOptional(),
  openCodes: z.array(z.string()).exactOptional(),
  summary: z.string(),
  /** Of a finding that cannot be understood. */
  unreadable: Unreadable.exactOptional(),
  stale: z.literal(true).exactOptional(),
  /** As they were when this was written. */
  lastAudit: z.object({ checkedAt: z.string(), verifiedAt: z.string().nullable(), requests: z.number() }),
});

const statusProperties: readonly string[] = controlIds.map(propertyOf);

/** Says of a row that it repeats all that there is: rows that were kept before they did are completed by the watchdog. */
const mark = { repeatsAll: true };

function propertyOf(control: ControlId): string {
  return `status_${control.replaceAll('-', '_')}`;
}

/** A row as it is read or written. */
type Properties = Readonly<Record<string, unknown>>;

/** Statuses of one target as properties of its row. */
export function repeat(statuses: readonly FindingStatus[]): Record<string, string> {
  return Object.fromEntries(
    statuses.map((status) => [propertyOf(status.control), JSON.stringify(toRepeated(status))]),
  );
}

/** Whether a row has to repeat the one where it repeats the other. */
export function isRepeatedAlike(a: FindingStatus, b: FindingStatus): boolean {
  return textOf(toRepeated(a)) === textOf(toRepeated(b));
}

/** What has to be the same: not the times of an audit that changes nothing, and not how many rooms were fine this time. */
function textOf({ lastAudit, summary, ...rest }: z.infer<typeof Repeated>): string {
  const isFine = rest.verdict === 'compliant' || rest.verdict === 'notApplicable';
  return JSON.stringify(isFine ? rest : { ...rest, summary });
}

function toRepeated(status: FindingStatus): z.infer<typeof Repeated> {
  const { verdict, waived, severity, since, changedAt, changedFrom, codes, summary } = status;
  const { unknownCodes, openCodes, unreadable, stale, checkedAt, verifiedAt, requests } = status;
  return {
    ...{ verdict, waived, severity, since, changedAt },
    ...(changedFrom === undefined ? {} : { changedFrom }),
    ...(codes.length === 0 ? {} : { codes }),
    ...(unknownCodes.length === 0 ? {} : { unknownCodes }),
    ...(openCodes.length === 0 ? {} : { openCodes }),
    summary: shorten(summary),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(stale === true ? { stale } : {}),
    lastAudit: { checkedAt, verifiedAt, requests },
  };
}

/** Whether a row repeats all that there is: then what it does not repeat has never run. */
export function repeatsAll(row: Properties): boolean {
  return row['repeatsAll'] === mark.repeatsAll;
}

/** What a row is to repeat that takes the place of another one about the same target; of one about a new target there is nothing. */
export function repeatedFrom(row: Properties | undefined): Record<string, unknown> {
  if (row === undefined) return mark;
  const repeated: Record<string, unknown> = repeatsAll(row) ? { ...mark } : {};
  for (const name of statusProperties) if (isFilled(row[name])) repeated[name] = row[name];
  return repeated;
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** The statuses that a row repeats. One that cannot be understood is unknown: left out, it would pass for a control that never ran. */
export function repeatedIn(row: Properties, about: { targetId: string; tenantId: string }): FindingStatus[] {
  return controlIds.flatMap((control): FindingStatus[] => {
    const property = propertyOf(control);
    if (!isFilled(row[property])) return [];
    const read = () => fromRepeated(about, control, parseJson(Repeated, row, property));
    return [
      readOr(
        () => understood(() => aboutStatus(about.targetId, control), read),
        (kept) => ({
          ...unreadableStatus({ ...about, control, severity: severities[0] }, kept),
          stale: false,
        }),
      ),
    ];
  });
}

/** Written out: there are thousands of them, and to spread each takes as long as to parse it. */
function fromRepeated(
  { targetId, tenantId }: { targetId: string; tenantId: string },
  control: ControlId,
  repeated: z.infer<typeof Repeated>,
): FindingStatus {
  const { verdict, waived, severity, since, changedAt, changedFrom, summary, lastAudit } = repeated;
  const { codes = [], unknownCodes = [], openCodes = [], stale = false, unreadable } = repeated;
  const { checkedAt, verifiedAt, requests } = lastAudit;
  const status: FindingStatus = {
    targetId,
    tenantId,
    control,
    severity,
    verdict,
    waived,
    checkedAt,
    verifiedAt,
    since,
    requests,
    summary,
    changedAt,
    changedFrom,
    openCodes,
    // Who asks since when they are open asks the findings.
    openSince: {},
    codes,
    unknownCodes,
    stale,
  };
  if (unreadable !== undefined) status.unreadable = unreadable;
  return status;
}

function aboutStatus(targetId: string, control: ControlId): Omit<Unreadable, 'errors'> {
  const what = `The status of ${control} in the row of ${targetId}`;
  return { targetId, control, what, remedy: 'The next round of the watchdog writes it again.' };
}

/** Whoever keeps a finding repeats its status first: after so long it is kept, or never will be. */
const keepingMs = 15 * 60_000;

/**
 * What it takes to have a row repeat these statuses and no others; undefined where it does. A status that may be that of a
 * finding which is just being kept is left as it is.
 */
export function repair(
  row: Properties,
  statuses: readonly FindingStatus[],
  now: Date,
): Record<string, string | boolean> | undefined {
  const wanted = new Map(statuses.map((status) => [propertyOf(status.control), toRepeated(status)]));
  const wrong = statusProperties.filter((property) => {
    const repeated = isFilled(row[property]) ? attempt(() => parseJson(Repeated, row, property)) : undefined;
    return !says(row[property], repeated, wanted.get(property)) && !isBeingKept(repeated, now);
  });
  if (wrong.length === 0 && repeatsAll(row)) return undefined;
  const textFor = (property: string) => (wanted.has(property) ? JSON.stringify(wanted.get(property)) : '');
  return { ...mark, ...Object.fromEntries(wrong.map((property) => [property, textFor(property)])) };
}

/** Whether a property says what is wanted. */
function says(
  property: unknown,
  repeated: z.infer<typeof Repeated> | undefined,
  wanted: z.infer<typeof Repeated> | undefined,
): boolean {
  if (wanted === undefined) return !isFilled(property);
  return repeated !== undefined && textOf(repeated) === textOf(wanted);
}

function isBeingKept(repeated: z.infer<typeof Repeated> | undefined, now: Date): boolean {
  if (repeated === undefined || isAhead(repeated.lastAudit.checkedAt, now)) return false;
  return Date.parse(repeated.lastAudit.checkedAt) > now.getTime() - keepingMs;
}
