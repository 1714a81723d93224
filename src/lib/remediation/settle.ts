import { dayMs } from '../durations';
import { isAhead } from '../clock';
import type { Log } from '../log';
import type { Finding } from '../model/finding';
import type { Remediation } from '../model/remediation';
import type { FindingTable } from '../storage/findings';
import type { RemediationTable } from '../storage/remediations';
import { sayIn } from '../storage/unreadable';
import type { Telemetry } from '../telemetry/telemetry';
import { latestEnd } from './exclusive';
import { announceRemediation } from './gate';

interface SettleServices {
  remediations: RemediationTable;
  now: () => Date;
}

interface WatchServices extends SettleServices {
  findings: FindingTable;
  log: Log;
}

/** A finding is compliant: remediations that were waiting for that are verified now. */
export async function settleFor(
  { remediations, now }: SettleServices,
  telemetry: Telemetry,
  finding: Finding,
): Promise<void> {
  // The watchdog says what cannot be understood.
  const told = () => undefined;
  for (const remediation of await remediations.withStatus(finding.targetId, 'unverified', told)) {
    if (remediation.control === finding.control && isProof(finding, remediation)) {
      await verify(remediations, telemetry, remediation, finding, now());
    }
  }
}

const reminderMs = dayMs;

/**
 * Looks after remediations that have no proof: those whose proof has come meanwhile are verified, and those that wait for
 * more than a day, or whose process has died, are announced once. Gives how many of either.
 */
export async function lookAfterRemediations(services: WatchServices, telemetry: Telemetry): Promise<number> {
  const { remediations, findings, now } = services;
  let count = 0;
  for (const found of await remediations.withoutProof(sayIn(services.log))) {
    const remediation = await redated(services, found);
    const { targetId, control } = remediation;
    const finding = await findings.find(targetId, control, sayIn(services.log));
    // The target is gone, and with it what could be proven; or nothing was changed, so that nothing is missing.
    const isOfNoUse = finding === undefined || remediation.changes.length === 0;
    if (isOfNoUse && remediation.status === 'unverified') continue;
    if (finding !== undefined && isProof(finding, remediation)) {
      await verify(remediations, telemetry, remediation, finding, now());
      count++;
    } else if (remediation.remindedAt === undefined && isOverdue(remediation, now())) {
      announceRemediation(telemetry, asTold(remediation), finding);
      await telemetry.flush();
      // After it has arrived: announcing it twice is better than never.
      await remediations.update({ ...remediation, remindedAt: now().toISOString() });
      count++;
    }
  }
  return count;
}

/**
 * A remediation with times that can be believed. With one that lies ahead it would wait for its proof, and for being
 * announced, until that time has come. What was done is the same, and its id keeps the time that was told.
 */
async function redated(
  { remediations, now, log }: WatchServices,
  remediation: Remediation,
): Promise<Remediation> {
  const { targetId, remediationId, startedAt, endedAt } = remediation;
  const moment = now();
  const believed = (time: string) => (isAhead(time, moment) ? moment.toISOString() : time);
  const changed = {
    ...remediation,
    startedAt: believed(startedAt),
    endedAt: endedAt === null ? null : believed(endedAt),
  };
  if (changed.startedAt === startedAt && changed.endedAt === endedAt) return remediation;
  await remediations.update(changed);
  const fields = { targetId, remediationId, now: moment.toISOString(), startedAt, endedAt };
  log.warn('The times of a remediation lay ahead of the clock and were put right', fields);
  return changed;
}

/** One that has died is closed by the next call on its target, which tells its caller. Until then it is `running`. */
function asTold(remediation: Remediation): Remediation {
  if (remediation.status !== 'running') return remediation;
  return { ...remediation, status: 'failed', endedAt: latestEnd(remediation) };
}

async function verify(
  remediations: RemediationTable,
  telemetry: Telemetry,
  remediation: Remediation,
  finding: Finding,
  now: Date,
): Promise<void> {
  const { problem, ...rest } = remediation;
  const verified: Remediation = { ...rest, status: 'verified', endedAt: now.toISOString() };
  await remediations.update(verified);
  announceRemediation(telemetry, verified, finding);
}

/** Whether the control was seen to be compliant after the remediation had ended. */
function isProof({ verdict, verifiedAt }: Finding, { status, endedAt }: Remediation): boolean {
  if (status !== 'unverified' || verdict !== 'compliant') return false;
  return verifiedAt !== null && endedAt !== null && Date.parse(verifiedAt) > Date.parse(endedAt);
}

/** Whether a remediation has no proof although it has had the time for it, or has died on the way. */
export function isOverdue(remediation: Remediation, now: Date): boolean {
  const { status, endedAt } = remediation;
  if (status === 'running') return now.getTime() > Date.parse(latestEnd(remediation));
  return endedAt !== null && now.getTime() - Date.parse(endedAt) > reminderMs;
}
