import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GraphObject } from '../../../local/simulator/state';
import { complaintsAbout } from '../../support/contract';
import { root } from '../../support/simulated-tenant';
import { SimulatorClient } from '../../support/simulator-client';
import { AzureCli, type Command } from './azure-cli';

interface Role {
  resourceAppId: string;
  id: string;
  name: string;
  controls: string[];
}
const infra = (name: string) =>
  JSON.parse(readFileSync(path.join(root, 'infra/graph', name), 'utf8')) as unknown;
const permissions = infra('permissions.json') as { read: Role[]; write: Role[] };
const appRoles = infra('app-roles.json') as (GraphObject & { value: string })[];

const graphAppId = '00000003-0000-0000-c000-000000000000';
const graph = 'c0170507-0000-4000-8000-000000000031';
const reader = 'c0170507-0000-4000-8000-0000000000a1';
const writer = 'c0170507-0000-4000-8000-0000000000a2';
const api = 'c0170507-0000-4000-8000-0000000000a3';
const apiAppId = '5cba4def-0000-4000-8000-0000000000a3';
const administrator = 'c0170507-0000-4000-8000-000000000121';

jest.setTimeout(60_000);

let client: SimulatorClient;
let cli: AzureCli;

beforeAll(async () => {
  client = await SimulatorClient.start();
  cli = await AzureCli.start(answer);
});
beforeEach(() => {
  client.simulator.reset();
  cli.answer = answer;
  cli.commands.splice(0);
  const { servicePrincipals } = client.state;
  for (const resource of servicePrincipals) {
    const offered = [...permissions.read, ...permissions.write].filter(
      ({ resourceAppId }) => resourceAppId === resource.appId,
    );
    if (offered.length > 0) resource.appRoles = offered.map(({ id, name: value }) => ({ id, value }));
  }
  servicePrincipals.push(
    { id: reader, appId: '5cba4def-0000-4000-8000-0000000000a1', displayName: 'id-reader', appRoles: [] },
    { id: writer, appId: '5cba4def-0000-4000-8000-0000000000a2', displayName: 'id-writer', appRoles: [] },
    { id: api, appId: apiAppId, displayName: 'Syncwarden', appRoles },
  );
});
afterAll(async () => {
  cli.stop();
  await client.close();
});

/** The queries of the script, which Azure CLI understands and the simulated Graph does not. */
const queries: readonly [
  RegExp,
  (body: GraphObject & { value: GraphObject[] }, found: string) => unknown[],
][] = [
  [/^(id|appId)$/, (body, name) => [body[name]]],
  [/^value\[\]\.join\(':', \[resourceId, appRoleId\]\)$/, ({ value }) => value.map(pair)],
  [
    /^value\[\?consentType=='AllPrincipals' && resourceId=='(.+)'\]\.join\(' ', \[id, scope\]\)$/,
    ({ value }, resource) =>
      value
        .filter(({ consentType, resourceId }) => consentType === 'AllPrincipals' && resourceId === resource)
        .map(({ id, scope }) => `${id} ${String(scope)}`),
  ],
  [
    /^value\[\?principalId=='(.+)'\]\.join\(':', \[resourceId, appRoleId\]\)$/,
    ({ value }, principal) => value.filter(({ principalId }) => principalId === principal).map(pair),
  ],
];
const pair = ({ resourceId, appRoleId }: GraphObject) => `${String(resourceId)}:${String(appRoleId)}`;

/** Does what Azure CLI would, in the simulated tenant. Lines end as on Windows, which a script has to bear. */
async function answer({ words, method = '', url = '', query = '', output, body }: Command): Promise<string> {
  if (words !== 'rest') throw new Error(`Not expected: az ${words}`);
  const { pathname, search } = new URL(url);
  const reply =
    /\/appRoleAssignedTo$/.test(pathname) && method === 'GET'
      ? { status: 200, body: { value: client.state.appRoleAssignments } }
      : await client.change(
          method,
          `${pathname}${search}`,
          body === undefined ? undefined : JSON.parse(body),
        );
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
  if (output === 'none') return '';
  for (const [pattern, select] of queries) {
    const [whole, found = whole] = pattern.exec(query) ?? [];
    if (whole !== undefined)
      return select(reply.body as never, found ?? '')
        .map((line) => `${String(line)}\r\n`)
        .join('');
  }
  throw new Error(`Not expected: --query ${query}`);
}

/** Names of what a principal holds, by resource. */
function held(principal: string): string[] {
  const known = [...permissions.read, ...permissions.write];
  return client.state.appRoleAssignments
    .filter(({ principalId }) => principalId === principal)
    .map(({ appRoleId }) => known.find(({ id }) => id === appRoleId)?.name ?? String(appRoleId))
    .sort();
}
const names = (roles: readonly Role[]) => roles.map(({ name }) => name).sort();
const onGraph = ({ resourceAppId }: Role) => resourceAppId === graphAppId;
const grant = (...options: string[]) => cli.run('grant.sh', ...options);

it('grants the identity that reads what it needs on Microsoft Graph, and nothing else', async () => {
  const { code, err, out } = await grant('--reader', reader);
  expect([code, err]).toEqual([0, '']);
  expect(held(reader)).toEqual(names(permissions.read.filter(onGraph)));
  expect(held(writer)).toEqual([]);
  expect(out).toContain('User.Read.All: granted\n');
  expect(complaintsAbout(client.simulator.requests)).toEqual([]);
});

