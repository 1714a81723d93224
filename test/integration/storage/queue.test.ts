import { parseAuditMessage } from '../../../src/lib/storage/audit-queue';
import { TestStorage } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const message = { targetId: 'a', control: 'license' as const, runId: '2026-11-01' };

describe('the queue of audits', () => {
  it('takes messages in base64, as the trigger reads them', async () => {
    await storage.queue.send([message]);
    expect(await storage.messages('syncwarden-audits')).toEqual([JSON.stringify(message)]);
    await storage.queue.send([]);
  });

  it('shows the first failed messages, how many there are, and what they asked for', async () => {
    for (let number = 0; number < 33; number++) await storage.poison(JSON.stringify(message));
    const { count, messages } = await storage.queue.peekPoison();
    expect(count).toBe(33);
    expect(messages).toHaveLength(32);
    expect(messages[0]).toMatchObject({ audit: message, text: JSON.stringify(message) });
  });

  it('puts failed messages back, each once', async () => {
    for (let number = 0; number < 40; number++)
      await storage.poison(JSON.stringify({ ...message, runId: String(number) }));
    expect(await storage.queue.replayPoison()).toBe(40);
    expect((await storage.queue.peekPoison()).count).toBe(0);
    const queue = await storage.rawQueue('syncwarden-audits');
    expect((await queue.getProperties()).approximateMessagesCount).toBe(40);
    expect(await storage.queue.replayPoison()).toBe(0);
  });

  it.each(['', 'text', '[]', '{"targetId":"a"}', '{"targetId":"A","control":"license","runId":"1"}'])(
    'does not take "%s" for an audit',
    (text) => {
      expect(parseAuditMessage(text)).toBeNull();
    },
  );
});
