/** An audit that had to give way, as far as trying again is concerned. */
export interface PutOffInput {
  /** How long ago it was put into the queue for the first time, in milliseconds. */
  ageMs: number;
  /** How long it would have had to wait, in milliseconds. */
  heldUpMs: number;
  /** A random number from 0 up to 1, so that many audits do not come back at the same moment. */
  random: number;
}

/** A tenant that could not be read for so long is unknown, and said to be: people are about to look at it. */
export const longestPutOffMs = 4 * 3_600_000;

const shortestMs = 15_000;

/**
 * After how many milliseconds an audit tries again: never sooner than Microsoft 365 asked for, and the later the longer
 * it has been trying, so that a tenant that stays throttled costs some forty attempts and not hundreds. Undefined when
 * there is no time left for that.
 */
export function putOffMs({ ageMs, heldUpMs, random }: PutOffInput): number | undefined {
  const wanted = Math.max(shortestMs, heldUpMs, ageMs / 8);
  const spread = Math.ceil(wanted * (1 + random / 8));
  return ageMs + spread > longestPutOffMs ? undefined : spread;
}
