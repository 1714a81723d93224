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

const { address, calendarsRole, contoso, isRoom, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', beryl = '', ...otherRooms] = rooms;
const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);

/** What the reasons with this code are about. */
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));
const rowOf = (found: Audit, resource: string) => found.resources?.find((row) => row.resource === resource);
const sorted = (found: Audit) =>
  [...(found.resources ?? [])].sort((a, b) => a.resource.localeCompare(b.resource));

/** The target with these rooms. */
const inLists = (...roomLists: string[]): Partial<StoredTarget> => ({
  rooms: { source: 'roomLists', roomLists },
});
const named = (...mailboxes: string[]): Partial<StoredTarget> => ({
  rooms: { source: 'mailboxes', mailboxes },
});

describe.each(['graph', 'admin-api'] as const)('impersonation, read by %s', (exchangeReader) => {
  const audit = (options: Partial<StoredTarget> = {}) =>
    tenant.audit('impersonation', { exchangeReader, ...options });

  describe('a room', () => {
    it('is impersonation.roomNotCovered when no scope has it, each by itself', async () => {
      assign({ scope: { unit: otherRooms } });
      const found = await audit();
      expect(found.codes).toEqual(Array(2).fill('violation impersonation.roomNotCovered'));
      expect(about(found, 'roomNotCovered')).toEqual([amber, beryl]);
      expect(found.reasons[0]).toMatchObject({ actual: 'in no scope', expected: 'within a scope' });
      expect(rowOf(found, amber)).toEqual({
        ...{ resource: amber, kind: 'room', displayName: 'Amber', verdict: 'nonCompliant' },
        ...{ codes: ['impersonation.roomNotCovered'], detail: found.reasons[0]?.message },
      });
    });

    it('is reached by any one of several scopes', async () => {
      assign({ scope: { unit: otherRooms } }, { scope: { group: [amber] } }, { scope: { unit: [beryl] } });
      expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    });

    it('is reached by any one of several roles', async () => {
      assign(
        { scope: { unit: otherRooms } },
        { role: 'Application Exchange Full Access', scope: { unit: rooms.slice(0, 2) } },
      );
      const found = await audit();
      expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
      expect(rowOf(found, beryl)).toMatchObject({ path: 'Application Exchange Full Access' });
    });

    it.each([
      ['an administrative unit', { unit: rooms }, `the administrative unit ${contoso(42_000)}`],
      ['a group', { group: rooms }, /^the group /],
      ['a filter', { filter: isRoom, name: 'Some rooms' }, 'the scope Some rooms'],
    ])('tells by which role it is reached, and that the scope is %s', async (_case, scope, name) => {
      assign({ scope });
      const found = await audit();
      expect(found.codes).toEqual([]);
      expect(found.resources).toHaveLength(12);
      for (const row of found.resources ?? []) {
        expect(row).toMatchObject({ kind: 'room', verdict: 'compliant', codes: [], path: calendarsRole });
        expect(row.scope).toMatch(name);
      }
    });

    it('is not reached as the member of a group within the group', async () => {
      views.addGroup(tenant.state, contoso(90_001), 'Inner', [amber]);
      assign({ scope: { group: [...rooms.slice(1), address('inner')] } });
      const found = await audit();
      expect(found.codes).toEqual(['violation impersonation.roomNotCovered']);
      expect(about(found, 'roomNotCovered')).toEqual([amber]);
    });

    it('is reached through two conditions', async () => {
      for (const mail of [amber, 'ada@contoso.com'])
        views.userOf(tenant.state, mail).onPremisesExtensionAttributes = { extensionAttribute1: 'London' };
      const filter = "((RecipientTypeDetails -eq 'RoomMailbox') -and (CustomAttribute1 -eq 'London'))";
      assign({ scope: { filter, matches: [amber] } });
      expect(await audit(named(amber))).toMatchObject({ verdict: 'compliant', codes: [] });
      expect(about(await audit(), 'roomNotCovered')).toEqual(rooms.slice(1));
    });
  });

  describe('the rooms of the target', () => {
    it('are those of its room lists, and every other room is a stray', async () => {
      views.removeFromList(tenant.state, 'condeco-rooms@contoso.com', amber);
      const found = await audit(inLists('Condeco-Rooms@contoso.com'));
      expect(found.codes).toEqual(['violation impersonation.strayMailbox']);
      expect(about(found, 'strayMailbox')).toEqual([amber]);
      expect(rowOf(found, amber)).toMatchObject({ kind: 'mailbox', verdict: 'nonCompliant' });
      expect(found.evidence).toMatchObject({ rooms: 11, roomsReached: 11, strayMailboxes: 1 });
    });

    it('are those of several room lists, each once', async () => {
      views.addRoomList(tenant.state, 'more', [amber]);
      const found = await audit(inLists('condeco-rooms@contoso.com', 'more@contoso.com'));
      expect(found.codes).toEqual([]);
      expect(found.resources).toHaveLength(12);
    });

    it('are those that it names, in any case and by any address', async () => {
      views.userOf(tenant.state, beryl).proxyAddresses = [`SMTP:${beryl}`, 'smtp:beryl@Contoso.com'];
      views.recipientOf(tenant.state, beryl).EmailAddresses.push('smtp:beryl@Contoso.com');
      assign({ scope: { unit: [amber, beryl] } });
      const found = await audit(named('Room-Amber@contoso.com', 'BERYL@contoso.com', beryl));
      expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
      expect(sorted(found).map(({ resource }) => resource)).toEqual([amber, beryl]);
      expect(about(await audit(named(amber)), 'strayMailbox')).toEqual([beryl]);
    });

    it('are not covered when the tenant does not have them', async () => {
      const found = await audit(named(...rooms, 'room-zircon@contoso.com'));
      expect(found.codes).toEqual(['violation impersonation.roomNotCovered']);
      expect(found.reasons[0]).toMatchObject({
        resource: 'room-zircon@contoso.com',
        actual: 'no such mailbox',
      });
      expect(rowOf(found, 'room-zircon@contoso.com')).toMatchObject({
        kind: 'room',
        verdict: 'nonCompliant',
      });
      assign({ scope: 'organization' });
      expect(about(await audit(named('room-zircon@contoso.com')), 'roomNotCovered')).toHaveLength(1);
    });

    it.each([
      ['the tenant has none', { source: 'all' }],
      ['the room lists are empty', { source: 'roomLists', roomLists: ['condeco-rooms@contoso.com'] }],
      ['none is named', { source: 'mailboxes', mailboxes: [] }],
    ] as const)('are impersonation.noRooms when %s', async (why, source) => {
      const { state } = tenant;
      state.rooms = [];
      for (const mail of rooms) views.removeFromList(state, 'condeco-rooms@contoso.com', mail);
      const { recipients } = state.exchange;
      state.exchange.recipients = recipients.filter((each) => each.RecipientTypeDetails !== 'RoomMailbox');
      const found = await audit({ rooms: source as StoredTarget['rooms'] });
      expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation impersonation.noRooms'] });
      expect(found.summary).toContain(why);
      expect(found.resources).toEqual([]);
    });
  });

  describe('impersonation.strayMailbox', () => {
    it("is each mailbox in a scope that is no room, but not the service account's", async () => {
      assign({ scope: { unit: [...rooms, address('svc-condeco'), address('ben'), address('ada')] } });
      const found = await audit();
      expect(found.codes).toEqual(Array(2).fill('violation impersonation.strayMailbox'));
      expect(about(found, 'strayMailbox')).toEqual([address('ada'), address('ben')]);
      expect(rowOf(found, address('ada'))).toEqual({
        ...{ resource: address('ada'), kind: 'mailbox', displayName: 'Ada Nwosu', verdict: 'nonCompliant' },
        ...{ codes: ['impersonation.strayMailbox'], path: calendarsRole },
        scope: expect.stringContaining('the administrative unit') as string,
      });
      expect(found.resources).toHaveLength(14);
    });

    it('is said once of a mailbox in several scopes', async () => {
      assign({ scope: { unit: [...rooms, address('ada')] } }, { scope: { group: [address('ada')] } });
      expect((await audit()).codes).toEqual(['violation impersonation.strayMailbox']);
    });

    it('is nobody who has no mailbox in Exchange Online, which Microsoft Graph cannot tell', async () => {
      views.addRecipient(tenant.state, 'mail-user', 'MailUser');
      views.addRecipient(tenant.state, 'room-in-the-cellar', 'RemoteRoomMailbox');
      const members = [...rooms, address('mail-user'), address('room-in-the-cellar')];
      const codes = exchangeReader === 'graph' ? ['unknown impersonation.scopeUnresolved'] : [];
      for (const scope of [{ unit: members }, { group: members }]) {
        assign({ scope });
        expect((await audit()).codes).toEqual(codes);
      }
    });

    it('is not hidden by somebody without a mailbox who shows the same address', async () => {
      views.addRecipient(tenant.state, 'adm-ada', 'MailUser', { mail: address('ada') });
      tenant.state.exchange.recipients.pop();
      const { users } = tenant.state;
      users.unshift(...users.splice(-1));
      assign({ scope: { unit: [...rooms, address('ada')] } });
      const found = await audit();
      expect(found.codes.filter((code) => code.startsWith('violation'))).toHaveLength(1);
      expect(about(found, 'strayMailbox')).toEqual([address('ada')]);
    });

    it('is not the service account after it was renamed', async () => {
      views.userOf(tenant.state, address('svc-condeco')).userPrincipalName = 'svc-rooms@contoso.com';
      assign({ scope: { unit: [...rooms, address('svc-condeco')] } });
      const found = await audit({ serviceAccount: 'svc-old@contoso.com', serviceAccountId: views.accountId });
      expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    });
  });

  it('says in numbers what many violations come to', async () => {
    assign({ scope: { unit: [...rooms, address('ada'), address('ben')] } });
    expect((await audit()).summary).toBe(
      '2 mailboxes that are no rooms are within reach, and all 12 rooms are reached.',
    );
    assign({ scope: { unit: [...rooms.slice(2), address('ada')] } });
    expect((await audit()).summary).toBe(
      '2 of 12 rooms are not reached, and 1 mailbox that is no room is within reach.',
    );
    assign(
      { scope: { unit: [...rooms.slice(1), address('ada')] } },
      { role: 'Application Exchange Full Access', scope: 'organization' },
    );
    expect((await audit()).summary).toBe(
      '1 mailbox that is no room is within reach, and all 12 rooms are reached (and 1 more).',
    );
    assign({ scope: { unit: rooms.slice(1) } });
    expect((await audit()).summary).toContain(`Amber (${amber}) is in no scope`);
  });

  it('gives the same answer whatever the order in which the tenant lists things', async () => {
    const { state } = tenant;
    assign(
      { scope: { unit: [...rooms.slice(3), address('ada'), address('ben')] } },
      { scope: { group: [beryl, address('chloe')] } },
      { role: 'Application Exchange Full Access', scope: { unit: [beryl] } },
    );
    const before = await audit();
    const { exchange, members } = state;
    const lists: unknown[][] = [
      ...[state.users, state.rooms, state.roleAssignments, state.roleDefinitions, state.groups],
      ...[exchange.recipients, exchange.managementRoleAssignments, exchange.managementScopes],
      ...exchange.distributionGroups.map((group) => group.members),
      ...Object.values(members),
    ];
    for (const list of lists) list.reverse();
    const after = await audit();
    expect(before.codes).toHaveLength(5);
    expect(after.reasons).toEqual(before.reasons);
    expect(after.summary).toBe(before.summary);
    expect(sorted(after)).toEqual(sorted(before));
  });
});
