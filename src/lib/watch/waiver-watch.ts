import { dayMs } from '../durations';
import { control } from '../controls';
import { hasExpired, type WaiverRecord } from '../model/waiver';
import { type FindingStatus, statusOf } from '../storage/findings';
import { sayIn } from '../storage/unreadable';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import { reopen, type ReopenServices } from '../waivers/reopen';
import { type Condition, type Conditions, never } from './conditions';
import { dayOf } from './day-score';

/** How long before its end a waiver is talked about, in milliseconds. */
export const noticeMs = 14 * dayMs;

/** How many reminders are sent before they are marked as such. */
const atOnce = 100;

/** Re-opens findings whose waiver has ended. Gives how many. */
export async function reopenExpired(services: ReopenServices, telemetry: Telemetry): Promise<number> {
  let reopened = 0;
  for await (const { targetId, control: id, expiresAt } of services.findings.waived(sayIn(services.log))) {
    if (!hasExpired({ expiresAt }, services.now())) continue;
    if (await reopen(services, telemetry, targetId, id)) reopened++;
  }
  return reopened;
}

/**
 * Says of waivers that end soon that they do, also of targets that cannot be understood: as a condition each time, and as an
 * event once a day. They are marked after the announcement has arrived, so it may come twice, and is not lost. Gives how many
 * were announced.
 */
export async function remind(
  services: ReopenServices,
  telemetry: Telemetry,
  conditions: Conditions,
): Promise<number> {
  const now = services.now();
  const today = dayOf(now);
  const soon = new Date(now.getTime() + noticeMs);
  let sent: WaiverRecord[] = [];
  let reminded = 0;
  const mark = async () => {
    await telemetry.flush();
    for (const waiver of sent) await services.waivers.markReminded(waiver, today);
    reminded += sent.length;
    sent = [];
  };
  for await (const waiver of services.waivers.endingBetween(now, soon, sayIn(services.log))) {
    const target = await services.targets.look(waiver.targetId);
    if (target?.paused !== false) continue;
    const finding = await services.findings.find(waiver.targetId, waiver.control, sayIn(services.log));
    const status = { ...(finding === undefined ? never : statusOf(finding)), tenantId: target.tenantId };
    conditions.tell(endOf(waiver, status), target);
    if (waiver.remindedOn === today) continue;
    announceEnd(telemetry, waiver, status);
    sent.push(waiver);
    if (sent.length === atOnce) await mark();
  }
  if (sent.length > 0) await mark();
  return reminded;
}

/** What is told of a finding that is accepted. */
type Accepted = Pick<FindingStatus, 'tenantId' | 'verdict' | 'waived' | 'codes'>;

function announceEnd(telemetry: Telemetry, waiver: WaiverRecord, status: Accepted): void {
  const { targetId, control: id, expiresAt } = waiver;
  const { severity } = control(id);
  telemetry.event('WaiverExpiring', {
    ...findingProperties({ ...status, targetId, control: id, severity }),
    expiresAt,
  });
}

function endOf({ targetId, control: id, expiresAt }: WaiverRecord, status: Accepted): Condition {
  return {
    ...{ condition: 'waiver', targetId, tenantId: status.tenantId, control: id, finding: status, expiresAt },
    since: new Date(Date.parse(expiresAt) - noticeMs).toISOString(),
    words: endWords(expiresAt),
  };
}

/** That an accepted risk ends, as it follows on the name of the target. */
export function endWords(expiresAt: string): string {
  return `what was accepted ends on ${dayOf(new Date(expiresAt))}`;
}
