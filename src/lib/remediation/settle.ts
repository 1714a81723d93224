import type { Finding } from '../finding';
import type { FindingTable } from '../storage/findings';
import type { RemediationTable } from '../storage/remediations';
import type { Telemetry } from '../telemetry/telemetry';
import { announceRemediation } from './gate';
import type { Remediation } from './remediation';

interface SettleServices {
  remediations: RemediationTable;
  findings: FindingTable;
  now: () => Date;
}

/** A finding is compliant: remediations that were waiting for that are verified now. */
export async function settleFor(
  { remediations, now }: SettleServices,
  telemetry: Telemetry,
  finding: Finding,
): Promise<void> {
  for (const remediation of await remediations.withStatus(finding.targetId, 'unverified')) {
    if (remediation.control === finding.control && isLater(finding.verifiedAt, remediation)) {
      await verify(remediations, telemetry, remediation, finding, now());
    }
  }
}

const reminderMs = 24 * 3_600_000;

/**
 * Looks after remediations that have ended without proof: those whose proof has come meanwhile are verified, and those
 * that wait for more than a day are announced once more. Gives how many of either.
 */
export async function lookAfterUnverified(services: SettleServices, telemetry: Telemetry): Promise<number> {
  const { remediations, findings, now } = services;
  let found = 0;
  for (const remediation of await remediations.unverified()) {
    const finding = await findings.get(remediation.targetId, remediation.control);
    if (finding === undefined) continue;
    if (finding.verdict === 'compliant' && isLater(finding.verifiedAt, remediation)) {
      await verify(remediations, telemetry, remediation, finding, now());
      found++;
    } else if (remediation.remindedAt === undefined && isOverdue(remediation, now())) {
      announceRemediation(telemetry, remediation, finding);
      await telemetry.flush();
      // After it has arrived: announcing it twice is better than never.
      await remediations.update({ ...remediation, remindedAt: now().toISOString() });
      found++;
    }
  }
  return found;
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

function isLater(verifiedAt: string | null, { endedAt }: Remediation): boolean {
  return verifiedAt !== null && endedAt !== null && Date.parse(verifiedAt) > Date.parse(endedAt);
}

function isOverdue({ endedAt }: Remediation, now: Date): boolean {
  return endedAt !== null && now.getTime() - Date.parse(endedAt) > reminderMs;
}
