import { recordOne } from '../../support/record';
import { control } from '../../../src/lib/controls';
import type { Evaluation } from '../../../src/lib/controls/control';
import { NotFoundError } from '../../../src/lib/errors';
import { type ControlId, controlIds, type ResourceRow, type Verdict } from '../../../src/lib/model/verdict';
import type { RowsWanted } from '../../../src/lib/report/resource-report';
import { collectTargetReport } from '../../../src/lib/report/target-report';
import {
  at,
  evaluation,
  row,
  target,
  TestStorage,
  TestTelemetry,
  violation,
  staleness,
} from '../../support/storage';
import { storedWaiver } from '../../support/waivers';

let storage: TestStorage;
let telemetry: TestTelemetry;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(async () => {
  telemetry = new TestTelemetry();
  await storage.putTarget('contoso');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await storage.clear();
}, 60_000);
afterAll(() => storage.stop());

function services(hours: number) {
  const { targets, findings, history, state, resources, waivers, remediations } = storage;
  const now = () => at(hours);
  return {
    targets,
    findings,
    history,
    state,
    resources,
    waivers,
    remediations,
    staleness,
    now,
  };
}

const collect = (hours: number, resources?: RowsWanted) =>
  collectTargetReport(services(hours), 'contoso', { resources });

async function keep(id: ControlId, hours: number, of: Evaluation = evaluation()): Promise<void> {
  const stored = await storage.targets.get('contoso');
  if (stored === undefined) throw new Error('There is no target.');
  const run = {
    target: stored,
    control: control(id),
    evaluation: of,
    runId: 'run',
    checkedAt: at(hours),
    requests: 3,
  };
  await recordOne(run, storage, telemetry);
}

async function controlOf(id: ControlId, hours: number) {
  const found = (await collect(hours)).controls.find((one) => one.control === id);
  if (found === undefined) throw new Error(`There is no ${id}.`);
  return found;
}

const none = violation('license.none', { resource: 'svc@contoso.com', actual: 'none' });
const broken = evaluation([none]);

describe('the report of a target', () => {
  it('is refused for one that does not exist', async () => {
    await expect(collectTargetReport(services(1), 'fabrikam')).rejects.toThrow(NotFoundError);
  });

  it('of one that was never audited knows nothing of any control', async () => {
    const report = await collect(1);
    const { serviceAccount, clientAppId, tenantId, profile } = target('contoso');
    expect(report).toMatchObject({
      generatedAt: at(1).toISOString(),
      ...{ targetId: 'contoso', tenantId, serviceAccount, clientAppId, profile },
      paused: false,
      worstVerdict: 'unknown',
      resources: [],
      score: 0,
      requests: 0,
    });
    expect(report.controls.map((one) => one.control)).toEqual(controlIds);
    for (const one of report.controls) {
      expect(one).toMatchObject({
        cell: { verdict: 'unknown', checkedAt: null },
        transitions: [],
        waiver: null,
      });
      expect([one.finding, one.plan]).toEqual([undefined, undefined]);
    }
  });

  it('holds each finding as the API shows it', async () => {
    await keep('license', 1, broken);
    const { finding, title, cell } = await controlOf('license', 2);
    expect(finding).toMatchObject({ reasons: [none], requests: 3, since: at(1).toISOString() });
    expect(finding).not.toHaveProperty('pending');
    expect(finding).not.toHaveProperty('rowCounts');
    expect(finding).not.toHaveProperty('changedAt');
    expect(title).toBe(control('license').title);
    expect(cell).toMatchObject({ control: 'license', codes: ['license.none'] });
  });

  it('tells the last transitions of each control, newest first and without reasons', async () => {
    for (let hours = 1; hours <= 12; hours++)
      await keep('license', hours, hours % 2 === 0 ? broken : evaluation());
    await keep('account', 3);
    const { transitions } = await controlOf('license', 13);
    expect(transitions.map(({ at: time }) => time)).toEqual(
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((hours) => at(hours).toISOString()),
    );
    expect(transitions[0]).toMatchObject({ verdict: 'nonCompliant', codes: ['license.none'] });
    expect(transitions[0]).not.toHaveProperty('reasons');
    expect((await controlOf('account', 13)).transitions).toHaveLength(1);
  });

  it('tells a transition that is not in the history yet', async () => {
    await keep('account', 1);
    jest.spyOn(storage.history, 'add').mockRejectedValueOnce(new Error('died'));
    await expect(keep('license', 2, broken)).rejects.toThrow('died');
    expect((await controlOf('license', 3)).transitions).toMatchObject([{ verdict: 'nonCompliant' }]);
  });

  it('tells nothing of another target of the same id that was deleted', async () => {
    await keep('license', 1, broken);
    await storage.targets.delete('contoso');
    await storage.findings.deleteAll('contoso');
    await storage.putTarget('contoso', {}, at(2));
    await keep('license', 3);
    expect((await controlOf('license', 4)).transitions).toMatchObject([{ verdict: 'compliant' }]);
    expect((await collect(4)).trend).toEqual([{ date: '2026-11-01', score: 1 / controlIds.length }]);
  });

  it('has a trend from its transitions, and counts its requests', async () => {
    for (const id of controlIds) await keep(id, 2);
    await keep('license', 50, broken);
    const { trend, score, requests } = await collect(80);
    expect(trend).toEqual([
      { date: '2026-11-01', score: 0 },
      { date: '2026-11-02', score: 1 },
      { date: '2026-11-03', score: 1 },
      { date: '2026-11-04', score: (controlIds.length - 1) / controlIds.length },
    ]);
    expect([score, requests]).toEqual([(controlIds.length - 1) / controlIds.length, 3 * controlIds.length]);
  });

  it('of a paused target has neither score nor trend', async () => {
    await storage.putTarget('contoso', { paused: true });
    await keep('license', 1, broken);
    const report = await collect(9000);
    expect(report).toMatchObject({ paused: true, worstVerdict: 'nonCompliant', trend: [] });
    expect(report.score).toBeUndefined();
    expect(report.controls.filter(({ cell }) => cell.stale)).toEqual([]);
  });

  it('takes few requests of storage', async () => {
    await keep('license', 1, broken);
    await collect(2);
    // The target; then its findings, its history, its waivers, its repairs and the nights side by side.
    expect(await storage.requestsOf(() => collect(2))).toBe(6);
  });
});

