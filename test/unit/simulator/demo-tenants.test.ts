import path from 'node:path';
import { tenantsFolder } from '../../../local/simulator/demo';
import { comparableFilter } from '../../../local/simulator/exchange/filters';
import { readTenants, type TenantState } from '../../../local/simulator/state';

const tenants = readTenants(tenantsFolder(path.resolve(__dirname, '../../..')));
const named = (name: string) => {
  const found = tenants.find(({ displayName }) => displayName === name);
  if (found === undefined) throw new Error(`There is no demo tenant ${name}.`);
  return found;
};
const addresses = (objects: readonly object[], property: string) =>
  objects.map((object) => String((object as Record<string, unknown>)[property])).sort();

describe.each(tenants.map((tenant) => [tenant.displayName, tenant] as const))('%s', (_, tenant) => {
  it('has members only of what is there, and only such as are there', () => {
    const { groups, administrativeUnits, roomLists, rooms, users, members } = tenant;
    const holders = [...groups, ...administrativeUnits, ...roomLists].map(({ id }) => id);
    const held = [...users, ...rooms].map(({ id }) => id);
    expect(holders).toEqual(expect.arrayContaining(Object.keys(members)));
    expect(held).toEqual(expect.arrayContaining(Object.values(members).flat()));
  });

  it('assigns only roles and scopes that are there', () => {
    for (const { roleDefinitionId, appScopeId, directoryScopeId } of tenant.roleAssignments) {
      expect(tenant.roleDefinitions.map(({ id }) => id)).toContain(roleDefinitionId);
      const scopes = tenant.customAppScopes.map(({ id }) => id);
      if (directoryScopeId === null) expect(scopes).toContain(appScopeId);
      else expect(appScopeId).toBeNull();
    }
  });

  it('has an account that cannot sign in and has no licence for each room', () => {
    const accounts = tenant.users.filter(({ mail }) =>
      addresses(tenant.rooms, 'emailAddress').includes(String(mail)),
    );
    expect(accounts).toHaveLength(tenant.rooms.length);
    for (const account of accounts)
      expect(account).toMatchObject({ accountEnabled: false, assignedPlans: [] });
  });
});

describe.each(['Contoso', 'Fabrikam'])('the two views of %s', (name) => {
  const { exchange, ...graph } = named(name);
  const mailOf = new Map(graph.users.map(({ id, mail }) => [id, String(mail)]));
  const rooms = addresses(graph.rooms, 'emailAddress');
  const lettingThrough = (filter: string) =>
    exchange.filters
      .find((each) => comparableFilter(each.filter) === comparableFilter(filter))
      ?.recipients.toSorted();

  it('show the same assignments', () => {
    const role = (id: unknown) => graph.roleDefinitions.find((each) => each.id === id)?.displayName;
    const seen = graph.roleAssignments.map(({ id, principalId, roleDefinitionId }) => [
      id,
      String(principalId).split('/').at(-1),
      role(roleDefinitionId),
    ]);
    const own = exchange.managementRoleAssignments;
    expect(own.map(({ Guid, RoleAssignee, Role }) => [Guid, RoleAssignee, Role])).toEqual(seen);
  });

  it('show the same scope', () => {
    const [scope] = exchange.managementScopes;
    const RecipientFilter = scope?.RecipientFilter ?? '';
    expect(graph.customAppScopes).toMatchObject([
      { id: scope?.Guid, displayName: scope?.Name, customAttributes: { RecipientFilter } },
    ]);
    expect(lettingThrough(RecipientFilter)).toBeDefined();
  });

  it('show the same groups with the same members', () => {
    const seen = graph.groups.map(({ id, mail }) => [
      mail,
      graph.members[id]?.map((each) => mailOf.get(each)),
    ]);
    const own = exchange.distributionGroups.map((group) => [group.PrimarySmtpAddress, group.members]);
    expect(own).toEqual(seen);
  });

  it('can be asked for the filters that a repair would write', () => {
    expect(lettingThrough("RecipientTypeDetails -eq 'RoomMailbox'")).toEqual(rooms);
    const [list] = exchange.distributionGroups;
    expect(lettingThrough(`MemberOfGroup -eq '${list?.DistinguishedName ?? ''}'`)).toEqual(
      list?.members.toSorted(),
    );
  });
});

describe.each(['Contoso', 'Fabrikam', 'Zava'])('the two views of %s', (name) => {
  const { exchange, ...graph } = named(name);
  const mailOf = new Map(graph.users.map(({ id, mail }) => [id, String(mail)]));
  const rooms = addresses(graph.rooms, 'emailAddress');

  it('show the same rooms and the same accounts', () => {
    const roomMailboxes = exchange.recipients.filter(
      ({ RecipientTypeDetails }) => RecipientTypeDetails === 'RoomMailbox',
    );
    expect(addresses(roomMailboxes, 'PrimarySmtpAddress')).toEqual(rooms);
    for (const { ExternalDirectoryObjectId, PrimarySmtpAddress } of exchange.recipients) {
      expect(mailOf.get(ExternalDirectoryObjectId)).toBe(PrimarySmtpAddress);
    }
    const withMailbox = graph.users.filter(({ provisionedPlans }) =>
      JSON.stringify(provisionedPlans).includes('"exchange"'),
    );
    expect(addresses(exchange.recipients, 'ExternalDirectoryObjectId')).toEqual(
      expect.arrayContaining(addresses(withMailbox, 'id')),
    );
  });
});

it('gives two tenants a reader that may ask Exchange itself', () => {
  const mayAsk = ({ applications: [reader] }: TenantState) =>
    reader?.exchangeRole !== undefined && reader.roles.includes('Exchange.ManageAsApp');
  expect(tenants.filter(mayAsk).map(({ displayName }) => displayName)).toEqual(['Contoso', 'Zava']);
  for (const name of ['Contoso', 'Zava'])
    expect(named(name).target).toMatchObject({ exchangeReader: 'admin-api' });
});
