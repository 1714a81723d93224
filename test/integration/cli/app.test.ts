import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { TableClient } from '@azure/data-tables';
import { unzipSync } from 'fflate';
import { demoTargets, federatedAppId } from '../../../local/simulator/demo';
import type { SimulatedRequest, SimulatedResponse } from '../../../local/simulator/identity';
import { startListener } from '../../../local/simulator/server';
import { RepairResult } from '../../../src/lib/model/remediation';
import { AgreedPlan } from '../../../src/lib/remediation/plan';
import { poisonQueueName } from '../../../src/lib/storage/queue-names';
import { TestApp } from '../../support/app';
import { CliFolder } from '../../support/cli-folder';
import { runCli } from '../../support/cli-io';
import { tenantEnvironment } from '../../support/cli-process';
import { applicationOf } from '../../support/cli-sign-in';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(60_000);

const [contoso = {}, fabrikam = {}] = demoTargets(root);
const license = ['--target', 'fabrikam-rooms', '--control', 'license'];
const trusted = getCACertificates('default');

let app: TestApp;
let work: CliFolder;
let fabrikamFile: string;
beforeAll(async () => {
  app = await TestApp.start();
  await app.startHost();
  setDefaultCACertificates([...trusted, app.stack.certificate.ca]);
  work = new CliFolder();
  fabrikamFile = work.file('fabrikam.json', fabrikam);
});
beforeEach(async () => {
  app.stack.simulator.reset();
  await app.call('PUT', 'targets/fabrikam-rooms', fabrikam);
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  work.remove();
  await app.stop();
});

/** Runs a command against the app on this machine. */
const cli = (args: readonly string[], answer?: boolean) =>
  runCli(args, { env: { SYNCWARDEN_APP: app.url }, ...(answer === undefined ? {} : { answer }) });

const findingNow = async () => {
  const { body } = await app.call('GET', 'targets/fabrikam-rooms/findings/license');
  return body as { verdict: string };
};

