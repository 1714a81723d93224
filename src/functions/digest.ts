import type { Invocation } from '../lib/http/route';
import { sendDigests } from '../lib/notify/digest';
import type { Services } from '../lib/services';

/** Sends the digest to each sink that has something to hear. It may be late, and it may run twice: what was told is not told again. */
export async function digestOnce(services: Services, { telemetry, log }: Invocation): Promise<void> {
  log.info('The digest was looked after', await sendDigests({ ...services, log }, telemetry));
}
