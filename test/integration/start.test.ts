import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { environmentWith } from '../../local/app-host';
import { demoTargets } from '../../local/simulator/demo';
import { controlIds } from '../../src/lib/model/verdict';
import { TestApp } from '../support/app';
import { root } from '../support/simulated-tenant';
import { startTelemetrySink } from '../support/telemetry-sink';

jest.setTimeout(60_000);

const [contoso = {}, fabrikam = {}] = demoTargets(root);
const authTenant = 'a0700000-0000-4000-8000-000000000001';
const audience = 'api://syncwarden';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());

describe('a setting that is wrong', () => {
  it.each([
    [
      { GRAPH_ENDPOINT: 'http://graph.microsoft.com' },
      /^Syncwarden cannot start: GRAPH_ENDPOINT must be an https address/,
    ],
    [
      { AUDIT_SCHEDULE: 'every night' },
      /^Syncwarden cannot start: AUDIT_SCHEDULE must be an NCRONTAB schedule/,
    ],
    [{ STALE_AFTER_HOURS: 'soon' }, /^Syncwarden cannot start: STALE_AFTER_HOURS must be a number/],
    [{ AUTH_MODE: 'entra' }, /^Syncwarden cannot start: AUTH_TENANT_ID must be set/],
    [
      { AUTH_MODE: 'local', CONTAINER_NAME: 'azure' },
      /^Syncwarden cannot start: AUTH_MODE=local .*CONTAINER_NAME is set/,
    ],
    [{ AzureWebJobsStorage: '' }, /^Syncwarden cannot start: AzureWebJobsStorage must be/],
  ])('stops the start with one line: %j', async (env, line) => {
    const said = await app.startHost(env).then(
      () => 'It started.',
      (error: unknown) => (error as Error).message,
    );
    expect(said).toMatch(line);
    expect(said.split('\n')).toHaveLength(1);
  });
});

describe('with Microsoft Entra sign-in', () => {
  beforeAll(() =>
    app.startHost({
      AUTH_MODE: 'entra',
      AUTH_TENANT_ID: authTenant,
      AUTH_AUDIENCE: audience,
      AUTH_AUTHORITY: app.stack.simulator.authorityUrl,
    }),
  );
  afterAll(() => app.kill());

  const bearer = async (roles: string[], claims: object = {}) => ({
    authorization: `Bearer ${await app.stack.simulator.mintUserToken({ tenantId: authTenant, audience, roles, ...claims })}`,
  });
  const list = async (headers: object) => app.call('GET', 'targets', undefined, headers);

  it('lets in who has the role, and those with a higher one', async () => {
    expect(await list(await bearer(['Syncwarden.Read']))).toMatchObject({ status: 200 });
    expect(await list(await bearer(['Syncwarden.Admin']))).toMatchObject({ status: 200 });
    expect(await app.call('POST', 'audits', undefined, await bearer(['Syncwarden.Audit']))).toMatchObject({
      status: 202,
    });
  });

  it('asks who has no token, or a bad one, to sign in', async () => {
    const refused = { status: 401, type: 'application/problem+json', body: { code: 'auth.required' } };
    expect(await list({})).toMatchObject(refused);
    expect(await list({ authorization: 'Bearer nonsense' })).toMatchObject(refused);
    expect(await list(await bearer(['Syncwarden.Read'], { audience: 'api://other' }))).toMatchObject(refused);
    expect(await list(await bearer(['Syncwarden.Read'], { expiresIn: -600 }))).toMatchObject(refused);
    const iss = `${app.stack.simulator.authorityUrl}/${authTenant.replace('1', '2')}/v2.0`;
    expect(await list(await bearer(['Syncwarden.Read'], { iss }))).toMatchObject(refused);
  });

  it('refuses who lacks the role', async () => {
    const refused = { status: 403, type: 'application/problem+json', body: { code: 'auth.forbidden' } };
    expect(await list(await bearer([]))).toMatchObject(refused);
    const reader = await bearer(['Syncwarden.Read']);
    expect(await app.call('PUT', 'targets/contoso-rooms', contoso, reader)).toMatchObject(refused);
    expect(await app.call('POST', 'audits', undefined, reader)).toMatchObject(refused);
  });

  it('does not believe a header that anybody can send', async () => {
    const roles = [{ typ: 'roles', val: 'Syncwarden.Admin' }];
    const principal = Buffer.from(JSON.stringify({ auth_typ: 'aad', claims: roles })).toString('base64');
    expect(await list({ 'x-ms-client-principal': principal })).toMatchObject({ status: 401 });
  });

  it('tells anybody about its health, and nothing about tenants', async () => {
    const { status, body } = await app.call('GET', 'health');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(/contoso|[0-9a-f]{8}-/);
  });
});