it('leaves alone what is granted already', async () => {
  await grant('--reader', reader);
  const before = client.state.appRoleAssignments.length;
  cli.commands.splice(0);
  const { code, out } = await grant('--reader', reader);
  expect(code).toBe(0);
  expect(out.match(/granted already/g)).toHaveLength(permissions.read.filter(onGraph).length);
  expect(cli.commands.filter(({ method }) => method === 'POST')).toEqual([]);
  expect(client.state.appRoleAssignments).toHaveLength(before);
});

it('grants the identity that writes what the chosen controls take, and no more', async () => {
  const { code } = await grant('--reader', reader, '--writer', writer, '--repair', 'license,account');
  expect(code).toBe(0);
  const chosen = ({ controls }: Role) => controls.includes('license') || controls.includes('account');
  expect(held(writer)).toEqual(names(permissions.write.filter(onGraph).filter(chosen)));
  expect(held(writer)).not.toContain('AppRoleAssignment.ReadWrite.All');
});

it('grants both what Exchange takes when it is asked to, and says what is left to do there', async () => {
  const { code, out } = await grant(
    '--reader',
    reader,
    '--writer',
    writer,
    '--repair',
    'rooms',
    '--exchange',
  );
  expect(code).toBe(0);
  expect(held(reader)).toEqual(names(permissions.read));
  expect(held(writer)).toEqual(['Exchange.ManageAsApp']);
  expect(out).toContain(
    `New-ServicePrincipal -AppId 5cba4def-0000-4000-8000-0000000000a1 -ObjectId ${reader}`,
  );
  expect(out).toContain(
    `New-ServicePrincipal -AppId 5cba4def-0000-4000-8000-0000000000a2 -ObjectId ${writer}`,
  );
  expect(out).toContain("New-RoleGroup -Name 'Syncwarden writers' -Roles 'Mail Recipients'\n");
});

it('lets people sign in, and the first administrator act; a second time changes nothing', async () => {
  const options = ['--reader', reader, '--api', apiAppId, '--administrator', administrator];
  for (const _time of ['first', 'second']) {
    const { code, err } = await grant(...options);
    expect([code, err]).toEqual([0, '']);
    const grants = client.state.oauth2PermissionGrants.filter(({ clientId }) => clientId === api);
    expect(grants).toMatchObject([
      { consentType: 'AllPrincipals', resourceId: graph, scope: 'openid profile email' },
    ]);
    const admin = appRoles.find(({ value }) => value === 'Syncwarden.Admin');
    expect(held(administrator)).toEqual([admin?.id]);
  }
});

it('adds to a consent what people still need to sign in, and leaves the rest of it', async () => {
  const consent = {
    clientId: api,
    consentType: 'AllPrincipals',
    resourceId: graph,
    scope: 'User.Read openid',
  };
  client.state.oauth2PermissionGrants.push({ id: 'a-grant', ...consent });
  const { code, out } = await grant('--reader', reader, '--api', apiAppId);
  expect(code).toBe(0);
  expect(out).toContain('consent: granted profile email as well\n');
  const grants = client.state.oauth2PermissionGrants.filter(({ clientId }) => clientId === api);
  expect(grants).toMatchObject([{ id: 'a-grant', scope: 'User.Read openid profile email' }]);
});

describe('what goes wrong', () => {
  it.each([
    ['no identity', []],
    ['an option that there is not', ['--reader', reader, '--all']],
    ['an option without its value', ['--reader']],
    ['a writer without anything to repair', ['--reader', reader, '--writer', writer]],
    ['an administrator of nothing', ['--reader', reader, '--administrator', administrator]],
  ])('%s is answered with how to use it', async (_what, options) => {
    const { code, err } = await grant(...options);
    expect([code, err.split('\n')[0]]).toEqual([64, expect.stringContaining('sh grant.sh --reader')]);
    expect(cli.commands).toEqual([]);
  });

  it.each([
    [['--reader', '$(touch x)'], '$(touch is no id.'],
    [
      ['--reader', reader, '--writer', writer, '--repair', 'licence'],
      'licence is no control that can be repaired.',
    ],
  ])('%j grants nothing', async (options, message) => {
    expect(await grant(...options)).toMatchObject({ code: 1, err: `${message}\n` });
    expect(client.state.appRoleAssignments.filter(({ principalId }) => principalId === reader)).toEqual([]);
  });

  it('a refusal of Microsoft Graph ends it, and says so', async () => {
    for (const application of client.state.applications) application.roles = ['Application.Read.All'];
    const { code, out, err } = await grant('--reader', reader, '--api', apiAppId);
    expect(code).toBe(1);
    expect(err).toContain('Authorization_RequestDenied');
    expect(err).toContain(`Microsoft Graph refused: servicePrincipals/${graph}/appRoleAssignedTo`);
    expect(out).not.toContain('Done');
    expect(out).not.toContain('Sign-in');
  });

  it('an Azure CLI without a sign-in ends it', async () => {
    cli.answer = () => {
      throw new Error("Please run 'az login' to setup account.");
    };
    expect(await grant('--reader', reader)).toMatchObject({ code: 1, out: '' });
  });
});
