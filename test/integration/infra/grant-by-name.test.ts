import { complaintsAbout } from '../../support/contract';
import {
  administrator,
  api,
  apiAppId,
  basic,
  broader,
  broaderId,
  exchangeAppId,
  graph,
  GrantingTenant,
  published,
  reader,
  without,
  writer,
} from './granting-tenant';

jest.setTimeout(60_000);

let tenant: GrantingTenant;
beforeAll(async () => {
  tenant = await GrantingTenant.start();
});
beforeEach(() => tenant.reset());
afterEach(() => expect(complaintsAbout(tenant.client.simulator.requests)).toEqual([]));
afterAll(() => tenant.stop());

const posts = () => tenant.cli.commands.filter(({ method }) => method === 'POST');

describe('a tenant that publishes neither of the two smallest permissions for groups', () => {
  beforeEach(() => tenant.publishAsInTheField());

  it('gets the broader one, once, and a warning, and all is well', async () => {
    const { code, out, err } = await tenant.grant('--reader', reader);
    expect(code).toBe(0);
    expect(tenant.held(reader)).toEqual([...without(...basic), broader].sort());
    expect(out.match(/GroupMember\.Read\.All: granted\n/g)).toHaveLength(1);
    for (const name of basic)
      expect(err).toContain(
        `this tenant does not publish ${name}. ${broader}, which is broader, serves in its place.`,
      );
    expect(err).not.toContain('Not granted');
    expect(out).toContain('Done.');
  });

  it('is left alone the second time', async () => {
    await tenant.grant('--reader', reader);
    tenant.cli.commands.splice(0);
    const { code, out } = await tenant.grant('--reader', reader);
    expect(code).toBe(0);
    expect(out).toContain(`${broader}: granted already`);
    expect(posts()).toEqual([]);
  });

  it('gets for the other of the two the one that is there', async () => {
    tenant.publish((roles) => [
      ...roles,
      published('Group.ReadBasic.All', '07d67222-3a10-4d3b-9ddc-b8aa43198a00'),
    ]);
    const { code, err } = await tenant.grant('--reader', reader);
    expect(code).toBe(0);
    expect(tenant.held(reader)).toEqual([...without('GroupMember.ReadBasic.All'), broader].sort());
    expect(err).not.toContain('does not publish Group.ReadBasic.All');
  });

  it('is told what it costs when the broader one is missing too, and gets the rest', async () => {
    tenant.publish((roles) => roles.filter(({ value }) => value !== broader));
    const { code, err, out } = await tenant.grant('--reader', reader);
    expect(code).toBe(1);
    expect(tenant.held(reader)).toEqual(without(...basic));
    const [, summary] = err.split('Not granted:\n');
    for (const name of basic)
      expect(summary).toContain(
        `  ${name}: this tenant does not publish it, nor ${broader}; cannot be read in full without it: impersonation\n`,
      );
    expect(out).not.toContain('Done');
  });

  it('keeps what is asked for smallest where the broader one is there besides', async () => {
    tenant.reset();
    tenant.publish((roles) => [...roles, published(broader, broaderId)]);
    expect(await tenant.grant('--reader', reader)).toMatchObject({ code: 0, err: '' });
    expect(tenant.held(reader)).toEqual(without());
  });
});

