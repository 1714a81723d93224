import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { account, accountId, address, application, clientId, contoso, isRoom, retiredRole, room, roomNames } =
  views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const unresolved = 'unknown impersonation.scopeUnresolved';
const none = 'violation impersonation.none';

const exchange = () => tenant.state.exchange;
const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const audit = (options: Partial<StoredTarget> = {}) =>
  tenant.audit('impersonation', { exchangeReader: 'admin-api', ...options });
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));

/** Changes the only assignment, as Exchange shows it. */
const change = (changes: object) => Object.assign(exchange().managementRoleAssignments[0] ?? {}, changes);
/** Whom the filter of the only scope lets through. */
const inScope = (...names: string[]) => exchange().filters.forEach((filter) => (filter.recipients = names));
/** A role group, and what it is assigned. */
function roleGroup(name: string, members: string[]): views.Holder {
  exchange().roleGroups.push({ Name: name, members });
  return views.roleGroup(name);
}
/** Asked about anybody, Exchange gives everything. */
const giveEverything = () =>
  tenant.simulator.fail({
    match: /Get-ManagementRoleAssignment/,
    change: () => ({ value: exchange().managementRoleAssignments }),
  });
/** The parameters with which Exchange was told to run this cmdlet. */
const parametersOf = (name: string) =>
  tenant.simulator.requests.flatMap(({ cmdlet, requestBody }) =>
    cmdlet === name ? [(requestBody as { CmdletInput: { Parameters: object } }).CmdletInput.Parameters] : [],
  );

describe('the holder of a role, read by admin-api', () => {
  it.each([
    ['by its object id', clientId],
    ['in capitals', clientId.toUpperCase()],
    ['by its name', 'Condeco Exchange Sync'],
    ['by its application id', '7e57ab1e-0000-4000-8000-00000000c0de'],
  ])('is the application %s', async (_case, exchangeName) => {
    assign({ holder: { ...application, exchange: exchangeName } });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is the service account by its name', async () => {
    views.recipientOf(tenant.state, address('svc-condeco')).Identity = 'svc-condeco';
    assign({ role: retiredRole, holder: { ...account, exchange: 'svc-condeco' } });
    expect((await audit({ acceptRetiredRole: true, protocol: 'ews' })).codes).toEqual([]);
  });

  it('is the application through a role group, and through a group within it', async () => {
    assign({ holder: roleGroup('Booking products', [clientId]) });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.evidence.assignments).toMatchObject([
      { holder: 'application', through: 'Booking products' },
    ]);
    exchange().roleGroups.splice(-1);
    roleGroup('Booking products', ['Inner']);
    roleGroup('Inner', [clientId]);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is not the application through a role group of others', async () => {
    assign({ holder: roleGroup('Booking products', ['Ada Nwosu']), scope: 'organization' });
    expect((await audit()).codes).toEqual([none]);
  });

  it('does not have what it may only hand on', async () => {
    change({ RoleAssignmentDelegationType: 'DelegatingOrgWide' });
    expect((await audit()).codes).toEqual([none]);
    giveEverything();
    expect((await audit()).codes).toEqual([none]);
    expect(parametersOf('Get-ManagementRoleAssignment')[0]).toMatchObject({
      Delegating: false,
      Enabled: true,
    });
  });

  it.each([
    [true, []],
    ['True', []],
    [false, [none]],
    ['False', [none]],
  ])('has an assignment that is enabled, and whose Enabled is %p, as %j', async (Enabled, codes) => {
    change({ Enabled });
    giveEverything();
    expect((await audit()).codes).toEqual(codes);
  });

  it('is found also where Exchange does not repeat its object id', async () => {
    tenant.simulator.fail({
      match: /Get-ServicePrincipal/,
      change: () => ({ value: [{ ...exchange().servicePrincipals[0], ObjectId: '' }] }),
    });
    expect((await audit()).codes).not.toContain(none);
  });

  describe('where Exchange gives everything', () => {
    beforeEach(giveEverything);

    it("is not found in another application's assignments", async () => {
      assign({ holder: views.anotherApplication });
      const found = await audit();
      expect(found.verdict).not.toBe('compliant');
      expect(found.summary).not.toContain('Set exchangeReader to admin-api');
    });

    it("is not found in assignments of others' role groups", async () => {
      assign({ holder: roleGroup('Booking products', ['Ada Nwosu']) });
      expect((await audit()).verdict).not.toBe('compliant');
    });
  });
});

