import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { TableClient, TableServiceClient, type TransactionAction } from '@azure/data-tables';
import { writeNewFile } from '../../../src/cli/new-file';
import type { Transition } from '../../../src/lib/model/finding';
import { BackupError, backupLines, type Tables } from '../../../src/lib/storage/backup';
import { restore } from '../../../src/lib/storage/restore';
import { runCli } from '../../support/cli-io';
import { numbered, TestStorage } from '../../support/storage';

jest.setTimeout(120_000);

const takenAt = new Date('2026-11-24T08:00:00.000Z');
const insecure = { allowInsecureConnection: true };

let from: TestStorage;
let to: TestStorage;
beforeAll(async () => {
  [from, to] = await Promise.all([TestStorage.start(), TestStorage.start()]);
});
beforeEach(() => Promise.all([from.clear(), to.clear()]));
afterAll(() => Promise.all([from.stop(), to.stop()]));

function tablesOf({ connectionString }: TestStorage): Tables {
  const service = TableServiceClient.fromConnectionString(connectionString, insecure);
  return {
    async *names() {
      for await (const { name = '' } of service.listTables()) yield name;
    },
    client: (name) => TableClient.fromConnectionString(connectionString, name, insecure),
  };
}

async function backedUp(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of backupLines(tablesOf(from), takenAt, {})) lines.push(line);
  return lines;
}
const restored = (lines: readonly string[]) =>
  restore(tablesOf(to), () => Readable.from(lines.map((line) => `${line}\n`)));

async function entities(storage: TestStorage, table: 'SyncwardenState' | 'SyncwardenFindings') {
  const found: unknown[] = [];
  for await (const entity of (await storage.table(table)).listEntities({ disableTypeConversion: true })) {
    const { etag: _etag, timestamp: _timestamp, ...kept } = entity;
    found.push(kept);
  }
  return found;
}

it('what was backed up is read as before', async () => {
  const target = await from.putTarget('contoso-rooms');
  const { etag: _etag, ...finding } = await from.putFinding('contoso-rooms', 'license', {
    resourcesDigest: 'abc',
  });
  expect(await restored(await backedUp())).toEqual(
    expect.objectContaining({ SyncwardenFindings: 1, SyncwardenTargets: 1 }),
  );
  expect(await to.targets.get('contoso-rooms')).toMatchObject(target);
  // Rows may be of another moment than their finding, which therefore vouches for them no longer.
  expect(await to.findings.get('contoso-rooms', 'license')).toMatchObject({
    ...finding,
    resourcesDigest: '',
  });
});

it('values of every type come back as they were, more than a transaction holds too', async () => {
  const table = await from.table('SyncwardenState');
  const values = {
    text: 'Räume "1"\n<b>',
    whole: 7,
    fraction: 0.5,
    yes: true,
    no: false,
    large: 12345678901234567890n % 2n ** 63n,
    bytes: new Uint8Array([0, 255, 7]),
    time: new Date('2026-11-24T08:00:00.123Z'),
  };
  await table.createEntity({ partitionKey: 'a', rowKey: 'all', ...values });
  for (let index = 0; index < 150; index++)
    await table.createEntity({ partitionKey: 'b', rowKey: `${index}`, index });
  expect(await restored(await backedUp())).toMatchObject({ SyncwardenState: 151 });
  const before = await entities(from, 'SyncwardenState');
  expect(before).toHaveLength(151);
  expect(await entities(to, 'SyncwardenState')).toEqual(before);
});

it('says what it is and how much it holds, without leases and tables of others', async () => {
  const tables = tablesOf(from);
  for (const name of ['SyncwardenLeases', 'AzureFunctionsDiagnosticEvents202611']) {
    await tables.client(name).createTable();
    await tables.client(name).createEntity({ partitionKey: 'a', rowKey: 'b' });
  }
  await from.putTarget('contoso-rooms');
  const lines = await backedUp();
  expect(lines[0]).toBe('{"format":"syncwarden-tables","version":1,"takenAt":"2026-11-24T08:00:00.000Z"}');
  expect(lines.slice(1)).toEqual([
    expect.stringContaining('"SyncwardenTargets"'),
    '{"end":true,"entities":1}',
  ]);
});