describe('names are looked up in the tenant', () => {
  it('whatever their ids are there', async () => {
    const id = 'c0170507-0000-4000-8000-0000000000ff';
    tenant.publish((roles) =>
      roles.map((role) => (role.value === 'Place.Read.All' ? { ...role, id } : role)),
    );
    expect((await tenant.grant('--reader', reader)).code).toBe(0);
    const assigned = tenant.client.state.appRoleAssignments.filter(
      ({ principalId }) => principalId === reader,
    );
    expect(assigned).toContainEqual(expect.objectContaining({ appRoleId: id, resourceId: graph }));
  });

  it('and nothing that is like one is granted instead', async () => {
    const near: Record<string, object> = {
      'Place.Read.All': { value: 'Place.Read.All.Extra' },
      'Domain.Read.All': { value: 'XDomain.Read.All' },
      'Application.Read.All': { value: 'ApplicationXReadXAll' },
      'LicenseAssignment.Read.All': { value: 'LICENSEASSIGNMENT.READ.ALL' },
      'RoleManagement.Read.Exchange': { value: 'RoleManagement.ReadWrite.Exchange' },
      'AdministrativeUnit.Read.All': { isEnabled: false },
      'User.Read.All': { allowedMemberTypes: ['User'] },
    };
    tenant.publish((roles) => roles.map((role) => ({ ...role, ...near[role.value] })));
    const { code, err } = await tenant.grant('--reader', reader);
    expect(code).toBe(1);
    expect(tenant.held(reader)).toEqual(without(...Object.keys(near)));
    for (const name of Object.keys(near))
      expect(err).toContain(`${name}: this tenant does not publish it; cannot be read in full without it: `);
  });

  it('on their own resource alone', async () => {
    tenant.publish((roles) => [...roles, published('Exchange.ManageAsApp', broaderId)]);
    tenant.publish(() => [], exchangeAppId);
    const { code, err } = await tenant.grant('--reader', reader, '--exchange');
    expect(code).toBe(1);
    expect(tenant.held(reader)).toEqual(without());
    expect(err).toContain('Exchange.ManageAsApp: this tenant does not publish it');
  });

  it('and the identity that writes is told which of its repairs it cannot do, and of no others', async () => {
    tenant.publish((roles) => roles.filter(({ value }) => value !== 'User.ReadWrite.All'));
    const { code, err } = await tenant.grant(
      '--reader',
      reader,
      '--writer',
      writer,
      '--repair',
      'account,license',
    );
    expect(code).toBe(1);
    expect(err).toContain(
      'User.ReadWrite.All: this tenant does not publish it; cannot be repaired without it: license\n',
    );
    expect(tenant.held(writer)).toEqual([
      'LicenseAssignment.ReadWrite.All',
      'User.DeleteRestore.All',
      'User.EnableDisableAccount.All',
      'User.Read.All',
    ]);
  });
});

