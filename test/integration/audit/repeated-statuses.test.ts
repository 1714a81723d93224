import * as fc from 'fast-check';
import { dispatchNight } from '../../../src/lib/audit/dispatch';
import { control } from '../../../src/lib/controls';
import type { Evaluation } from '../../../src/lib/controls/control';
import { deleteTarget } from '../../../src/lib/api/targets';
import { definitionOf } from '../../../src/lib/model/target';
import type { ControlId } from '../../../src/lib/model/verdict';
import { type FindingStatus, statusOf } from '../../../src/lib/storage/findings';
import { reopen } from '../../../src/lib/waivers/reopen';
import { watch } from '../../../src/lib/watch/watchdog';
import { recordOne } from '../../support/record';
import {
  at,
  evaluation,
  target as definition,
  TestStorage,
  TestTelemetry,
  unreadable,
  violation,
} from '../../support/storage';

let storage: TestStorage;
let telemetry: TestTelemetry;
let hours: number;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(() => {
  telemetry = new TestTelemetry();
  hours = 0;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
});
afterAll(() => storage.stop());

const services = () => storage.services(() => at(hours));
const broken = evaluation([violation('license.none')]);
const blind = evaluation([unreadable]);

async function audit(id: ControlId, of: Evaluation): Promise<void> {
  const target = await storage.targets.get('a');
  if (target === undefined) return;
  const run = {
    target,
    control: control(id),
    evaluation: of,
    runId: 'run',
    checkedAt: at(hours),
    requests: 1,
  };
  await recordOne(run, storage, telemetry);
}

/** What the row repeats. */
async function statuses() {
  let found: FindingStatus[] | undefined;
  for await (const [row] of storage.targets.allRows()) found = row?.statuses;
  return found;
}

/** How each control stands: by the findings, and as the row of the target repeats it. */
async function both() {
  const kept = await storage.findings.page({ targetId: 'a' }, { limit: 100 });
  const found = Object.fromEntries(kept.items.map((one) => [one.control, of(statusOf(one))]));
  const repeated = Object.fromEntries(((await statuses()) ?? []).map((one) => [one.control, of(one)]));
  return { found, repeated };
}

function of({ verdict, waived, since, changedAt, codes }: ReturnType<typeof statusOf>) {
  return { verdict, waived, since, changedAt, codes };
}

const steps = {
  fine: () => audit('license', evaluation()),
  broken: () => audit('license', broken),
  blind: () => audit('license', blind),
  other: () => audit('consent', broken),
  pause: async () => {
    const stored = await storage.targets.get('a');
    if (stored !== undefined) await storage.targets.put({ ...definitionOf(stored), paused: true }, at(hours));
  },
  otherAccount: async () => {
    await deleteTarget(services(), 'a');
    await storage.putTarget('a', { serviceAccount: 'other@contoso.com' }, at(hours));
  },
  accepted: async () => {
    const finding = await storage.findings.get('a', 'license');
    if (finding === undefined) return;
    const waiver = { by: 'Ada', reason: 'Soon.', expiresAt: at(hours + 1).toISOString() };
    const next = { ...finding, waived: true, waiver };
    await storage.findings.put(next, finding);
    await storage.targets.repeat({ targetId: 'a' }, [statusOf(next)]);
  },
  reopened: () => reopen(services(), telemetry, 'a', 'license'),
  watched: () => watch(services(), telemetry),
};
type Step = keyof typeof steps;
const someSteps = fc.array(fc.constantFrom(...(Object.keys(steps) as Step[])), {
  minLength: 1,
  maxLength: 8,
});

describe('the row of a target', () => {
  it('repeats what was found, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(someSteps, async (chosen) => {
        await storage.clear();
        hours = 1;
        await storage.putTarget('a', {}, at(hours));
        for (const step of chosen) {
          hours += 1;
          await steps[step]();
          const { found, repeated } = await both();
          expect(repeated).toEqual(found);
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it.each<[string, () => void]>([
    [
      'before the row is written',
      () => jest.spyOn(storage.targets, 'repeat').mockRejectedValueOnce(new Error('died')),
    ],
    [
      'before the finding is',
      () => jest.spyOn(storage.findings, 'putAll').mockRejectedValueOnce(new Error('died')),
    ],
  ])('is put right within an hour after a process died %s', async (_when, die) => {
    for (const [before, after] of [
      [evaluation(), broken],
      [broken, evaluation()],
    ] as const) {
      await storage.clear();
      await storage.putTarget('a');
      await audit('license', before);
      die();
      hours += 1;
      await expect(audit('license', after)).rejects.toThrow('died');
      hours += 1;
      await watch(services(), telemetry);
      const { found, repeated } = await both();
      expect(repeated).toEqual(found);
    }
  });

  it('is read again when somebody else has written to it meanwhile', async () => {
    await storage.putTarget('a');
    const repeat = storage.targets.repeat.bind(storage.targets);
    jest.spyOn(storage.targets, 'repeat').mockImplementationOnce(async (...given) => {
      await storage.targets.learnDisputes((await storage.targets.get('a')) as never, []);
      return repeat(...given);
    });
    await audit('license', broken);
    const { found, repeated } = await both();
    expect(Object.keys(found)).toEqual(['license']);
    expect(repeated).toEqual(found);
  });

  it('is not written in a night without changes', async () => {
    await storage.putTarget('a');
    await audit('license', broken);
    hours = 24;
    expect(await storage.writesOf(() => audit('license', broken))).toBe(1);
  });

  it('repeats what became stale once the watchdog has seen it, and what is verified again', async () => {
    await storage.putTarget('a', {}, at(0));
    await audit('license', evaluation());
    const staleIn = async () => {
      await watch(services(), telemetry);
      return (await statuses())?.map(({ stale }) => stale);
    };
    hours = 20;
    expect(await staleIn()).toEqual([false]);
    // A night that has not come to it, and is over.
    hours = 26;
    await dispatchNight(services(), telemetry, { controls: ['license'], schedule: '0 0 2 * * *' });
    hours = 40;
    expect(await staleIn()).toEqual([true]);
    await audit('license', evaluation());
    expect(await staleIn()).toEqual([false]);
  });

  it('is completed by the watchdog where it is from before rows repeated anything', async () => {
    await storage.putTarget('a');
    await audit('license', broken);
    await storage.forgetStatuses(['a']);
    await audit('consent', broken);
    // Not yet: what it does not repeat would pass for never audited.
    expect(await statuses()).toBeUndefined();
    hours = 2;
    await watch(services(), telemetry);
    expect((await statuses())?.map((one) => one.control)).toEqual(['license', 'consent']);
  });

  it('keeps no row alive of a target that is gone', async () => {
    await storage.targets.put(definition('a'), at(0));
    await storage.targets.delete('a');
    expect(await storage.targets.repeat({ targetId: 'a' }, [])).toBeUndefined();
    expect(await storage.targets.has('a')).toBe(false);
  });
});
