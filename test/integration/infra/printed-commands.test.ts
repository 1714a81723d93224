import { azureCliCommands } from '../../../src/cli/grant-commands';
import { controls } from '../../../src/lib/controls';
import { complaintsAbout } from '../../support/contract';
import type { Run } from './azure-cli';
import { basic, broader, GrantingTenant, permissions, reader, without, writer } from './granting-tenant';

jest.setTimeout(60_000);

let tenant: GrantingTenant;
beforeAll(async () => {
  tenant = await GrantingTenant.start();
});
beforeEach(() => tenant.reset());
afterEach(() => expect(complaintsAbout(tenant.client.simulator.requests)).toEqual([]));
afterAll(() => tenant.stop());

/** The printed commands of Azure CLI, with the id of who gets the permissions. */
function printed(identity: 'read' | 'write', principal: string): Promise<Run> {
  const [variable = '', ...rest] = azureCliCommands(controls, identity);
  return tenant.cli.paste([variable.replace(/'.*'/, `'${principal}'`), ...rest]);
}

describe('the printed commands of Azure CLI', () => {
  it.each([
    ['read', reader],
    ['write', writer],
  ] as const)('grant to %s what is needed, and nothing else', async (identity, principal) => {
    expect(await printed(identity, principal)).toMatchObject({ code: 0, err: '' });
    expect(tenant.held(principal)).toEqual(permissions[identity].map(({ name }) => name).sort());
  });

  it('fall back as the script does, go on after what is refused or not there, and may be repeated', async () => {
    tenant.publishAsInTheField();
    tenant.publish((roles) => roles.filter(({ value }) => value !== 'Place.Read.All'));
    tenant.refuse('Domain.Read.All', 403, 'Insufficient privileges to complete the operation.');
    for (const _time of ['first', 'second']) {
      const { out, err } = await printed('read', reader);
      expect(err).toContain(
        `WARNING: Group.ReadBasic.All: not published in this tenant. ${broader}, which is broader`,
      );
      expect(err).toContain(
        'WARNING: Domain.Read.All: NOT granted; password-expiry cannot be read in full without it.',
      );
      expect(err).toContain(
        'WARNING: Place.Read.All: NOT found in this tenant; impersonation cannot be read',
      );
      expect(out).toContain(`${broader}: granted already`);
      expect(tenant.held(reader)).toEqual(
        [...without(...basic, 'Place.Read.All', 'Domain.Read.All'), broader, 'Exchange.ManageAsApp'].sort(),
      );
    }
  });
});
