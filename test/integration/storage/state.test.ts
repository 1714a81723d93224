import { TableClient } from '@azure/data-tables';
import { TestStorage } from '../../support/storage';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
});
afterAll(() => storage.stop());

const day = (date: string, sum = 1.5, count = 2) => ({ date, sum, count });

describe('the scores of a day', () => {
  it('come back as they were kept, from the first to the last day asked for', async () => {
    for (const date of ['2026-11-03', '2026-10-31', '2026-11-01', '2026-11-02'])
      await storage.state.addDayScores(day(date));
    const dates = async (first: string, last: string) =>
      (await storage.state.dayScores(first, last)).map(({ date }) => date);
    expect(await storage.state.dayScores('2026-11-03', '2026-11-03')).toEqual([day('2026-11-03')]);
    expect(await dates('2026-10-31', '2026-11-02')).toEqual(['2026-10-31', '2026-11-01', '2026-11-02']);
    expect(await dates('2026-11-04', '2026-12-31')).toEqual([]);
  });

  it('come back also when they are whole numbers', async () => {
    await storage.state.addDayScores(day('2026-11-01', 3, 3));
    expect(await storage.state.dayScores('2026-11-01', '2026-11-01')).toEqual([day('2026-11-01', 3, 3)]);
  });

  it('stay as they came first', async () => {
    await storage.state.addDayScores(day('2026-11-01', 1, 2));
    await storage.state.addDayScores(day('2026-11-01', 2, 2));
    expect(await storage.state.dayScores('2026-11-01', '2026-11-01')).toEqual([day('2026-11-01', 1, 2)]);
  });

  it('go when they are old, and leave the marks of the app alone', async () => {
    const progress = { date: '2026-10-01', lastTargetId: 'a' };
    await storage.state.setScoreProgress(progress);
    for (const date of ['2026-10-30', '2026-10-31', '2026-11-01'])
      await storage.state.addDayScores(day(date));
    expect(await storage.state.removeDayScoresBefore('2026-11-01')).toBe(2);
    expect(await storage.state.removeDayScoresBefore('2026-11-01')).toBe(0);
    expect(await storage.state.dayScores('2026-01-01', '2026-12-31')).toEqual([day('2026-11-01')]);
    expect(await storage.state.scoreProgress()).toEqual(progress);
  });

  it('are left out when they cannot be understood, and fail aloud when anything else goes wrong', async () => {
    const table = await storage.table('SyncwardenState');
    await table.createEntity({
      partitionKey: 'scores',
      rowKey: '2026-11-01',
      date: '2026-11-01',
      sum: 'many',
    });
    expect(await storage.state.dayScores('2026-11-01', '2026-11-01')).toEqual([]);
    await storage.state.addDayScores(day('2026-11-01'));
    expect(await storage.state.dayScores('2026-11-01', '2026-11-01')).toMatchObject([day('2026-11-01')]);
    const refused = Object.assign(new Error('The account is full.'), { statusCode: 507 });
    jest.spyOn(TableClient.prototype, 'createEntity').mockRejectedValueOnce(refused);
    await expect(storage.state.addDayScores(day('2026-11-02'))).rejects.toBe(refused);
  });
});
