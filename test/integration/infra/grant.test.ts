import { complaintsAbout } from '../../support/contract';
import {
  administrator,
  api,
  apiAppId,
  graph,
  graphAppId,
  GrantingTenant,
  permissions,
  reader,
  type Role,
  writer,
} from './granting-tenant';

jest.setTimeout(60_000);

let tenant: GrantingTenant;
beforeAll(async () => {
  tenant = await GrantingTenant.start();
});
beforeEach(() => tenant.reset());
afterAll(() => tenant.stop());

const names = (roles: readonly Role[]) => roles.map(({ name }) => name).sort();
const onGraph = ({ resourceAppId }: Role) => resourceAppId === graphAppId;
const grant = (...options: string[]) => tenant.grant(...options);
const held = (principal: string) => tenant.held(principal);

it('grants the identity that reads what it needs on Microsoft Graph, and nothing else', async () => {
  const { code, err, out } = await grant('--reader', reader);
  expect([code, err]).toEqual([0, '']);
  expect(held(reader)).toEqual(names(permissions.read.filter(onGraph)));
  expect(held(writer)).toEqual([]);
  expect(out).toContain('User.Read.All: granted\n');
  expect(complaintsAbout(tenant.client.simulator.requests)).toEqual([]);
});

it('leaves alone what is granted already', async () => {
  await grant('--reader', reader);
  const before = tenant.client.state.appRoleAssignments.length;
  tenant.cli.commands.splice(0);
  const { code, out } = await grant('--reader', reader);
  expect(code).toBe(0);
  expect(out.match(/granted already/g)).toHaveLength(permissions.read.filter(onGraph).length);
  expect(tenant.cli.commands.filter(({ method }) => method === 'POST')).toEqual([]);
  expect(tenant.client.state.appRoleAssignments).toHaveLength(before);
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
    const grants = tenant.client.state.oauth2PermissionGrants.filter(({ clientId }) => clientId === api);
    expect(grants).toMatchObject([
      { consentType: 'AllPrincipals', resourceId: graph, scope: 'openid profile email' },
    ]);
    expect(held(administrator)).toEqual(['Syncwarden.Admin']);
  }
});

it('adds to a consent what people still need to sign in, and leaves the rest of it', async () => {
  const consent = {
    clientId: api,
    consentType: 'AllPrincipals',
    resourceId: graph,
    scope: 'User.Read openid',
  };
  tenant.client.state.oauth2PermissionGrants.push({ id: 'a-grant', ...consent });
  const { code, out } = await grant('--reader', reader, '--api', apiAppId);
  expect(code).toBe(0);
  expect(out).toContain('consent: granted profile email as well\n');
  const grants = tenant.client.state.oauth2PermissionGrants.filter(({ clientId }) => clientId === api);
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
    expect(tenant.cli.commands).toEqual([]);
  });

  it.each([
    [['--reader', '$(touch x)'], '$(touch is no id.'],
    [
      ['--reader', reader, '--writer', writer, '--repair', 'licence'],
      'licence is no control that can be repaired.',
    ],
  ])('%j grants nothing', async (options, message) => {
    expect(await grant(...options)).toMatchObject({ code: 1, err: `${message}\n` });
    expect(
      tenant.client.state.appRoleAssignments.filter(({ principalId }) => principalId === reader),
    ).toEqual([]);
  });

  it('a refusal of Microsoft Graph is said of each permission, and in the end', async () => {
    for (const application of tenant.client.state.applications) application.roles = ['Application.Read.All'];
    const { code, out, err } = await grant('--reader', reader);
    expect(code).toBe(1);
    expect(err).toContain('Authorization_RequestDenied');
    const [, summary = ''] = err.split('Not granted:\n');
    for (const { name } of permissions.read.filter(onGraph))
      expect(summary).toContain(
        `  ${name}: Microsoft Graph refused servicePrincipals/${graph}/appRoleAssignedTo`,
      );
    expect(out).not.toContain('Done');
    expect(held(reader)).toEqual([]);
  });

  it('an Azure CLI without a sign-in ends it', async () => {
    tenant.cli.answer = () => {
      throw new Error("Please run 'az login' to setup account.");
    };
    expect(await grant('--reader', reader)).toMatchObject({ code: 1, out: '' });
  });
});