describe('nothing is written', () => {
  const nothing = async () => expect(await entities(to, 'SyncwardenState')).toEqual([]);
  const [head, row, tail] = [
    '{"format":"syncwarden-tables","version":1,"takenAt":"2026-11-24T08:00:00.000Z"}',
    '{"table":"SyncwardenState","entity":{"partitionKey":"a","rowKey":"b"}}',
    '{"end":true,"entities":1}',
  ];

  it.each([
    ['an empty file', [], 'The file is not whole'],
    ['something else', ['{"targets":[]}'], 'Line 1 of the file is not one of a backup'],
    ['no JSON', ['hello'], 'Line 1'],
    ['a file without its beginning', [row, tail], 'Line 1'],
    ['a file that was cut off', [head, row], 'The file is not whole'],
    ['a file that lacks a line', [head, tail], 'The file is not whole'],
    ['a file that goes on after its end', [head, row, tail, row], 'Line 4'],
    ['a table of somebody else', [head, row.replace('SyncwardenState', 'Secrets'), tail], 'Line 2'],
    ['a later version', [head.replace('1', '2'), row, tail], 'Line 1'],
  ])('from %s', async (_what, lines, message) => {
    await expect(restored(lines)).rejects.toThrow(message);
    await expect(restored(lines)).rejects.toThrow(BackupError);
    await nothing();
  });

  it('over rows that are there', async () => {
    await to.putTarget('fabrikam-rooms');
    await from.putTarget('contoso-rooms');
    await (await from.table('SyncwardenState')).createEntity({ partitionKey: 'a', rowKey: 'b' });
    await expect(restored(await backedUp())).rejects.toThrow('Table SyncwardenTargets is not empty');
    expect(await to.targets.get('contoso-rooms')).toBeUndefined();
    await nothing();
  });
});

