import type { Log } from '../../../src/lib/log';
import { Outbox, UndeliveredError } from '../../../src/lib/telemetry/outbox';
import type { Delivery, Item, Sender } from '../../../src/lib/telemetry/sender';

function items(count: number, prefix = 'item'): Item[] {
  return Array.from({ length: count }, (_nothing, number) => ({
    kind: 'score',
    value: number,
    properties: { id: `${prefix}-${number}` },
  }));
}

interface FakeSender extends Sender {
  chunks: (readonly Item[])[];
  /** The ids of what arrived. */
  arrived: string[];
  mostConcurrent: number;
  answer: ((chunk: readonly Item[]) => Delivery | undefined) | undefined;
}

/** A sender that writes down its chunks and answers as told; everything arrives unless told otherwise. */
function fakeSender(answer?: FakeSender['answer']): FakeSender {
  let concurrent = 0;
  const sender: FakeSender = {
    chunks: [],
    mostConcurrent: 0,
    arrived: [],
    answer,
    async send(chunk: readonly Item[]) {
      concurrent++;
      sender.mostConcurrent = Math.max(sender.mostConcurrent, concurrent);
      sender.chunks.push(chunk);
      await new Promise((resolve) => setImmediate(resolve));
      concurrent--;
      const delivery = sender.answer?.(chunk) ?? { undelivered: [], problem: '' };
      const failed = new Set(delivery.undelivered);
      sender.arrived.push(
        ...chunk.filter((item) => !failed.has(item)).map(({ properties }) => properties.id ?? ''),
      );
      return delivery;
    },
  };
  return sender;
}

const outage = (chunk: readonly Item[]): Delivery => ({ undelivered: chunk, problem: 'HTTP 500' });

function recordingLog() {
  const warnings: { message: string; fields: Record<string, unknown> | undefined }[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (message, fields) => warnings.push({ message, fields }),
    error: () => undefined,
  };
  return { log, warnings };
}

const me = Symbol('me');
const someoneElse = Symbol('someone else');

