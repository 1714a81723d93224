import { buffer } from 'node:stream/consumers';
import { strFromU8, unzipSync } from 'fflate';
import { marked } from 'marked';
import readWorkbook from 'read-excel-file/node';
import { InputError, NotFoundError } from '../../src/lib/errors';
import type { Transition } from '../../src/lib/model/finding';
import { controlIds } from '../../src/lib/model/verdict';
import { csvExport } from '../../src/lib/report/export/csv';
import { fileOf, fileOfBytes } from '../../src/lib/report/export/file';
import { ExportDocument, jsonExport } from '../../src/lib/report/export/json';
import { markdownExport } from '../../src/lib/report/export/markdown';
import type { ExportRequest } from '../../src/lib/report/export/reading';
import { columns, roomColumns } from '../../src/lib/report/export/rows';
import type { ExportFilter, ExportServices } from '../../src/lib/report/export/sources';
import { xlsxExport } from '../../src/lib/report/export/xlsx';
import { damage } from '../support/damage';
import { at, evaluation, homeTenant, row, storedFinding, TestStorage, violation } from '../support/storage';
import { storedWaiver } from '../support/waivers';

// In the app it is a bundle of its own.
jest.mock(
  '../../src/lib/report/export/xlsx-writer.js',
  () => jest.requireActual<object>('../../src/lib/report/export/xlsx-writer'),
  { virtual: true },
);

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

/** Hours after the first of November at which exports are made. */
const noon = 36;
const services = (): ExportServices => ({
  ...storage.services(() => at(noon)),
  settings: { retentionDays: 400 },
});

const textOf = async (pieces: AsyncIterable<string>) => (await buffer(await fileOf(pieces))).toString();
const made = {
  csv: (request: ExportRequest) => textOf(csvExport(services(), request)),
  json: (request: ExportRequest) => textOf(jsonExport(services(), request, {})),
  md: (request: ExportRequest) => textOf(markdownExport(services(), request)),
  /** All parts of the workbook, one after the other. */
  xlsx: async (request: ExportRequest) =>
    Object.values(unzipSync(await xlsxExport(services(), request)))
      .map((part) => strFromU8(part))
      .join('\n'),
};
const formats = Object.keys(made) as (keyof typeof made)[];

/** Sheets by their names, as another library than the one that wrote them reads them. */
async function sheets(request: ExportRequest): Promise<Record<string, unknown[][]>> {
  const read = await readWorkbook(Buffer.from(await xlsxExport(services(), request)));
  return Object.fromEntries(read.map(({ sheet, data }) => [sheet, data]));
}

/** Rows of a sheet by the names in its head. */
function records([head = [], ...rows]: unknown[][] = []): Record<string, unknown>[] {
  return rows.map((cells) => Object.fromEntries(head.map((name, index) => [String(name), cells[index]])));
}

function transition(targetId: string): Transition {
  return {
    transitionId: `transition of ${targetId}`,
    ...{ targetId, tenantId: homeTenant, control: 'license', severity: 'high' },
    ...{ previousVerdict: null, verdict: 'nonCompliant', waived: false, resumed: false },
    summary: `It is wrong at ${targetId}.`,
    ...{ reasons: [], codes: [], at: at(1).toISOString(), runId: 'run' },
  };
}

const hostile =
  '=cmd|"/c calc"!A1 <img src=x onerror=alert(1)> [x](https://evil.example) | `code` **bold** _x0041_ \uFFFF';

/** A target with a violation, a room, and what has not run. */
async function put(targetId: string, customer?: string, tags?: string[]): Promise<void> {
  await storage.putTarget(targetId, {
    displayName: `Name of ${targetId}`,
    serviceAccount: `svc@${targetId}.example`,
    ...(customer === undefined ? {} : { customer }),
    ...(tags === undefined ? {} : { tags }),
  });
  const reasons = [violation('license.none', { resource: `svc@${targetId}.example`, actual: hostile })];
  await storage.putFinding(targetId, 'license', storedFinding(targetId, 'license', evaluation(reasons)));
  const rooms = [
    row(`room@${targetId}.example`, { displayName: hostile }),
    row(`other@${targetId}.example`, { verdict: 'nonCompliant', codes: ['impersonation.roomNotReached'] }),
  ];
  await storage.resources.replace(targetId, 'impersonation', rooms);
  const counts = { resources: 2, violations: 1 };
  await storage.putFinding(targetId, 'impersonation', {
    ...storedFinding(targetId, 'impersonation'),
    ...{ verdict: 'nonCompliant', counts },
  });
  await storage.history.add(transition(targetId));
  await storage.waivers.put(
    storedWaiver([violation('license.none')], { targetId, reason: `Known at ${targetId}.` }),
  );
}