describe('syncwarden targets', () => {
  it('puts a target from a file, lists it with its worst verdict, and deletes it', async () => {
    const file = work.file('contoso.json', contoso);
    expect(await cli(['targets', 'put', file])).toMatchObject({ code: 0, out: '' });
    const { code, out } = await cli(['targets', 'list']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /contoso-rooms .*\? unknown .*c0170507-0000-4000-8000-000000000001 .*svc-condeco@contoso\.com/,
    );
    expect(await cli(['targets', 'delete', 'contoso-rooms'], true)).toMatchObject({
      code: 0,
      questions: ['Delete contoso-rooms with its findings and accepted risks?'],
    });
    expect((await cli(['targets', 'list'])).out).not.toContain('contoso-rooms');
  });

  it('imports many from one file, says first what it would do, and names what is wrong with which line', async () => {
    const { tenantId, profile, serviceAccount, clientAppId } = contoso as Record<string, string>;
    const line = (id: string, application = clientAppId) =>
      [id, `"Rooms; ${id}"`, tenantId, profile, serviceAccount, application].join(',');
    const header = 'targetId,displayName,tenantId,profile,serviceAccount,clientAppId';
    const csv = (name: string, ...lines: string[]) => work.file(name, [header, ...lines].join('\r\n'));
    const file = csv('many.csv', line('import-a'), line('import-b'));
    const dry = await cli(['targets', 'import', file, '--dry-run']);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toMatch(/2 \W+import-a \W+created/);
    expect(dry.out).toContain('Would be: 2 created, 0 replaced, 0 unchanged. Nothing was written.');
    expect((await cli(['targets', 'import', file])).out).toContain('2 created, 0 replaced, 0 unchanged.');
    expect((await cli(['targets', 'import', file])).out).toContain('0 created, 0 replaced, 2 unchanged.');
    const bad = await cli(['targets', 'import', csv('bad.csv', line('import-c'), line('import-d', 'none'))]);
    expect(bad).toMatchObject({ code: 3, out: '' });
    expect(bad.err).toContain('nothing was written:\n  line 3, clientAppId must be a GUID');
    expect((await cli(['targets', 'list'])).out).not.toContain('import-c');
    expect((await cli(['targets', 'import', 'many.xlsx'])).err).toContain('must end with .csv or .jsonl');
    for (const id of ['import-a', 'import-b']) await cli(['targets', 'delete', id, '--yes']);
  });

  it('lists as the API does', async () => {
    const { out } = await cli(['targets', 'list', '--json']);
    expect(JSON.parse(out)).toEqual((await app.call('GET', 'targets')).body);
  });

  it('says which it cannot read, and what to do, and is not sure of them', async () => {
    const { connectionString } = app.stack.azurite;
    const table = TableClient.fromConnectionString(connectionString, 'SyncwardenTargets', {
      allowInsecureConnection: true,
    });
    await table.updateEntity({ partitionKey: 'target', rowKey: 'fabrikam-rooms', definition: '{' }, 'Merge');
    expect(await cli(['targets', 'list'])).toMatchObject({
      code: 2,
      err: 'The target fabrikam-rooms cannot be read: definition is no JSON. PUT targets/fabrikam-rooms puts it right, and DELETE removes it; until then it is not audited.\n',
    });
    const { code, out } = await cli(['targets', 'list', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual((await app.call('GET', 'targets')).body);
  });

  it('says that there is no such target', async () => {
    expect(await cli(['targets', 'delete', 'gone', '--yes'])).toMatchObject({
      code: 3,
      err: 'The app refuses: There is no target gone. (notFound)\n',
    });
  });

  it('finds what is wrong with a file before it asks the app', async () => {
    const file = work.file('wrong.json', { ...contoso, serviceAccount: 'svc' });
    const { code, err } = await runCli(['targets', 'put', file, '--app', 'http://127.0.0.1:1']);
    expect(code).toBe(3);
    expect(err).toContain('serviceAccount must be an address');
  });
});

describe('syncwarden plan, through the app', () => {
  it('gives the plan that reading from here gives, with the same hash', async () => {
    const { code, out } = await cli(['plan', ...license, '--json']);
    expect(code).toBe(1);
    const env = {
      ...tenantEnvironment(app.stack),
      ...applicationOf(String(fabrikam.tenantId), federatedAppId),
    };
    const args = ['plan', fabrikamFile, '--control', 'license', '--json'];
    const direct = await runCli(args, { env });
    expect(direct.code).toBe(1);
    expect(JSON.parse(direct.out)).toEqual(JSON.parse(out));
  });

  it('audits what there is nothing to plan for', async () => {
    await app.call('PUT', 'targets/contoso-rooms', contoso);
    const args = ['plan', '--target', 'contoso-rooms', '--control', 'license'];
    const { code, out } = await cli(args);
    expect(code).toBe(0);
    expect(out).toMatch(/^✔ license is compliant: /m);
    app.stack.simulator.fail({ match: /GET \/v1.0\/users\//, status: 403 });
    const unread = await cli(args);
    expect(unread.code).toBe(2);
    expect(unread.out).toMatch(/^\? license is unknown: /m);
    await app.call('DELETE', 'targets/contoso-rooms');
  });
});

describe('syncwarden undo, waivers, history, report and export', () => {
  const target = ['--target', 'fabrikam-rooms'];

  it('undo lists what was done, asks, and puts it back', async () => {
    await cli(['apply', ...license], true);
    const { items } = JSON.parse((await cli(['undo', ...target, '--json'])).out) as {
      items: { remediationId: string }[];
    };
    const { remediationId = '' } = items[0] ?? {};
    expect((await cli(['undo', ...target])).out).toContain(remediationId);
    const args = ['undo', ...target, '--remediation', remediationId];
    expect(await cli(args, false)).toMatchObject({ code: 1 });
    expect((await cli(args)).code).toBe(3);
    expect(await findingNow()).toMatchObject({ verdict: 'compliant' });
    const { out, questions } = await cli(args, true);
    expect(questions).toEqual([`Put back what the repair ${remediationId} of fabrikam-rooms has changed?`]);
    expect(out).toMatch(/^✔ made: /m);
    expect(await findingNow()).toMatchObject({ verdict: 'nonCompliant' });
    expect(await cli([...args, '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('undo.alreadyDone') as string,
    });
  });

  it('waivers accepts a risk, lists it, and takes that back', async () => {
    const accept = ['waivers', 'accept', ...license, '--reason', 'Licences come in March.'];
    const later = new Date(Date.now() + 86_400_000).toISOString();
    expect(await cli([...accept, '--until', later])).toMatchObject({ code: 0 });
    expect((await cli(['waivers', 'list', ...target])).out).toContain('Licences come in March.');
    expect((await cli(['history', ...license, '--json'])).out).toContain('"waived": true');
    expect((await cli(['waivers', 'revoke', ...license])).out).toContain('No longer accepted');
    expect((await cli(['waivers', 'revoke', ...license])).code).toBe(3);
    await cli(['apply', ...license], true);
    const nothing = await cli([...accept, '--until', later]);
    expect(nothing).toMatchObject({
      code: 1,
      err: expect.stringContaining('waiver.nothingToAccept') as string,
    });
    const ended = await cli([...accept, '--until', '2020-01-01T00:00:00Z']);
    expect(ended).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^--until: must be in the future/) as string,
    });
  });

  it('waivers takes a day to its end, and names the codes that there are', async () => {
    const accept = ['waivers', 'accept', ...license, '--reason', 'Licences come in March.'];
    const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const accepted = await cli([...accept, '--until', day]);
    expect(accepted).toMatchObject({ code: 0, out: expect.stringContaining(`${day}T23:59:59`) as string });
    await cli(['waivers', 'revoke', ...license]);
    const { code, err } = await cli([...accept, '--until', day, '--code', 'license.nosuch']);
    expect(code).toBe(1);
    expect(err).toContain('has one of these codes: there is license.');
  });

  it('says in words that there is nothing', async () => {
    expect((await cli(['waivers', 'list', ...target])).out).toBe('No accepted risks.\n');
    expect((await cli(['history', ...license, '--from', '2999-01-01'])).out).toBe('No changes.\n');
    expect((await cli(['poison', 'list'])).out).toBe('No failed messages.\n');
    const reports = await cli(['report', '--all-customers', work.path('none')]);
    expect(reports.err).toContain('No target has a customer');
  });

  it.each([
    [['history', '--from', 'yesterday'], /^--from: must be a day, like .*Z$/],
    [['history', ...target, '--to', 'now'], /^--to: must be a day/],
    [
      ['history', ...target, '--from', '2026-02-01', '--to', '2026-01-01'],
      /^--to: must be later than --from$/,
    ],
    [
      ['history', '--from', '2020-01-01', '--to', '2026-01-01'],
      /^--from: must lie at most 92 days before --to:/,
    ],
    [['export', '--format', 'json', '--from', 'yesterday'], /^--from: must be a day/],
    [['findings', '--target', '-'], /^--target: must/],
    [
      ['waivers', 'accept', ...license, '--reason', 'Short.', '--until', 'tomorrow'],
      /^--reason: .*\n--until: must be a time/,
    ],
  ])('names what is wrong as it was said: %j', async (args, said) => {
    const { code, err } = await cli(args);
    expect(code).toBe(3);
    expect(err.trim()).toMatch(said);
    expect(err).not.toMatch(/since|expiresAt|targetId|%2B/);
  });

  it('findings shows what needs somebody, worst first, with since when', async () => {
    await app.call('POST', 'targets/fabrikam-rooms/audits');
    const { code, out } = await cli(['findings', ...target]);
    expect(code).toBe(0);
    expect(out).toMatch(/severity .*target .*control .*verdict .*since .*what was found/);
    expect(out).toMatch(/high .*fabrikam-rooms .*license .*✘ nonCompliant .*\d{4}-\d\d-\d\d/);
    expect(out).not.toContain('✔');
    const { items } = JSON.parse((await cli(['findings', ...target, '--json'])).out) as {
      items: { verdict: string; severity: string; control: string }[];
    };
    const open = items.filter(({ verdict }) => verdict === 'nonCompliant').map(({ severity }) => severity);
    const order = ['critical', 'high', 'medium', 'low'];
    expect(open.length).toBeGreaterThan(2);
    expect(open).toEqual(open.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(new Set(items.map(({ verdict }) => verdict)).has('compliant')).toBe(false);
    const chosen = JSON.parse(
      (await cli(['findings', ...license, '--severity', 'high', '--json'])).out,
    ) as object;
    expect(chosen).toMatchObject({ items: [{ control: 'license' }] });
    expect((await cli(['findings', ...target, '--verdict', 'compliant'])).out).toContain('✔ compliant');
  });

  it('findings says that there is no such target, which has no findings either', async () => {
    const { code, err } = await cli(['findings', '--target', 'no-rooms']);
    expect([code === 0, err]).toEqual([false, expect.stringContaining('There is no target no-rooms.')]);
  });

  it('findings leaves out what is accepted, unless its verdict is asked for', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    await cli(['waivers', 'accept', ...license, '--reason', 'Licences come in March.', '--until', until]);
    const nothing = await cli(['findings', ...license]);
    expect(nothing).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing that was found') as string,
    });
    expect((await cli(['findings', ...license, '--verdict', 'nonCompliant'])).out).toContain('(accepted)');
    await cli(['waivers', 'revoke', ...license]);
    expect((await cli(['findings', ...license, '--stale'])).out).toBe('No such findings.\n');
  });

  it('findings of a target that does not exist are an error', async () => {
    const { code, err } = await cli(['findings', '--target', 'nosuch']);
    expect(code).toBe(3);
    expect(err).toContain('There is no target nosuch.');
  });

  it('history shows what has changed, of one control and from a time on', async () => {
    expect((await cli(['history', ...license])).out).toMatch(/license .*nonCompliant/);
    expect(JSON.parse((await cli(['history', ...license, '--from', '2999-01-01', '--json'])).out)).toEqual({
      items: [],
    });
    expect((await cli(['history', ...target, '--from', 'yesterday'])).code).toBe(3);
  });

  it('history without a target is that of all, or of one customer', async () => {
    const { out } = await cli(['history', '--control', 'license']);
    expect(out).toMatch(/fabrikam-rooms .*license .*nonCompliant/);
    const all = JSON.parse((await cli(['history', '--json'])).out) as { items: { at: string }[] };
    const times = all.items.map(({ at }) => at);
    expect(times.length).toBeGreaterThan(1);
    expect(times).toEqual(times.toSorted().reverse());
    expect(JSON.parse((await cli(['history', '--customer', 'nobody', '--json'])).out)).toEqual({ items: [] });
    expect((await cli(['history', ...target, '--customer', 'nobody'])).code).toBe(3);
    expect((await cli(['history', '--from', '2020-01-01'])).err).toContain('at most 92 days');
  });

  it('report makes files, one for each customer, and writes over none', async () => {
    await app.call('PUT', 'targets/contoso-rooms', { ...contoso, customer: 'contoso' });
    const folder = work.path('reports');
    const all = await cli(['report', '--all-customers', folder]);
    expect(all).toMatchObject({ code: 0 });
    expect(all.err).toContain('1 target without a customer is in no file.');
    expect(work.read('reports/contoso.html')).toContain('contoso-rooms');
    expect(work.read('reports/contoso.html')).not.toContain('fabrikam');
    const again = await cli(['report', '--all-customers', folder]);
    expect(again).toMatchObject({ code: 3, err: expect.stringContaining('is there already') as string });
    expect((await cli(['report', '--customer', 'nobody'])).code).toBe(3);
    expect((await cli(['report', ...target])).out).toContain('fabrikam-rooms');
    await app.call('DELETE', 'targets/contoso-rooms');
  });

  it('export gets what the API gives', async () => {
    expect((await cli(['export', ...target])).out).toMatch(/^"targetId","tenantId",/);
    const file = work.path('evidence.json');
    expect(await cli(['export', '--format', 'json', '--output', file])).toMatchObject({ code: 0, out: '' });
    expect(() => JSON.parse(work.read('evidence.json')) as unknown).not.toThrow();
  });

  it('export chooses, and writes a workbook byte by byte', async () => {
    expect((await cli(['export', ...target, '--format', 'md'])).out).toMatch(/^# Findings of Syncwarden\n/);
    const chosen = ['--control', 'license', '--severity', 'high', '--resources', 'all'];
    const csv = (await cli(['export', ...target, ...chosen])).out.split('\r\n');
    expect(csv[0]).toMatch(/"roomDetail"$/);
    expect(csv.slice(1, -1).every((line) => line.includes('"license"'))).toBe(true);
    expect(await cli(['export', '--customer', 'nobody'])).toMatchObject({ code: 3 });
    expect(await cli(['export', '--format', 'xlsx'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('--output') as string,
    });
    const file = work.path('evidence.xlsx');
    expect(await cli(['export', '--format', 'xlsx', '--output', file])).toMatchObject({ code: 0, out: '' });
    const parts = Object.keys(unzipSync(readFileSync(file)));
    expect(parts).toContain('xl/worksheets/sheet4.xml');
  });
});

describe('syncwarden apply', () => {
  it('shows the plan, asks, has it done, and says that it was verified', async () => {
    const { code, out, questions } = await cli(['apply', ...license], true);
    expect(code).toBe(0);
    expect(questions).toEqual(['Make this change in the tenant of fabrikam-rooms?']);
    expect(out).toContain('1. Switch Exchange Online on in the licence ENTERPRISEPACK');
    expect(out).toMatch(/^✔ made: Switch Exchange Online on/m);
    expect(out).toMatch(/^verified: The tenant was seen to comply\./m);
    expect(await findingNow()).toMatchObject({ verdict: 'compliant' });
  });

  it('does nothing when the answer is no', async () => {
    expect(await cli(['apply', ...license], false)).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nothing was changed.') as string,
    });
    expect(app.stack.simulator.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    expect((await cli(['plan', ...license])).code).toBe(1);
  });

  it('does without a question what was agreed to before', async () => {
    const { out: planned } = await cli(['plan', ...license, '--json']);
    const { planHash } = AgreedPlan.parse(JSON.parse(planned));
    const { code, out } = await cli(['apply', ...license, '--yes', '--plan-hash', planHash, '--json']);
    expect(code).toBe(0);
    expect(RepairResult.parse(JSON.parse(out))).toMatchObject({
      status: 'verified',
      finding: { control: 'license', verdict: 'compliant' },
    });
  });

  it('does nothing by a plan that is no longer true, and shows the new one', async () => {
    const stale = 'ab'.repeat(32);
    const { code, out, err } = await cli(['apply', ...license, '--yes', '--plan-hash', stale]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('(plan.stale)');
    expect(err).toContain('1. Switch Exchange Online on in the licence ENTERPRISEPACK');
    expect(err).toMatch(/^planHash (?!abab)[0-9a-f]{64}$/m);
    expect((await cli(['plan', ...license])).code).toBe(1);
  });

  it('never says that it is done when a change failed', async () => {
    app.stack.simulator.fail({ match: /assignLicense/, status: 400 });
    const { code, out } = await cli(['apply', ...license], true);
    expect(code).toBe(1);
    expect(out).toMatch(/^✘ failed: /m);
    expect(out).toMatch(/^failed: A change failed, and the rest was not sent\./m);
  });

  it('has nothing to ask where there is nothing to change', async () => {
    await cli(['apply', ...license], true);
    const { code, out, questions } = await cli(['apply', ...license], true);
    expect({ code, questions }).toEqual({ code: 0, questions: [] });
    expect(out).toContain('Nothing that Syncwarden could change.');
    expect(out).toMatch(/^✔ license is compliant: /m);
  });

  it('says what is left to people, and that it is not done', async () => {
    const args = ['apply', '--target', 'contoso-rooms', '--control', 'ews-access'];
    await app.call('PUT', 'targets/contoso-rooms', contoso);
    const organization = app.stack.simulator.tenant(String(contoso.tenantId)).exchange.organizationConfig;
    organization.EwsEnabled = false;
    const { code, out, questions } = await cli(args, true);
    expect({ code, questions }).toEqual({ code: 1, questions: [] });
    expect(out).toContain('By hand:');
    await app.call('DELETE', 'targets/contoso-rooms');
  });
});

describe('syncwarden poison', () => {
  it('shows messages that failed, and puts them back', async () => {
    const visit = { targetId: 'gone', controls: ['account'], runId: '2026-11-24' };
    const encoded = Buffer.from(JSON.stringify(visit)).toString('base64');
    await app.queue(poisonQueueName).create();
    await app.queue(poisonQueueName).sendMessage(encoded);
    const { code, out, err } = await cli(['poison', 'list']);
    expect({ code, err }).toEqual({ code: 0, err: 'About 1 message failed.\n' });
    expect(out).toMatch(/gone .*account/);
    expect(JSON.parse((await cli(['poison', 'list', '--json'])).out)).toMatchObject({
      count: 1,
      items: [{ visit }],
    });
    expect(await cli(['poison', 'replay'])).toMatchObject({ code: 0, out: 'Put back: 1.\n' });
    expect((await cli(['poison', 'list'])).err).toBe('About 0 messages failed.\n');
  });
});

describe('an app that wants a sign-in', () => {
  const asked: { path: string; authorization: string | undefined }[] = [];
  let answer: (request: SimulatedRequest) => SimulatedResponse;
  let listener: Awaited<ReturnType<typeof startListener>>;
  beforeAll(async () => {
    listener = await startListener(app.stack.certificate, (request) => {
      asked.push({ path: request.url.pathname, authorization: request.header('authorization') });
      return answer(request);
    });
  });
  beforeEach(() => {
    asked.splice(0);
    answer = () => ({ status: 200, body: { items: [] } });
  });
  afterAll(() => listener.close());

  const list = (...more: string[]) => {
    const env = {
      ...tenantEnvironment(app.stack),
      ...applicationOf(String(fabrikam.tenantId), federatedAppId),
    };
    return runCli(['targets', 'list', '--app', listener.origin, '--json', ...more], { env });
  };

  it('gets a token for itself, from the application in the environment', async () => {
    expect(await list('--app-scope', 'api://syncwarden/.default')).toMatchObject({ code: 0 });
    const [, token = ''] = /^Bearer (.+)$/.exec(asked[0]?.authorization ?? '') ?? [];
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(claims).toMatchObject({ aud: 'api://syncwarden', appid: federatedAppId });
  });

  it('gets none where none is wanted', async () => {
    await list();
    expect(asked).toEqual([{ path: '/api/targets', authorization: undefined }]);
  });

  it('gets it at its own address only', async () => {
    answer = () => ({ status: 302, headers: { Location: `${listener.origin}/elsewhere` }, body: {} });
    expect(await list('--app-scope', 'api://syncwarden/.default')).toMatchObject({ code: 2, out: '' });
    expect(asked.map(({ path }) => path)).toEqual(['/api/targets']);
  });

  it('says who is not let in, and that nothing is known then', async () => {
    const problem = {
      status: 403,
      detail: 'The app role Syncwarden.Read is needed.',
      code: 'auth.forbidden',
    };
    answer = () => ({ status: 403, body: problem });
    expect(await list()).toMatchObject({
      code: 2,
      err: 'The app refuses: The app role Syncwarden.Read is needed. (auth.forbidden)\n',
    });
  });

  it('may let somebody plan who may not audit: then it is not known that all is well', async () => {
    const problem = {
      status: 403,
      detail: 'The app role Syncwarden.Audit is needed.',
      code: 'auth.forbidden',
    };
    answer = ({ url }) =>
      url.pathname.endsWith('/audits')
        ? { status: 403, body: problem }
        : { status: 200, body: { planHash: 'ab'.repeat(32), changes: [], manualSteps: [] } };
    const args = ['plan', '--target', 'x', '--control', 'license', '--app', listener.origin];
    expect(await runCli(args)).toMatchObject({
      code: 2,
      err: expect.stringContaining('it takes the role Syncwarden.Audit') as string,
    });
  });

  it('that does not answer leaves it open whether anything was changed', async () => {
    const args = ['apply', '--target', 'x', '--control', 'license', '--yes', '--plan-hash', 'ab'];
    const broken = { status: 500, detail: 'The log of the app says why.', code: 'internal' };
    const answers = [
      { status: 502, text: 'Bad Gateway' },
      { status: 500, body: broken },
    ];
    for (const one of answers) {
      answer = () => one;
      expect(await runCli([...args, '--app', listener.origin])).toMatchObject({
        code: 2,
        err: expect.stringContaining('Whether anything was changed is not known') as string,
      });
    }
  });
});