describe('an accepted risk', () => {
  const agreed = { by: 'Ada', reason: 'The licence comes next week.', expiresAt: at(100).toISOString() };

  /** Accepts what the control finds in its next reading. */
  async function accept(): Promise<void> {
    const stored = await storage.waivers.put(storedWaiver([none]));
    expect(stored.created).toBe(true);
    await keep('license', 2, broken);
  }

  it('is in force while it covers what is found', async () => {
    await accept();
    expect(await controlOf('license', 3)).toMatchObject({
      waiver: { ...agreed, inForce: true },
      cell: { waived: true },
    });
    expect(await collect(3)).toMatchObject({ score: 1 / controlIds.length });
  });

  it('is shown when it has ended, also before anybody has re-opened the finding', async () => {
    await accept();
    expect((await controlOf('license', 100)).waiver).toEqual({ ...agreed, inForce: false });
    expect((await controlOf('license', 99.999)).waiver).toEqual({ ...agreed, inForce: true });
  });

  it('is shown when it no longer covers what is found', async () => {
    await accept();
    await keep('license', 3, evaluation([none, violation('license.disabled')]));
    expect(await controlOf('license', 4)).toMatchObject({
      waiver: { inForce: false },
      cell: { waived: false },
    });
  });

  it('is not in force for a control that never ran', async () => {
    await storage.waivers.put(storedWaiver([none]));
    expect((await controlOf('license', 4)).waiver).toEqual({ ...agreed, inForce: false });
    expect((await controlOf('account', 4)).waiver).toBeNull();
  });
});

