import { TableClient } from '@azure/data-tables';
import { demoTargets, homeTenantId } from '../../local/simulator/demo';
import { controlIds } from '../../src/lib/model/verdict';
import type { AgreedPlan } from '../../src/lib/remediation/plan';
import { ApiDescription } from '../support/api-description';
import { type Answer, TestApp } from '../support/app';
import { breakages } from '../support/broken';
import { root } from '../support/simulated-tenant';
import { startTelemetrySink, type TelemetrySink } from '../support/telemetry-sink';

jest.setTimeout(180_000);

const [contoso = {}] = demoTargets(root);
const authTenant = '0a0a0a0a-0000-4000-8000-0000000000a1';
const audience = 'api://syncwarden';
const entra = { AUTH_MODE: 'entra', AUTH_TENANT_ID: authTenant, AUTH_AUDIENCE: audience };

let app: TestApp;
let description: ApiDescription;
let sink: TelemetrySink;
beforeAll(async () => {
  app = await TestApp.start();
  sink = await startTelemetrySink(app.stack.certificate);
  await app.startHost({
    ...entra,
    AUTH_AUTHORITY: app.stack.simulator.authorityUrl,
    APPLICATIONINSIGHTS_CONNECTION_STRING: sink.connectionString,
  });
  description = await ApiDescription.of(app.url, await tokenWith('Syncwarden.Read'));
});
afterAll(async () => {
  await app.stop();
  await sink.close();
});

async function tokenWith(...roles: string[]): Promise<Record<string, string>> {
  const token = await app.stack.simulator.mintUserToken({ tenantId: authTenant, audience, roles });
  return { authorization: `Bearer ${token}` };
}

/** Text is CSV, where it is not made to be refused. */
function typeOf(body: unknown): string {
  return typeof body === 'string' ? 'text/csv' : 'application/json';
}