describe('an export as a workbook', () => {
  it('has what the CSV has, with texts as text, numbers as numbers and times as dates', async () => {
    await put('a');
    const { About: about, Findings: findings, 'Not run': notRun, ...others } = await sheets({ filter: {} });
    expect(Object.keys(others)).toEqual(['Unreadable']);
    expect(findings?.[0]).toEqual([...columns]);
    const [reach, licence] = records(findings);
    expect(reach).toMatchObject({ control: 'impersonation', violations: 1, violationsListed: 0 });
    expect(licence).toMatchObject({
      ...{ targetId: 'a', control: 'license', verdict: 'nonCompliant', stale: true, waived: false },
      ...{ since: at(1), checkedAt: at(1), verifiedAt: at(1), paused: false, requests: 1 },
      resource: 'svc@a.example',
    });
    expect(String(licence?.['actual'])).toMatch(/^'=cmd\|"\/c calc"!A1 <img src=x .* _x0041_ \uFFFD$/);
    expect(records(notRun).map(({ control }) => control)).toEqual(
      controlIds.filter((id) => id !== 'license' && id !== 'impersonation'),
    );
    expect(Object.fromEntries((about ?? []) as [string, unknown][])).toMatchObject({
      'Made at': at(noon).toISOString(),
      Of: 'all targets',
      Targets: 1,
      Findings: 2,
      'Findings: nonCompliant': 2,
      'Findings: compliant': 0,
      'Rows in Findings': 2,
      'Controls that have not run yet': controlIds.length - 2,
      'What cannot be read': 0,
    });
  });

  it('keeps the head in sight, can be filtered, and calculates nothing', async () => {
    await put('a');
    const parts = unzipSync(await xlsxExport(services(), { filter: {}, hasRooms: true }));
    const part = (name: string) => strFromU8(parts[name] ?? new Uint8Array());
    expect(part('xl/workbook.xml').match(/<sheet [^>]*name="[^"]*"/g)).toHaveLength(5);
    for (const number of [2, 3, 4, 5]) {
      const sheet = part(`xl/worksheets/sheet${number}.xml`);
      expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
      expect(sheet).toMatch(/<autoFilter ref="A1:[A-Z]+\d+"/);
      expect(sheet).toMatch(/<col [^>]*width="\d+"/);
    }
    expect(part('xl/worksheets/sheet2.xml')).toMatch(/<autoFilter ref="A1:AA3"/);
    const all = Object.keys(parts).map(part).join('');
    expect(all).not.toMatch(/<f[ >]|<hyperlink|t="str"/);
    // What XML cannot hold would make the file one that needs to be repaired.
    expect(all).not.toMatch(/(?![\n\r\t])\p{Cc}|[\uFFFE\uFFFF]/u);
  });

  it('has a sheet of rooms where they are asked for', async () => {
    await put('a');
    const rooms = records((await sheets({ filter: {}, hasRooms: true }))['Rooms']);
    expect(rooms).toMatchObject([
      {
        ...{ targetId: 'a', control: 'impersonation', verdict: 'nonCompliant', roomVerdict: 'nonCompliant' },
        ...{ resource: 'other@a.example', roomCodes: 'impersonation.roomNotReached', roomKind: 'room' },
      },
      { resource: 'room@a.example', roomVerdict: 'compliant' },
    ]);
  });

  it('names what cannot be read', async () => {
    await put('a');
    await damage(storage, 'SyncwardenFindings', ['a', 'license'], { verdict: 'fine' });
    const { Unreadable: lost, About: about } = await sheets({ filter: {} });
    expect(records(lost)).toMatchObject([{ targetId: 'a', verdict: 'unknown' }]);
    expect(about).toContainEqual(['What cannot be read', 1]);
  });

  it('is refused when it holds too much, in all of its sheets together or as a file', async () => {
    await put('a');
    const ask = (limit: number) => xlsxExport(services(), { filter: {}, hasRooms: true }, limit);
    await expect(ask(1000)).rejects.toThrow('must narrow down what is exported');
    const bytes = await ask(10_000);
    expect(() => fileOfBytes(bytes, bytes.length - 1)).toThrow(InputError);
    expect(await buffer(fileOfBytes(bytes, bytes.length))).toEqual(Buffer.from(bytes));
  });

  it('cuts a text that is longer than a cell, and says so', async () => {
    await storage.putTarget('a');
    const reasons = [violation('license.none', { actual: '🏢'.repeat(20_000) })];
    await storage.putFinding('a', 'license', storedFinding('a', 'license', evaluation(reasons)));
    const [finding] = records((await sheets({ filter: {} }))['Findings']);
    const actual = String(finding?.['actual']);
    expect(actual.length).toBeLessThanOrEqual(32_767);
    expect(actual.isWellFormed()).toBe(true);
    expect(actual.endsWith('🏢…')).toBe(true);
  });
});

describe('an export as a report in Markdown', () => {
  it('has a section for each target, with verdicts and reasons, and counts at the end', async () => {
    await put('a');
    await storage.putTarget('b', { paused: true });
    const text = await made.md({ filter: {} });
    expect(text.match(/^##? .*$/gm)).toEqual([
      '# Findings of Syncwarden',
      '## Name of a',
      '## b',
      '## Counts',
    ]);
    expect(text).toMatch(/^\| license \| high \| nonCompliant, stale \| 2026/m);
    expect(text).toMatch(/^\| license \| violation \| license\.none \| svc\\@a\.example \|/m);
    expect(text).toContain('impersonation has 1 violation, of which 0 are named here.');
    expect(text).toContain('| consent | high | unknown, stale |');
    expect(text).toContain('paused: it is not audited');
    expect(text).toMatch(/\| findings\\?: nonCompliant \| 2 \|\n/);
    expect(text.trimEnd()).toMatch(/\| what cannot be read \| 0 \|$/);
  });

  it('does nothing that a tenant has written', async () => {
    await put('a');
    await storage.putTarget('b', { displayName: '# [x](javascript:alert(1)) <script>' });
    const html = await marked.parse(await made.md({ filter: {}, hasRooms: true }), { gfm: true });
    expect(html).not.toMatch(/<(a|img|script|code|strong|em|del)\b/i);
    // Tables keep their columns, whatever stands in them.
    for (const table of html.match(/<table>[\s\S]*?<\/table>/g) ?? []) {
      const widths = (table.match(/<tr>[\s\S]*?<\/tr>/g) ?? []).map(
        (line) => line.match(/<t[hd]\b/g)?.length,
      );
      expect(new Set(widths).size).toBe(1);
    }
    expect(html).toContain(
      '=cmd|&quot;/c calc&quot;!A1 &lt;img src=x onerror=alert(1)&gt; [x](https://evil.example)',
    );
  });

  it('has the rooms of each finding where they are asked for', async () => {
    await put('a');
    await put('b');
    const text = await made.md({ filter: {}, hasRooms: true });
    const [, rooms = ''] = text.split('## Rooms and mailboxes');
    expect(rooms.match(/^### .*$/gm)).toEqual([
      '### a: impersonation (nonCompliant, stale)',
      '### b: impersonation (nonCompliant, stale)',
    ]);
    expect(rooms.match(/^\| (other|room)\\@/gm)).toHaveLength(4);
    expect(await made.md({ filter: {} })).not.toContain('other\\@');
  });
});

describe.each(formats)('an export as %s', (format) => {
  it('of one customer says nothing of any other', async () => {
    await put('a-one', 'acme');
    await put('b-two', 'beta');
    await put('c-three');
    await put('d-four', 'acme');
    for (const id of ['b-two', 'c-three'])
      await damage(storage, 'SyncwardenFindings', [id, 'license'], { verdict: 'fine' });
    await damage(storage, 'SyncwardenHistory', ['b-two', await historyKey('b-two')], { transition: '{' });
    await storage.putTarget('e-five', { customer: 'beta' });
    await damage(storage, 'SyncwardenTargets', ['target', 'e-five'], { definition: '{' });
    const text = await made[format]({ filter: { customer: 'acme' }, hasRooms: true });
    for (const other of ['two', 'three', 'five', 'beta']) expect(text).not.toContain(other);
    for (const own of ['a-one', 'd-four']) expect(text).toContain(own);
  });

  it('of one customer says nothing of whom an id belonged to before', async () => {
    await put('a', 'acme');
    await storage.history.add({
      ...transition('a'),
      ...{ transitionId: 'x', tenantId: '44444444-4444-4444-8444-444444444444' },
      ...{ summary: "Somebody else's.", at: at(0).toISOString() },
    });
    const text = await made[format]({ filter: { customer: 'acme' } });
    expect(text).toContain('license');
    expect(text).not.toContain("Somebody else's");
  });

  it('of a customer or a tag that has no target is refused, for an empty one would pass for fine', async () => {
    await put('a', 'acme', ['gold']);
    const ask = (filter: ExportFilter) => made[format]({ filter });
    await expect(ask({ customer: 'beta' })).rejects.toThrow('There is no target of the customer beta.');
    await expect(ask({ tag: 'silver' })).rejects.toThrow(NotFoundError);
    await expect(ask({ customer: 'acme', targetId: 'gone' })).rejects.toThrow(NotFoundError);
    expect(await ask({ customer: 'acme', tag: 'gold' })).toContain('license');
  });

  it('with a tag names the target of which nobody can tell whether it has it', async () => {
    await put('a', undefined, ['gold']);
    await storage.putTarget('lost');
    await damage(storage, 'SyncwardenTargets', ['target', 'lost'], { definition: '{' });
    expect(await made[format]({ filter: { tag: 'gold' } })).toContain('The target lost');
  });

  it('of one severity has nothing of another', async () => {
    await put('a');
    const text = await made[format]({ filter: { severity: 'critical' } });
    expect(text).toContain('account');
    expect(text).not.toContain('license');
  });
});

async function historyKey(targetId: string): Promise<string> {
  const table = await storage.table('SyncwardenHistory');
  for await (const { partitionKey, rowKey } of table.listEntities())
    if (partitionKey === targetId) return rowKey ?? '';
  throw new Error(`There is no history of ${targetId}.`);
}

describe('rooms', () => {
  it('are rows of the CSV with columns of their own, and of the JSON a list that is counted', async () => {
    await put('a');
    const csv = await made.csv({ filter: {}, hasRooms: true });
    expect(csv.split('\r\n')[0]).toBe(
      `\uFEFF${[...columns, ...roomColumns].map((name) => `"${name}"`).join(',')}`,
    );
    expect(csv).toMatch(
      /"other@a\.example".*"nonCompliant","room","Room other@a\.example","impersonation\.roomNotReached",,,\r\n/,
    );
    const document = ExportDocument.parse(JSON.parse(await made.json({ filter: {}, hasRooms: true })));
    expect(document.rooms).toMatchObject([
      { targetId: 'a', control: 'impersonation', resource: 'other@a.example' },
      { resource: 'room@a.example' },
    ]);
    expect(document.counts.rooms).toBe(2);
    expect(JSON.parse(await made.json({ filter: {} }))).not.toHaveProperty('rooms');
  });

  it('are those of the findings that are asked for, of few asked one by one and of many in one pass', async () => {
    const ids = Array.from({ length: 45 }, (_nothing, number) => `t-${number + 10}`);
    for (const id of ids) {
      await storage.putTarget(id, { customer: id < 't-13' ? 'acme' : 'beta' });
      await storage.resources.replace(id, 'rooms', [row(`room@${id}.example`)]);
      const finding = storedFinding(id, 'rooms');
      await storage.putFinding(id, 'rooms', { ...finding, counts: { resources: 1, violations: 0 } });
    }
    // Left behind by a finding that is gone: it is shown nowhere.
    await storage.resources.replace('gone', 'rooms', [row('room@gone.example')]);
    const read = async (filter: ExportFilter) => {
      const document = ExportDocument.parse(JSON.parse(await made.json({ filter, hasRooms: true })));
      return document.rooms?.map(({ resource }) => resource);
    };
    expect(await read({})).toEqual(ids.map((id) => `room@${id}.example`));
    expect(await read({ customer: 'acme' })).toEqual(ids.slice(0, 3).map((id) => `room@${id}.example`));
    expect(await read({ verdict: 'unknown' })).toEqual([]);
  });
});
