import { buffer } from 'node:stream/consumers';
import addFormats from 'ajv-formats';
import Ajv from 'ajv/dist/2020';
import * as z from 'zod';
import { deleteTarget } from '../../src/lib/api/targets';
import { control } from '../../src/lib/controls';
import { InputError, NotFoundError } from '../../src/lib/errors';
import type { Transition } from '../../src/lib/model/finding';
import type { Remediation } from '../../src/lib/model/remediation';
import { controlIds } from '../../src/lib/model/verdict';
import { csvExport } from '../../src/lib/report/export/csv';
import { fileOf } from '../../src/lib/report/export/file';
import { ExportDocument, type ExportSpan, jsonExport } from '../../src/lib/report/export/json';
import { columns } from '../../src/lib/report/export/rows';
import type { ExportFilter, ExportServices } from '../../src/lib/report/export/sources';
import { remediationIdAt } from '../../src/lib/storage/remediations';
import {
  at,
  evaluation,
  homeTenant,
  storedFinding,
  TestStorage,
  unreadable,
  violation,
} from '../support/storage';
import { storedWaiver } from '../support/waivers';

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(async () => {
  await storage.clear();
});
afterAll(() => storage.stop());

/** Hours after the first of November at which exports are made. */
const noon = 36;
function services(): ExportServices {
  return { ...storage.services(() => at(noon)), settings: { retentionDays: 400 } };
}

type CsvRow = Record<(typeof columns)[number], string>;

async function bytesOf(pieces: AsyncIterable<string>): Promise<Buffer> {
  return buffer(await fileOf(pieces));
}
async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  return (await bytesOf(pieces)).toString();
}

/** Rows by their columns, as a reader of RFC 4180 finds them. */
async function csv(filter: ExportFilter = {}): Promise<CsvRow[]> {
  const text = await textOf(csvExport(services(), { filter }));
  const records = text
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:"((?:[^"]|"")*)")?(?:,|$)/g)]
        .slice(0, columns.length)
        .map(([, cell = '']) => cell.replaceAll('""', '"')),
    );
  expect(records[0]).toEqual([...columns]);
  expect(records.pop()).toEqual(['']);
  return records.slice(1).map((cells) => {
    expect(cells).toHaveLength(columns.length);
    return Object.fromEntries(cells.map((cell, index) => [columns[index], cell])) as CsvRow;
  });
}

async function json(filter: ExportFilter = {}, span: ExportSpan = {}): Promise<ExportDocument> {
  const document: unknown = JSON.parse(await textOf(jsonExport(services(), { filter }, span)));
  expect(complaints(document)).toEqual([]);
  return document as ExportDocument;
}

