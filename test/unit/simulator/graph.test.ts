import { homeTenantId } from '../../../local/simulator/demo';
import { SimulatorClient } from '../../support/simulator-client';

const fabrikam = 'fab11ca3-0000-4000-8000-000000000002';
const vendor = '/ServicePrincipals/c0170507-0000-4000-8000-000000000021';
const roomList = 'c0170507-0000-4000-8000-000000000201';
const unit = 'fab11ca3-0000-4000-8000-000000000211';

type Row = Record<string, unknown>;

let client: SimulatorClient;

beforeAll(async () => {
  client = await SimulatorClient.start();
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

interface List {
  value: Row[];
  '@odata.nextLink'?: string;
}

/** One page of a list. @throws when it is refused. */
async function page(address: string, tenantId?: string): Promise<List> {
  const { status, text, body } = await client.graph(address, tenantId);
  if (status !== 200) throw new Error(`${address}: ${status} ${text}`);
  return body as List;
}

/** One property of every row, page by page, and how long the pages were. */
async function column(property: string, address: string, tenantId?: string) {
  const values: unknown[] = [];
  const lengths: number[] = [];
  for (let next: string | undefined = address; next !== undefined;) {
    const { value, '@odata.nextLink': link }: List = await page(next, tenantId);
    values.push(...value.map((row) => row[property]));
    lengths.push(value.length);
    next = link;
  }
  return { values, lengths };
}

/** Fills a list with copies of its first object, with ids of their own. */
function fill(list: Row[], count: number): void {
  const [first] = list;
  list.splice(0, list.length, ...Array.from({ length: count }, (_, id) => ({ ...first, id: `copy-${id}` })));
}

it.each(['a%@contoso.com', 'a%20b@contoso.com', 'ä?#@contoso.com'])(
  'a user whose name needs escaping is asked for by it: %s',
  async (userPrincipalName) => {
    const address = `/v1.0/users/${encodeURIComponent(userPrincipalName)}`;
    expect((await client.graph(address)).status).toBe(404);
    Object.assign(client.simulator.tenant(homeTenantId).users[0] ?? {}, { userPrincipalName });
    expect(await client.graph(address)).toMatchObject({ status: 200, body: { userPrincipalName } });
  },
);

describe('roles of Exchange', () => {
  it.each(['roleDefinitions', 'roleAssignments', 'customAppScopes'])(
    'are in beta alone: %s',
    async (name) => {
      expect((await page(`/beta/roleManagement/exchange/${name}`)).value).not.toEqual([]);
      const { status, text } = await client.graph(`/v1.0/roleManagement/exchange/${name}`);
      expect(status).toBe(400);
      expect(text).toContain('Resource not found for the segment');
    },
  );

  it('can be filtered', async () => {
    const assignments = '/beta/roleManagement/exchange/roleAssignments';
    const { value } = await page(`${assignments}?$filter=principalId eq '${vendor}'`);
    expect(value).toMatchObject([{ principalId: vendor, directoryScopeId: null }]);
    const definitions = '/beta/roleManagement/exchange/roleDefinitions';
    expect(await page(`${definitions}?$filter=displayName eq 'ApplicationImpersonation'`)).toEqual({
      value: [],
    });
  });

  it('need a permission of their own: scopes are not part of the directory', async () => {
    const [reader] = client.state.applications;
    if (reader !== undefined) reader.roles = ['Directory.Read.All'];
    const { status } = await client.graph('/beta/roleManagement/exchange/customAppScopes');
    expect(status).toBe(403);
  });
});

describe('places', () => {
  it.each(['', '?$top=999'])('come a hundred at a time, whatever is asked for: %s', async (query) => {
    fill(client.state.rooms, 201);
    const { lengths } = await column('id', `/v1.0/places/microsoft.graph.room${query}`);
    expect(lengths).toEqual([100, 100, 1]);
  });

  it('are listed by the address of their list, and not by its id', async () => {
    const address = (name: unknown) => `/v1.0/places/${String(name)}/microsoft.graph.roomlist/rooms`;
    const [list] = (await page('/v1.0/places/microsoft.graph.roomlist')).value;
    client.state.members[String(list?.id)]?.pop();
    expect((await page(address(list?.emailAddress))).value).toHaveLength(11);
    expect((await client.graph(address(list?.id))).status).toBe(404);
    expect((await client.graph(address('nobody@contoso.com'))).status).toBe(404);
  });
});

describe('groups', () => {
  it.each([
    "mail eq 'condeco-rooms@contoso.com'",
    "proxyAddresses/any(p:p eq 'smtp:condeco-rooms@contoso.com')",
    "mail eq 'nobody and no one' or mail eq 'condeco-rooms@contoso.com'",
    "mail eq 'condeco-rooms@contoso.com' and securityEnabled eq false",
  ])('are found by %s', async (filter) => {
    expect((await page(`/v1.0/groups?$filter=${filter}`)).value).toMatchObject([{ id: roomList }]);
  });

  it('have users as members, page by page; others leave gaps', async () => {
    client.state.members[roomList]?.unshift('a group of groups');
    client.state.pageSize = 5;
    const address = `/v1.0/groups/${roomList}/members/microsoft.graph.user?$select=mail`;
    const { values, lengths } = await column('mail', address);
    expect(lengths).toEqual([4, 5, 3]);
    expect(values).toContain('room-jade@contoso.com');
  });

  it.each(['', '/members/microsoft.graph.user'])('may be missing: %s', async (rest) => {
    const { status, body } = await client.graph(`/v1.0/groups/${unit}${rest}`);
    expect([status, body]).toMatchObject([404, { error: { code: 'Request_ResourceNotFound' } }]);
  });
});

describe('administrative units', () => {
  it('are read by id, and show their members elsewhere', async () => {
    const { body } = await client.graph(`/v1.0/directory/administrativeUnits/${unit}`, fabrikam);
    expect(body).toMatchObject({ id: unit, displayName: 'Berlin, floor 2' });
    expect(body).not.toHaveProperty('members');
    const members = `/v1.0/directory/administrativeUnits/${unit}/members/microsoft.graph.user?$select=displayName`;
    expect(await page(members, fabrikam)).toEqual({
      value: [{ displayName: 'Elm' }, { displayName: 'Kim Abercrombie' }],
    });
  });

  it.each(['', '/members/microsoft.graph.user'])('may be missing: %s', async (rest) => {
    const { status } = await client.graph(`/v1.0/directory/administrativeUnits/${roomList}${rest}`, fabrikam);
    expect(status).toBe(404);
  });
});

describe('lists of users', () => {
  const select = [
    'id,userPrincipalName,mail,proxyAddresses,mailNickname,displayName,department,officeLocation,city,companyName',
    'state,jobTitle,onPremisesExtensionAttributes,assignedPlans,accountEnabled',
  ].join();

  it('show every property that is asked for, set or not', async () => {
    const { value } = await page(`/v1.0/users?$select=${select}`);
    for (const user of value) expect(Object.keys(user).join()).toBe(select);
    expect(Object.keys(value[0]?.onPremisesExtensionAttributes as object)).toHaveLength(15);
  });

  it('come a hundred at a time, or as many as are asked for', async () => {
    fill(client.state.users, 1100);
    expect((await column('id', '/v1.0/users?$select=id')).lengths).toHaveLength(11);
    expect((await column('id', '/v1.0/users?$select=id&$top=999')).lengths).toEqual([999, 101]);
    client.state.pageSize = 500;
    expect((await column('id', '/v1.0/users?$select=id&$top=999')).lengths).toEqual([500, 500, 100]);
  });
});
