import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hintsFor } from '../../local/hints';
import { demoTargets } from '../../local/simulator/demo';
import { poisonQueueName } from '../../src/lib/storage/queue-names';
import { TestApp } from '../support/app';
import { type Gateway, json, type Scene, startGateway } from '../support/gateway';
import { describeInPowerShell, type PesterResult, runPester } from '../support/powershell';
import { root } from '../support/simulated-tenant';

jest.setTimeout(300_000);

const authTenant = '0a0a0a0a-0000-4000-8000-0000000000a1';
const audience = '11111111-2222-3333-4444-555555555555';
const identityHeader = 'header-of-the-test';

/** Answers that no app should give, and what the module has to make of them. */
function scenes(readerToken: string): Record<string, Scene> {
  return {
    // The managed identity of the machine.
    identity: ({ headers, url = '' }, outgoing) => {
      const resource = new URL(url, 'http://localhost').searchParams.get('resource');
      if (headers['x-identity-header'] !== identityHeader || resource !== audience) json(outgoing, 400, {});
      else
        json(outgoing, 200, {
          access_token: readerToken,
          expires_on: String(Math.floor(Date.now() / 1000) + 3600),
        });
    },
    redirecting: (_incoming, outgoing) => {
      outgoing.writeHead(302, { location: '/caught/here' }).end();
    },
    busy: ({ method }, outgoing, nth) => {
      const status = method === 'GET' ? 429 : 503;
      if (method === 'GET' && nth > 0) json(outgoing, 200, { items: [{ targetId: 'late-rooms' }] });
      else json(outgoing, status, {}, { 'retry-after': '0' });
    },
    alwaysBusy: (_incoming, outgoing) => json(outgoing, 429, {}, { 'retry-after': '0' }),
    closed: (_incoming, outgoing) => json(outgoing, 503, {}),
    signInPage: (_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<title>Sign in</title>');
    },
    other: (_incoming, outgoing) => json(outgoing, 200, { value: [] }),
    damaged: (_incoming, outgoing) =>
      json(outgoing, 200, {
        items: [{ targetId: 'good-rooms' }],
        unreadable: [
          {
            targetId: 'bad-rooms',
            what: 'The target bad-rooms',
            errors: [{ path: 'profile', message: 'is not known' }],
            remedy: 'Put it anew.',
          },
        ],
      }),
    hostile: (_incoming, outgoing) => {
      const detail = 'no \u001B[31mred\u001B[0m \u202Eever\u202C';
      const problem = { code: 'notFound', detail, status: 404 };
      json(outgoing, 404, problem, { 'content-type': 'application/problem+json' });
    },
  };
}

describeInPowerShell('the PowerShell module', () => {
  let app: TestApp;
  let gateway: Gateway | undefined;
  let folder: string;
  let results: PesterResult[] = [];

  /** The app as it is after `npm start`, once more with sign-in, and a gateway in front of both. */
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'powershell-'));
    app = await TestApp.start();
    const { simulator } = app.stack;
    const [demo, entra] = [
      await app.startHost(),
      await app.stack.startHost({
        env: {
          AUTH_MODE: 'entra',
          AUTH_TENANT_ID: authTenant,
          AUTH_AUDIENCE: audience,
          AUTH_AUTHORITY: simulator.authorityUrl,
        },
      }),
    ];
    const targets = demoTargets(root) as { targetId: string }[];
    for (const target of targets) {
      await app.call('PUT', `targets/${target.targetId}`, target);
      await app.call('POST', `targets/${target.targetId}/audits`);
    }
    const poison = app.queue(poisonQueueName);
    await poison.createIfNotExists();
    const message = { targetId: 'contoso-rooms', controls: ['license'], runId: '2026-11-24' };
    await poison.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'));

    const token = (role: string) =>
      simulator.mintUserToken({ tenantId: authTenant, audience, roles: [`Syncwarden.${role}`] });
    const readerToken = await token('Read');
    gateway = await startGateway({ demo: demo.url, entra: entra.url }, scenes(readerToken));

    const work = path.join(folder, 'work');
    mkdirSync(work);
    const { tenantId, profile, serviceAccount, clientAppId } = targets[0] as unknown as Record<
      string,
      string
    >;
    const customers = path.join(folder, 'customers.csv');
    const row = ['contoso-copy', 'contoso', tenantId, profile, serviceAccount, clientAppId];
    writeFileSync(
      customers,
      `targetId,customer,tenantId,profile,serviceAccount,clientAppId\n${row.join(',')}\n`,
    );
    const hints = hintsFor(`${gateway.url}/demo`, 'contoso-rooms');
    const given = {
      hints,
      gateway: gateway.url,
      readerToken,
      identityHeader,
      customers,
      folder: work,
      root,
    };
    ({ results } = await runPester(path.join(root, 'powershell/tests/run.ps1'), given, folder));
  });
  afterAll(async () => {
    await gateway?.stop();
    await app.stop();
    rmSync(folder, { recursive: true });
  });

  it('passes its own tests', () => {
    if (results.some(({ name, result }) => name.includes('PSScriptAnalyzer') && result === 'Skipped'))
      process.stderr.write('No PSScriptAnalyzer was found: the style of the module was not checked.\n');
    const wrong = results.filter(({ result }) => result === 'Failed' || result === 'Inconclusive');
    expect(wrong.map(({ name, errors }) => [name, ...errors].join('\n'))).toEqual([]);
  });

  it('has tests that ran', () => {
    const passed = results.filter(({ result }) => result === 'Passed').map(({ name }) => name);
    expect(passed.length).toBeGreaterThan(20);
  });
});