describe('with Application Insights', () => {
  it('sends each audit and each transition, with the operation of the invocation', async () => {
    const sink = await startTelemetrySink(app.stack.certificate);
    await app.startHost({ APPLICATIONINSIGHTS_CONNECTION_STRING: sink.connectionString });
    try {
      await app.call('PUT', 'targets/fabrikam-rooms', fabrikam);
      await app.call('POST', 'targets/fabrikam-rooms/audits');
      await app.call('POST', 'targets/fabrikam-rooms/audits');
      const events = sink.envelopes.map(({ tags, data }) => ({ ...data.baseData, tags }));
      const named = (name: string) => events.filter((event) => event.name === name);
      expect(named('AuditCompleted')).toHaveLength(2 * controlIds.length);
      expect(named('ComplianceTransition')).toHaveLength(controlIds.length);
      const license = named('ComplianceTransition').find(
        ({ properties }) => properties?.control === 'license',
      );
      expect(license?.properties).toMatchObject({
        targetId: 'fabrikam-rooms',
        customerTenantId: fabrikam.tenantId,
        verdict: 'nonCompliant',
        severity: 'high',
        waived: 'false',
        codes: 'license.exchangePlanDisabled',
        transitionId: expect.any(String) as string,
      });
      const operations = (name: string) => new Set(named(name).map(({ tags }) => tags['ai.operation.id']));
      expect(operations('AuditCompleted').size).toBe(2);
      expect(operations('ComplianceTransition').size).toBe(1);
      expect(named('ChangeRequested').map(({ properties }) => properties?.route)).toEqual([
        'target-put',
        'target-audits-post',
        'target-audits-post',
      ]);
      expect(operations('ChangeRequested').size).toBe(3);
    } finally {
      await app.kill();
      await sink.close();
    }
  });
});

describe('the timers', () => {
  beforeAll(() => app.startHost());
  afterAll(() => app.kill());

  const today = () => new Date().toISOString().slice(0, 10);
  const trigger = async (name: string) => {
    const { status } = await fetch(`${app.url}/admin/functions/${name}`, { method: 'POST', body: '{}' });
    expect(status).toBe(202);
  };

  it('put the audits of a night into the queue', async () => {
    await app.call('PUT', 'targets/contoso-rooms', contoso);
    await app.call('PUT', 'targets/paused', { ...contoso, targetId: 'paused', paused: true });
    const days = [today()];
    await trigger('nightly');
    const audited = async () => (await app.findings('targetId=contoso-rooms')).length;
    await app.until('it is audited', async () => (await audited()) === controlIds.length);
    // It may be midnight.
    days.push(today());
    const findings = await app.findings('targetId=contoso-rooms');
    expect(findings.map(({ control }) => control).sort()).toEqual([...controlIds].sort());
    for (const { runId } of findings) expect(days).toContain(runId);
    expect(await app.findings('targetId=paused')).toEqual([]);
  });

  it('look after the audits', async () => {
    await trigger('watchdog');
    await trigger('retention');
    await app.until('both have said so', () =>
      ['Watchdog has looked', 'Old history removed'].every((line) => app.said.includes(line)),
    );
  });
});

describe('npm start', () => {
  const start = (...args: string[]) =>
    promisify(execFile)(process.execPath, [path.join(root, 'dist/local/start.js'), ...args], {
      cwd: root,
      env: { ...environmentWith({}), NO_COLOR: '1' },
    });

  it('--once audits four tenants, says what it found, and ends with code 0', async () => {
    const { stdout } = await start('--once');
    for (const code of [
      'account.signInBlocked',
      'consent.assignmentRequired',
      'consent.excess',
      'consent.lookalike',
      'consent.wrongPrincipal',
      'impersonation.roleRetired',
      'impersonation.roomNotCovered',
      'impersonation.strayMailbox',
      'license.exchangePlanDisabled',
      'license.notKnown',
      'password.expires',
      'signin.silent',
      'unreadable.permission',
    ]) {
      expect(stdout).toContain(code);
    }
    for (const target of ['contoso-rooms', 'fabrikam-rooms', 'woodgrove-rooms', 'zava-rooms'])
      expect(stdout).toContain(target);
  });

  it('says that a port is in use, and takes the next free one', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const { stdout, stderr } = await start('--once', '--port', String(port));
    taken.close();
    expect(`${stdout}${stderr}`).toMatch(new RegExp(`port ${port} is in use`, 'i'));
  });

  it('says how it is used to whoever asks, and builds nothing for that', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['local/launch.mjs', '--help'], {
      cwd: root,
    });
    expect(stdout).toMatch(/^npm start -- \[--once\]/);
  });

  it.each([
    [['--twice'], /^Unknown option '--twice'/],
    [['--port', '0'], /^--port must be a number from 1 to 65535/],
    [['--target', 'nofile.json'], /^nofile\.json cannot be read: there is no such file\.$/m],
    [['--target', 'package.json'], /^package\.json cannot be used as a target: it has no targetId\.$/m],
  ])('refuses %j before anything is built', async (args, sentence) => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [program, launcher = ''] = scripts.start?.split(' ') ?? [];
    expect(program).toBe('node');
    const built = statSync(path.join(root, 'dist/main.js')).ino;
    const ended = await promisify(execFile)(process.execPath, [launcher, ...args], { cwd: root }).then(
      () => ({ code: 0, stderr: '' }),
      (error: unknown) => error as { code: number; stderr: string },
    );
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(sentence)]);
    expect(statSync(path.join(root, 'dist/main.js')).ino).toBe(built);
  });
});
