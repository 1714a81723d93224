import { ageOf, visitIn } from '../../../src/lib/storage/audit-queue';
import { TestStorage } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const message = { targetId: 'a', controls: ['license' as const], runId: '2026-11-01' };

describe('the queue of audits', () => {
  it('takes messages in base64, as the trigger reads them', async () => {
    await storage.queue.send([message]);
    expect(await storage.messages('syncwarden-audits')).toEqual([JSON.stringify(message)]);
    await storage.queue.send([]);
  });

  it('takes many at once, each once', async () => {
    const targets = Array.from({ length: 300 }, (_, index) => ({ ...message, targetId: `t${index}` }));
    await storage.queue.send(targets);
    const queue = await storage.rawQueue('syncwarden-audits');
    expect((await queue.getProperties()).approximateMessagesCount).toBe(300);
  });

  it('keeps the end of a message that is put back: so it tells when it was first put in', async () => {
    const queue = await storage.rawQueue('syncwarden-audits');
    await storage.queue.send([message]);
    const [first] = (await queue.receiveMessages()).receivedMessageItems;
    const now = new Date();
    expect(ageOf(first?.expiresOn ?? now, now)).toBeLessThan(10_000);

    const expiresAt = new Date(now.getTime() + 3 * 24 * 3_600_000);
    // Longer than a busy machine takes to look.
    await storage.queue.sendLater(message, 3000, expiresAt, now);
    expect(await storage.messages('syncwarden-audits')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 3100));
    const [again] = (await queue.receiveMessages()).receivedMessageItems;
    expect(Buffer.from(again?.messageText ?? '', 'base64').toString()).toBe(JSON.stringify(message));
    expect(Math.abs((again?.expiresOn.getTime() ?? 0) - expiresAt.getTime())).toBeLessThan(10_000);
    expect(Math.round(ageOf(again?.expiresOn ?? now, now) / 3_600_000)).toBe(4 * 24);
  });

  it('takes a message that never ends for a new one, and lets it end', async () => {
    const [never, now] = [new Date('9999-12-31T23:59:59Z'), new Date()];
    expect(ageOf(never, now)).toBe(0);
    await storage.queue.sendLater(message, 0, never, now);
    const { peekedMessageItems } = await (await storage.rawQueue('syncwarden-audits')).peekMessages();
    const days = ((peekedMessageItems[0]?.expiresOn.getTime() ?? 0) - now.getTime()) / (24 * 3_600_000);
    expect(Math.round(days)).toBe(7);
  });

  it('shows the first failed messages, how many there are, and what they asked for', async () => {
    for (let number = 0; number < 33; number++) await storage.poison(JSON.stringify(message));
    const { count, messages } = await storage.queue.peekPoison();
    expect(count).toBe(33);
    expect(messages).toHaveLength(32);
    expect(messages[0]).toMatchObject({ visit: message, text: JSON.stringify(message) });
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

  const [targetId, runId] = ['a', '2026-11-01'];
  it.each([
    '',
    'text',
    '[]',
    'null',
    '{"targetId":"a"}',
    '{"targetId":"A","control":"license","runId":"1"}',
    '{"targetId":"a","controls":[],"runId":"1"}',
    '{"targetId":"a","controls":["unheard-of"],"runId":"1"}',
    '{"targetId":"a","controls":["license"],"control":"license","runId":"1"}',
    '{"targetId":"a","controls":"license","runId":"1"}',
  ])('does not take "%s" for a visit', (text) => {
    expect(visitIn(text)).toBeNull();
  });

  it.each([
    ['one control', { targetId, controls: ['license'], runId }, ['license']],
    ['several', { targetId, controls: ['license', 'account'], runId }, ['license', 'account']],
    ['one twice', { targetId, controls: ['license', 'account', 'license'], runId }, ['license', 'account']],
    ['one, as messages did before there were visits', { targetId, control: 'license', runId }, ['license']],
  ])('understands a message that asks for %s', (_what, asked, controls) => {
    expect(visitIn(JSON.stringify(asked))).toEqual({ targetId, controls, runId });
  });
});
