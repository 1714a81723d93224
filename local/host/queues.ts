import { QueueClient, type DequeuedMessageItem } from '@azure/storage-queue';
import type { QueueConfig } from './config';
import type { RegisteredFunction } from './core-module';
import type { Invocations } from './invocation';
import { write } from './log';

/**
 * How long a message is hidden while it is worked on, in seconds; renewed at half of it. Azure's ten minutes, unless
 * `QUEUE_LOCK_SECONDS` says otherwise: after a crash the message comes back no sooner.
 */
const lockSeconds = Number(process.env.QUEUE_LOCK_SECONDS ?? 600);
const firstPollMs = 100;

/** Runs one queue function: as many messages at once as host.json says, and to the poison queue what keeps failing. */
export class QueueListener {
  private readonly queue: QueueClient;
  private readonly poison: QueueClient;
  private readonly working = new Set<Promise<void>>();
  private stopped = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly target: RegisteredFunction,
    private readonly config: QueueConfig,
    private readonly invocations: Invocations,
  ) {
    const { queueName = '', connection = 'AzureWebJobsStorage' } = target.trigger as {
      queueName?: string;
      connection?: string;
    };
    const connectionString = process.env[connection];
    if (connectionString === undefined) {
      throw new Error(`The function ${target.metadata.name} needs the setting ${connection}.`);
    }
    this.queue = new QueueClient(connectionString, queueName);
    this.poison = new QueueClient(connectionString, `${queueName}-poison`);
  }

  async start(): Promise<void> {
    await this.queue.createIfNotExists();
    void this.poll();
  }

  /** Takes no more messages; what is being worked on goes on. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  /** Puts a message into the queue, as the admin endpoint does. */
  async put(input: unknown): Promise<void> {
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    await this.queue.sendMessage(this.encode(text));
    this.wake();
  }

  private async poll(): Promise<void> {
    const { batchSize, maxPollingInterval } = this.config;
    const threshold = this.config.newBatchThreshold ?? Math.floor(batchSize / 2);
    for (let idleMs = firstPollMs; !this.stopped;) {
      if (this.working.size > threshold) {
        await Promise.race(this.working);
        continue;
      }
      const messages = await this.receive(batchSize);
      for (const message of messages) this.begin(message);
      idleMs = messages.length > 0 ? firstPollMs : Math.min(idleMs * 2, maxPollingInterval);
      if (messages.length === 0) await this.pause(idleMs);
    }
  }

  private begin(message: DequeuedMessageItem): void {
    const work = this.work(message).finally(() => this.working.delete(work));
    this.working.add(work);
  }

  private async receive(count: number): Promise<DequeuedMessageItem[]> {
    try {
      const received = await this.queue.receiveMessages({
        numberOfMessages: count,
        visibilityTimeout: lockSeconds,
      });
      return received.receivedMessageItems;
    } catch (error) {
      if (!this.stopped)
        write(
          'warning',
          this.target.metadata.name,
          `The queue could not be read: ${(error as Error).message}`,
        );
      return [];
    }
  }

  private async work(message: DequeuedMessageItem): Promise<void> {
    let { popReceipt } = message;
    const { messageId, messageText, dequeueCount } = message;
    const renewal = setInterval(
      () => {
        void this.queue.updateMessage(messageId, popReceipt, undefined, lockSeconds).then(
          (renewed) => (popReceipt = renewed.popReceipt ?? popReceipt),
          () => undefined,
        );
      },
      (lockSeconds * 1000) / 2,
    );
    try {
      await this.invocations.run(this.target, { string: this.decode(messageText) }, metadataOf(message));
      await this.queue.deleteMessage(messageId, popReceipt);
    } catch {
      await this.fail(messageId, popReceipt, messageText, dequeueCount).catch((error: unknown) =>
        write(
          'error',
          this.target.metadata.name,
          `A failed message could not be put back: ${(error as Error).message}`,
        ),
      );
    } finally {
      clearInterval(renewal);
    }
  }

  private async fail(id: string, popReceipt: string, text: string, attempts: number): Promise<void> {
    const { maxDequeueCount, visibilityTimeout } = this.config;
    if (attempts < maxDequeueCount) {
      await this.queue.updateMessage(id, popReceipt, undefined, Math.round(visibilityTimeout / 1000));
      return;
    }
    await this.poison.createIfNotExists();
    await this.poison.sendMessage(text);
    await this.queue.deleteMessage(id, popReceipt);
    write(
      'warning',
      this.target.metadata.name,
      `A message failed ${attempts} times and went to the poison queue.`,
    );
  }

  private encode(text: string): string {
    return this.config.messageEncoding === 'base64' ? Buffer.from(text).toString('base64') : text;
  }

  private decode(text: string): string {
    return this.config.messageEncoding === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text;
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function metadataOf(message: DequeuedMessageItem) {
  return {
    Id: { string: message.messageId },
    DequeueCount: { int: message.dequeueCount },
    PopReceipt: { string: message.popReceipt },
    InsertionTime: { string: message.insertedOn.toISOString() },
    ExpirationTime: { string: message.expiresOn.toISOString() },
    NextVisibleTime: { string: message.nextVisibleOn.toISOString() },
    QueueTrigger: { string: message.messageText },
  };
}
