import { control } from '../controls';
import { violationCodes } from '../model/finding';
import { hasExpired, type WaiverRecord } from '../model/waiver';
import { sayIn } from '../storage/unreadable';
import { findingProperties, type Telemetry } from '../telemetry/telemetry';
import { reopen, type ReopenServices } from '../waivers/reopen';

/** How long before its end a waiver is talked about. */
const noticeMs = 14 * 86_400_000;

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
 * Says of waivers that end soon that they do, once a day each. They are marked after the announcement has arrived, so it
 * may come twice, and is not lost. Gives how many.
 */
export async function remind(services: ReopenServices, telemetry: Telemetry): Promise<number> {
  const now = services.now();
  const today = now.toISOString().slice(0, 10);
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
    if (waiver.remindedOn === today || !(await announceEnd(services, telemetry, waiver))) continue;
    sent.push(waiver);
    if (sent.length === atOnce) await mark();
  }
  if (sent.length > 0) await mark();
  return reminded;
}

/** Notes that a waiver ends soon, also of a target that cannot be understood. Gives false when its target is gone, or paused. */
async function announceEnd(
  { targets, findings, log }: ReopenServices,
  telemetry: Telemetry,
  { targetId, control: id, expiresAt }: WaiverRecord,
): Promise<boolean> {
  const [target, finding] = await Promise.all([
    targets.look(targetId),
    findings.find(targetId, id, sayIn(log)),
  ]);
  if (target?.paused !== false) return false;
  const { tenantId } = target;
  const { severity } = control(id);
  const { verdict = 'unknown', waived = false, reasons = [] } = finding ?? {};
  const status = { targetId, tenantId, control: id, severity, verdict, waived };
  telemetry.event('WaiverExpiring', {
    ...findingProperties({ ...status, codes: violationCodes(reasons) }),
    expiresAt,
  });
  return true;
}
