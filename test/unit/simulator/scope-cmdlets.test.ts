import { homeTenantId } from '../../../local/simulator/demo';
import { SimulatedExchange } from '../../support/simulated-exchange';
import { SimulatorClient } from '../../support/simulator-client';

const roomFilter = "(RecipientTypeDetails -eq 'RoomMailbox')";
const scopes = '/beta/roleManagement/exchange/customAppScopes';

let client: SimulatorClient;
let exchange: SimulatedExchange;

beforeAll(async () => {
  client = await SimulatorClient.start();
  exchange = new SimulatedExchange(client, homeTenantId, 'writer');
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

describe('management scopes', () => {
  const made = { Name: 'New', RecipientRestrictionFilter: "RecipientTypeDetails -eq 'RoomMailbox'" };

  it('are made with the filter as Exchange keeps it, and Graph shows them too', async () => {
    const [scope] = await exchange.rows('New-ManagementScope', made);
    expect(scope).toMatchObject({ Name: 'New', RecipientFilter: roomFilter, Exclusive: false });
    expect(await exchange.rows('Get-ManagementScope')).toContainEqual(scope);
    expect(await client.list(scopes)).toContainEqual({
      ...{ id: scope?.Guid, type: 'RecipientScope', displayName: 'New' },
      customAttributes: { Exclusive: false, RecipientFilter: roomFilter },
    });
  });

  it('have a filter that can be asked for as it was given and as it is kept', async () => {
    for (const Filter of [made.RecipientRestrictionFilter, roomFilter, `( ${roomFilter} )`]) {
      expect(await exchange.rows('Get-Recipient', { Filter })).toHaveLength(12);
    }
    const DistinguishedName = String(client.state.exchange.distributionGroups[0]?.DistinguishedName);
    const Filter = `MemberOfGroup -eq '${DistinguishedName}'`;
    expect(await exchange.rows('Get-Recipient', { Filter })).toHaveLength(12);
  });

  it('are changed in both views, and Exchange says nothing', async () => {
    const Identity = 'condeco rooms';
    const change = { Identity, Name: 'Other', RecipientRestrictionFilter: "City -eq 'London'" };
    expect(await exchange.rows('Set-ManagementScope', change)).toEqual([]);
    const RecipientFilter = "(City -eq 'London')";
    expect(await exchange.rows('Get-ManagementScope')).toMatchObject([{ Name: 'Other', RecipientFilter }]);
    expect(await client.list(scopes)).toMatchObject([
      { displayName: 'Other', customAttributes: { RecipientFilter } },
    ]);
  });

  it('are taken out of both views, when nobody has to be asked and nobody uses them', async () => {
    await exchange.rows('New-ManagementScope', made);
    expect(await exchange.refusal('Remove-ManagementScope', { Identity: 'New' })).toEqual([
      400,
      expect.stringContaining('Are you sure you want to perform this action?'),
    ]);
    expect(await exchange.rows('Remove-ManagementScope', { Identity: 'New', Confirm: false })).toEqual([]);
    expect([await client.list(scopes), await exchange.rows('Get-ManagementScope')]).toMatchObject([
      [{ displayName: 'Condeco rooms' }],
      [{ Name: 'Condeco rooms' }],
    ]);
    const used = { Identity: 'Condeco rooms', Confirm: false };
    expect((await exchange.refusal('Remove-ManagementScope', used))[1]).toContain(
      'is used by a role assignment',
    );
  });

  it('have names of their own', async () => {
    await exchange.rows('New-ManagementScope', made);
    expect((await exchange.run('New-ManagementScope', made)).status).toBe(400);
    const taken = { Identity: 'Condeco rooms', Name: 'NEW' };
    expect((await exchange.run('Set-ManagementScope', taken)).status).toBe(400);
  });

  it.each(['Set-ManagementScope', 'Remove-ManagementScope'])('may be missing: %s', async (name) => {
    const parameters = name.startsWith('Set') ? {} : { Confirm: false };
    expect((await exchange.run(name, { Identity: 'Nothing', ...parameters })).status).toBe(404);
  });
});
