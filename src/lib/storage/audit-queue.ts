import type { QueueClient } from '@azure/storage-queue';
import pMap from 'p-map';
import * as z from 'zod';
import { parseInput } from '../input';
import { TargetId } from '../model/target';
import { controlIds } from '../model/verdict';
import type { StorageConnection } from './connection';
import { auditQueueName, poisonQueueName } from './queue-names';

/** A visit that is due: controls of one target that are read and kept together. */
export const Visit = z.strictObject({
  targetId: TargetId,
  controls: z.array(z.enum(controlIds)).min(1),
  /** The UTC date of a nightly run, `manual-<ISO time>` for others. */
  runId: z.string().min(1).max(100),
});
export type Visit = z.infer<typeof Visit>;

/** What stood in the queue before there were visits: one control. */
const AuditOfOne = Visit.omit({ controls: true }).extend({ control: z.enum(controlIds) });

/** The visit that the text of a message asks for, also in its older form. @throws {InputError} when it asks for none. */
export function parseVisit(message: unknown): Visit {
  const isOlder = typeof message === 'object' && message !== null && 'control' in message;
  if (!isOlder) {
    const visit = parseInput(Visit, message);
    return { ...visit, controls: [...new Set(visit.controls)] };
  }
  const { control, ...visit } = parseInput(AuditOfOne, message);
  return { ...visit, controls: [control] };
}

/** A message that failed five times. */
export interface PoisonMessage {
  messageId: string;
  insertedAt: string;
  /** The visit that it asked for; null when the text asks for none. */
  visit: Visit | null;
  /** The text as it was found, cut to 1,000 characters. */
  text: string;
}

/** How many sends are under way at once. */
const sendsAtOnce = 32;

/**
 * How long a message lives from when it was first put in, in seconds, however often it is put back: so its end tells its
 * age. A week, which is also what Azure gives unless told.
 */
const lifetimeSeconds = 7 * 24 * 3600;

/** How long ago a message was first put in, in milliseconds. @param expiresAt when it ends. */
export function ageOf(expiresAt: Date, now: Date): number {
  // One that lives longer comes from elsewhere, and counts as new.
  return Math.max(0, lifetimeSeconds * 1000 - (expiresAt.getTime() - now.getTime()));
}

/** The queue of due visits, and the one of messages that failed. Texts are base64, as the queue trigger expects. */
export class AuditQueue {
  constructor(private readonly storage: StorageConnection) {}

  /** Puts messages in, about in their order. @throws at the first one that cannot be put in; no further one is sent then. */
  async send(messages: readonly Visit[]): Promise<void> {
    const queue = await this.storage.queue(auditQueueName);
    await pMap(
      messages,
      (message) => queue.sendMessage(encode(message), { messageTimeToLive: lifetimeSeconds }),
      { concurrency: sendsAtOnce },
    );
  }

  /**
   * Puts a message back, to be seen after a while. It ends when it would have ended.
   * @param expiresAt when that is.
   */
  async sendLater(message: Visit, delayMs: number, expiresAt: Date, now: Date): Promise<void> {
    const queue = await this.storage.queue(auditQueueName);
    const seconds = Math.ceil((expiresAt.getTime() - now.getTime()) / 1000);
    await queue.sendMessage(encode(message), {
      visibilityTimeout: Math.ceil(delayMs / 1000),
      messageTimeToLive: Math.min(lifetimeSeconds, seconds),
    });
  }

  /** How many visits wait in the queue or are under way, about. */
  async waiting(): Promise<number> {
    const queue = await this.storage.queue(auditQueueName);
    const { approximateMessagesCount = 0 } = await queue.getProperties();
    return approximateMessagesCount;
  }

  /** The first 32 failed messages, which is as far as one can look without taking them, and how many there are. */
  async peekPoison(): Promise<{ count: number; messages: PoisonMessage[] }> {
    const queue = await this.storage.queue(poisonQueueName);
    const [properties, peeked] = await Promise.all([
      queue.getProperties(),
      queue.peekMessages({ numberOfMessages: 32 }),
    ]);
    const messages = peeked.peekedMessageItems.map(({ messageId, insertedOn, messageText }) => ({
      messageId,
      insertedAt: insertedOn.toISOString(),
      visit: visitIn(decode(messageText)),
      text: decode(messageText).slice(0, 1000),
    }));
    return { count: properties.approximateMessagesCount ?? messages.length, messages };
  }

  /** Puts every failed message back into the queue, each before it is taken out of the other. Gives how many. */
  async replayPoison(): Promise<number> {
    const [poison, queue] = await Promise.all([
      this.storage.queue(poisonQueueName),
      this.storage.queue(auditQueueName),
    ]);
    // No more than are there now: one that fails again comes back, and must not go round for ever.
    const { approximateMessagesCount: most = Infinity } = await poison.getProperties();
    let replayed = 0;
    for (let batch = await receive(poison); batch.length > 0; batch = await receive(poison)) {
      for (const { messageId, popReceipt, messageText } of batch) {
        await queue.sendMessage(messageText);
        await poison.deleteMessage(messageId, popReceipt);
        replayed++;
      }
      if (replayed >= most) break;
    }
    return replayed;
  }
}

async function receive(queue: QueueClient) {
  return (await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 60 })).receivedMessageItems;
}

/** The visit that a text asks for; null when it asks for none. */
export function visitIn(text: string): Visit | null {
  try {
    return parseVisit(JSON.parse(text));
  } catch {
    return null;
  }
}

function encode(message: Visit): string {
  return Buffer.from(JSON.stringify(message)).toString('base64');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