/** Calls the app as an administrator, unless told, and holds the answer to the description. */
async function call(
  method: string,
  route: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer> {
  const caller = headers ?? (await tokenWith('Syncwarden.Admin'));
  const response = await fetch(`${app.url}/api/${route}`, {
    method,
    headers: { 'x-requested-with': 'test', 'content-type': typeOf(body), ...caller },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  const parsed: unknown = text === '' ? undefined : /json/.test(type ?? '') ? JSON.parse(text) : text;
  const answer = { status: response.status, type, body: parsed };
  expect(description.complaints(method, route, answer)).toEqual([]);
  return answer;
}

interface Kept {
  remediationId: string;
}

/** Writes over every row of a table that has a property. */
async function spoil(name: string, property: string, changes: Record<string, string>): Promise<void> {
  const { connectionString } = app.stack.azurite;
  const table = TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
  for await (const { partitionKey = '', rowKey = '', ...entity } of table.listEntities()) {
    if (property in entity) await table.updateEntity({ partitionKey, rowKey, ...changes }, 'Merge');
  }
}

const account = { control: 'account', mode: 'plan' };
const tomorrow = new Date(Date.now() + 86_400_000);
const waiver = { reason: 'Known, and accepted for now.', expiresAt: tomorrow.toISOString() };

/** An address and a body for each operation that would do if nothing else were wrong. */
/** Of a target what goes into cells without more ado. */
const {
  targetId: _targetId,
  tenantId,
  profile,
  serviceAccount,
  clientAppId,
} = contoso as Record<string, string>;
const csv = { tenantId, profile, serviceAccount, clientAppId };
const bodies: Record<string, unknown> = {
  'POST /targets/import': `targetId,${Object.keys(csv).join(',')}\nimported,${Object.values(csv).join(',')}`,
  'PUT /targets/{targetId}': contoso,
  'POST /targets/{targetId}/remediations': account,
  'PUT /targets/{targetId}/waivers/{control}': waiver,
};
const parts: Record<string, string> = {
  targetId: 'contoso-rooms',
  control: 'account',
  remediationId: '20261124T080000000Z-00000000',
  format: 'csv',
};
const operations = () =>
  description.operations.map(({ method, path, statuses }) => ({
    method,
    statuses,
    route: path.slice(1).replaceAll(/\{(\w+)\}/g, (_part, name: string) => parts[name] ?? ''),
    body: bodies[`${method} ${path}`],
  }));

describe('what the app answers is as it is described', () => {
  it('when nothing is wrong', async () => {
    const target = 'targets/contoso-rooms';
    expect(await call('PUT', target, contoso)).toMatchObject({ status: 201 });
    expect(await call('PUT', target, contoso)).toMatchObject({ status: 200 });
    await call('PUT', 'targets/another', { ...contoso, targetId: 'another' });
    expect(await call('POST', 'targets/import?dryRun=true', bodies['POST /targets/import'])).toMatchObject({
      status: 200,
    });
    expect(await call('DELETE', 'targets/another')).toMatchObject({ status: 204 });
    breakages.blockSignIn(app.stack.simulator.tenant(homeTenantId));
    expect(await call('POST', `${target}/audits`)).toMatchObject({ status: 200 });
    expect(await call('PUT', `${target}/waivers/account`, waiver)).toMatchObject({ status: 201 });
    expect(await call('PUT', `${target}/waivers/account`, waiver)).toMatchObject({ status: 200 });
    for (const route of [
      'health',
      'targets',
      target,
      'findings',
      'history',
      `${target}/history`,
      `${target}/waivers`,
      'report',
    ]) {
      expect(await call('GET', route)).toMatchObject({ status: 200 });
    }
    for (const control of controlIds) {
      expect(await call('GET', `${target}/findings/${control}?resources=all`)).toMatchObject({ status: 200 });
      expect(await call('POST', `${target}/remediations`, { control, mode: 'plan' })).toMatchObject({
        status: 200,
      });
    }
    expect(await call('DELETE', `${target}/waivers/account`)).toMatchObject({ status: 204 });
    const { planHash } = (await call('POST', `${target}/remediations`, account)).body as AgreedPlan;
    const apply = { control: 'account', mode: 'apply', planHash };
    const applied = await call('POST', `${target}/remediations`, apply);
    expect(applied).toMatchObject({ status: 200, body: { status: 'verified' } });
    const { remediationId } = applied.body as { remediationId: string };
    const remediation = `${target}/remediations/${remediationId}`;
    expect(await call('GET', remediation)).toMatchObject({ status: 200 });
    expect(await call('POST', `${remediation}/undo`)).toMatchObject({ status: 200 });
    expect(await call('GET', `${target}/remediations`)).toMatchObject({ status: 200 });
    for (const route of [
      'causes',
      'export/csv',
      'export/json?resources=all',
      'export/md',
      'export/xlsx',
      'poison',
      'openapi.json',
    ]) {
      expect(await call('GET', route)).toMatchObject({ status: 200 });
    }
    expect(await call('POST', 'audits')).toMatchObject({ status: 202 });
    expect(await call('GET', 'audits')).toMatchObject({ status: 200 });
    expect(await call('POST', 'alerts/test')).toMatchObject({ status: 202 });
    expect(await call('POST', 'poison/replay')).toMatchObject({ status: 200 });

    expect(await call('POST', `${target}/remediations`, apply)).toMatchObject({ status: 200 });
    expect(
      await call('POST', `${target}/remediations`, { ...apply, planHash: '0'.repeat(64) }),
    ).toMatchObject({
      ...{ status: 409, body: { code: 'plan.stale', changes: [] } },
    });
    expect(await call('POST', `${remediation}/undo`)).toMatchObject({ body: { code: 'undo.alreadyDone' } });
    expect(await call('PUT', `${target}/waivers/account`, waiver)).toMatchObject({
      ...{ status: 409, body: { code: 'waiver.nothingToAccept' } },
    });
  });

  it('when a plan has more changes than may be made', async () => {
    await app.kill();
    const most = { REMEDIATION_MAX_CHANGES: '1' };
    await app.startHost({ ...entra, ...most, AUTH_AUTHORITY: app.stack.simulator.authorityUrl });
    breakages.revokeConsent(app.stack.simulator.tenant(homeTenantId));
    const repair = { control: 'consent', mode: 'plan' };
    const plan = (await call('POST', 'targets/contoso-rooms/remediations', repair)).body as AgreedPlan;
    expect(plan.changes.length).toBeGreaterThan(1);
    const apply = { ...repair, mode: 'apply', planHash: plan.planHash };
    expect(await call('POST', 'targets/contoso-rooms/remediations', apply)).toMatchObject({ status: 422 });
  });

  it('when nobody says who is calling, or somebody who may not', async () => {
    const nobody = await tokenWith();
    for (const { method, route, body, statuses } of operations()) {
      if (!statuses.includes('401')) continue;
      expect(await call(method, route, body, {})).toMatchObject({ status: 401 });
      expect(await call(method, route, body, nobody)).toMatchObject({ status: 403 });
    }
  });

  it('when the input is wrong, too large, or about nothing that exists', async () => {
    for (const { method, route, body, statuses } of operations()) {
      expect(await call(method, `${route}?nonsense=1`, body)).toMatchObject({ status: 400 });
      if (statuses.includes('413')) {
        expect(await call(method, route, 'x'.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413 });
      }
      if (statuses.includes('404')) {
        const elsewhere = route.includes('contoso-rooms')
          ? route.replace('contoso-rooms', 'nobody')
          : `${route}?targetId=nobody`;
        expect(await call(method, elsewhere, body)).toMatchObject({ status: 404 });
      }
    }
  });

  it('when what is asked for is kept, and cannot be understood', async () => {
    const target = 'targets/contoso-rooms';
    const { items } = (await call('GET', `${target}/remediations`)).body as { items: Kept[] };
    const [{ remediationId } = { remediationId: '' }] = items;
    const asked = [
      ...[
        ['GET', `${target}/remediations/${remediationId}`],
        ['GET', `${target}/findings/account`],
      ],
      ...[
        ['GET', target],
        ['POST', `${target}/audits`],
        ['GET', 'report?targetId=contoso-rooms'],
      ],
      ...[
        ['POST', `${target}/remediations`, account],
        ['POST', `${target}/remediations/${remediationId}/undo`],
      ],
      ['PUT', `${target}/waivers/account`, waiver],
    ] as const;
    await spoil('SyncwardenRemediations', 'remediation', { remediation: '{}' });
    await spoil('SyncwardenFindings', 'verdict', { verdict: 'fine' });
    await spoil('SyncwardenTargets', 'definition', { definition: '{}' });
    for (const [method, route, body] of asked)
      expect(await call(method, route, body)).toMatchObject({
        status: 409,
        body: { code: 'kept.unreadable' },
      });
    const some = {
      unreadable: expect.arrayContaining([expect.objectContaining({ targetId: 'contoso-rooms' })]) as unknown,
    };
    for (const list of ['targets', 'findings', `${target}/remediations`])
      expect(await call('GET', list)).toMatchObject({ status: 200, body: some });
  });

  it('when the keys of Microsoft Entra cannot be fetched', async () => {
    await app.kill();
    await app.startHost({ ...entra, AUTH_AUTHORITY: 'https://localhost:9' });
    const reader = await tokenWith('Syncwarden.Admin');
    for (const { method, route, body, statuses } of operations()) {
      if (statuses.includes('401'))
        expect(await call(method, route, body, reader)).toMatchObject({ status: 503 });
    }
  });

  it('when storage is gone', async () => {
    await app.kill();
    await app.startHost({ ...entra, AUTH_AUTHORITY: app.stack.simulator.authorityUrl });
    await app.stack.azurite.stop();
    const failing = operations().filter(
      ({ route }) => !['health', 'openapi.json', 'alerts/test'].includes(route),
    );
    const answers = await Promise.all(failing.map(({ method, route, body }) => call(method, route, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]));
    expect(await call('GET', 'health')).toMatchObject({ status: 503 });
  });

  it('and nothing is described that was not seen, but for failures that cannot be brought about', () => {
    expect(description.unseen).toEqual(['POST /alerts/test 500', 'GET /health 500', 'GET /openapi.json 500']);
  });
});
