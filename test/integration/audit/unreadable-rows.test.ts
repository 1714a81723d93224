import { getFinding, pageOfFindings } from '../../../src/lib/api/findings';
import { pageOfHistory } from '../../../src/lib/api/history';
import { deleteTarget, getTarget } from '../../../src/lib/api/targets';
import { recordOne } from '../../support/record';
import { control } from '../../../src/lib/controls';
import type { Remediation } from '../../../src/lib/model/remediation';
import { controlIds, type Reason } from '../../../src/lib/model/verdict';
import { pageOfRemediations } from '../../../src/lib/remediation/list';
import { lookAfterRemediations, settleFor } from '../../../src/lib/remediation/settle';
import { collectOverview } from '../../../src/lib/report/overview';
import { overviewPage, targetPage } from '../../../src/lib/report/page';
import { collectTargetReport } from '../../../src/lib/report/target-report';
import { remediationIdAt, RemediationTable } from '../../../src/lib/storage/remediations';
import { pageOfWaivers } from '../../../src/lib/waivers/waivers';
import { removeOld } from '../../../src/lib/watch/retention';
import { watch } from '../../../src/lib/watch/watchdog';
import { damage, jsonWith } from '../../support/damage';
import {
  at,
  evaluation,
  homeTenant,
  row,
  TestStorage,
  TestTelemetry,
  violation,
} from '../../support/storage';
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
  for (const id of ['a', 'b']) {
    await storage.putTarget(id);
    for (const each of controlIds) await storage.putFinding(id, each);
  }
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const services = () => storage.services(() => at(hours));
const key = ['b', 'license'] as const;
const none = violation('license.none');

async function audit(reasons: readonly Reason[], began: number) {
  const target = await storage.targets.get('b');
  if (target === undefined) throw new Error('There is no target b.');
  const run = { target, control: control('license'), evaluation: evaluation(reasons), requests: 1 };
  hours = began;
  return recordOne({ ...run, runId: `run-${began}`, checkedAt: at(began) }, services(), telemetry);
}

