import { TableClient } from '@azure/data-tables';
import { getFinding } from '../../../src/lib/api/findings';
import { deleteTarget, putTarget } from '../../../src/lib/api/targets';
import { recordOne } from '../../support/record';
import { control } from '../../../src/lib/controls';
import { TargetChangedError } from '../../../src/lib/errors';
import type { StoredTarget } from '../../../src/lib/model/target';
import type { ResourceRow } from '../../../src/lib/model/verdict';
import {
  at,
  evaluation,
  numbered,
  row,
  target as targetOf,
  TestStorage,
  TestTelemetry,
  unreadable,
  violation,
} from '../../support/storage';

let storage: TestStorage;
let telemetry: TestTelemetry;
let hours: number;
let target: StoredTarget;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(async () => {
  telemetry = new TestTelemetry();
  hours = 1;
  target = await storage.putTarget('a');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
}, 30_000);
afterAll(() => storage.stop());

const rooms = numbered(5);
/** One changed, one gone, one new. */
const others = [
  ...rooms.slice(0, 3),
  row('room-00003@contoso.com', { verdict: 'unknown', codes: ['unreadable.throttled'] }),
  row('room-new@contoso.com'),
];

/** Keeps what a run found that began so many hours after midnight; `undefined` when its rows could not be read. */
function keep(resources: ResourceRow[] | undefined, began = hours, reasons = resources ? [] : [unreadable]) {
  const found = evaluation(reasons, resources && { resources });
  const run = { target, control: control('rooms'), evaluation: found, runId: `run-${began}`, requests: 1 };
  return recordOne({ ...run, checkedAt: at(began) }, storage, telemetry);
}

/** The same, a night after the last one. */
function night(resources: ResourceRow[] | undefined) {
  hours += 24;
  return keep(resources);
}

const services = () => storage.services(() => at(hours));

const stored = () => storage.findings.get('a', 'rooms');
const kept = async () => (await storage.resources.page('a', 'rooms', undefined, { limit: 1000 })).items;

/** Rows and digest are in step: a night that finds the same writes one entity, and asks for target and finding only. */
async function expectInStep(rows: ResourceRow[]): Promise<void> {
  expect(await kept()).toEqual(rows);
  expect((await stored())?.resourcesDigest).not.toBe('');
  let requests = 0;
  const writes = await storage.writesOf(async () => {
    requests = await storage.requestsOf(() => night(rows.toReversed()));
  });
  expect({ requests, writes }).toEqual({ requests: 4, writes: 1 });
}

/** Runs something right before the next write of rows begins. */
function beforeRows(run: () => Promise<unknown>): void {
  const replace = storage.resources.replace.bind(storage.resources);
  jest.spyOn(storage.resources, 'replace').mockImplementationOnce(async (...given) => {
    await run();
    return replace(...given);
  });
}

/** Runs something right after the next write of rows, before the finding is written. */
function afterRows(run: () => Promise<unknown>): void {
  const replace = storage.resources.replace.bind(storage.resources);
  jest.spyOn(storage.resources, 'replace').mockImplementationOnce(async (...given) => {
    const changes = await replace(...given);
    await run();
    return changes;
  });
}