describe('rooms', () => {
  const number = (index: number) => String(index).padStart(3, '0');
  /** So many rooms in order, and a few that are not, among them. */
  function rooms(count: number, bad: Record<number, Verdict> = {}): ResourceRow[] {
    return Array.from({ length: count }, (_room, index) =>
      row(`room-${number(index)}@contoso.com`, {
        displayName: index % 2 === 0 ? `Board ${index}` : `Huddle ${index}`,
        verdict: bad[index] ?? 'compliant',
      }),
    );
  }
  const stray = row('boss@contoso.com', {
    kind: 'mailbox',
    displayName: 'The Boss',
    verdict: 'nonCompliant',
  });
  const keepRows = (rows: ResourceRow[], id: ControlId = 'rooms', hours = 1) =>
    keep(id, hours, evaluation([], { resources: rows }));

  async function found(wanted?: RowsWanted) {
    const [first] = (await collect(2, wanted)).resources;
    if (first === undefined) throw new Error('There are no rows.');
    return { ...first, names: first.rows.map(({ resource }) => resource.replace('@contoso.com', '')) };
  }

  it('are counted by verdict, apart from mailboxes that are none', async () => {
    await keepRows([
      ...rooms(6, { 1: 'nonCompliant', 2: 'unknown', 3: 'notApplicable', 4: 'unknown' }),
      stray,
    ]);
    expect(await found()).toMatchObject({
      control: 'rooms',
      rooms: { nonCompliant: 1, unknown: 2, compliant: 2, notApplicable: 1 },
      strays: 1,
      complete: true,
      matching: 7,
      page: 1,
      pageSize: 100,
    });
  });

  it('come the worst first, then by address', async () => {
    await keepRows([...rooms(5, { 1: 'notApplicable', 2: 'unknown', 4: 'nonCompliant' }), stray]);
    const { names } = await found();
    expect(names).toEqual(['boss', 'room-004', 'room-002', 'room-000', 'room-003', 'room-001']);
  });

  it('come of each control that has any', async () => {
    await keepRows(rooms(1), 'rooms');
    await keepRows([...rooms(2), stray], 'impersonation');
    await keep('license', 1);
    const { resources } = await collect(2);
    expect(resources.map((one) => [one.control, one.rows.length, one.strays])).toEqual([
      ['impersonation', 3, 1],
      ['rooms', 1, 0],
    ]);
  });

  it('that were looked for and are not there are said to be none', async () => {
    await keepRows([]);
    expect(await found()).toMatchObject({ rows: [], complete: true, matching: 0, strays: 0 });
  });

  it('are no part of a report when the control does not apply', async () => {
    await keep('rooms', 1, { ...evaluation([]), verdict: 'notApplicable', resources: [] });
    expect((await collect(3)).resources).toEqual([]);
  });

  it('that could not be read are those that were read last', async () => {
    await keepRows(rooms(3, { 1: 'nonCompliant' }));
    await keep(
      'rooms',
      2,
      evaluation([{ code: 'unreadable.throttled', level: 'unknown', message: 'Busy.' }]),
    );
    expect(await found()).toMatchObject({ rooms: { nonCompliant: 1, compliant: 2 }, matching: 3 });
  });

  it('are no part of a report when they were never read', async () => {
    await keep(
      'rooms',
      2,
      evaluation([{ code: 'unreadable.throttled', level: 'unknown', message: 'Busy.' }]),
    );
    expect((await collect(3)).resources).toEqual([]);
  });

  describe('on several pages', () => {
    beforeEach(() => keepRows(rooms(250, { 7: 'nonCompliant', 120: 'unknown', 249: 'nonCompliant' })));

    it('come a hundred at a time, none lost and none twice', async () => {
      const pages = [await found(), await found({ page: 2 }), await found({ page: 3 })];
      expect(pages.map(({ rows, complete, page }) => [rows.length, complete, page])).toEqual([
        [100, false, 1],
        [100, false, 2],
        [50, false, 3],
      ]);
      const names = pages.flatMap((page) => page.names);
      expect(names.slice(0, 4)).toEqual(['room-007', 'room-249', 'room-120', 'room-000']);
      expect(new Set(names).size).toBe(250);
      expect(await found({ page: 4 })).toMatchObject({ rows: [], matching: 250, page: 4 });
    });

    it('come of one verdict where that is asked', async () => {
      expect(await found({ verdict: 'nonCompliant' })).toMatchObject({
        names: ['room-007', 'room-249'],
        matching: 2,
        complete: false,
      });
      expect(await found({ verdict: 'compliant', page: 3 })).toMatchObject({ matching: 247 });
      expect((await found({ verdict: 'compliant', page: 3 })).names).toHaveLength(47);
      expect(await found({ verdict: 'notApplicable' })).toMatchObject({ rows: [], matching: 0 });
    });

    it.each<[string, RowsWanted, number, string | undefined]>([
      ['a part of an address', { q: 'room-24' }, 10, 'room-249'],
      ['a part of a name, in any case and with blanks around it', { q: ' hUDDLE 7 ' }, 6, 'room-007'],
      ['the end of an address and the beginning of a name', { q: '.com board 12' }, 6, 'room-120'],
      ['a text and a verdict', { q: 'room', verdict: 'unknown' }, 1, 'room-120'],
      ['what nobody is called', { q: 'nobody' }, 0, undefined],
      ['nothing but blanks', { q: '  ' }, 250, 'room-007'],
      ['a text, on its second page', { q: 'board', page: 2 }, 125, 'room-200'],
      ['an operator, as a text', { q: "' or verdict ne '" }, 0, undefined],
    ])('come by %s', async (_what, wanted, matching, first) => {
      const { names, ...report } = await found(wanted);
      expect(report).toMatchObject({ matching, rooms: { compliant: 247 } });
      expect(names[0]).toBe(first);
    });

    it('are not read further than they are shown', async () => {
      const read = jest.spyOn(storage.resources, 'rows');
      await found();
      expect(read.mock.calls.map(([, , verdict, needed]) => [verdict, needed])).toEqual([
        ['nonCompliant', 2],
        ['unknown', 1],
        ['compliant', 97],
      ]);
      expect(await storage.requestsOf(() => collect(2))).toBe(6 + 3);
    });

    it('of a finding that was kept before they were counted are counted by reading them', async () => {
      const counted = await found({ page: 2 });
      const table = await storage.table('SyncwardenFindings');
      const { etag, timestamp, changedAt, rowCounts, ...older } = await table.getEntity('contoso', 'rooms');
      expect(rowCounts).toContain('"compliant":247');
      expect(changedAt).toBe(at(1).toISOString());
      await table.updateEntity({ partitionKey: 'contoso', rowKey: 'rooms', ...older }, 'Replace');
      expect(await found({ page: 2 })).toEqual(counted);
    });
  });
});
