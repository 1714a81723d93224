import type { Invocation } from '../lib/http/route';
import { lookAfterRemediations } from '../lib/remediation/settle';
import type { Services } from '../lib/services';
import { removeOld } from '../lib/watch/retention';
import { watch } from '../lib/watch/watchdog';

/** One round of the watchdog. It may be late, and it may run twice. */
export async function watchOnce(services: Services, { telemetry, log }: Invocation): Promise<void> {
  const watched = { ...services, log };
  const round = await watch(watched, telemetry);
  const settled = await lookAfterRemediations(watched, telemetry);
  log.info('Watchdog has looked', { ...round, settled });
}

/** Removes what is older than it is kept. It may be late, and it may run twice. */
export async function retainOnce(services: Services, { log }: Invocation): Promise<void> {
  log.info('Old history removed', await removeOld(services));
}
