import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../support/simulated-tenant';
import { AzureCli, type Command } from './azure-cli';

const tenant = 'c0170507-0000-4000-8000-000000000001';
const client = '5cba4def-0000-4000-8000-0000000000a3';
const reader = 'c0170507-0000-4000-8000-0000000000a1';
const options = ['--name', 'syncwarden-abc', '--host', 'func-abc.azurewebsites.net', '--reader', reader];
const graph = 'https://graph.microsoft.com/v1.0';

let cli: AzureCli;
beforeAll(async () => {
  cli = await AzureCli.start(answer);
});
beforeEach(() => {
  cli.answer = answer;
  cli.commands.splice(0);
});
afterAll(() => cli.stop());

function answer({ words, method }: Command): string {
  if (words === 'account\nshow') return `${tenant}\r\n`;
  return method === 'GET' ? `${client}\r\n` : '';
}

it('makes the application, its trust in the identity that reads, and its service principal, or mends them', async () => {
  const { code, out, err } = await cli.run('register.sh', ...options);
  expect([code, err]).toEqual([0, '']);
  const changes = cli.commands.filter(({ method }) => method === 'PATCH');
  expect(changes.map(({ url, headers }) => [url, headers])).toEqual(
    [
      "applications(uniqueName='syncwarden-abc')",
      "applications(uniqueName='syncwarden-abc')/federatedIdentityCredentials(name='app-service-authentication')",
      `servicePrincipals(appId='${client}')`,
    ].map((address) => [`${graph}/${address}`, 'Content-Type=application/json\nPrefer=create-if-missing']),
  );
  expect(out).toContain(`azd env set SYNCWARDEN_AUTH_CLIENT_ID ${client}`);
});

it('describes them in JSON, with the app roles of the product', async () => {
  await cli.run('register.sh', ...options);
  const [application, trust, principal] = cli.commands.flatMap(({ body }) =>
    body === undefined ? [] : [JSON.parse(body) as Record<string, unknown>],
  );
  const roles = JSON.parse(readFileSync(path.join(root, 'infra/graph/app-roles.json'), 'utf8')) as unknown;
  expect(application).toMatchObject({
    signInAudience: 'AzureADMyOrg',
    identifierUris: [`api://${tenant}/syncwarden-abc`],
    appRoles: roles,
    api: { requestedAccessTokenVersion: 2 },
    web: { redirectUris: ['https://func-abc.azurewebsites.net/.auth/login/aad/callback'] },
  });
  expect(trust).toMatchObject({
    audiences: ['api://AzureADTokenExchange'],
    issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
    subject: reader,
  });
  expect(principal).toEqual({ appRoleAssignmentRequired: true });
});

it.each([
  ['nothing', [], 64],
  ['half of it', options.slice(0, 4), 64],
  ['a host with something in it', options.with(3, 'x";rm -rf /'), 1],
  ['an identity that is none', options.with(5, 'reader'), 1],
])('does nothing when it is given %s', async (_what, given, code) => {
  expect(await cli.run('register.sh', ...given)).toMatchObject({ code, out: '' });
  expect(cli.commands).toEqual([]);
});

it('ends at the first refusal', async () => {
  cli.answer = (command) => {
    if (command.method === 'PATCH') throw new Error('Insufficient privileges to complete the operation.');
    return answer(command);
  };
  const { code, out, err } = await cli.run('register.sh', ...options);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('Insufficient privileges');
  expect(cli.commands.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
});
