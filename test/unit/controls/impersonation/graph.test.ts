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

const { account, accountId, address, application, clientId, contoso, retiredRole, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const unresolved = 'unknown impersonation.scopeUnresolved';
const none = 'violation impersonation.none';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const audit = (options: Partial<StoredTarget> = {}) =>
  tenant.audit('impersonation', { exchangeReader: 'graph', ...options });
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));
const userId = (mail: string) => views.userOf(tenant.state, mail).id;

/** Changes the only assignment, as Microsoft Graph shows it. */
const change = (changes: object) => Object.assign(tenant.state.roleAssignments[0] ?? {}, changes);

describe('the holder of a role, read by graph', () => {
  it.each([
    ['the documented form', `/ServicePrincipals/${clientId}`],
    ['lower case', `/serviceprincipals/${clientId}`],
    ['an id in capitals', `/ServicePrincipals/${clientId.toUpperCase()}`],
    ['no slash', `ServicePrincipals/${clientId}`],
    ['the id alone', clientId],
  ])('is the application in %s', async (_case, graph) => {
    assign({ holder: { ...application, graph } });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each([`/Users/${accountId}`, `/users/${accountId.toUpperCase()}`, accountId])(
    'is the service account as %s',
    async (graph) => {
      assign({ role: retiredRole, holder: { ...account, graph } });
      expect((await audit()).codes).toEqual(['violation impersonation.roleRetired']);
      expect((await audit({ acceptRetiredRole: true, protocol: 'ews' })).codes).toEqual([]);
    },
  );

  it.each([
    ['a user with the id of the application', `/Users/${clientId}`],
    ['an application with the id of the account', `/ServicePrincipals/${accountId}`],
    ['a longer id', `/ServicePrincipals/${clientId}0`],
  ])('is not %s', async (_case, graph) => {
    assign({ holder: { ...application, graph } });
    expect((await audit()).codes).toEqual([none]);
  });

  describe('that is a role group', () => {
    it('cannot be told, so that its scope is unresolved and no room missing', async () => {
      assign({ holder: views.roleGroup('Booking products') });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
      expect(found.summary).toContain('Booking products');
      expect(found.summary).toContain('Set exchangeReader to admin-api');
      for (const row of found.resources ?? [])
        expect(row).toMatchObject({ verdict: 'unknown', codes: ['impersonation.scopeUnresolved'] });
      assign({ holder: views.roleGroup('Booking products'), scope: 'organization' });
      expect((await audit()).codes).toEqual([unresolved]);
    });

    it('leaves only those rooms open that it might reach', async () => {
      assign({ holder: views.roleGroup('Booking products'), scope: { unit: otherRooms } });
      const found = await audit();
      expect(found.verdict).toBe('nonCompliant');
      expect(about(found, 'roomNotCovered')).toEqual([amber]);
    });

    it('leaves open whether anybody else is reached', async () => {
      assign({}, { holder: views.roleGroup('Booking products'), scope: 'organization' });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
      expect(found.evidence).toMatchObject({ roomsReached: 12 });
    });

    it.each(['Organization Management', 'organization management'])('never is %s', async (name) => {
      assign({ holder: views.roleGroup(name), scope: 'organization' });
      expect((await audit()).codes).toEqual([none]);
      assign({}, { holder: views.roleGroup(name), scope: 'organization' });
      expect((await audit()).codes).toEqual([]);
    });

    it('does not matter for roles that do not count', async () => {
      assign({}, { role: 'Mail Recipients', holder: views.roleGroup('Recipient Management') });
      assign({}, { role: retiredRole, holder: views.roleGroup('Hygiene Management'), scope: 'organization' });
      expect((await audit()).codes).toEqual([]);
      expect((await audit({ acceptRetiredRole: true })).codes).toEqual([unresolved]);
    });

    it('is no proof of the retired role', async () => {
      assign({ role: retiredRole, holder: views.roleGroup('Hygiene Management') });
      expect((await audit()).codes).toEqual([none]);
    });
  });

  it('holds a role also where ids of roles come in another case', async () => {
    change({ roleDefinitionId: String(tenant.state.roleAssignments[0]?.roleDefinitionId).toUpperCase() });
    expect((await audit()).verdict).toBe('compliant');
  });

  it('may reach anybody by a role of which Graph does not give the name', async () => {
    assign({}, { scope: 'organization' });
    Object.assign(tenant.state.roleAssignments[1] ?? {}, { roleDefinitionId: contoso(99_999) });
    expect((await audit()).verdict).toBe('unknown');
  });
});

describe('a scope, read by graph', () => {
  it('is found in any case of its id', async () => {
    change({ appScopeId: String(tenant.state.roleAssignments[0]?.appScopeId).toUpperCase() });
    expect((await audit()).codes).toEqual([]);
  });

  it.each(['AdministrativeUnits', 'administrativeunits'])(
    'is an administrative unit as /%s/',
    async (segment) => {
      assign({ scope: { unit: rooms } });
      change({ directoryScopeId: `/${segment}/${contoso(42_000).toUpperCase()}` });
      expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    },
  );

  it.each(['Groups', 'groups'])('is a group as /%s/', async (segment) => {
    change({ appScopeId: null, directoryScopeId: `/${segment}/${contoso(201)}` });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each(['Users', 'users'])('is one user as /%s/', async (segment) => {
    change({ appScopeId: null, directoryScopeId: `/${segment}/${userId(amber)}` });
    const found = await audit();
    expect(about(found, 'roomNotCovered')).toEqual(otherRooms);
    expect(found.resources?.find(({ resource }) => resource === amber)).toMatchObject({
      ...{ verdict: 'compliant', scope: `the user ${userId(amber)}` },
    });
    change({ directoryScopeId: `/${segment}/${userId(address('ada'))}` });
    expect(about(await audit(), 'strayMailbox')).toEqual([address('ada')]);
  });

  it('that is a user who is gone reaches nobody', async () => {
    change({ appScopeId: null, directoryScopeId: `/Users/${contoso(99_998)}` });
    expect(about(await audit(), 'roomNotCovered')).toHaveLength(12);
  });

  it.each([
    ['is unknown here', { appScopeId: contoso(99_997) }],
    ['is a form that nobody has documented', { appScopeId: null, directoryScopeId: '/Domains/contoso.com' }],
    ['is a path of several parts', { appScopeId: null, directoryScopeId: `/Users/${accountId}/more` }],
    ['is missing', { appScopeId: null, directoryScopeId: null }],
    ['is empty', { appScopeId: '', directoryScopeId: '' }],
  ])('is unresolved when it %s', async (_case, changes) => {
    change(changes);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    for (const row of found.resources ?? []) expect(row.verdict).toBe('unknown');
  });

  it.each([{}, { Exclusive: false, RecipientFilter: null }, { Exclusive: false, RecipientFilter: '' }])(
    'is unresolved when its attributes are %j, without a filter',
    async (customAttributes) => {
      Object.assign(tenant.state.customAppScopes[0] ?? {}, { customAttributes });
      expect(await audit()).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    },
  );

  it('is unresolved once, by however many roles it is reached', async () => {
    const scope = { filter: 'nonsense' };
    assign({ scope }, { role: 'Application EWS.AccessAsApp', scope });
    Object.assign(tenant.state.roleAssignments[1] ?? {}, { appScopeId: tenant.state.customAppScopes[0]?.id });
    expect((await audit()).codes).toEqual([unresolved]);
  });

  it('leaves rooms open that another scope does not have, and gives strays of that other one', async () => {
    assign({ scope: { filter: 'nonsense' } }, { scope: { unit: [...otherRooms, address('ada')] } });
    const found = await audit();
    expect(found.codes).toEqual(['violation impersonation.strayMailbox', unresolved]);
    expect(found.resources?.find(({ resource }) => resource === amber)?.verdict).toBe('unknown');
  });
});

describe('a mailbox, read by graph', () => {
  describe.each([
    ['equipment', 'EquipmentMailbox'],
    ['a shared mailbox without a licence', 'SharedMailbox'],
    ['a room that is hidden from address lists', 'HiddenRoomMailbox'],
  ] as const)('may be %s:', (_case, kind) => {
    it.each([
      ['an administrative unit', { unit: [...rooms, address('thing')] }],
      ['a group', { group: [...rooms, address('thing')] }],
      ['a filter', { filter: `${views.isRoom} -or (DisplayName -eq 'thing')` }],
    ])('%s that holds it is unresolved, and no stray is called', async (_scope, scope) => {
      views.addRecipient(tenant.state, 'thing', kind);
      assign({ scope });
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
      expect(found.summary).toContain('a mailbox behind thing@contoso.com is not known to Microsoft Graph');
      expect(found.evidence).toMatchObject({ roomsReached: 12 });
    });
  });

  it('names no more than three of whom that is not known', async () => {
    const names = ['d', 'c', 'b', 'a', 'e'];
    for (const name of names) views.addRecipient(tenant.state, name, 'SharedMailbox');
    assign({ scope: { unit: [...rooms, ...names.map(address)] } });
    expect((await audit()).summary).toContain(
      'behind a@contoso.com, b@contoso.com, c@contoso.com and 2 more is',
    );
  });

  it.each([
    ['a guest', { userType: 'Guest' }],
    ['somebody whom no mail can reach', { mail: null, proxyAddresses: [] }],
    [
      'somebody whom only other networks can reach',
      { mail: null, proxyAddresses: ['SIP:thing@contoso.com'] },
    ],
  ])('is not %s without a plan', async (_case, changes) => {
    views.addRecipient(tenant.state, 'thing', 'MailUser', changes);
    const { id } = tenant.state.users.at(-1) ?? {};
    assign({ scope: { filter: `${views.isRoom} -or (ExternalDirectoryObjectId -eq '${id}')` } });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is somebody who is called a member of the tenant, or nothing, with the address of nobody else', async () => {
    for (const userType of ['Member', null]) {
      views.addRecipient(tenant.state, `thing-${userType}`, 'SharedMailbox', { userType });
      assign({ scope: { unit: [...rooms, address(`thing-${userType}`)] } });
      expect((await audit()).codes).toEqual([unresolved]);
    }
  });

  it('of the service account leaves nothing open: it belongs there', async () => {
    Object.assign(views.userOf(tenant.state, address('svc-condeco')), { assignedPlans: [] });
    assign({ scope: { group: [...rooms, address('svc-condeco')] } });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each(['Enabled', 'Warning'])(
    'is a user with an Exchange plan that is %s, a kiosk plan too',
    async (status) => {
      const assignedPlans = [{ ...plan, capabilityStatus: status }];
      Object.assign(views.userOf(tenant.state, address('ada')), { assignedPlans });
      assign({ scope: { unit: [...rooms, address('ada')] } });
      expect((await audit()).codes).toEqual(['violation impersonation.strayMailbox']);
    },
  );

  it.each([
    ['a plan that was taken away', { capabilityStatus: 'Deleted' }],
    ['Exchange Foundation alone', { servicePlanId: '113feb6c-3fe4-4440-bddc-54d774bf0318' }],
  ])('is not certain of a user with %s: it may have become a shared one', async (_case, changes) => {
    const assignedPlans = [{ ...plan, ...changes }];
    Object.assign(views.userOf(tenant.state, address('ada')), { assignedPlans });
    assign({ scope: { unit: [...rooms, address('ada')] } });
    expect((await audit()).codes).toEqual([unresolved]);
  });

  it.each([
    ['asked about a few at a time', 16, 3],
    ['read with those of everybody', 601, 2],
  ])('has plans that are %s', async (_case, count, most) => {
    const names = Array.from({ length: count }, (_, index) => `person-${index}`);
    for (const name of names) views.addRecipient(tenant.state, name, 'UserMailbox');
    assign({ scope: { unit: [...rooms, ...names.map(address)] } });
    const found = await audit();
    expect(new Set(about(found, 'strayMailbox'))).toEqual(new Set(names.map(address)));
    const plans = tenant.simulator.requests.filter(({ url }) => url.endsWith('$select=id,assignedPlans'));
    expect(plans.length).toBeLessThanOrEqual(most);
  });

  it('is a place also where no user has its address', async () => {
    views.removeUser(tenant.state, userId(amber));
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    assign({ scope: { filter: "CustomAttribute1 -eq 'London'" } });
    const found = await audit();
    expect(about(found, 'roomNotCovered')).toEqual(otherRooms);
    expect(found.codes).toContain(unresolved);
    assign({ scope: { unit: otherRooms } });
    expect((await audit()).codes).toEqual(['violation impersonation.roomNotCovered']);
  });
});

const plan = {
  ...{ assignedDateTime: '2026-01-12T08:30:00Z', capabilityStatus: 'Enabled', service: 'exchange' },
  servicePlanId: '4a82b400-a79f-41a4-b4e2-e94f5787b113',
};

describe('a room that the target names, read by graph', () => {
  const named = (...mailboxes: string[]) => audit({ rooms: { source: 'mailboxes', mailboxes } });
  const ada = () => views.userOf(tenant.state, address('ada'));
  const everybody = { filter: "(DisplayName -eq 'Ada Nwosu')" };

  it('is reached where it has a plan of Exchange, though it is no place', async () => {
    assign({ scope: everybody });
    expect(await named(address('ada'))).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is left open where nothing says that it has a mailbox', async () => {
    assign({ scope: everybody });
    Object.assign(ada(), { assignedPlans: [] });
    const found = await named(address('ada'));
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.reasons[0]?.resource).toBe(address('ada'));
    expect(found.summary).toContain('neither among the places nor with a plan of Exchange');
    expect(found.resources).toMatchObject([{ resource: address('ada'), verdict: 'unknown' }]);
  });

  it('is missed for certain where no scope has it', async () => {
    assign({ scope: { filter: "(DisplayName -eq 'Nobody')" } });
    Object.assign(ada(), { assignedPlans: [] });
    expect((await named(address('ada'))).codes).toEqual(['violation impersonation.roomNotCovered']);
  });
});

it('is one room however often the places have it, in whatever case', async () => {
  const [place] = tenant.state.rooms;
  if (place === undefined) throw new Error('Contoso has no room.');
  tenant.state.rooms.push({ ...place, id: 'twice', emailAddress: String(place.emailAddress).toUpperCase() });
  assign({ scope: { filter: "(DisplayName -eq 'Nobody')" } });
  const found = await audit();
  expect(found.codes).toHaveLength(12);
  expect(found.evidence).toMatchObject({ rooms: 12 });
});

it('leaves open who is a stray where Microsoft Graph says nothing of the plans of somebody', async () => {
  const scope = { filter: `${views.isRoom} -or (DisplayName -eq 'Ada Nwosu')` };
  assign({ scope });
  expect((await audit()).codes).toEqual(['violation impersonation.strayMailbox']);
  tenant.simulator.fail({
    match: /\/users\?\$filter/,
    change: (body) => ({ ...(body as object), value: [] }),
  });
  expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
});