describe.each([
  ['a verdict of another version', 'verdict', { verdict: 'fine' }],
  ['a column that is missing', 'severity', { severity: undefined }],
  ['a control that is not that of its key', 'control', { control: 'rooms' }],
  ['reasons that are cut off', 'reasons', { reasons: '[{"code"' }],
  ['evidence of another form', 'evidence', { evidence: '[]' }],
  ['a waiver of another form', 'waiver.by', { waiver: '{"reason":"Known.","expiresAt":"2026-12-01"}' }],
] as const)('a stored finding with %s', (_what, field, changes) => {
  beforeEach(() => damage(storage, 'SyncwardenFindings', key, changes));
  const isInStatus = ['verdict', 'severity', 'control'].includes(field);

  it('leaves the watchdog and all other findings alone', async () => {
    expect(await watch(services(), telemetry)).toMatchObject({ targets: 2, scored: 2 });
    expect(telemetry.scores.map(({ value }) => value)).toEqual([
      1,
      isInStatus ? (controlIds.length - 1) / controlIds.length : 1,
    ]);
    const model = await collectOverview(services(), at(hours));
    expect(model.rows.map(({ targetId, worstVerdict }) => [targetId, worstVerdict])).toEqual(
      isInStatus
        ? [
            ['b', 'unknown'],
            ['a', 'compliant'],
          ]
        : [
            ['a', 'compliant'],
            ['b', 'compliant'],
          ],
    );
    expect(overviewPage(model, { viewer: null }).html.includes('Cannot be read')).toBe(isInStatus);
  });

  it('is listed with its field, named by the page of its target, and 409 by itself', async () => {
    const page = await pageOfFindings(services(), {}, { limit: 1000 });
    expect(page.items).toHaveLength(2 * controlIds.length - 1);
    expect(page.unreadable).toMatchObject([{ targetId: 'b', what: 'The finding license of b' }]);
    expect(page.unreadable?.[0]?.errors.map(({ path }) => path)).toContain(field);
    const report = await collectTargetReport(services(), 'b');
    const { html } = targetPage(report, { viewer: null });
    expect(html).toContain('The finding license of b cannot be read: ');
    expect(html).toContain('What was found cannot be read.');
    expect(html).not.toContain('never run');
    await expect(getFinding(services(), 'b', 'license')).rejects.toMatchObject({
      ...{ name: 'UnreadableError', kept: { what: 'The finding license of b' } },
    });
  });

  it('is replaced by the next audit, which announces what it finds', async () => {
    expect(await audit([none], 12)).toMatchObject({ verdict: 'nonCompliant', waived: false });
    expect(storage.said).toMatchObject([expect.stringContaining('Something that is kept cannot be read')]);
    expect(telemetry.named('ComplianceTransition')).toMatchObject([
      { targetId: 'b', verdict: 'nonCompliant' },
    ]);
    expect(await getFinding(services(), 'b', 'license')).toMatchObject({ verdict: 'nonCompliant' });
  });

  it('goes with its target', async () => {
    await deleteTarget(services(), 'b');
    expect((await pageOfFindings(services(), {}, { limit: 1000 })).unreadable).toBeUndefined();
    await expect(getTarget(services(), 'b')).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});

it('keeps the announcements that wait in a stored finding that cannot be read', async () => {
  telemetry.failures = 1;
  await audit([none], 11);
  await damage(storage, 'SyncwardenFindings', key, { verdict: 'fine' });
  await audit([none], 12);
  const { items } = await pageOfHistory(services(), 'b', {}, { limit: 10 });
  expect(items.map(({ at: time }) => time)).toEqual([at(12).toISOString(), at(11).toISOString()]);
});

it('accepts nothing by a stored finding of which nobody can say until when', async () => {
  const accepted = { by: 'Ada', reason: 'Known.', expiresAt: at(1000).toISOString() };
  const [open, waiver] = [{ verdict: 'nonCompliant', waived: true }, JSON.stringify(accepted)];
  await damage(storage, 'SyncwardenFindings', key, { ...open, waiver });
  await damage(storage, 'SyncwardenFindings', ['a', 'license'], { ...open, waiver: '{}' });
  await watch(services(), telemetry);
  const model = await collectOverview(services(), at(hours));
  const waived = model.rows.map(({ targetId, cells }) => [targetId, cells.some((cell) => cell.waived)]);
  expect(Object.fromEntries(waived)).toEqual({ a: false, b: true });
});

describe('a stored waiver that cannot be read', () => {
  beforeEach(async () => {
    await storage.waivers.put(storedWaiver([none], { targetId: 'b', expiresAt: at(60).toISOString() }));
    await storage.waivers.put(storedWaiver([none], { targetId: 'a', expiresAt: at(60).toISOString() }));
    await damage(storage, 'SyncwardenWaivers', key, { controlVersion: 'one' });
  });

  it('accepts nothing, is listed, and goes when it is taken back', async () => {
    expect(await audit([none], 12)).toMatchObject({ verdict: 'nonCompliant', waived: false });
    const page = await pageOfWaivers(services(), 'b', { limit: 10 });
    expect(page).toMatchObject({ items: [], unreadable: [{ what: 'The accepted risk license of b' }] });
    const report = await collectTargetReport(services(), 'b');
    expect(report.unreadable).toMatchObject([{ errors: [{ path: 'controlVersion' }] }]);
    expect(await storage.waivers.delete('b', 'license')).toBe(true);
  });

  it('keeps no other from being talked about before its end', async () => {
    expect(await watch(services(), telemetry)).toMatchObject({ expiring: 1 });
    expect(telemetry.named('WaiverExpiring')).toMatchObject([{ targetId: 'a' }]);
    expect(storage.said).toMatchObject([expect.stringContaining('Something that is kept cannot be read')]);
  });
});

describe('a stored transition that cannot be read', () => {
  beforeEach(async () => {
    await audit([none], 11);
    await audit([], 12);
    const table = await storage.table('SyncwardenHistory');
    for await (const { partitionKey = '', rowKey = '' } of table.listEntities()) {
      const place = [partitionKey, rowKey] as const;
      const transition = await jsonWith(storage, 'SyncwardenHistory', place, 'transition', {
        verdict: 'fine',
      });
      await damage(storage, 'SyncwardenHistory', place, { ...transition, verdict: 'fine' });
      return;
    }
  });

  it('is listed apart, and shown as unknown with the cause', async () => {
    const page = await pageOfHistory(services(), 'b', {}, { limit: 10 });
    expect(page.items).toHaveLength(1);
    const what = `The transition of license on b at ${at(12).toISOString()}`;
    expect(page.unreadable).toMatchObject([
      { targetId: 'b', what, errors: [{ path: 'transition.verdict' }] },
    ]);
  });

  it('is not removed before its time', async () => {
    expect(await removeOld({ ...services(), settings: { retentionDays: 400 } })).toEqual({
      removed: 0,
      days: 0,
    });
  });
});

describe('a stored remediation that cannot be read', () => {
  const remediations = () => new RemediationTable(storage.connection);
  const made = (targetId: string, began: number): Remediation => ({
    remediationId: remediationIdAt(at(began), 'abcd'),
    ...{ targetId, tenantId: homeTenant, control: 'license', controlVersion: 1, planHash: '0'.repeat(64) },
    ...{
      status: 'unverified',
      by: { objectId: 'ada', name: 'Ada', applicationId: null },
      undoes: 'the first',
    },
    ...{ startedAt: at(began).toISOString(), endedAt: at(began + 1).toISOString() },
    ...{ changes: [], manualSteps: [] },
  });
  const table = () => storage.connection.table('SyncwardenRemediations');
  beforeEach(async () => {
    for (const targetId of ['a', 'b']) await remediations().create(made(targetId, 1));
    for await (const { partitionKey = '', rowKey = '' } of (await table()).listEntities())
      if (partitionKey === 'b')
        await (await table()).updateEntity({ partitionKey, rowKey, remediation: '{}' }, 'Merge');
  });
  afterEach(async () => {
    for await (const { partitionKey = '', rowKey = '' } of (await table()).listEntities())
      await (await table()).deleteEntity(partitionKey, rowKey);
  });

  it('keeps no other from being looked after, and its target from no audit', async () => {
    const withRepairs = { ...services(), remediations: remediations() };
    const finding = await storage.findings.get('a', 'license');
    expect(finding?.verifiedAt).toBe(at(1).toISOString());
    expect(await lookAfterRemediations(withRepairs, telemetry)).toBe(0);
    expect(storage.said).toMatchObject([expect.stringContaining('Something that is kept cannot be read')]);
    await settleFor(withRepairs, telemetry, await getFinding(services(), 'b', 'license'));
    const page = await pageOfRemediations(withRepairs, 'b', { limit: 10 });
    expect(page).toMatchObject({ items: [], unreadable: [{ targetId: 'b' }] });
  });

  it('may be the undoing of another, so that nothing is undone twice', async () => {
    expect(await remediations().undoing('a', 'the first')).toHaveLength(1);
    await expect(remediations().undoing('b', 'the first')).rejects.toMatchObject({ name: 'UnreadableError' });
  });
});

it('shows a stored row of a room that cannot be read as unknown', async () => {
  await storage.resources.replace('b', 'rooms', [row('room-1@contoso.com'), row('room-2@contoso.com')]);
  await damage(storage, 'SyncwardenResources', ['b|rooms', 'room-1=40contoso.com'], { row: '{}' });
  const { items } = await storage.resources.page('b', 'rooms', undefined, { limit: 10 });
  expect(items).toMatchObject([
    {
      resource: 'room-1@contoso.com',
      verdict: 'unknown',
      detail: expect.stringContaining('cannot be read') as string,
    },
    { resource: 'room-2@contoso.com' },
  ]);
});

it('takes the scores of a day anew that cannot be read, and sends those of the day again', async () => {
  await watch(services(), telemetry);
  await damage(storage, 'SyncwardenState', ['scores', '2026-11-01'], { sum: 'much' });
  await damage(storage, 'SyncwardenState', ['state', 'score'], { date: 7 });
  expect((await collectOverview(services(), at(hours))).score).toBe(1);
  expect(await watch(services(), telemetry)).toMatchObject({ scored: 2 });
  expect(await storage.state.dayScores('2026-11-01', '2026-11-01')).toMatchObject([{ sum: 2, count: 2 }]);
});