describe('rows of a finding', () => {
  it('are all written in the first night', async () => {
    // The finding, its status in the row of the target, its transition, and that it is announced.
    expect(await storage.writesOf(() => keep(rooms))).toBe(rooms.length + 4);
    expect(await stored()).toMatchObject({ counts: { resources: 5 }, pending: [] });
    await expectInStep(rooms);
  });

  it('are left alone in a night without changes, however many there are', async () => {
    const many = numbered(1_500);
    await keep(many);
    const compare = jest.spyOn(storage.resources, 'replace');
    expect(await storage.writesOf(() => night(many))).toBe(1);
    expect(await storage.requestsOf(() => night(many.toReversed()))).toBe(4);
    expect(compare).not.toHaveBeenCalled();
  }, 30_000);

  it('are written as far as they have changed', async () => {
    await keep(rooms);
    // Three rows, and the finding twice: before them and after them.
    expect(await storage.writesOf(() => night(others))).toBe(3 + 2);
    await expectInStep(others);
    const [first, ...rest] = others as [ResourceRow, ...ResourceRow[]];
    const changed = [{ ...first, displayName: 'Renamed' }, ...rest];
    expect(await storage.writesOf(() => night(changed))).toBe(1 + 2);
    await expectInStep(changed);
  });

  it('leave when the rooms do', async () => {
    await keep(rooms);
    await night([]);
    expect((await stored())?.counts.resources).toBe(0);
    await expectInStep([]);
  });

  it('that nobody vouches for leave when there should be none', async () => {
    await storage.resources.replace('a', 'rooms', rooms);
    await keep([]);
    await expectInStep([]);
  });

  it.each([
    ['unknown', [unreadable]],
    ['nonCompliant', [violation('rooms.denied')]],
  ])(
    'stay, and stay counted, when they could not be read and the verdict is %s',
    async (verdict, reasons) => {
      await keep(rooms);
      const { resourcesDigest } = (await stored()) ?? {};
      hours += 24;
      await keep(undefined, hours, reasons);
      expect(await stored()).toMatchObject({ verdict, resourcesDigest, counts: { resources: 5 } });
      await keep(undefined, hours + 1, reasons);
      expect(await storage.requestsOf(() => keep(undefined, hours + 2, reasons))).toBe(4);
      const compare = jest.spyOn(storage.resources, 'replace');
      hours += 3;
      await night(rooms);
      expect(compare).not.toHaveBeenCalled();
      await expectInStep(rooms);
    },
  );

  it('are never asked for where a control has none', async () => {
    const compare = jest.spyOn(storage.resources, 'replace');
    await keep(undefined, hours, []);
    await night(undefined);
    expect(compare).not.toHaveBeenCalled();
    expect(await stored()).toMatchObject({ resourcesDigest: '', counts: { resources: 0 } });
  });

  it('are counted once, however often a resource comes', async () => {
    const twice = [...rooms, row('ROOM-00000@contoso.com', { verdict: 'nonCompliant' })];
    expect(await keep(twice)).toMatchObject({ counts: { resources: 5 } });
    expect((await kept())[0]).toMatchObject({ verdict: 'nonCompliant' });
    expect(await storage.writesOf(() => night(twice.toReversed()))).toBe(1);
  });

  it('are shown with the finding when they are asked for, and their digest never', async () => {
    await keep(others);
    const plain = await getFinding(services(), 'a', 'rooms');
    expect(plain).not.toHaveProperty('resources');
    expect(plain).not.toHaveProperty('resourcesDigest');
    const first = await getFinding(services(), 'a', 'rooms', { limit: 3 });
    expect(first).toMatchObject({ ...plain, resources: { items: others.slice(0, 3) } });
    const continuation = first.resources?.continuation;
    const rest = await getFinding(services(), 'a', 'rooms', { limit: 3, continuation });
    expect(rest.resources).toEqual({ items: others.slice(3) });
    const unknown = await getFinding(services(), 'a', 'rooms', { limit: 3, verdict: 'unknown' });
    expect(unknown.resources).toEqual({ items: [others[3]] });
  });
});

describe('a process that dies', () => {
  const end = new Error('The process has ended.');
  const steps = {
    'before the digest is emptied': () => jest.spyOn(storage.findings, 'put').mockRejectedValueOnce(end),
    'after the digest was emptied': () => beforeRows(() => Promise.reject(end)),
    'in the middle of the rows': () => {
      const submit: unknown = Reflect.get(TableClient.prototype, 'submitTransaction');
      jest.spyOn(TableClient.prototype, 'submitTransaction').mockImplementationOnce(async function (
        this: TableClient,
        actions,
      ) {
        await (submit as TableClient['submitTransaction']).call(this, actions.slice(0, 2));
        throw end;
      });
    },
    'after the rows': () => afterRows(() => Promise.reject(end)),
    'after the finding': () => (telemetry.failures = 1),
  };

  describe.each(Object.entries(steps))('%s', (_step, dieAt) => {
    it.each([
      ['finds the same', others],
      ['finds what was there before', rooms],
      ['finds something else', numbered(7)],
      ['finds nothing', []],
    ])('leaves nothing wrong once the next run %s', async (_found, next) => {
      await keep(rooms);
      dieAt();
      await night(others).catch(() => undefined);
      telemetry.die();
      jest.restoreAllMocks();
      await night(next);
      await expectInStep(next);
    });

    it('leaves nothing wrong when that was the first run', async () => {
      dieAt();
      await keep(others).catch(() => undefined);
      telemetry.die();
      jest.restoreAllMocks();
      await night(rooms);
      await expectInStep(rooms);
    });

    it('leaves nothing wrong when an unreadable night comes between', async () => {
      await keep(rooms);
      dieAt();
      await night(others).catch(() => undefined);
      telemetry.die();
      jest.restoreAllMocks();
      await night(undefined);
      await night(rooms);
      await expectInStep(rooms);
    });
  });
});