describe('the outbox', () => {
  it('sends in chunks of 500, in order', async () => {
    const sender = fakeSender();
    await new Outbox(() => Promise.resolve(sender)).flush(me, items(1_201), recordingLog().log);
    expect(sender.chunks.map(({ length }) => length)).toEqual([500, 500, 201]);
    expect(sender.arrived).toEqual(items(1_201).map(({ properties }) => properties.id));
  });

  it('opens no sender when there is nothing to send, and one when there is', async () => {
    const open = jest.fn(() => Promise.resolve(fakeSender()));
    const outbox = new Outbox(open);
    await outbox.flush(me, [], recordingLog().log);
    expect(open).not.toHaveBeenCalled();
    await outbox.flush(me, items(1), recordingLog().log);
    await outbox.flush(someoneElse, items(1), recordingLog().log);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('rejects and warns when a chunk does not arrive, and sends it with the next flush', async () => {
    const sender = fakeSender(outage);
    const { log, warnings } = recordingLog();
    const outbox = new Outbox(() => Promise.resolve(sender));
    await expect(outbox.flush(me, items(3), log)).rejects.toThrow(new UndeliveredError('HTTP 500'));
    expect(warnings).toEqual([
      { message: 'Telemetry was not delivered', fields: { kept: 3, dropped: 0, problem: 'HTTP 500' } },
    ]);
    sender.answer = undefined;
    await outbox.flush(me, items(1, 'later'), log);
    expect(sender.arrived).toEqual(['later-0', 'item-0', 'item-1', 'item-2']);
  });

  it('stops at the first chunk of which nothing arrives', async () => {
    const sender = fakeSender(outage);
    const { log, warnings } = recordingLog();
    await expect(new Outbox(() => Promise.resolve(sender)).flush(me, items(2_000), log)).rejects.toThrow(
      UndeliveredError,
    );
    expect(sender.chunks).toHaveLength(1);
    expect(warnings[0]?.fields).toMatchObject({ kept: 2_000 });
  });

  it('goes on after a chunk that arrived in part, and keeps what did not', async () => {
    const sender = fakeSender((chunk) => ({ undelivered: chunk.slice(0, 1), problem: 'refused' }));
    const outbox = new Outbox(() => Promise.resolve(sender));
    await expect(outbox.flush(me, items(1_000), recordingLog().log)).rejects.toThrow('refused');
    expect(sender.arrived).toHaveLength(998);
    sender.answer = undefined;
    await outbox.flush(me, [], recordingLog().log);
    expect(sender.arrived.slice(998)).toEqual(['item-0', 'item-500']);
  });

  it('does not reject for what another invocation left behind', async () => {
    const sender = fakeSender(outage);
    const { log, warnings } = recordingLog();
    const outbox = new Outbox(() => Promise.resolve(sender));
    await expect(outbox.flush(someoneElse, items(1, 'theirs'), log)).rejects.toThrow(UndeliveredError);
    sender.answer = (chunk) => ({
      undelivered: chunk.filter(({ properties }) => properties.id === 'theirs-0'),
      problem: 'refused',
    });
    await outbox.flush(me, items(1, 'mine'), log);
    expect(sender.arrived).toEqual(['mine-0']);
    expect(warnings).toHaveLength(2);
    await expect(outbox.flush(someoneElse, [], log)).rejects.toThrow('refused');
  });

  it('keeps the newest 10,000 and says how many it dropped', async () => {
    const sender = fakeSender(outage);
    const { log, warnings } = recordingLog();
    const outbox = new Outbox(() => Promise.resolve(sender));
    await expect(outbox.flush(me, items(6_000, 'old'), log)).rejects.toThrow(UndeliveredError);
    await expect(outbox.flush(me, items(5_000, 'new'), log)).rejects.toThrow(UndeliveredError);
    expect(warnings[1]?.fields).toEqual({ kept: 10_000, dropped: 1_000, problem: 'HTTP 500' });
    sender.answer = undefined;
    await outbox.flush(me, [], log);
    expect(new Set(sender.arrived).size).toBe(10_000);
    expect(sender.arrived.filter((id) => id.startsWith('new'))).toHaveLength(5_000);
  });

  it('never sends two chunks at once, and lets flushes that wait share a round', async () => {
    const sender = fakeSender();
    const outbox = new Outbox(() => Promise.resolve(sender));
    const { log } = recordingLog();
    const first = outbox.flush(me, items(1, 'first'), log);
    await new Promise((resolve) => setImmediate(resolve));
    const others = ['a', 'b', 'c'].map((name) => outbox.flush(Symbol(name), items(1, name), log));
    await Promise.all([first, ...others]);
    expect(sender.mostConcurrent).toBe(1);
    expect(sender.chunks.map(({ length }) => length)).toEqual([1, 3]);
    expect(sender.arrived).toEqual(['first-0', 'a-0', 'b-0', 'c-0']);
  });

  it('waits for what the same invocation is already sending, even with nothing new', async () => {
    const sender = fakeSender(outage);
    const outbox = new Outbox(() => Promise.resolve(sender));
    const { log } = recordingLog();
    const flushes = [outbox.flush(me, items(1), log)];
    await new Promise((resolve) => setImmediate(resolve));
    flushes.push(outbox.flush(me, [], log));
    const results = await Promise.allSettled(flushes);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('opens the sender again when that failed', async () => {
    const sender = fakeSender();
    const open = jest.fn<Promise<Sender>, []>().mockRejectedValueOnce(new Error('no module\nstack'));
    open.mockResolvedValue(sender);
    const outbox = new Outbox(open);
    await expect(outbox.flush(me, items(1), recordingLog().log)).rejects.toThrow(
      'Telemetry was not delivered: no module.',
    );
    await outbox.flush(me, [], recordingLog().log);
    expect(sender.arrived).toEqual(['item-0']);
  });

  it('takes a sender that throws something odd for a failure', async () => {
    const outbox = new Outbox(() =>
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do throw such things
      Promise.resolve({ send: () => Promise.reject('odd') }),
    );
    await expect(outbox.flush(me, items(1), recordingLog().log)).rejects.toThrow('odd');
  });
});