const ajv = addFormats(new Ajv({ allErrors: true }));
const isExport = ajv.compile(z.toJSONSchema(ExportDocument));
function complaints(document: unknown): string[] {
  isExport(document);
  return (isExport.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

function transition(targetId: string, hours: number, more: Partial<Transition> = {}): Transition {
  const control = more.control ?? 'license';
  return {
    transitionId: `${targetId} ${control} ${hours}`,
    ...{ targetId, tenantId: homeTenant, control, severity: 'high' },
    ...{ previousVerdict: null, verdict: 'nonCompliant', waived: false, resumed: false },
    summary: 'It is wrong.',
    reasons: [violation('license.none')],
    codes: ['license.none'],
    at: at(hours).toISOString(),
    runId: '2026-11-01',
    ...more,
  };
}

function remediation(targetId: string, hours: number): Remediation {
  return {
    remediationId: remediationIdAt(at(hours), 'abcd'),
    ...{ targetId, tenantId: homeTenant, control: 'license', controlVersion: 1, planHash: '0'.repeat(64) },
    status: 'verified',
    by: { objectId: 'ada', name: 'Ada', applicationId: null },
    ...{ startedAt: at(hours).toISOString(), endedAt: at(hours + 1).toISOString() },
    ...{ changes: [], manualSteps: [] },
  };
}

describe('findings as CSV', () => {
  it('have a row for each reason, and one where there is none', async () => {
    await storage.putTarget('a');
    const reasons = [
      violation('license.none', { resource: 'svc@contoso.com', expected: 'a licence', actual: 'none' }),
      unreadable,
    ];
    await storage.putFinding('a', 'license', {
      ...storedFinding('a', 'license', evaluation(reasons)),
      requests: 3,
      evidence: { collectedAt: at(1).toISOString(), requestIds: ['r-1', 'r-2'], users: 7 },
    });
    await storage.putFinding('a', 'consent');
    await storage.putFinding(
      'a',
      'rooms',
      storedFinding('a', 'rooms', evaluation([], { verdict: 'notApplicable' })),
    );
    const rows = (await csv()).filter(({ checkedAt }) => checkedAt !== '');
    expect(rows.map(({ control, verdict, code }) => [control, verdict, code])).toEqual([
      ['consent', 'compliant', ''],
      ['license', 'nonCompliant', 'license.none'],
      ['license', 'nonCompliant', 'unreadable.throttled'],
      ['rooms', 'notApplicable', ''],
    ]);
    expect(rows[0]).toMatchObject({
      message: 'It is compliant.',
      level: '',
      requestIds: '',
      collectedAt: '',
    });
    expect(rows[1]).toEqual({
      ...{ targetId: 'a', tenantId: homeTenant, paused: 'false', control: 'license' },
      controlVersion: String(control('license').version),
      ...{ severity: 'high', verdict: 'nonCompliant', stale: 'true' },
      ...{ waived: 'false', waivedBy: '', waivedReason: '', waivedUntil: '' },
      ...{ code: 'license.none', level: 'violation', message: 'license.none is wrong' },
      ...{ resource: 'svc@contoso.com', expected: 'a licence', actual: 'none' },
      ...{ violations: '1', violationsListed: '1' },
      ...{ since: at(1).toISOString(), checkedAt: at(1).toISOString(), verifiedAt: at(1).toISOString() },
      ...{ collectedAt: at(1).toISOString(), runId: '2026-11-01', requests: '3', requestIds: 'r-1 r-2' },
    });
  });

  it('say of a control that has not run that it is unknown', async () => {
    await storage.putTarget('a');
    await storage.putFinding('a', 'license');
    const never = (await csv()).filter(({ checkedAt }) => checkedAt === '');
    expect(never.map(({ control }) => control)).toEqual(controlIds.filter((id) => id !== 'license'));
    expect(never[0]).toMatchObject({
      ...{ targetId: 'a', verdict: 'unknown', severity: 'critical', stale: 'true', code: '' },
      message: 'This control has not run on the target yet.',
    });
    expect(await csv({ verdict: 'compliant' })).toHaveLength(1);
    expect(await csv({ verdict: 'unknown' })).toHaveLength(never.length);
    expect(await csv({ control: 'rooms' })).toMatchObject([{ control: 'rooms', verdict: 'unknown' }]);
  });

  it('say when there are more violations than are listed, and who has accepted them', async () => {
    await storage.putTarget('a');
    const many = Array.from({ length: 60 }, (_, number) =>
      violation('impersonation.roomNotCovered', { resource: `room-${number}@contoso.com` }),
    );
    await storage.putFinding('a', 'impersonation', {
      ...storedFinding('a', 'impersonation', evaluation(many)),
      waived: true,
      waiver: { by: 'Ada', reason: 'A new building.', expiresAt: at(99).toISOString() },
    });
    const rows = await csv({ control: 'impersonation' });
    expect(rows).toHaveLength(50);
    expect(rows[49]).toMatchObject({
      ...{ violations: '60', violationsListed: '50', waived: 'true' },
      ...{ waivedBy: 'Ada', waivedReason: 'A new building.', waivedUntil: at(99).toISOString() },
    });
  });

  it('are stale when nobody has looked for too long, but not while the target is paused', async () => {
    await storage.putTarget('fresh');
    await storage.putFinding('fresh', 'license', storedFinding('fresh', 'license', evaluation(), noon - 26));
    await storage.putTarget('old');
    await storage.putFinding('old', 'license', storedFinding('old', 'license', evaluation(), noon - 27));
    await storage.putTarget('paused', { paused: true });
    await storage.putFinding('paused', 'license', storedFinding('paused', 'license', evaluation(), 1));
    const rows = await csv({ control: 'license' });
    expect(rows.map(({ targetId, stale, paused }) => [targetId, stale, paused])).toEqual([
      ['fresh', 'false', 'false'],
      ['old', 'true', 'false'],
      ['paused', 'false', 'true'],
    ]);
  });

  it('show hostile names as text', async () => {
    await storage.putTarget('a');
    const reasons = [
      violation('x.y', {
        message: '<img src=x onerror=alert(1)>',
        resource: '=HYPERLINK("http://x")',
        expected: '\t@SUM(A1)\r\n=1',
        actual: '-2+3";=1',
      }),
    ];
    await storage.putFinding('a', 'license', storedFinding('a', 'license', evaluation(reasons)));
    expect(await csv({ control: 'license' })).toMatchObject([
      {
        message: '<img src=x onerror=alert(1)>',
        resource: `'=HYPERLINK("http://x")`,
        expected: '\uFFFD@SUM(A1)\uFFFD=1',
        actual: `'-2+3";'=1`,
      },
    ]);
  });

  it('are UTF-8 with a byte order mark, quoted, with lines as Windows has them', async () => {
    await storage.putTarget('a');
    const reasons = [violation('x.y', { resource: 'Größe' })];
    await storage.putFinding('a', 'license', storedFinding('a', 'license', evaluation(reasons)));
    const bytes = await bytesOf(csvExport(services(), { filter: {} }));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = bytes.toString('utf8').split('\r\n');
    expect(lines[0]).toBe(`\uFEFF${columns.map((column) => `"${column}"`).join(',')}`);
    expect(lines.at(-1)).toBe('');
    expect(lines[1]).toContain('"Größe"');
    expect(lines.join('')).not.toContain('\n');
  });

  it('of one target are there, of an unknown one they are not', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b');
    expect(new Set((await csv({ targetId: 'b' })).map(({ targetId }) => targetId))).toEqual(new Set(['b']));
    await expect(csv({ targetId: 'c' })).rejects.toThrow(NotFoundError);
    await storage.history.add(transition('c', 1));
    await expect(csv({ targetId: 'c' })).rejects.toThrow('There is no target c.');
  });

  it('without any target are the header alone, whatever an audit leaves behind that ends later', async () => {
    expect(await csv()).toEqual([]);
    await storage.putFinding('gone', 'license');
    expect(await csv()).toEqual([]);
  });

  it('of more targets than a page holds are all there', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) {
      await storage.putTarget(id);
      await storage.putFinding(id, 'license');
      await storage.putFinding(id, 'consent');
    }
    const { findings } = storage;
    const pages: number[] = [];
    const inThrees = Object.assign(Object.create(findings) as typeof findings, {
      page: async (...[filter, request]: Parameters<typeof findings.page>) => {
        const page = await findings.page(filter, { ...request, limit: 3 });
        pages.push(page.items.length);
        return page;
      },
    });
    const text = await textOf(
      csvExport({ ...services(), findings: inThrees }, { filter: { verdict: 'compliant' } }),
    );
    expect(pages).toEqual([3, 3, 3, 1]);
    const rows = [...text.matchAll(/^"(\w)",.*?"(license|consent)"/gm)];
    expect(rows.map(([, id, control]) => `${id} ${control}`)).toEqual(
      ids.flatMap((id) => [`${id} consent`, `${id} license`]),
    );
  });
});

