import type { Fault, FaultRequest } from '../../../../local/simulator/faults';
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

const { account, address, contoso, retiredRole, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const denied = 'unknown unreadable.permission';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const audit = (options: Partial<StoredTarget> = {}) => tenant.audit('impersonation', options);
const refuse = (match: Fault['match']) =>
  tenant.simulator.fail({ match, status: 403, code: 'Authorization_RequestDenied' });
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));

/** A cmdlet with these words among its parameters. */
const runs = (cmdlet: string, words: string) => (request: FaultRequest) =>
  request.cmdlet === cmdlet && JSON.stringify(request.requestBody).includes(words);

describe.each(['graph', 'admin-api'] as const)('what could not be read by %s', (exchangeReader) => {
  const read = (options: Partial<StoredTarget> = {}) => audit({ exchangeReader, ...options });
  const accepting = { acceptRetiredRole: true, protocol: 'ews' } as const;
  const roomList = exchangeReader === 'graph' ? /places/ : runs('Get-Recipient', 'RoomMailbox"]');
  const assignments = exchangeReader === 'graph' ? /roleAssignments/ : /Get-ManagementRoleAssignment/;
  const firstScope = /administrativeUnits\/[^/]*00042000/;

  describe('keeps a violation that it could not refute:', () => {
    it('no role at all, without the rooms', async () => {
      assign();
      refuse(roomList);
      expect((await read()).codes).toEqual(['violation impersonation.none', denied]);
    });

    it('a role without a scope, without the rooms', async () => {
      assign({ scope: 'organization' });
      refuse(roomList);
      expect((await read()).codes).toEqual(['violation impersonation.unscoped', denied]);
    });

    it('no rooms, without the assignments', async () => {
      refuse(assignments);
      const found = await read({ rooms: { source: 'mailboxes', mailboxes: [] } });
      expect(found.codes).toEqual(['violation impersonation.noRooms', denied]);
    });

    it('a tenant-wide permission, without the assignments', async () => {
      const [graph, calendars] = [contoso(31), 'ef54d2bf-783f-4e0f-bca1-3210c0444d99'];
      const held = { id: 'held', principalId: views.clientId, resourceId: graph, appRoleId: calendars };
      const shown = {
        resourceDisplayName: 'Microsoft Graph',
        principalDisplayName: 'x',
        principalType: 'ServicePrincipal',
      };
      tenant.state.appRoleAssignments = [{ ...held, ...shown, createdDateTime: '2026-01-12T09:00:00Z' }];
      refuse(assignments);
      const found = await read({ access: 'rooms-only' });
      expect(found.codes).toEqual(['violation impersonation.tenantWideGrant', denied]);
    });

    it('a stray in one scope, without the other', async () => {
      assign({ scope: { unit: [amber] } }, { scope: { unit: [...otherRooms, address('ada')] } });
      refuse(firstScope);
      const found = await read();
      expect(found.codes).toEqual(['violation impersonation.strayMailbox', denied]);
      expect(about(found, 'strayMailbox')).toEqual([address('ada')]);
    });
  });

  describe('drops a violation that it could refute:', () => {
    it('a room in no scope, when it may be in the one that could not be read', async () => {
      assign({ scope: { unit: [amber] } }, { scope: { unit: otherRooms } });
      refuse(firstScope);
      const found = await read();
      expect(found).toMatchObject({ verdict: 'unknown', codes: [denied] });
      const row = found.resources?.find(({ resource }) => resource === amber);
      expect(row).toMatchObject({ verdict: 'unknown', codes: ['unreadable.permission'] });
      expect(found.evidence).toMatchObject({ rooms: 12, roomsReached: 11 });
    });

    it('a mailbox that may be a room', async () => {
      assign({ scope: { unit: [...rooms, address('ada')] } });
      refuse(roomList);
      const found = await read();
      expect(found.verdict).toBe('unknown');
      expect(new Set(found.codes)).toEqual(new Set([denied]));
    });

    describe('where the retired role is accepted and the account could not be read', () => {
      beforeEach(() => refuse(/\/users\/svc-condeco/));

      it('no role at all', async () => {
        assign({ role: retiredRole, holder: account });
        expect(await read(accepting)).toMatchObject({ verdict: 'unknown', codes: [denied] });
      });

      it('a room in no scope', async () => {
        const scope = { unit: otherRooms };
        assign({ role: 'Application EWS.AccessAsApp', scope }, { role: retiredRole, holder: account });
        expect(await read(accepting)).toMatchObject({ verdict: 'unknown', codes: [denied] });
      });
    });

    it('a stray that may be the service account under another address', async () => {
      const changes = { userPrincipalName: 'svc@contoso.onmicrosoft.com' };
      Object.assign(views.userOf(tenant.state, address('svc-condeco')), changes);
      assign({ scope: { group: [...rooms, address('svc-condeco')] } });
      const serviceAccount = 'svc@contoso.onmicrosoft.com';
      expect((await read({ serviceAccount })).codes).toEqual([]);
      refuse(/\/users\/svc/);
      expect((await read({ serviceAccount })).codes).not.toContain('violation impersonation.strayMailbox');
      expect((await read({ serviceAccount, serviceAccountId: views.accountId })).codes).toEqual([]);
    });
  });

  it('is unknown for the application itself, whatever the account holds', async () => {
    assign({ role: retiredRole, holder: account });
    refuse(/appId='7e57ab1e/);
    for (const acceptRetiredRole of [false, true])
      expect(await read({ acceptRetiredRole })).toMatchObject({ verdict: 'unknown', codes: [denied] });
  });

  it.each([
    ['what the application is granted', /appRoleAssignments/],
    ['Microsoft Graph as a resource', /appId='00000003/],
    ['Exchange Online as a resource', /appId='00000002/],
  ])('matters with access to rooms only, and is not called nothing otherwise: %s', async (_case, match) => {
    refuse(match);
    expect(await read({ access: 'rooms-only' })).toMatchObject({ verdict: 'unknown', codes: [denied] });
    const found = await read();
    expect(found.verdict).toBe('compliant');
    expect(found.summary).not.toContain('no other mailbox is');
  });
});

describe('members of a scope', () => {
  const read = (options: Partial<StoredTarget> = {}) => audit({ exchangeReader: 'graph', ...options });
  const name = 'CN=Condeco rooms20260112,OU=contoso.onmicrosoft.com';
  const scopeGroups = { [name]: address('condeco-rooms') };

  it.each([
    ['an administrative unit', { unit: rooms }, /administrativeUnits/, 'AdministrativeUnit.Read.All'],
    // A tenant may not publish the first of two; every tenant has the second.
    [
      'a group',
      { group: rooms },
      /\/groups\/[^/]*\/members/,
      'GroupMember.ReadBasic.All or GroupMember.Read.All',
    ],
    [
      'a group with an address',
      { filter: `MemberOfGroup -eq '${name}'` },
      /\/groups\?/,
      'Group.ReadBasic.All or GroupMember.Read.All',
    ],
  ])('need a permission, which is named: %s', async (_case, scope, match, permission) => {
    assign({ scope });
    refuse(match);
    const found = await read({ scopeGroups });
    expect(found).toMatchObject({ verdict: 'unknown', codes: [denied] });
    expect(found.reasons[0]?.expected).toBe(permission);
    expect(found.reasons[0]?.message).toContain(`Probably the permission ${permission} is missing.`);
  });

  it('are not none because a later page is gone', async () => {
    tenant.state.pageSize = 7;
    assign({ scope: { unit: rooms } });
    tenant.simulator.fail({
      match: /administrativeUnits.*skiptoken/,
      status: 404,
      code: 'Request_ResourceNotFound',
    });
    expect((await read()).verdict).toBe('unknown');
  });

  it('are no strays while nobody can say whether they have mailboxes', async () => {
    assign({ scope: { unit: [...rooms, address('ada')] } });
    refuse(/\/users\?\$filter=id in/);
    const found = await read();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [denied], evidence: { roomsReached: 12 } });
    expect(found.reasons[0]?.expected).toBe('User.Read.All');
  });
});
