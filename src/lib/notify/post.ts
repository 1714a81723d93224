import * as z from 'zod';
import {
  isRetryable,
  parseRetryAfter,
  realTimers,
  retryDelay,
  type Timers,
} from '../microsoft365/wire/retry';

/** What is posted, and where to. */
export interface Post {
  /** A secret: it is part of nothing that is said. */
  url: string;
  contentType: string;
  body: string;
}

/** What became of a post. */
export interface PostOutcome {
  /** Undefined when it arrived; else why it did not, without anything of the address or the answer. */
  problem: string | undefined;
  attempts: number;
}

/** How posts are sent and waited for; tests bring their own. */
export interface PostTools {
  timers: Timers;
  random: () => number;
  /** How long to wait for an answer, in milliseconds. */
  answerMs: number;
}

const usualTools: PostTools = { timers: realTimers, random: Math.random, answerMs: 20_000 };

const mostAttempts = 5;

/** The longest wait after the first attempt, in milliseconds; after each further one twice as long. */
const baseMs = 4000;

/** Within this time all attempts begin, in milliseconds: whoever asks for a longer wait is asked again with the next digest. */
export const longestPostMs = 3 * 60_000;

/**
 * Posts something, again where that may help. Redirects are not followed: what is posted is for the one who was named. Of an
 * answer its status and `Retry-After` are looked at, and nothing else is read.
 */
export async function post(
  one: Post,
  { timers, random, answerMs }: PostTools = usualTools,
): Promise<PostOutcome> {
  const deadline = timers.now() + longestPostMs;
  for (let attempts = 1; ; attempts++) {
    const { problem, isWorthRepeating, retryAfter } = await attempt(one, answerMs);
    if (problem === undefined || !isWorthRepeating || attempts === mostAttempts) return { problem, attempts };
    const retryAfterMs = parseRetryAfter(retryAfter, timers.now());
    const delay = retryDelay({ attempt: attempts, retryAfterMs, random: random(), baseMs });
    if (timers.now() + delay >= deadline) return { problem, attempts };
    await timers.sleep(delay);
  }
}

interface Attempted {
  problem: string | undefined;
  isWorthRepeating: boolean;
  retryAfter?: string | undefined;
}

async function attempt({ url, contentType, body }: Post, answerMs: number): Promise<Attempted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': contentType, 'user-agent': 'Syncwarden' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
    });
    const { status, ok, headers } = response;
    await response.body?.cancel().catch(() => undefined);
    if (ok) return { problem: undefined, isWorthRepeating: false };
    const retryAfter = headers.get('retry-after') ?? undefined;
    return {
      problem: `status ${status}`,
      isWorthRepeating: status === 408 || isRetryable(status),
      retryAfter,
    };
  } catch (error) {
    return { problem: codeOf(error), isWorthRepeating: true };
  }
}

/** What an error and its causes may say of themselves. */
const Cause = z.object({
  name: z.string().catch(''),
  code: z.string().catch(''),
  cause: z.unknown().optional(),
});

/** A word for why there was no answer, such as `ECONNREFUSED`: messages name hosts, and may name all of an address. */
function codeOf(error: unknown, depth = 0): string {
  const { data } = Cause.safeParse(error);
  if (data === undefined || depth > 5) return 'no connection';
  if (data.name === 'TimeoutError') return 'no answer in time';
  return /^[A-Z][A-Z_\d]+$/.test(data.code) ? data.code : codeOf(data.cause, depth + 1);
}
