import type { QueueClient } from '@azure/storage-queue';
import { z } from 'zod';
import { controlIds } from '../controls/control';
import { TargetId } from '../target';
import type { StorageConnection } from './connection';

export const auditQueueName = 'syncwarden-audits';
export const poisonQueueName = `${auditQueueName}-poison`;

/** One audit that is due. */
export const AuditMessage = z.strictObject({
  targetId: TargetId,
  control: z.enum(controlIds),
  /** The UTC date of a nightly run, `manual-<ISO time>` for others. */
  runId: z.string().min(1).max(100),
});
export type AuditMessage = z.infer<typeof AuditMessage>;

/** A message that failed five times. */
export interface PoisonMessage {
  messageId: string;
  insertedAt: string;
  /** The audit that it asked for; null when the text is not one. */
  audit: AuditMessage | null;
  /** The text as it was found, cut to 1,000 characters. */
  text: string;
}

/** How many sends are under way at once. */
const sendsAtOnce = 32;

/** The queue of due audits, and the one of messages that failed. Texts are base64, as the queue trigger expects. */
export class AuditQueue {
  constructor(private readonly storage: StorageConnection) {}

  async send(messages: readonly AuditMessage[]): Promise<void> {
    const queue = await this.storage.queue(auditQueueName);
    const waiting = [...messages];
    const sender = async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await queue.sendMessage(Buffer.from(JSON.stringify(next)).toString('base64'));
      }
    };
    await Promise.all(Array.from({ length: Math.min(sendsAtOnce, messages.length) }, sender));
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
      audit: parseAuditMessage(decode(messageText)),
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

/** The audit that a message asks for; null when it asks for none. */
export function parseAuditMessage(text: string): AuditMessage | null {
  try {
    return AuditMessage.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
