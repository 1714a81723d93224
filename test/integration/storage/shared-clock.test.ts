import type { InvocationContext } from '@azure/functions';
import { auditTarget } from '../../../src/lib/audit/run';
import { control } from '../../../src/lib/controls';
import type { Control } from '../../../src/lib/controls/control';
import { Lease } from '../../../src/lib/remediation/lease';
import { createServices } from '../../../src/lib/services';
import { readSettings } from '../../../src/lib/settings';
import { acceptRisk } from '../../../src/lib/waivers/accept';
import { removeOld } from '../../../src/lib/watch/retention';
import { watch } from '../../../src/lib/watch/watchdog';
import { evaluation, TestStorage, TestTelemetry, violation } from '../../support/storage';

const dayMs = 86_400_000;

let storage: TestStorage;
let telemetry: TestTelemetry;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(() => {
  telemetry = new TestTelemetry();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

/** An instance of the app on a machine whose clock is so far ahead, in milliseconds. It has not asked for anything yet. */
function instance(aheadMs: number) {
  const settings = readSettings({
    ...{ AUTH_MODE: 'local', AZURE_FUNCTIONS_ENVIRONMENT: 'Development' },
    AzureWebJobsStorage: storage.connectionString,
  });
  return { ...createServices(settings, () => Date.now() + aheadMs), log: storage.log };
}

const license: Control<unknown> = {
  ...control('license'),
  collect: () => Promise.resolve({}),
  evaluate: () => evaluation([violation('license.none')]),
};
const isNow = (time: string | undefined) => Math.abs(Date.parse(time ?? '') - Date.now()) < 60_000;

async function audit(services: ReturnType<typeof instance>) {
  const target = await services.targets.get('a');
  if (target === undefined) throw new Error('There is no target.');
  const [finding] = await auditTarget(services, telemetry, target, [license], 'night');
  return finding;
}

describe.each([5 * 60_000, dayMs, 400 * dayMs].flatMap((one) => [one, -one]))(
  'an instance whose clock is %i ms ahead',
  (aheadMs) => {
    let wrong: ReturnType<typeof instance>;
    beforeEach(async () => {
      wrong = instance(aheadMs);
      await storage.putTarget('a', {}, new Date());
    });

    it('dates what it finds as every other does', async () => {
      expect(isNow((await audit(wrong))?.checkedAt)).toBe(true);
      const [transition] = (await storage.history.page('a', undefined, { limit: 10 })).items;
      expect(isNow(transition?.at)).toBe(true);
    });

    it('neither ends an accepted risk nor removes history', async () => {
      const expiresAt = new Date(Date.now() + 30 * dayMs).toISOString();
      const risk = { reason: 'Next week.', expiresAt };
      await acceptRisk(instance(0), telemetry, 'a', license, risk, { name: 'Ada', objectId: 'ada' });
      const tenDaysAgo = new Date(Date.now() - 10 * dayMs).toISOString();
      const [newest] = (await storage.history.page('a', undefined, { limit: 1 })).items;
      if (newest === undefined) throw new Error('There is no transition.');
      await storage.history.add({ ...newest, at: tenDaysAgo });
      await storage.state.addDayScores({ date: tenDaysAgo.slice(0, 10), sum: 1, count: 1 });
      await expect(removeOld(instance(aheadMs))).resolves.toEqual({ removed: 0, days: 0 });
      expect(await watch(wrong, telemetry)).toMatchObject({ reopened: 0, announced: 0 });
      expect(await audit(wrong)).toMatchObject({ waived: true });
    });

    it('takes no lease away from whoever has it', async () => {
      const lease = await Lease.take(instance(0), 'a');
      await expect(Lease.take(wrong, 'a')).rejects.toMatchObject({ code: 'remediation.busy' });
      expect(await lease.confirm()).toBe(true);
      await lease.release();
      await (await Lease.take(wrong, 'a')).release();
      expect(storage.said).toEqual([]);
    });

    it('says that it is wrong', async () => {
      const warned: string[] = [];
      const context = { warn: (line: string) => warned.push(line) } as unknown as InvocationContext;
      await wrong.invoke(context, () => wrong.targets.get('a'));
      expect(warned).toHaveLength(1);
      expect(warned[0]).toContain('The clock of this machine is wrong');
    });
  },
);
