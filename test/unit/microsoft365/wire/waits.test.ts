import * as z from 'zod';
import { GraphReader } from '../../../../src/lib/microsoft365/graph';
import { GraphSession } from '../../../../src/lib/microsoft365/graph/session';
import { Budget } from '../../../../src/lib/microsoft365/wire/retry';
import { FakeTimers } from '../../../support/stub-graph';

const budgets = (waits: 'long' | 'short', milliseconds = 120_000) => {
  const timers = new FakeTimers();
  return { timers, budget: new Budget(milliseconds, timers, waits) };
};

describe('an audit that nobody waits for', () => {
  it('waits as long as there is time', async () => {
    const { budget } = budgets('long');
    expect([budget.allows(119_999), budget.allows(120_000)]).toEqual([true, false]);
    await budget.sleep(100_000);
    expect([budget.allows(19_999), budget.allows(20_000)]).toEqual([true, false]);
    expect(budget.deferMs).toBeUndefined();
  });
});

describe('an audit that others wait for', () => {
  it('waits five seconds in all, and says what it would have had to wait', async () => {
    const { budget } = budgets('short');
    expect(budget.allows(5000)).toBe(true);
    await budget.sleep(3000);
    expect(budget.allows(2000)).toBe(true);
    expect(budget.deferMs).toBeUndefined();
    expect([budget.allows(2001), budget.allows(60_000), budget.allows(30_000)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(budget.deferMs).toBe(60_000);
  });

  it('waits no longer than it has worked: a long reading is not thrown away for a short wait', async () => {
    const { budget, timers } = budgets('short');
    timers.pass(40_000);
    expect([budget.allows(40_000), budget.allows(40_001)]).toEqual([true, false]);
    await budget.sleep(40_000);
    expect([budget.allows(1), budget.deferMs]).toEqual([false, 40_001]);
  });

  it('takes a request without an answer for a wait', () => {
    const { budget, timers } = budgets('short');
    timers.pass(30_000);
    budget.waited(30_000);
    expect(budget.allows(500)).toBe(false);
  });

  it('is not held up when its own time is over', () => {
    const { budget, timers } = budgets('short');
    timers.pass(119_000);
    expect([budget.allows(1000), budget.deferMs]).toEqual([false, undefined]);
  });
});

describe('a reading that others wait for', () => {
  const row = z.object({ id: z.string() });
  const options = { what: 'the domains', permission: 'Domain.Read.All' };
  const reply = (status: number, headers: Record<string, string> = {}) => ({
    ...{ status, headers },
    body: status === 200 ? { id: 'a' } : { error: { code: 'TooManyRequests' } },
  });

  /** @param attempts what comes of each request, and how long that takes. */
  async function read(...attempts: [attempt: object, milliseconds: number][]) {
    const { budget, timers } = budgets('short');
    const get = () => {
      const [attempt, milliseconds] = attempts.shift() ?? [{}, 0];
      timers.pass(milliseconds);
      return Promise.resolve(attempt);
    };
    const session = new GraphSession({ get, endpoint: 'https://graph.test' } as never, budget, () => 1);
    const read = await new GraphReader(session, { requests: 0, requestIds: [] }).get('/a', row, options);
    return { read, left: attempts.length, waits: timers.waits, deferMs: budget.deferMs };
  }

  it('bears with a short throttle', async () => {
    const found = await read([reply(429, { 'retry-after': '4' }), 100], [reply(200), 100]);
    expect(found).toMatchObject({ read: { ok: true }, waits: [4000], deferMs: undefined });
  });

  it('gives way when it is to wait for a minute, and is not asked again', async () => {
    const found = await read([reply(429, { 'retry-after': '60' }), 100], [reply(200), 100]);
    expect(found).toMatchObject({ left: 1, waits: [], deferMs: 60_000 });
    expect(found.read).toMatchObject({
      failure: {
        cause: 'throttled',
        message: expect.stringContaining('so that other audits need not wait') as string,
      },
    });
  });

  it('gives way to others after one request that nobody answers', async () => {
    const found = await read(
      [{ cause: 'unavailable', problem: 'no answer within 30 s' }, 30_000],
      [reply(200), 1],
    );
    expect(found).toMatchObject({
      left: 1,
      waits: [],
      deferMs: 500,
      read: { failure: { cause: 'unavailable' } },
    });
  });

  it('tries a broken connection again', async () => {
    const found = await read([{ cause: 'unavailable', problem: 'ECONNRESET' }, 10], [reply(200), 10]);
    expect(found).toMatchObject({ left: 0, waits: [500], deferMs: undefined });
  });

  it('does not come back later for what it may not read', async () => {
    const found = await read([{ status: 403, headers: {}, body: undefined }, 10], [reply(200), 10]);
    expect(found).toMatchObject({ left: 1, deferMs: undefined, read: { failure: { cause: 'permission' } } });
  });
});