describe('one that fails', () => {
  it('keeps no other from being granted, and nothing broader is granted for it', async () => {
    tenant.publish((roles) => [...roles, published(broader, broaderId)]);
    tenant.refuse('Application.Read.All', 403, 'Insufficient privileges to complete the operation.');
    tenant.refuse('Group.ReadBasic.All', 400, 'Permission being assigned was not found on application');
    tenant.refuse('Place.Read.All', 503, 'The service is not there.');
    const options = ['--reader', reader, '--writer', writer, '--repair', 'license'];
    const { code, out, err } = await tenant.grant(...options);
    expect(code).toBe(1);
    const refused = {
      'Application.Read.All': 'sign-in,consent,impersonation',
      'Group.ReadBasic.All': 'impersonation',
      'Place.Read.All': 'impersonation',
    };
    expect(tenant.held(reader)).toEqual(without(...Object.keys(refused)));
    expect(tenant.held(writer)).toEqual(['LicenseAssignment.ReadWrite.All', 'User.ReadWrite.All']);
    expect(err).toContain('Insufficient privileges to complete the operation.');
    const summary = Object.entries(refused).map(
      ([name, cost]) =>
        `  ${name}: Microsoft Graph refused servicePrincipals/${graph}/appRoleAssignedTo; cannot be read in full without it: ${cost}`,
    );
    expect(err.split('Not granted:\n')[1]?.split('\n')).toEqual([
      ...summary,
      'All else is granted. When the cause is gone run this again.',
      '',
    ]);
    expect(out).not.toContain('Done');
  });

  it('is granted by the next run, which leaves alone the rest', async () => {
    const back = tenant.refuse('Domain.Read.All', 503, 'The service is not there.');
    expect((await tenant.grant('--reader', reader)).code).toBe(1);
    back();
    tenant.cli.commands.splice(0);
    expect((await tenant.grant('--reader', reader)).code).toBe(0);
    expect(posts()).toHaveLength(1);
    expect(tenant.held(reader)).toEqual(without());
  });

  it('is no failure when it is there already, though the list did not say so', async () => {
    tenant.refuse('Domain.Read.All', 400, 'Permission being assigned already exists on the object');
    const { code, out, err } = await tenant.grant('--reader', reader);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Domain.Read.All: granted already\n');
  });

  it('keeps people from nothing: they can sign in, and the administrator act', async () => {
    tenant.refuse('Domain.Read.All', 403, 'Insufficient privileges to complete the operation.');
    const { code } = await tenant.grant(
      '--reader',
      reader,
      '--api',
      apiAppId,
      '--administrator',
      administrator,
    );
    expect(code).toBe(1);
    expect(tenant.held(administrator)).toEqual(['Syncwarden.Admin']);
    expect(
      tenant.client.state.oauth2PermissionGrants.filter(({ clientId }) => clientId === api),
    ).toHaveLength(1);
  });

  it('of those for people keeps the administrator from nothing', async () => {
    tenant.client.simulator.fail({
      match: /POST .*oauth2PermissionGrants/,
      status: 403,
      code: 'Authorization_RequestDenied',
    });
    const { code, err } = await tenant.grant(
      '--reader',
      reader,
      '--api',
      apiAppId,
      '--administrator',
      administrator,
    );
    expect(code).toBe(1);
    expect(tenant.held(administrator)).toEqual(['Syncwarden.Admin']);
    expect(err.split('Not granted:\n')[1]).toContain('  consent: people cannot sign in without it\n');
  });

  it('is Exchange, which the tenant does not have: Microsoft Graph is granted all the same', async () => {
    const { servicePrincipals } = tenant.client.state;
    servicePrincipals.splice(servicePrincipals.indexOf(tenant.resource(exchangeAppId)), 1);
    const { code, err, out } = await tenant.grant('--reader', reader, '--exchange');
    expect(code).toBe(1);
    expect(tenant.held(reader)).toEqual(without());
    expect(err).toContain(
      'Exchange.ManageAsApp: Office 365 Exchange Online could not be read in this tenant; cannot be read in full without it: account,impersonation,rooms,ews-access',
    );
    expect(out).toContain('New-RoleGroup');
  });

  it('is an identity that is not there: the other gets its own', async () => {
    const nobody = 'c0170507-0000-4000-8000-0000000000ee';
    tenant.client.simulator.fail({
      match: new RegExp(`${nobody}/appRoleAssignments`),
      status: 404,
      code: 'Request_ResourceNotFound',
    });
    const { code, err } = await tenant.grant('--reader', nobody, '--writer', writer, '--repair', 'license');
    expect(code).toBe(1);
    expect(err).toContain(`all permissions to read: what ${nobody} holds could not be read`);
    expect(tenant.held(writer)).toEqual(['LicenseAssignment.ReadWrite.All', 'User.ReadWrite.All']);
  });
});

it('the identity that reads gets nothing that writes, whatever else the tenant publishes', async () => {
  const twin = (role: ReturnType<typeof published>, prefix: string, value: string) => ({
    ...role,
    id: role.id.replace(/^../, prefix),
    value,
  });
  tenant.publish((roles) => [
    ...roles.map((role) => twin(role, 'ff', role.value.replace('.Read', '.ReadWrite'))),
    ...roles.map((role) => twin(role, 'fe', `${role.value} Write`)),
    ...roles,
  ]);
  expect(await tenant.grant('--reader', reader)).toMatchObject({ code: 0, err: '' });
  expect(tenant.held(reader)).toEqual(without());
});
