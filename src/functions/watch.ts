import { app } from '@azure/functions';
import { lookAfterRemediations } from '../lib/remediation/settle';
import type { Services } from '../lib/services';
import { removeOld } from '../lib/watch/retention';
import { watch } from '../lib/watch/watchdog';

/** The timers that look after the audits themselves. Both may be late, and both may run twice. */
export function registerWatch(services: () => Services): void {
  app.timer('watchdog', {
    schedule: '0 30 * * * *',
    handler: (_timer, context) =>
      services().invoke(context, async ({ telemetry, log }) => {
        const watched = { ...services(), log };
        const round = await watch(watched, telemetry);
        const settled = await lookAfterRemediations(watched, telemetry);
        log.info('Watchdog has looked', { ...round, settled });
      }),
  });

  app.timer('retention', {
    schedule: '0 15 4 * * *',
    handler: (_timer, context) =>
      services().invoke(context, async ({ log }) => {
        log.info('Old history removed', await removeOld(services()));
      }),
  });
}
