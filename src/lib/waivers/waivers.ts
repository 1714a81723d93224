import { NotFoundError } from '../errors';
import type { ControlId } from '../model/verdict';
import type { Waiver } from '../model/waiver';
import type { Page, PageRequest } from '../storage/pages';
import type { TargetTable } from '../storage/targets';
import type { WaiverTable } from '../storage/waivers';
import type { Telemetry } from '../telemetry/telemetry';
import { reopen, type ReopenServices } from './reopen';

/** Takes an acceptance back; the finding re-opens at once. @throws {NotFoundError} when there is none. */
export async function takeBack(
  services: ReopenServices,
  telemetry: Telemetry,
  targetId: string,
  control: ControlId,
): Promise<void> {
  await requireTarget(services, targetId);
  const existed = await services.waivers.delete(targetId, control);
  // Also when there was none: an earlier attempt may have died in between.
  const hasReopened = await reopen(services, telemetry, targetId, control);
  if (!existed && !hasReopened) throw new NotFoundError(`Nothing of ${control} is accepted on ${targetId}.`);
}

/** The waivers of a target, also those that have ended. @throws {NotFoundError} when there is no such target. */
export async function pageOfWaivers(
  services: { targets: TargetTable; waivers: WaiverTable },
  targetId: string,
  request: PageRequest,
): Promise<Page<Waiver>> {
  await requireTarget(services, targetId);
  return services.waivers.page(targetId, request);
}

async function requireTarget({ targets }: { targets: TargetTable }, targetId: string): Promise<void> {
  if (!(await targets.has(targetId))) throw new NotFoundError(`There is no target ${targetId}.`);
}
