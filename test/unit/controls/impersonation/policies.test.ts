import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address, clientId, contoso, room, roomNames, vendorAppId } = views;
const rooms = roomNames.map(room);
const [amber = '', beryl = '', ...otherRooms] = rooms;
const ada = address('ada');
const ewsRole = 'Application EWS.AccessAsApp';
const grant = 'violation impersonation.tenantWideGrant';
const notice = 'notice impersonation.tenantWideGrant';
const blocks = 'violation impersonation.policyBlocks';
const unresolved = 'unknown impersonation.scopeUnresolved';
const denied = 'unknown unreadable.permission';

const limit = (...policies: views.TestPolicy[]) => views.limit(tenant.state, ...policies);
const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const restrict = (members: readonly string[] | null, more: object = {}): views.TestPolicy => ({
  ...{ right: 'RestrictAccess', members },
  ...more,
});
const deny = (members: readonly string[] | null, more: object = {}): views.TestPolicy => ({
  ...{ right: 'DenyAccess', members },
  ...more,
});
const audit = (options: Partial<StoredTarget> = {}) => tenant.audit('impersonation', options);
const refuse = (match: RegExp) => tenant.simulator.fail({ match, status: 403 });
const asked = (name: string) => tenant.simulator.requests.filter(({ cmdlet }) => cmdlet === name).length;
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));

/** The permissions of the vendor's application: pairs of resource and id. */
function hold(...pairs: (readonly [resourceId: string, appRoleId: string])[]): void {
  const [first] = tenant.state.appRoleAssignments;
  tenant.state.appRoleAssignments = pairs.map(([resourceId, appRoleId]) => ({
    ...(first ?? { id: '' }),
    ...{ id: `${resourceId} ${appRoleId}`, principalId: clientId, resourceId, appRoleId },
  }));
}
const calendars = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
const fullAccess = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40';
const [graph, exchange] = [contoso(31), contoso(32)];

