import { pageOfHistory } from '../../../src/lib/api/history';
import { compare } from '../../../src/lib/audit/compare';
import { control } from '../../../src/lib/controls';
import { NotFoundError } from '../../../src/lib/errors';
import type { HistoryFilter } from '../../../src/lib/storage/history-rows';
import { at, evaluation, storedTarget, TestStorage } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
  const run = { target: storedTarget('gone'), control: control('license'), evaluation: evaluation() };
  const { pending } = compare({ ...run, runId: '2026-11-01', checkedAt: at(1), requests: 1 }, undefined);
  for (const transition of pending) await storage.history.add(transition);
});
afterAll(() => storage.stop());

const page = (targetId: string, filter: HistoryFilter) =>
  pageOfHistory(storage, targetId, filter, { limit: 10 });

describe('the history of a target that was deleted', () => {
  it('is there, as far as it passes the filter', async () => {
    const found = await page('gone', { control: 'license', verdict: 'compliant', from: at(1), to: at(2) });
    expect(found).toMatchObject({ items: [{ control: 'license', at: at(1).toISOString() }] });
  });

  it.each<[string, HistoryFilter]>([
    ['of another control', { control: 'consent' }],
    ['of another verdict', { verdict: 'nonCompliant' }],
    ['after it', { from: new Date(at(1).getTime() + 1) }],
    ['before it', { to: at(1) }],
  ])('is empty, and not missing, when what is asked for is %s', async (_case, filter) => {
    expect(await page('gone', filter)).toEqual({ items: [] });
  });

  it('is missing when there never was such a target', async () => {
    await expect(page('never', { control: 'license' })).rejects.toThrow(NotFoundError);
    await expect(page('never', {})).rejects.toThrow('There is no target never, and no history of one.');
  });
});

it('is empty for a target that was only just put', async () => {
  await storage.putTarget('new');
  expect(await page('new', { control: 'license' })).toEqual({ items: [] });
});
