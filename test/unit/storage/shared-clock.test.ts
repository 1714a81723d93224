import { lineLog } from '../../../src/lib/log';
import { SharedClock } from '../../../src/lib/storage/shared-clock';

/** What time it is at the storage account. */
let there: number;
/** How far ahead the machine's clock is. */
let ahead: number;
let said: string[];
let clock: SharedClock;
beforeEach(() => {
  there = Date.parse('2026-11-24T08:00:00.400Z');
  ahead = 0;
  said = [];
  clock = new SharedClock(() => there + ahead);
});

const write = (line: string) => said.push(line);
const say = () => clock.say(lineLog({ info: write, warn: write, error: write }));

/** An answer of storage that took so long on its way there, and on its way back. */
async function answer(before = 20, after = 20, date?: string | null): Promise<void> {
  const next = () => {
    there += before;
    // As HTTP has it: in whole seconds, rounded down.
    const told = date === undefined ? new Date(there).toUTCString() : date;
    there += after;
    return Promise.resolve({ headers: { get: () => told ?? undefined } });
  };
  await clock.policy.sendRequest({} as never, next as never);
}
const differenceMs = () => clock.now().getTime() - there;

const seconds = [5 * 60, 86_400, 400 * 86_400].flatMap((one) => [one, -one]);

it.each(seconds)(
  'a clock that is %i s ahead goes by that of storage as soon as it has answered',
  async (by) => {
    ahead = by * 1000;
    expect(differenceMs()).toBe(ahead);
    await answer();
    expect(Math.abs(differenceMs())).toBeLessThanOrEqual(1000);
    there += 3_600_000;
    expect(Math.abs(differenceMs())).toBeLessThanOrEqual(1000);
    say();
    say();
    expect(said).toEqual([
      expect.stringMatching(/^The clock of this machine is wrong, .* \{"aheadSeconds":-?\d+\}$/) as string,
    ]);
  },
);

it.each([0, 0.9, -0.9, 4, -4])('a clock that is %f s ahead is left as it is', async (by) => {
  ahead = by * 1000;
  await answer();
  expect(differenceMs()).toBe(ahead);
  say();
  expect(said).toEqual([]);
});

it.each([
  [60_000, 20],
  [20, 60_000],
  [30_000, 30_000],
])('an answer that took %i and %i ms is no reason to doubt a clock', async (before, after) => {
  await answer(before, after);
  expect(differenceMs()).toBe(0);
});

it('a clock that was set right is believed again, and said to be wrong once more when it is', async () => {
  ahead = 86_400_000;
  await answer();
  say();
  ahead = 0;
  await answer();
  expect(differenceMs()).toBe(0);
  say();
  ahead = -86_400_000;
  await answer();
  say();
  expect(said).toHaveLength(2);
});

it('time does not go to and fro with the answers, once it is about right', async () => {
  ahead = 86_400_000;
  await answer(300, 20);
  const differences = [differenceMs()];
  for (const [before, after] of [
    [20, 20],
    [900, 20],
    [20, 900],
    [3000, 3000],
  ]) {
    there += 7777;
    await answer(before, after);
    differences.push(differenceMs());
  }
  expect(new Set(differences).size).toBe(1);
});

it('an answer that took long and told the time badly is made good by the next one', async () => {
  ahead = 86_400_000;
  await answer(20, 60_000);
  expect(Math.abs(differenceMs())).toBeGreaterThan(5000);
  await answer();
  expect(Math.abs(differenceMs())).toBeLessThanOrEqual(1000);
});

it('a clock that is set back while storage answers is not judged by that answer', async () => {
  ahead = 86_400_000;
  const next = () => {
    ahead = 0;
    return Promise.resolve({ headers: { get: () => new Date(there).toUTCString() } });
  };
  await clock.policy.sendRequest({} as never, next as never);
  expect(differenceMs()).toBe(0);
});

it.each([null, 'soon'])('an answer that does not tell the time says nothing: %j', async (date) => {
  await answer(20, 20, date);
  expect(differenceMs()).toBe(0);
});
