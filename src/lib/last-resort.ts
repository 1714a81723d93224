import { describeError } from './errors';
import type { Log } from './log';

/** The process, as far as it tells of promises that failed. */
interface Emitter {
  on(event: 'unhandledRejection', listener: (error: unknown) => void): unknown;
}

/**
 * Keeps the process alive when a promise fails that nobody waits for. That is a defect, and Node would end the process for it: with
 * it all audits that run here, of targets that have nothing to do with it. Whoever is behind it is stuck at worst, and its message
 * comes back. It is not hidden: an alert can be set on the line in the log. What is thrown outside of promises still ends the process,
 * because it may leave anything behind.
 */
export function outliveLostPromises(emitter: Emitter, log: Log): void {
  emitter.on('unhandledRejection', (error) => {
    log.error('A promise failed that nobody waits for', { error: describeError(error) });
  });
}
