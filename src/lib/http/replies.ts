import * as z from 'zod';
import { Finding } from '../model/finding';
import { time } from '../model/time';
import { Unreadable } from '../model/unreadable';
import { ResourceRow } from '../model/verdict';
import { Visit } from '../storage/audit-queue';

/** What one status of a route means, for the description of the API. */
export interface Described {
  /** A short sentence. */
  description: string;
  /** The schema of the body by media type; absent where there is none. */
  content?: Readonly<Record<string, z.ZodType>>;
}

/** An answer in JSON. */
export function json(description: string, schema: z.ZodType): Described {
  return { description, content: { 'application/json': schema } };
}

/** One page of a list of these. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    continuation: z.string().exactOptional().describe('For the next page; absent on the last one.'),
    unreadable: z
      .array(Unreadable)
      .exactOptional()
      .describe(
        'What stands on this page too, and cannot be understood. Absent where there is nothing of the kind.',
      ),
  });
}

/** Whether the watch goes on, and no more than that. */
export const HealthReply = z.object({ status: z.enum(['healthy', 'unhealthy']) });

/** A finding, with a page of its rows where they were asked for. */
export const FindingReply = Finding.extend({
  resources: pageOf(ResourceRow).exactOptional().describe('Its rows, where they were asked for.'),
});

/** What an audit found that ran now. */
export const FindingsReply = z.object({
  findings: z.array(Finding).describe('In the fixed order of the controls.'),
});

/** How many audits are due now. */
export const EnqueuedReply = z.object({
  enqueued: z.number().int().describe('Visits put into the queue: one for each target that is not paused.'),
});

/** How far the audits are that were put into the queue. */
export const WaitingReply = z.object({
  waiting: z
    .number()
    .int()
    .describe('Visits in the queue, and those under way or put off to a later time; about.'),
});

/** Messages that failed five times. */
export const PoisonReply = z.object({
  items: z
    .array(
      z.object({
        messageId: z.string(),
        insertedAt: time('When it was put there.'),
        visit: Visit.nullable().describe('The visit that it asked for; null when the text asks for none.'),
        text: z.string().describe('The text as it was found, cut to 1,000 characters.'),
      }),
    )
    .describe('The first 32.'),
  count: z.number().int().describe('About how many there are.'),
});

/** How many messages were put back. */
export const ReplayedReply = z.object({ replayed: z.number().int().describe('Messages put back.') });