describe('a restore that was killed', () => {
  /** Everything in the tables of an account, but for when it was written. */
  async function contents(storage: TestStorage): Promise<Record<string, unknown[]>> {
    const found: Record<string, unknown[]> = {};
    for await (const name of tablesOf(storage).names()) {
      const rows: unknown[] = [];
      const listed = tablesOf(storage).client(name).listEntities({ disableTypeConversion: true });
      for await (const { etag: _etag, timestamp: _timestamp, ...kept } of listed) rows.push(kept);
      if (rows.length > 0) found[name] = rows;
    }
    return found;
  }

  /** The tables of a process that is killed before it writes for the n-th time. */
  function dyingTables(diesAt: number): Tables {
    let count = 0;
    const tables = tablesOf(to);
    const step = async <T>(write: () => Promise<T>): Promise<T> => {
      if (++count >= diesAt) throw new Error('killed');
      return write();
    };
    return {
      names: () => tables.names(),
      client: (name) => {
        const table = tables.client(name);
        return Object.assign(Object.create(table) as TableClient, {
          createTable: () => step(() => table.createTable()),
          submitTransaction: (actions: TransactionAction[]) => step(() => table.submitTransaction(actions)),
        });
      },
    };
  }

  const fill = async () => {
    for (const targetId of ['a', 'b']) {
      await from.putTarget(targetId);
      for (const id of ['account', 'license'] as const) await from.putFinding(targetId, id);
      await from.resources.replace(targetId, 'rooms', numbered(120));
    }
    await from.state.addDayScores({ date: '2026-11-01', sum: 1.5, count: 2 });
  };

  it('can be run again, wherever that was, and comes to the same', async () => {
    await fill();
    const lines = await backedUp();
    await restored(lines);
    const whole = await contents(to);
    expect(Object.values(whole).flat()).toHaveLength(lines.length - 2);
    const open = () => Readable.from(lines.map((line) => `${line}\n`));
    let deaths = 0;
    for (let outcome = ''; outcome !== 'done';) {
      await to.clear();
      outcome = await restore(dyingTables(deaths + 1), open).then(
        () => 'done',
        (error: unknown) => (error as Error).message,
      );
      expect(['done', 'killed']).toContain(outcome);
      const left = Object.values(await contents(to)).flat().length;
      const found: Record<string, number> = {};
      expect(await restore(tablesOf(to), open, found)).toMatchObject({ SyncwardenResources: 240 });
      expect(await contents(to)).toEqual(whole);
      expect(Object.values(found).reduce((total, count) => total + count, 0)).toBe(left);
      if (outcome === 'killed') deaths++;
    }
    // Four tables are made, and filled by eight transactions.
    expect(deaths).toBe(12);
  });

  it('adds what is missing between pages of what is there', async () => {
    await from.resources.replace('a', 'rooms', numbered(2500));
    const lines = await backedUp();
    await restored(lines);
    const whole = await contents(to);
    const isKeptBack = (index: number) => index % 7 === 0 || (index > 990 && index < 1100) || index > 2400;
    await to.resources.replace(
      'a',
      'rooms',
      numbered(2500).filter((_row, index) => !isKeptBack(index)),
    );
    await restored(lines);
    expect(await contents(to)).toEqual(whole);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a row that is not in the file', () => to.putTarget('c')],
    ['a row before all others', () => to.putTarget('0')],
    ['a row that is not as in the file', () => to.putTarget('b', { paused: true })],
    [
      'a table that the file has nothing of',
      () => to.history.add({ ...transition, targetId: 'a', at: takenAt.toISOString() }),
    ],
  ])('is refused when something else has written since: %s', async (_what, write) => {
    await fill();
    const lines = await backedUp();
    await restore(dyingTables(7), () => Readable.from(lines.map((line) => `${line}\n`))).catch(
      () => undefined,
    );
    await to.targets.delete('b');
    await write();
    const before = await contents(to);
    await expect(restored(lines)).rejects.toThrow(/^Table Syncwarden(Targets|History) is not empty: "/);
    expect(await contents(to)).toEqual(before);
  });

  const transition: Omit<Transition, 'targetId' | 'at'> = {
    ...{ transitionId: 't', tenantId: 't', control: 'license', severity: 'high', previousVerdict: null },
    ...{
      verdict: 'compliant',
      waived: false,
      resumed: false,
      summary: '',
      reasons: [],
      codes: [],
      runId: '',
    },
  };
});

describe('the command', () => {
  let folder: string;
  beforeEach(async () => {
    await from.putTarget('contoso-rooms');
    folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-backup-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => path.join(folder, 'backup.jsonl');
  const run = (storage: TestStorage, ...args: string[]) =>
    runCli(['tables', ...args], { env: { AzureWebJobsStorage: storage.connectionString } });

  it('backs up into a file that nobody else can read, and puts it back', async () => {
    const backup = await run(from, 'backup', file());
    expect(backup).toMatchObject({
      code: 0,
      out: expect.stringContaining('SyncwardenTargets: 1\n') as string,
    });
    expect(statSync(file()).mode & 0o077).toBe(0);
    expect(await run(to, 'restore', file())).toMatchObject({ code: 0, out: 'SyncwardenTargets: 1\n' });
    const { etag: _etag, ...target } = (await from.targets.get('contoso-rooms')) ?? {};
    expect(await to.targets.get('contoso-rooms')).toMatchObject(target);
  });

  it('never writes over a file', async () => {
    writeFileSync(file(), 'the only backup');
    const { code, out, err } = await run(from, 'backup', file());
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(`${file()} is there already: choose another name, or remove it.`);
    expect(readFileSync(file(), 'utf8')).toBe('the only backup');
    expect(readdirSync(folder)).toEqual(['backup.jsonl']);
  });

  it('does not write over a file that came while it was at work', async () => {
    const write = async function* () {
      writeFileSync(file(), 'of somebody else');
      yield '{}';
      await Promise.resolve();
    };
    await expect(writeNewFile(file(), write())).rejects.toThrow('is there already');
    expect(readdirSync(folder)).toEqual(['backup.jsonl']);
    expect(readFileSync(file(), 'utf8')).toBe('of somebody else');
  });

  it.each([
    [
      'an answer that is XML',
      400,
      '<?xml version="1.0"?><Error><Code>InvalidQueryParameterValue</Code><Message>x</Message></Error>',
      /^127\.0\.0\.1:\d+ answered 400 InvalidQueryParameterValue\. Is it the Table service of a storage account\?$/m,
    ],
    [
      'a page',
      404,
      '<html>Nobody is here.</html>',
      /^127\.0\.0\.1:\d+ answered 404\. Is it the Table service/m,
    ],
    ['a refusal', 403, '', /answered 403\. Probably the role on the storage account is missing/],
  ])('leaves no file behind after %s, and says so in a sentence', async (_what, status, body, sentence) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const AzureWebJobsStorage = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=Zm9v;TableEndpoint=http://127.0.0.1:${port}/a`;
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, err } = await runCli(['tables', 'backup', file()], { env: { AzureWebJobsStorage } });
      expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
      expect(err).not.toContain('<');
      expect(readdirSync(folder)).toEqual([]);
    }
    server.close();
  });

  it('restores nothing over data that is there', async () => {
    await run(from, 'backup', file());
    await from.putTarget('contoso-rooms', { paused: true });
    const { code, err } = await run(from, 'restore', file());
    const sentence = 'Table SyncwardenTargets is not empty: "target", "contoso-rooms" is not in this file';
    expect([code, err]).toEqual([1, expect.stringContaining(sentence)]);
    expect(await from.targets.get('contoso-rooms')).toMatchObject({ paused: true });
  });

  it('says how much was there already when it is run again', async () => {
    await run(from, 'backup', file());
    await run(to, 'restore', file());
    const again = await run(to, 'restore', file());
    expect(again).toMatchObject({ code: 0, out: 'SyncwardenTargets: 1\n' });
    expect(again.err).toContain(
      '1 of these were there already, as they are in the file, and were left alone.',
    );
  });

  it.each([
    ['a file that is not there', ['restore', 'nowhere.jsonl'], 2, 'There is no nowhere.jsonl'],
    ['no account', ['backup', 'new.jsonl'], 3, '--account must say where the tables are.'],
    [
      'an account that is none',
      ['backup', 'new.jsonl', '--account', 'http://x/'],
      3,
      '--account must be the name',
    ],
  ])('ends with a sentence about %s', async (_what, args, code, sentence) => {
    const env = args.includes('restore') ? { AzureWebJobsStorage: to.connectionString } : {};
    const { err, ...ran } = await runCli(['tables', ...args], { env });
    expect([ran.code, err]).toEqual([code, expect.stringContaining(sentence)]);
    expect(existsSync('new.jsonl')).toBe(false);
  });
});