describe('a tenant-wide permission, where only the rooms are to be reached', () => {
  const roomsOnly = (options: Partial<StoredTarget> = {}) => audit({ access: 'rooms-only', ...options });

  it.each([
    ['one that restricts it to the rooms', [restrict(rooms)]],
    ['two that add up', [restrict([amber, beryl]), restrict(otherRooms)]],
    ['one with some of the rooms', [restrict([amber])]],
    ['one with a room denied beside', [restrict(rooms), deny([amber])]],
    ['one with somebody who is denied', [restrict([...rooms, ada]), deny([ada])]],
    ['one with the service account', [restrict([...rooms, address('svc-condeco')])]],
    [
      'ids and rights in another case',
      [restrict(rooms, { appId: vendorAppId.toUpperCase(), right: 'RESTRICTaccess' })],
    ],
    ['a list of applications', [restrict(rooms, { appId: [contoso(79), vendorAppId] })]],
    ['one whose denied group cannot be resolved', [restrict(rooms), deny(null)]],
    ['one about another application beside', [restrict(rooms), restrict([ada], { appId: contoso(79) })]],
  ])('is a notice under %s', async (_case, policies) => {
    limit(...policies);
    const found = await roomsOnly();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [notice] });
    expect(found.reasons[0]?.message).toBe(
      'Calendars.ReadWrite on Microsoft Graph is granted for the whole tenant: application access policies leave it nothing but the rooms. Microsoft calls such policies legacy: roles with a scope take their place.',
    );
    expect(found.summary).toBe(
      'All 12 rooms are reached, and the roles reach no other mailbox. Application access policies leave the tenant-wide permission Calendars.ReadWrite nothing else.',
    );
  });

  it.each([
    ['no policy', []],
    ['one about another application', [restrict(rooms, { appId: contoso(79) })]],
    ['one that restricts it to more than rooms', [restrict([...rooms, ada])]],
    ['a second one that lets somebody in', [restrict(rooms), restrict([ada])]],
    ['one that denies a room alone', [deny([amber])]],
    ['one that denies somebody alone', [deny([ada])]],
    ['one with more than rooms, beside one that cannot be resolved', [restrict([ada]), restrict(null)]],
  ])('is a violation under %s', async (_case, policies) => {
    limit(...policies);
    const found = await roomsOnly();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [grant] });
    expect(found.reasons[0]).toMatchObject({
      actual: expect.stringMatching(/^granted/) as string,
      expected: 'not granted',
    });
  });

  it('is a notice where everybody but the rooms is denied', async () => {
    const mailboxes = tenant.state.exchange.recipients.map(({ PrimarySmtpAddress }) => PrimarySmtpAddress);
    const others = mailboxes.filter((each) => !rooms.includes(each));
    limit(deny(others));
    expect((await roomsOnly()).codes).toEqual([notice]);
    limit(deny(others.filter((each) => each !== ada)));
    const found = await roomsOnly();
    expect(found.codes).toEqual([grant]);
    expect(found.summary).toContain(`mailboxes that are no rooms: ${ada}.`);
  });

  it.each([
    ['an empty group', [restrict([])]],
    ['an empty group beside the rooms', [restrict(rooms), restrict([])]],
    ['a group that is not there', [restrict(rooms), restrict(null)]],
    ['a right that is not known', [restrict(rooms), { right: 'ReadAccess', members: rooms }]],
    ['one that Exchange calls invalid', [restrict(rooms, { changes: { IsValid: false } })]],
    ['an empty group that denies alone', [deny([])]],
    [
      'no word of whom it is about',
      [restrict(rooms, { changes: { ScopeIdentityRaw: '', ScopeIdentity: '', ScopeName: '' } })],
    ],
  ])('cannot be judged under %s', async (_case, policies) => {
    limit(...policies);
    const found = await roomsOnly();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.reasons[0]?.resource).toMatch(/^the application access policy for /);
  });

  it('counts groups within groups, and a policy about one mailbox', async () => {
    views.addGroup(tenant.state, contoso(46_000), 'Inner', otherRooms);
    limit(restrict([address('inner'), amber, beryl]));
    expect((await roomsOnly()).codes).toEqual([notice]);
    const [policy] = tenant.state.exchange.applicationAccessPolicies;
    const one = { ...policy, ScopeIdentityRaw: `S-1;${views.recipientOf(tenant.state, amber).Guid}` };
    tenant.state.exchange.applicationAccessPolicies = [one as typeof policy & object];
    expect((await roomsOnly()).codes).toEqual([notice]);
    Object.assign(one, { ScopeIdentityRaw: `S-1;${views.recipientOf(tenant.state, ada).Guid}` });
    expect((await roomsOnly()).codes).toEqual([grant]);
  });

  it('counts no desk, and leaves open what may be one', async () => {
    views.addRecipient(tenant.state, 'desk-1', 'Desk');
    limit(restrict([...rooms, address('desk-1')]));
    expect((await roomsOnly()).codes).toEqual([notice]);
    // Neither a role nor the target has it: the policy alone leaves it open.
    const named = { rooms: { source: 'mailboxes', mailboxes: rooms } } as const;
    assign({ scope: { group: rooms } });
    Object.assign(views.recipientOf(tenant.state, address('desk-1')), { ResourceType: 'Odd' });
    const found = await roomsOnly(named);
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.reasons[0]).toMatchObject({
      resource: 'Calendars.ReadWrite (application, Microsoft Graph)',
    });
    Object.assign(views.recipientOf(tenant.state, address('desk-1')), { ResourceType: 'Room' });
    expect((await roomsOnly(named)).codes).toEqual([grant]);
  });

  it.each([
    ['the policies', /Get-ApplicationAccessPolicy/],
    ['the members of their group', /Get-DistributionGroupMember/],
  ])('could be refuted by %s, which may not be read', async (_case, match) => {
    limit(restrict(rooms));
    refuse(match);
    expect(await roomsOnly()).toMatchObject({ verdict: 'unknown', codes: [denied] });
  });

  it('could be refuted by the account, when only one mailbox is no room', async () => {
    limit(restrict([...rooms, ada]));
    refuse(/\/users\/svc-condeco/);
    expect(await roomsOnly()).toMatchObject({ verdict: 'unknown', codes: [denied] });
    limit(restrict([...rooms, ada, address('ben')]));
    views.addRecipient(tenant.state, 'ben', 'UserMailbox');
    expect((await roomsOnly()).codes).toEqual([grant]);
  });

  it('of the retired API is limited by no policy, and full_access_as_app is', async () => {
    limit(restrict(rooms));
    hold([exchange, calendars]);
    expect((await roomsOnly()).codes).toEqual([grant]);
    expect(asked('Get-ApplicationAccessPolicy')).toBe(0);
    hold([exchange, fullAccess]);
    expect((await roomsOnly()).codes).toEqual([notice]);
    hold([graph, calendars], [exchange, calendars]);
    const found = await roomsOnly();
    expect(about(found, 'tenantWideGrant').sort()).toEqual([
      'Calendars.ReadWrite (application, Microsoft Graph)',
      'Calendars.ReadWrite.All (application, Office 365 Exchange Online)',
    ]);
    expect(found.codes).toEqual([grant, notice]);
  });

  it('is a violation with Microsoft Graph, which sees no policy', async () => {
    limit(restrict(rooms));
    expect((await roomsOnly({ exchangeReader: 'graph' })).codes).toEqual([grant]);
  });
});