describe('two runs at once', () => {
  const first = [true, false];
  /** What the finding began with, unless neither run finds one. */
  const begin = async (isFirst: boolean) => {
    if (!isFirst) await keep(rooms);
  };

  it.each(first)(
    'end with what the later one read when it is faster (first finding: %s)',
    async (isFirst) => {
      await begin(isFirst);
      beforeRows(() => keep(numbered(3), 5));
      expect(await keep(others, 4)).toMatchObject({ checkedAt: at(5).toISOString() });
      // The rows of the slower run came last, so nobody vouches for them until the next one has looked.
      expect(await stored()).toMatchObject({ runId: 'run-5', resourcesDigest: '', counts: { resources: 3 } });
      await night(numbered(3));
      await expectInStep(numbered(3));
    },
  );

  it.each(first)(
    'end with what the later one read when it is slower (first finding: %s)',
    async (isFirst) => {
      await begin(isFirst);
      beforeRows(() => keep(others, 4));
      expect(await keep(numbered(3), 5)).toMatchObject({ checkedAt: at(5).toISOString() });
      hours = 5;
      await expectInStep(numbered(3));
    },
  );

  it.each(first)('end well when they begin at the same moment (first finding: %s)', async (isFirst) => {
    await begin(isFirst);
    const found = await Promise.all([keep(numbered(3), 5), keep(others, 4), keep(rooms, 3)]);
    expect(found).toHaveLength(3);
    expect(await stored()).toMatchObject({ runId: 'run-5', counts: { resources: 3 } });
    if ((await stored())?.resourcesDigest !== '') expect(await kept()).toEqual(numbered(3));
    hours = 5;
    await night(numbered(3));
    await expectInStep(numbered(3));
  });

  it('start over when the other one wrote right before the digest was emptied', async () => {
    await keep(rooms);
    const put = storage.findings.put.bind(storage.findings);
    jest.spyOn(storage.findings, 'put').mockImplementationOnce(async (finding, last) => {
      await keep(numbered(3), 4);
      return put(finding, last);
    });
    await keep(others, 5);
    hours = 5;
    await expectInStep(others);
  });

  it('leave no doubt when the slower one had nothing to write', async () => {
    await keep(rooms);
    jest.spyOn(storage.resources, 'replace').mockImplementationOnce(async () => {
      await keep(others, 5);
      return 0;
    });
    await keep(others, 4);
    hours = 5;
    await expectInStep(others);
  });

  it('keep the doubt when a run that could not read comes between', async () => {
    await keep(rooms);
    afterRows(() => keep(undefined, 5));
    expect(await keep(others, 4)).toMatchObject({ verdict: 'unknown', checkedAt: at(5).toISOString() });
    expect(await stored()).toMatchObject({ resourcesDigest: '', counts: { resources: 5 } });
    hours = 5;
    await night(rooms);
    await expectInStep(rooms);
  });

  it('say so of the finding that is there in the end, as often as it is written', async () => {
    await keep(rooms);
    afterRows(async () => {
      await keep(numbered(3), 5);
      const put = storage.findings.put.bind(storage.findings);
      const later = [6, 7];
      jest.spyOn(storage.findings, 'put').mockImplementation(async (finding, last) => {
        const began = finding.resourcesDigest === '' ? later.shift() : undefined;
        if (began !== undefined && last !== undefined)
          await put({ ...last, checkedAt: at(began).toISOString() }, last);
        return put(finding, last);
      });
    });
    expect(await keep(others, 4)).toMatchObject({ checkedAt: at(7).toISOString() });
    expect(await stored()).toMatchObject({ checkedAt: at(7).toISOString(), resourcesDigest: '' });
  });

  it('give up saying so when others never stop writing', async () => {
    await keep(rooms);
    afterRows(async () => {
      await keep(numbered(3), 5);
      jest.spyOn(storage.findings, 'put').mockResolvedValue(undefined);
    });
    expect(await keep(others, 4)).toMatchObject({ checkedAt: at(5).toISOString() });
  });

  it('have nothing to say so of when the finding goes in this moment', async () => {
    await keep(rooms);
    afterRows(async () => {
      await keep(numbered(3), 5);
      jest
        .spyOn(storage.findings, 'put')
        .mockResolvedValueOnce(undefined)
        .mockImplementationOnce(async () => {
          await storage.findings.deleteAll('a');
          return undefined;
        });
    });
    expect(await keep(others, 4)).toMatchObject({ checkedAt: at(5).toISOString() });
    expect(await stored()).toBeUndefined();
  });
});

describe('rows of a target', () => {
  const changed = { serviceAccount: 'other@contoso.com' };
  const change = (options: Partial<StoredTarget>) => {
    hours += 1;
    return putTarget(services(), targetOf('a', options));
  };

  it('are deleted with it, and when it becomes another one', async () => {
    await keep(rooms);
    await change({ paused: true });
    expect(await kept()).toEqual(rooms);
    await change(changed);
    expect(await kept()).toEqual([]);
    await storage.resources.replace('a', 'rooms', rooms);
    await deleteTarget(services(), 'a');
    expect(await kept()).toEqual([]);
  });

  it.each([
    ['is deleted', () => deleteTarget(services(), 'a')],
    ['becomes another one', () => change(changed)],
  ])('do not stay when it %s while they are written', async (_what, goes) => {
    for (const hook of [beforeRows, afterRows]) {
      for (const isFirst of [true, false]) {
        target = await storage.putTarget('a', {}, at((hours += 1)));
        if (!isFirst) await keep(rooms);
        hook(goes);
        await expect(keep(others, hours + 1)).rejects.toThrow(TargetChangedError);
        expect(await stored()).toBeUndefined();
        expect(await kept()).toEqual([]);
        hours += 1;
      }
    }
  });

  it('are doubted when someone else has audited the changed target meanwhile', async () => {
    await keep(rooms);
    const before = target;
    beforeRows(async () => {
      await change({ paused: true });
      target = (await storage.targets.get('a')) ?? before;
      await keep(numbered(3), hours);
    });
    hours = 2;
    await expect(keep(others)).rejects.toThrow(TargetChangedError);
    expect(await stored()).toMatchObject({ resourcesDigest: '', counts: { resources: 3 } });
    await night(numbered(3));
    await expectInStep(numbered(3));
  });
});
