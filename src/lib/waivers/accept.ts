import { randomBytes } from 'node:crypto';
import { dayMs } from '../durations';
import type { AuditRun } from '../audit/audit-run';
import { isKnownOutOfSight } from '../audit/last-known';
import { decidingReasons, isUnread, judge, pinsOf } from '../audit/pins';
import { manualRunId } from '../audit/dispatch';
import { persistOne } from '../audit/persist';
import type { AuditServices } from '../audit/run';
import { visit } from '../audit/visit';
import type { Control } from '../controls/control';
import { counted } from '../counted';
import { InputError, NotFoundError, RefusedError, TargetChangedError } from '../errors';
import type { Finding } from '../model/finding';
import { type StoredTarget, subjectOf } from '../model/target';
import { type StoredWaiver, type Waiver, waiverOf } from '../model/waiver';
import type { Known } from '../storage/findings';
import { shorten } from '../storage/json';
import { mostPins } from '../storage/pins';
import type { Telemetry } from '../telemetry/telemetry';

/** What somebody accepts. */
export interface Acceptance {
  reason: string;
  /** ISO 8601. */
  expiresAt: string;
  /** Only what has one of these codes; without it everything that is there. */
  codes?: string[] | undefined;
}

/** Who accepts it. */
export interface Accepter {
  name: string;
  objectId: string;
}

/** What came of it: the waiver, and whether there was none before. */
export interface Accepted {
  created: boolean;
  waiver: Waiver;
}

/** A year, whatever year it is: a risk is looked at again at least as often. */
const longestDays = 366;

/** How often accepting starts over because the target was changed, or audited, under it. */
const mostRestarts = 5;

/**
 * Accepts the risk of what a control finds on a target right now, in place of what was accepted before. What the audit
 * found is kept, also when it is refused.
 * @throws {InputError} when it would last too long, or there is too much; {NotFoundError} when there is no such target;
 * {RefusedError} when there is nothing to accept.
 */
export async function acceptRisk(
  services: AuditServices,
  telemetry: Telemetry,
  targetId: string,
  control: Control<unknown>,
  acceptance: Acceptance,
  by: Accepter,
): Promise<Accepted> {
  const agreed = { ...acceptance, expiresAt: endOf(acceptance, services.now()) };
  let created = false;
  for (let restart = 0; restart <= mostRestarts; restart++) {
    const target = await services.targets.get(targetId);
    if (target === undefined) throw new NotFoundError(`There is no target ${targetId}.`);
    const accepted = await acceptOnce(services, telemetry, target, control, agreed, by);
    created ||= accepted?.created === true;
    if (accepted?.hasTakenEffect === true) return { created, waiver: accepted.waiver };
  }
  throw new Error(`${control.id} of ${targetId} is being changed or audited too often at once.`);
}

/** When an acceptance ends, in UTC. @throws {InputError} */
function endOf({ expiresAt }: Acceptance, now: Date): string {
  const end = new Date(expiresAt);
  const refusal = (message: string) => new InputError([{ path: 'expiresAt', message }]);
  if (end.getTime() <= now.getTime()) throw refusal('must be in the future');
  if (end.getTime() > now.getTime() + longestDays * dayMs) {
    throw refusal(`must be within ${counted(longestDays, 'day')}: accept it again when that time has come`);
  }
  return end.toISOString();
}

/** Reads, stores the waiver and keeps the finding. Gives undefined when the target was changed meanwhile. */
async function acceptOnce(
  services: AuditServices,
  telemetry: Telemetry,
  target: StoredTarget,
  control: Control<unknown>,
  acceptance: Acceptance,
  by: Accepter,
): Promise<(Accepted & { hasTakenEffect: boolean }) | undefined> {
  const [run] = await visit(services, target, [control], manualRunId(services.now()));
  if (run === undefined) return undefined;
  try {
    const last = await services.findings.get(target.targetId, control.id);
    const pinning = pinningOf(run, acceptance.codes, last?.known ?? null);
    if (pinning instanceof Error) {
      await persistOne(services, telemetry, run);
      throw pinning;
    }
    const waiver = waiverFor(run, acceptance, by, pinning);
    // First the waiver: should the process die now, the next audit shows it.
    const { created } = await services.waivers.put(waiver);
    const finding = await persistOne(services, telemetry, run);
    const hasTakenEffect = await takesEffect(services, waiver, run, finding);
    return { created, waiver: waiverOf(waiver), hasTakenEffect };
  } catch (error) {
    if (error instanceof TargetChangedError) return undefined;
    throw error;
  }
}

type Pinning = Pick<StoredWaiver, 'salt' | 'pins'>;

/** Pins what a run found, or says why that cannot be accepted. */
function pinningOf(
  { control: { id }, evaluation }: AuditRun,
  codes: readonly string[] | undefined,
  known: Known | null,
): Pinning | InputError | RefusedError {
  const refusal = (why: string) => new RefusedError('waiver.nothingToAccept', why);
  const deciding = decidingReasons(evaluation);
  if (deciding.length === 0) return refusal(`${id} is ${evaluation.verdict}: there is nothing to accept.`);
  const unread = deciding.find(isUnread);
  if (unread !== undefined) return refusal(`What could not be read cannot be accepted. ${unread.message}`);

  // What is out of sight would seem to be accepted with the rest.
  const [blind] = isKnownOutOfSight(evaluation, known) ? evaluation.reasons.filter(isUnread) : [];
  if (blind !== undefined)
    return refusal(
      `${id} found more before than could be read now, and that cannot be accepted unseen. ${blind.message}`,
    );

  const chosen = deciding.filter(({ code }) => codes?.includes(code) ?? true);
  if (chosen.length === 0) {
    const there = [...new Set(deciding.map(({ code }) => code))].sort();
    return refusal(`Nothing that ${id} finds now has one of these codes: there is ${there.join(', ')}.`);
  }
  const salt = randomBytes(16).toString('hex');
  const pins = pinsOf(chosen, salt);
  if (pins.size <= mostPins) return { salt, pins };
  const message = `there are too many to accept one by one: ${pins.size}, and ${mostPins} is the most. Name fewer codes, or repair some first`;
  return new InputError([{ path: 'codes', message }]);
}

function waiverFor(
  { target, control, checkedAt }: AuditRun,
  { reason, expiresAt, codes }: Acceptance,
  by: Accepter,
  { salt, pins }: Pinning,
): StoredWaiver {
  return {
    targetId: target.targetId,
    control: control.id,
    by: shorten(by.name),
    byObjectId: by.objectId,
    reason,
    createdAt: checkedAt.toISOString(),
    expiresAt,
    ...(codes === undefined ? {} : { codes }),
    controlVersion: control.version,
    pinned: pins.size,
    subject: subjectOf(target),
    remindedOn: '',
    salt,
    pins,
    etag: '',
  };
}

/**
 * Whether the finding that was kept says what the waiver means. It does not when an audit that began later was kept
 * before the waiver was there: then everything has to be done again.
 */
async function takesEffect(
  { waivers }: AuditServices,
  waiver: StoredWaiver,
  run: AuditRun,
  { waived, waiver: shown }: Finding,
): Promise<boolean> {
  if (!judge(waiver, run).waived) {
    if (!waived) return true;
  } else if (
    shown?.by === waiver.by &&
    shown.reason === waiver.reason &&
    shown.expiresAt === waiver.expiresAt
  ) {
    return true;
  }
  // When somebody else has had the last word, it is theirs to see that it takes effect.
  return (await waivers.get(waiver.targetId, waiver.control))?.salt !== waiver.salt;
}