describe('an export in JSON', () => {
  it('has targets, findings, what has not run, history, waivers and remediations, and counts them', async () => {
    await storage.putTarget('a');
    const evidence = { controlVersion: 1, collectedAt: at(1).toISOString(), requestIds: ['r-1'] };
    const { etag: _etag, ...finding } = await storage.putFinding('a', 'license', { evidence });
    await storage.history.add(transition('a', 1));
    await storage.history.add(
      transition('a', 2, {
        waived: true,
        waiver: { by: 'Ada', reason: 'So.', expiresAt: at(9).toISOString() },
      }),
    );
    await storage.waivers.put(storedWaiver([violation('license.none')], { targetId: 'a' }));
    await services().remediations.create(remediation('a', 2));
    const document = await json();
    expect(document).toMatchObject({
      schemaVersion: 1,
      generatedAt: at(noon).toISOString(),
      from: at(noon - 400 * 24).toISOString(),
      to: at(noon).toISOString(),
      filter: {},
      targets: [{ targetId: 'a', createdAt: at(0).toISOString(), worstVerdict: 'unknown' }],
      findings: [
        {
          control: 'license',
          controlVersion: control('license').version,
          evidence,
          stale: true,
          since: finding.since,
        },
      ],
      transitions: [transition('a', 2, { waived: true }), transition('a', 1)],
      waivers: [{ targetId: 'a', control: 'license' }],
      remediations: [remediation('a', 2)],
      counts: {
        ...{ targets: 1, findings: 1, notRun: controlIds.length - 1 },
        ...{ transitions: 2, waivers: 1, remediations: 1 },
      },
    });
    expect(document.notRun.map(({ control }) => control)).toEqual(
      controlIds.filter((id) => id !== 'license'),
    );
    expect(document.findings[0]).not.toHaveProperty('digest');
    expect(document.waivers[0]).not.toHaveProperty('salt');
  });

  it('has of the history what lies within the span, its end left out', async () => {
    await storage.putTarget('a');
    for (const hours of [1, 2, 3, 4]) {
      await storage.history.add(transition('a', hours));
      await services().remediations.create(remediation('a', hours));
    }
    const { transitions, remediations, from, to } = await json({}, { from: at(2), to: at(4) });
    expect({ from, to }).toEqual({ from: at(2).toISOString(), to: at(4).toISOString() });
    expect(transitions.map((one) => one.at)).toEqual([at(3).toISOString(), at(2).toISOString()]);
    expect(remediations.map(({ startedAt }) => startedAt)).toEqual([
      at(3).toISOString(),
      at(2).toISOString(),
    ]);
    const open = await json({}, { to: at(2) });
    expect(open.from).toBe(at(2 - 400 * 24).toISOString());
    expect(open.transitions).toHaveLength(1);
  });

  it('keeps the history of a target that was deleted', async () => {
    await storage.putTarget('a');
    await storage.putTarget('gone');
    await storage.putFinding('gone', 'license');
    await storage.history.add(transition('gone', 1));
    await services().remediations.create(remediation('gone', 1));
    const { targets, findings, resources, waivers } = storage;
    const tables = { targets, findings, resources, waivers };
    await deleteTarget({ ...tables, tenants: undefined as never, now: () => at(2) }, 'gone');
    const everything = await json();
    expect(everything.targets.map(({ targetId }) => targetId)).toEqual(['a']);
    expect(everything.transitions).toMatchObject([{ targetId: 'gone' }]);
    expect(await json({ targetId: 'gone' })).toMatchObject({
      filter: { targetId: 'gone' },
      ...{ targets: [], findings: [], notRun: [], transitions: [{}], remediations: [{}] },
    });
    await expect(json({ targetId: 'never' })).rejects.toThrow('There is no target never.');
  });

  it('leaves out what was not asked for, and says what was', async () => {
    for (const id of ['a', 'b']) {
      await storage.putTarget(id);
      await storage.putFinding(id, 'license');
      await storage.putFinding(
        id,
        'consent',
        storedFinding(id, 'consent', evaluation([violation('consent.missing')])),
      );
      await storage.history.add(transition(id, 1));
      await storage.history.add(transition(id, 2, { verdict: 'compliant' }));
      await storage.history.add(transition(id, 1, { control: 'consent' }));
      await storage.waivers.put(storedWaiver([violation('x.y')], { targetId: id, control: 'license' }));
      await storage.waivers.put(storedWaiver([violation('x.y')], { targetId: id, control: 'consent' }));
      await services().remediations.create(remediation(id, 1));
    }
    const sizes = async (filter: ExportFilter) => {
      const document = await json(filter);
      expect(document.filter).toEqual(filter);
      const { targets, findings, notRun, transitions, waivers, remediations } = document.counts;
      return [targets, findings, notRun, transitions, waivers, remediations];
    };
    const rest = controlIds.length - 2;
    expect(await sizes({})).toEqual([2, 4, 2 * rest, 6, 4, 2]);
    expect(await sizes({ targetId: 'a' })).toEqual([1, 2, rest, 3, 2, 1]);
    expect(await sizes({ control: 'consent' })).toEqual([2, 2, 0, 2, 2, 0]);
    expect(await sizes({ verdict: 'compliant' })).toEqual([2, 2, 0, 2, 4, 2]);
    expect(await sizes({ verdict: 'unknown' })).toEqual([2, 0, 2 * rest, 0, 4, 2]);
  });

  it('has one line for each item', async () => {
    await storage.putTarget('a');
    await storage.putFinding('a', 'license');
    await storage.putFinding('a', 'consent');
    const text = await textOf(jsonExport(services(), { filter: { targetId: 'a' } }, {}));
    // One target, and each control with its finding, or with that it has not run.
    expect(text.split('\n').filter((line) => /^\{"targetId":"a",.*\}[,\]]*$/.test(line))).toHaveLength(
      1 + controlIds.length,
    );
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('is seen to be wrong by its schema when something is missing', async () => {
    const document = await json();
    const { counts: _counts, ...cut } = document;
    expect(complaints(cut)).toEqual([" must have required property 'counts'"]);
    expect(complaints({ ...document, more: 1 })).toEqual([' must NOT have additional properties']);
  });
});

describe('a file', () => {
  async function* pieces(count: number, piece: string): AsyncGenerator<string> {
    for (let number = 0; number < count; number++) yield await Promise.resolve(piece);
  }

  it('is all pieces in their order, whatever their length', async () => {
    const long = 'ä'.repeat(300_000);
    const text = await textOf(
      (async function* () {
        yield* pieces(3, 'ab');
        yield long;
        yield* pieces(1, 'end');
      })(),
    );
    expect(text).toBe(`ababab${long}end`);
  });

  it('is refused when it would not fit into memory, before all of it was made', async () => {
    let made = 0;
    const endless = async function* () {
      for (;;) {
        made++;
        yield await Promise.resolve('x'.repeat(1024));
      }
    };
    await expect(fileOf(endless(), 1024 * 1024)).rejects.toThrow(InputError);
    await expect(fileOf(endless(), 1024 * 1024)).rejects.toThrow(
      'targetId: must narrow down what is exported',
    );
    expect(made).toBeLessThan(4000);
  });

  it('is not made when its source fails halfway', async () => {
    const failing = async function* () {
      yield* pieces(2, 'x');
      throw new Error('storage is down');
    };
    await expect(fileOf(failing())).rejects.toThrow('storage is down');
  });
});
