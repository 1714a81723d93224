import { buffer } from 'node:stream/consumers';
import { getFinding } from '../../../src/lib/api/findings';
import { pageOfHistory } from '../../../src/lib/api/history';
import { deleteTarget, getTarget, pageOfTargets, putTarget } from '../../../src/lib/api/targets';
import { dispatch } from '../../../src/lib/audit/dispatch';
import { auditNow } from '../../../src/lib/audit/run';
import { toProblem } from '../../../src/lib/http/problem';
import { controlIds } from '../../../src/lib/model/verdict';
import { csvExport } from '../../../src/lib/report/export/csv';
import { fileOf } from '../../../src/lib/report/export/file';
import { ExportDocument, jsonExport } from '../../../src/lib/report/export/json';
import { collectOverview } from '../../../src/lib/report/overview';
import { overviewPage } from '../../../src/lib/report/page';
import { auditQueueName } from '../../../src/lib/storage/queue-names';
import { RemediationTable } from '../../../src/lib/storage/remediations';
import { pageOfWaivers } from '../../../src/lib/waivers/waivers';
import { isHealthy } from '../../../src/lib/watch/health';
import { removeOld } from '../../../src/lib/watch/retention';
import { watch } from '../../../src/lib/watch/watchdog';
import { damage, jsonWith } from '../../support/damage';
import { at, homeTenant, target, TestStorage, TestTelemetry } from '../../support/storage';
import { storedWaiver } from '../../support/waivers';