describe('a scope, read by admin-api', () => {
  it('is what its kind says, whatever else has the same name', async () => {
    assign({ scope: { group: [amber], name: 'Condeco rooms by hand' } });
    exchange().managementScopes.push({
      ...{ Identity: 'x', Name: 'Condeco rooms by hand', Guid: contoso(1), RecipientFilter: isRoom },
      ...{ RecipientRoot: null, Exclusive: false, ScopeRestrictionType: 'RecipientScope' },
    });
    expect(about(await audit(), 'roomNotCovered')).toEqual(otherRooms);
  });

  it('is found by name in any case, by identity, and by id', async () => {
    for (const name of ['CONDECO ROOMS', contoso(421).toUpperCase()]) {
      change({ CustomResourceScope: name });
      expect((await audit()).codes).toEqual([]);
    }
  });

  it('is found where only the older property names it', async () => {
    change({ CustomResourceScope: null, CustomRecipientWriteScope: 'Condeco rooms' });
    expect((await audit()).codes).toEqual([]);
  });

  it('is evaluated by Exchange, within its part of the organisation', async () => {
    const [scope] = exchange().managementScopes;
    Object.assign(scope ?? {}, { RecipientRoot: 'contoso.onmicrosoft.com/London' });
    await audit();
    expect(parametersOf('Get-Recipient')).toContainEqual({
      ...{ Filter: isRoom, OrganizationalUnit: 'contoso.onmicrosoft.com/London', ResultSize: 'Unlimited' },
    });
  });

  it.each(['Organization', 'NotApplicable', 'Not Applicable', '', null])(
    'is the whole organisation when its kind is %j and it has no name',
    async (RecipientWriteScope) => {
      change({ RecipientWriteScope, CustomResourceScope: '' });
      expect((await audit()).codes).toEqual(['violation impersonation.unscoped']);
    },
  );

  it.each([
    ['it is not there', { CustomResourceScope: 'No such scope' }],
    ['its kind is another', { RecipientWriteScope: 'OU', CustomResourceScope: 'contoso.com/London' }],
    ['it has a kind and no name', { RecipientWriteScope: 'CustomRecipientScope', CustomResourceScope: null }],
    [
      'its unit has a name instead of an id',
      { RecipientWriteScope: 'AdministrativeUnit', CustomResourceScope: 'London' },
    ],
  ])('is unresolved when %s', async (_case, changes) => {
    change(changes);
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
  });

  it('is unresolved when it has no filter', async () => {
    Object.assign(exchange().managementScopes[0] ?? {}, { RecipientFilter: '' });
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
  });

  it('is not empty because Exchange does not find something that its filter names', async () => {
    tenant.simulator.fail({
      match: ({ requestBody }) => JSON.stringify(requestBody ?? '').includes('"Filter"'),
      status: 404,
      message: "The organizational unit 'London' couldn't be found.",
    });
    const found = await audit();
    expect(found.verdict).toBe('unknown');
    expect(found.reasons[0]?.resource).toBe('the scope Condeco rooms');
  });

  it('is not empty because Exchange does not find its group', async () => {
    change({ RecipientWriteScope: 'Group', CustomResourceScope: 'Some security group' });
    expect((await audit()).verdict).toBe('unknown');
  });
});

describe('a mailbox, read by admin-api', () => {
  describe.each(['EquipmentMailbox', 'SharedMailbox', 'UserMailbox'] as const)('is %s, a stray', (kind) => {
    const members = [...rooms, address('thing')];

    it.each([
      ['a filter', { filter: isRoom, matches: members }],
      ['a group', { group: members }],
      ['an administrative unit', { unit: members }],
    ])('in %s', async (_case, scope) => {
      views.addRecipient(tenant.state, 'thing', kind);
      assign({ scope });
      expect(about(await audit(), 'strayMailbox')).toEqual([address('thing')]);
    });
  });

  it.each(['MailUser', 'RemoteRoomMailbox'] as const)('is not %s', async (kind) => {
    views.addRecipient(tenant.state, 'thing', kind);
    inScope(...rooms, address('thing'), address('condeco-rooms'));
    expect((await audit()).codes).toEqual([]);
  });

  it('is compared by its ids and addresses in any case', async () => {
    const own = views.recipientOf(tenant.state, address('svc-condeco'));
    Object.assign(own, {
      ExternalDirectoryObjectId: accountId.toUpperCase(),
      PrimarySmtpAddress: 'SVC@contoso.com',
    });
    Object.assign(own, { EmailAddresses: ['SMTP:SVC@contoso.com', 'SIP:svc@contoso.com', 'x500:/o=x'] });
    inScope(...rooms, 'SVC@contoso.com');
    expect((await audit()).codes).toEqual([]);
  });

  it('is a room in any mailbox that the target names', async () => {
    views.addRecipient(tenant.state, 'hall', 'SharedMailbox');
    inScope(address('hall'));
    const found = await audit({ rooms: { source: 'mailboxes', mailboxes: [address('hall')] } });
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is a room of lists within the list', async () => {
    const outer = views.addRoomList(tenant.state, 'outer', [address('condeco-rooms')]);
    views.addToList(tenant.state, outer, outer);
    const found = await audit({ rooms: { source: 'roomLists', roomLists: [outer] } });
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.resources).toHaveLength(12);
  });
});

it('misses a room of a room list whose mailbox is not in Exchange Online', async () => {
  const moved = views.recipientOf(tenant.state, room('amber'));
  Object.assign(moved, { RecipientTypeDetails: 'RemoteRoomMailbox' });
  const roomLists = ['condeco-rooms@contoso.com'];
  const found = await audit({ rooms: { source: 'roomLists', roomLists } });
  expect(found.codes).toContain('violation impersonation.roomNotCovered');
  expect(found.reasons.find(({ resource }) => resource === room('amber'))?.message).toContain(
    'There is no mailbox room-amber@contoso.com in Exchange Online',
  );
});

it('does not take an assignment for one of the whole organisation where Exchange says nothing of its scope', async () => {
  tenant.simulator.fail({
    match: /Get-ManagementRoleAssignment/,
    change: (body) => {
      for (const row of (body as { value: Record<string, unknown>[] }).value) {
        delete row.RecipientWriteScope;
        delete row.CustomResourceScope;
      }
      return body;
    },
  });
  expect((await audit()).codes).toEqual(['unknown impersonation.scopeUnresolved']);
});