describe('a policy that keeps the application from a room', () => {
  it.each([
    ['denies it', [deny([amber])]],
    ['restricts the application to others', [restrict([beryl, ...otherRooms])]],
    ['denies it, and another one restricts to all', [restrict(rooms), deny([amber])]],
    ['has the id in capitals', [deny([amber], { appId: vendorAppId.toUpperCase(), right: 'DENYACCESS' })]],
  ])('blocks it where it %s', async (_case, policies) => {
    assign({ role: ewsRole });
    limit(...policies);
    const found = await audit({ protocol: 'ews' });
    expect(found.codes).toEqual([blocks, notice]);
    expect(found.reasons[0]).toMatchObject({ resource: amber, actual: 'kept from it' });
    expect(found.resources?.find(({ resource }) => resource === amber)).toMatchObject({
      ...{ verdict: 'nonCompliant', codes: ['impersonation.policyBlocks'], path: ewsRole },
    });
  });

  it.each([
    ['a role opens it to Microsoft Graph', {}, [deny([amber])], 'graph'],
    ['a role opens both protocols', { role: 'Application Exchange Full Access' }, [deny([amber])], 'ews'],
    [
      'two policies add up to all rooms',
      { role: ewsRole },
      [restrict([amber, beryl]), restrict(otherRooms)],
      'ews',
    ],
    ['it is about another application', { role: ewsRole }, [deny([amber], { appId: contoso(79) })], 'ews'],
    ['it denies somebody else', { role: ewsRole }, [deny([ada])], 'ews'],
  ] as const)('blocks nothing where %s', async (_case, assignment, policies, protocol) => {
    assign(assignment);
    limit(...policies);
    expect(await audit({ protocol })).toMatchObject({ verdict: 'compliant', codes: [notice] });
  });

  it('blocks nothing where no permission is meant to reach the rooms', async () => {
    assign({ role: ewsRole });
    limit(deny([amber]));
    expect((await audit({ protocol: 'ews', access: 'rooms-only' })).codes).toEqual([grant]);
    hold();
    expect((await audit({ protocol: 'ews' })).codes).toEqual([]);
    hold([exchange, calendars]);
    expect((await audit({ protocol: 'ews' })).codes).toEqual([notice]);
    hold([graph, calendars]);
    const planon = await audit({ profile: 'planon-connect-for-calendars' });
    expect(planon.codes).not.toContain(blocks);
  });

  it('is said beside the room that no role reaches at all', async () => {
    assign({ scope: { unit: [beryl, ...otherRooms] } });
    limit(deny([amber]));
    const found = await audit();
    expect(found.codes).toEqual([blocks, 'violation impersonation.roomNotCovered', notice]);
  });

  it.each([
    ['the policies', /Get-ApplicationAccessPolicy/],
    ['what the application is granted', /appRoleAssignments/],
    ['Microsoft Graph as a resource', /appId='00000003/],
  ])('is open where %s may not be read, and no role opens Microsoft Graph', async (_case, match) => {
    assign({ role: ewsRole });
    limit(deny([amber]));
    refuse(match);
    const found = await audit({ protocol: 'ews' });
    expect(found.verdict).toBe('unknown');
    expect(found.codes).toContain(denied);
    assign({ role: 'Application Exchange Full Access' });
    expect((await audit({ protocol: 'ews' })).verdict).toBe('compliant');
  });

  it('is open where its group has no members', async () => {
    assign({ role: ewsRole });
    limit(restrict([]));
    expect(await audit({ protocol: 'ews' })).toMatchObject({
      verdict: 'unknown',
      codes: [unresolved, notice],
    });
  });

  it('costs one request where it decides, and one more with the members of its group', async () => {
    assign({ role: ewsRole });
    hold();
    const { requests } = await audit({ protocol: 'ews' });
    hold([graph, calendars]);
    expect((await audit({ protocol: 'ews' })).requests).toBe(requests + 1);
    limit(deny([ada]));
    expect((await audit({ protocol: 'ews' })).requests).toBe(requests + 2);
    assign({ role: 'Application Exchange Full Access' });
    expect((await audit({ protocol: 'ews' })).requests).toBe(requests);
  });
});