let storage: TestStorage;
let telemetry: TestTelemetry;
let hours: number;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(async () => {
  telemetry = new TestTelemetry();
  hours = 10;
  for (const id of ['a', 'b', 'c']) {
    await storage.putTarget(id);
    for (const control of controlIds) await storage.putFinding(id, control);
  }
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const table = 'SyncwardenTargets';
const key = ['target', 'b'] as const;
const services = () => storage.services(() => at(hours));
const exportServices = () => ({
  ...services(),
  remediations: new RemediationTable(storage.connection),
  settings: { retentionDays: 400 },
});
const definition = (changes: Record<string, unknown>) => jsonWith(storage, table, key, 'definition', changes);
const spoil = async (changes: Record<string, unknown> | Promise<Record<string, unknown>>) =>
  damage(storage, table, key, await changes);
const textOf = async (pieces: AsyncIterable<string>) => (await buffer(await fileOf(pieces))).toString();
const problemOf = async (asked: Promise<unknown>) =>
  toProblem(
    await asked.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

/** How a row may have come to be one that this version does not understand, and the field that is named. */
const damages = [
  ['a property of another version', 'colour', () => definition({ colour: 'red' })],
  ['an account that is no address', 'serviceAccount', () => definition({ serviceAccount: 'x y' })],
  ['a profile that is gone', 'profile', () => definition({ profile: 'another-product' })],
  ['a tenant that is missing', 'tenantId', () => definition({ tenantId: undefined })],
  ['rooms of another form', 'rooms.source', () => definition({ rooms: { source: 'some' } })],
  ['another id', 'targetId', () => definition({ targetId: 'c' })],
  ['a definition that is cut off', 'definition', () => ({ definition: '{"targetId":"b"' })],
  ['no definition', 'tenantId', () => ({ definition: undefined })],
  ['no time at which it was put', 'createdAt', () => ({ createdAt: undefined })],
  ['a time that is none', 'createdAt', () => ({ createdAt: 'yesterday' })],
] as const;

describe.each(damages)('a stored target with %s', (_what, field, changes) => {
  beforeEach(() => spoil(changes()));

  it('keeps no other from being audited, and is said in the log', async () => {
    expect(await dispatch(services(), ['license'], 'run')).toBe(2);
    const sent = (await storage.messages(auditQueueName)).map((text) => JSON.parse(text) as object);
    expect(sent).toMatchObject([{ targetId: 'a' }, { targetId: 'c' }]);
    expect(storage.said).toHaveLength(1);
    expect(storage.said[0]).toMatch(/^A target cannot be read and is not audited \{"targetId":"b"/);
    expect(storage.said[0]).toContain(`"path":"${field}"`);
  });

  it('is listed beside the others, with the field and what to do', async () => {
    const page = await pageOfTargets(services(), { limit: 10 });
    expect(page.items.map(({ targetId, worstVerdict }) => [targetId, worstVerdict])).toEqual([
      ['a', 'compliant'],
      ['c', 'compliant'],
    ]);
    expect(page.unreadable).toMatchObject([
      { targetId: 'b', what: 'The target b', remedy: expect.stringContaining('PUT targets/b') as string },
    ]);
    expect(page.unreadable?.[0]?.errors.map(({ path }) => path)).toContain(field);
  });

  it('stands alone on a page without losing the next one', async () => {
    const seen: string[] = [];
    let continuation: string | undefined;
    do {
      const page = await pageOfTargets(services(), { limit: 1, continuation });
      seen.push(...page.items.map(({ targetId }) => targetId));
      seen.push(...(page.unreadable ?? []).map(({ targetId }) => `not ${targetId}`));
      continuation = page.continuation;
    } while (continuation !== undefined);
    expect(seen).toEqual(['a', 'not b', 'c']);
  });

  it('is watched: counted, stale at once, without a score of its own, and never fine', async () => {
    expect(await watch(services(), telemetry)).toMatchObject({ targets: 3, unreadable: 1, scored: 3 });
    expect(telemetry.scores.map(({ value }) => value)).toEqual([1, 0, 1]);
    const [day] = await storage.state.dayScores('2026-11-01', '2026-11-01');
    expect(day).toMatchObject({ sum: 2, count: 3 });
    const stale = telemetry.named('AuditStale').filter(({ targetId }) => targetId === 'b');
    expect(stale.map(({ control }) => control)).toEqual(controlIds);
    expect(storage.said.every((line) => line.startsWith('A target cannot be read'))).toBe(true);
  });

  it('needs attention in the report, which says why', async () => {
    const model = await collectOverview(services(), at(hours));
    expect(model.rows[0]).toMatchObject({ targetId: 'b', worstVerdict: 'unknown' });
    expect(model.rows[0]?.cells.every(({ stale }) => stale)).toBe(true);
    expect(model.score).toBeCloseTo(2 / 3);
    const { html } = overviewPage(model, { viewer: null });
    expect(html).toContain('1 of 3 targets needs attention');
    expect(html).toContain('The target b cannot be read: ');
    expect(html).toContain('PUT targets/b puts it right');
  });

  it('is in the exports, with what was found of it', async () => {
    const document = ExportDocument.parse(
      JSON.parse(await textOf(jsonExport(exportServices(), { filter: {} }, {}))),
    );
    expect(document.targets.map(({ targetId }) => targetId)).toEqual(['a', 'c']);
    expect(document.unreadable).toMatchObject([{ targetId: 'b' }]);
    expect(document.counts).toMatchObject({ targets: 2, unreadable: 1, findings: 3 * controlIds.length });
    const found = document.findings.filter(({ targetId }) => targetId === 'b');
    expect(found.map(({ stale }) => stale)).toEqual(controlIds.map(() => true));
    expect(await textOf(csvExport(exportServices(), { filter: { targetId: 'b' } }))).toContain(
      'The target b cannot be read: ',
    );
  });

  it('is a target: not healthy by itself, and nothing of it is removed as that of one that is gone', async () => {
    expect(await removeOld(exportServices())).toEqual({ removed: 0, days: 0 });
    expect(await getFinding(services(), 'b', 'license')).toMatchObject({ targetId: 'b' });
    expect(await pageOfHistory(services(), 'b', {}, { limit: 1 })).toEqual({ items: [] });
    expect(await pageOfWaivers(services(), 'b', { limit: 1 })).toEqual({ items: [] });
    await deleteTarget(services(), 'a');
    await deleteTarget(services(), 'c');
    hours = 400;
    expect(await isHealthy(services())).toBe(false);
  });

  it('is named with the field by whatever needs it', async () => {
    const asked = [getTarget(services(), 'b'), auditNow(services(), telemetry, 'b', ['license'])];
    for (const problem of await Promise.all(asked.map(problemOf))) {
      expect(problem).toMatchObject({ code: 'kept.unreadable' });
      expect(problem.message).toContain('PUT targets/b puts it right');
      expect(problem.errors?.map(({ path }) => path)).toContain(field);
    }
  });

  it('is put right by PUT', async () => {
    expect(await putTarget(services(), target('b'))).toMatchObject({ created: false });
    expect(await getTarget(services(), 'b')).toMatchObject({ targetId: 'b' });
    expect(await pageOfTargets(services(), { limit: 10 })).not.toHaveProperty('unreadable');
  });

  it('is removed by DELETE, with its findings', async () => {
    await deleteTarget(services(), 'b');
    expect((await pageOfTargets(services(), { limit: 10 })).items).toHaveLength(2);
    expect(await storage.findings.get('b', 'license')).toBeUndefined();
    expect(await problemOf(getTarget(services(), 'b'))).toMatchObject({ code: 'notFound' });
  });
});

describe('what was found of a stored target that cannot be read, when it is put right', () => {
  it('stays where it is about the same', async () => {
    await spoil(definition({ colour: 'red' }));
    await storage.waivers.put(storedWaiver([], { targetId: 'b' }));
    await putTarget(services(), target('b'));
    expect(await storage.findings.get('b', 'license')).toBeDefined();
    expect(await storage.waivers.get('b', 'license')).toBeDefined();
    expect((await storage.targets.get('b'))?.createdAt).toBe(at(0).toISOString());
  });

  it.each([
    ['another account', () => definition({ colour: 'red', serviceAccount: 'other@contoso.com' })],
    ['nobody knows what', () => definition({ tenantId: 7 })],
    ['nobody knows since when', () => ({ createdAt: 'yesterday' })],
  ])('does not pass for what is there now, where it was about %s', async (_what, changes) => {
    await spoil(changes());
    await putTarget(services(), target('b'));
    expect(await storage.findings.get('b', 'license')).toBeUndefined();
  });
});

it('reports a stored target that is paused for all that can be read, and does not count it', async () => {
  await spoil(definition({ colour: 'red', paused: true }));
  expect(await watch(services(), telemetry)).toMatchObject({ targets: 2, unreadable: 0, stale: 0 });
  const model = await collectOverview(services(), at(hours));
  expect(model.rows.at(-1)).toMatchObject({ targetId: 'b', paused: true, worstVerdict: 'unknown' });
  expect(overviewPage(model, { viewer: null }).html).toContain('The target b cannot be read: ');
});

it('re-opens what was accepted of a target that cannot be read, and reminds of what ends', async () => {
  const expiresAt = at(24).toISOString();
  await storage.waivers.put(storedWaiver([], { targetId: 'b', expiresAt }));
  const accepted = { by: 'Ada', reason: 'Known.', expiresAt };
  await storage.putFinding('b2', 'license', { verdict: 'nonCompliant', waived: true, waiver: accepted });
  await storage.putTarget('b2');
  await damage(storage, table, ['target', 'b2'], { definition: '{}' });
  await spoil(definition({ colour: 'red' }));
  expect(await watch(services(), telemetry)).toMatchObject({ expiring: 1 });
  expect(telemetry.named('WaiverExpiring')).toMatchObject([{ targetId: 'b', customerTenantId: homeTenant }]);
  hours = 25;
  expect(await watch(services(), telemetry)).toMatchObject({ reopened: 1 });
  expect(await storage.findings.get('b2', 'license')).toMatchObject({ waived: false });
});
