import type { FaultRequest } from '../../../../local/simulator/faults';
import { impersonation } from '../../../../src/lib/controls/impersonation';
import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { planning, requirement } from '../../../support/planning';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address, contoso, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', beryl = '', ...others] = rooms;
const [boardroom = ''] = others;
const list = address('condeco-rooms');
const gone = address('gone');
const unresolved = 'unknown impersonation.scopeUnresolved';
const missed = 'violation impersonation.roomNotCovered';
const missing = 'violation impersonation.roomListMissing';
const stray = 'violation impersonation.strayMailbox';
const denied = 'unknown unreadable.permission';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));
const found = ({ resources = [] }: Audit) => resources.map(({ resource }) => resource).sort();
const inLists = (...roomLists: string[]): Partial<StoredTarget> => ({
  rooms: { source: 'roomLists', roomLists },
});

describe.each(['graph', 'admin-api'] as const)('a room list, read by %s', (exchangeReader) => {
  const audit = (...lists: string[]) =>
    tenant.audit('impersonation', { exchangeReader, ...inLists(...lists) });

  describe('that holds another one', () => {
    it('has its rooms too, however deep', async () => {
      const inner = views.addRoomList(tenant.state, 'inner', [beryl]);
      const middle = views.addRoomList(tenant.state, 'middle', [inner]);
      const outer = views.addRoomList(tenant.state, 'outer', [amber, middle]);
      const whole = await audit(outer);
      expect(whole).toMatchObject({ codes: Array(10).fill(stray) });
      expect(whole.evidence).toMatchObject({ rooms: 2, roomsReached: 2 });
      assign({ scope: { unit: [amber] } });
      const half = await audit(outer);
      expect(half.codes).toEqual([missed]);
      expect(about(half, 'roomNotCovered')).toEqual([beryl]);
    });

    it('and nothing else is not empty', async () => {
      const outer = views.addRoomList(tenant.state, 'outer', [list]);
      const whole = await audit(outer);
      expect(whole).toMatchObject({ verdict: 'compliant', codes: [] });
      expect(found(whole)).toEqual(rooms);
    });

    it('in a circle has the rooms of all in it, each once', async () => {
      const one = views.addRoomList(tenant.state, 'one', [amber]);
      const other = views.addRoomList(tenant.state, 'other', [amber, beryl, one]);
      views.addToList(tenant.state, one, other);
      views.addToList(tenant.state, one, one);
      assign({ scope: { unit: [amber, beryl] } });
      for (const lists of [[one], [other], [one, other], [other, one]])
        expect(found(await audit(...lists))).toEqual([amber, beryl]);
    });

    it('has desks of the inner one as well', async () => {
      views.addRecipient(tenant.state, 'desk-1', 'Desk');
      const inner = views.addRoomList(tenant.state, 'inner', [address('desk-1')]);
      const outer = views.addRoomList(tenant.state, 'outer', [amber, inner]);
      assign({ scope: { unit: [amber] } });
      expect(about(await audit(outer), 'roomNotCovered')).toEqual([address('desk-1')]);
    });
  });

  describe('that holds a group of another kind', () => {
    it('is not known to the end, and nobody in that group is a room because of it', async () => {
      views.addGroup(tenant.state, contoso(90_001), 'Staff', [address('ada')]);
      const outer = views.addRoomList(tenant.state, 'outer', [amber, address('staff')]);
      assign({ scope: { unit: [address('ada')] } });
      const open = await audit(outer);
      expect(open.codes).toEqual([missed, unresolved]);
      expect(about(open, 'roomNotCovered')).toEqual([amber]);
      expect(open.reasons[1]).toMatchObject({ resource: outer });
      expect(open.reasons[1]?.message).toMatch(
        /because of outer@contoso.com: it holds the group staff@contoso.com/,
      );
    });

    it('that is in turn one of the target is known', async () => {
      const outer = views.addRoomList(tenant.state, 'outer', [amber, list]);
      expect(await audit(outer, list)).toMatchObject({ verdict: 'compliant', codes: [] });
    });
  });

  describe('that does not exist', () => {
    it('is impersonation.roomListMissing, and its name the only thing that is wrong', async () => {
      const lost = await audit(gone);
      expect(lost).toMatchObject({ verdict: 'nonCompliant', codes: [missing], resources: [] });
      expect(lost.reasons[0]).toMatchObject({ resource: gone, actual: 'no such list' });
      expect(lost.summary).toContain('There is no room list gone@contoso.com');
    });

    it('is said once for each, whatever its spelling', async () => {
      const lost = await audit(gone, address('Gone'), address('lost'));
      expect(about(lost, 'roomListMissing')).toEqual([gone, address('lost')]);
    });

    it('leaves the rooms of others judged, and names no stray meanwhile', async () => {
      views.removeFromList(tenant.state, list, boardroom);
      assign({ scope: { unit: [...rooms.slice(1), address('ada')] } });
      expect((await audit(list)).codes).toEqual([missed, stray, stray]);
      const lost = await audit(list, gone);
      expect(lost.codes).toEqual([missing, missed]);
      expect(about(lost, 'roomNotCovered')).toEqual([amber]);
      expect(found(lost)).toEqual(rooms.filter((each) => each !== boardroom));
    });

    it('keeps what is wrong with roles', async () => {
      assign({ scope: 'organization' });
      expect((await audit(gone)).codes).toEqual([missing, 'violation impersonation.unscoped']);
      assign();
      expect((await audit(gone)).codes).toEqual(['violation impersonation.none', missing]);
    });

    it('is not one that is empty', async () => {
      const empty = views.addRoomList(tenant.state, 'empty', []);
      expect((await audit(empty)).codes).toEqual(['violation impersonation.noRooms']);
      expect((await audit(empty, gone)).codes).toEqual([missing]);
    });

    it('is not one that the target names by another of its addresses', async () => {
      const [group] = tenant.state.groups;
      Object.assign(group ?? {}, { proxyAddresses: [`SMTP:${list}`, 'smtp:rooms@contoso.com'] });
      Object.assign(tenant.state.exchange.distributionGroups[0] ?? {}, {
        EmailAddresses: [`SMTP:${list}`, 'smtp:rooms@contoso.com'],
      });
      expect(await audit(address('Rooms'))).toMatchObject({ verdict: 'compliant', codes: [] });
    });

    it('is a manual step of a plan that mends the rest', async () => {
      assign();
      const options = { exchangeReader, scopeGroups: { 'CN=Rooms': list }, ...inLists(list, gone) };
      const target = tenant.target(options);
      const facts = await impersonation.collect(tenant.tenants().open(target.tenantId)(), target);
      const plan = planning(impersonation)(facts, requirement(target));
      expect(plan.changes).toHaveLength(2);
      expect(plan.changes[0]?.description).toMatch(/MemberOfGroup -eq 'CN=(Condeco r|R)ooms/);
      expect(plan.manualSteps[0]?.description).toMatch(/Make these room lists again.*gone@contoso.com\.$/);
    });
  });

  describe('that is a group of another kind', () => {
    it('is impersonation.roomListMissing, and nobody in that group is a room because of it', async () => {
      views.addGroup(tenant.state, contoso(90_001), 'Staff', [address('ada'), amber]);
      const staff = address('staff');
      assign({ scope: { unit: rooms } });
      const found = await audit(staff, list);
      expect(found.codes).toEqual([missing]);
      expect(found.reasons[0]).toMatchObject({ resource: staff, actual: 'a group that is no room list' });
      expect(found.summary).toMatch(
        /^There is no room list staff@contoso.com, which the target names: what has this address is a (MailUniversalSecurityGroup|security group), which is no room list, and nobody in it is a room because of that\./,
      );
      expect(found.resources).toHaveLength(12);
      const alone = await audit(staff);
      expect(alone).toMatchObject({ codes: [missing], resources: [] });
    });

    it('is a manual step of its own', async () => {
      views.addGroup(tenant.state, contoso(90_001), 'Staff', [address('ada')]);
      const options = { exchangeReader, ...inLists(address('staff'), gone) };
      const target = tenant.target(options);
      const facts = await impersonation.collect(tenant.tenants().open(target.tenantId)(), target);
      const steps = planning(impersonation)(facts, requirement(target)).manualSteps;
      expect(steps.map(({ description }) => description)).toEqual([
        expect.stringMatching(/^Make these room lists again.* gone@contoso.com\.$/),
        expect.stringMatching(/^Make room lists of these groups.* staff@contoso.com\.$/),
      ]);
    });
  });

  it('has everybody in it: a room that is hidden from address lists, too', async () => {
    views.addRecipient(tenant.state, 'board', 'HiddenRoomMailbox');
    const outer = views.addRoomList(tenant.state, 'outer', [amber, address('board')]);
    assign({ scope: { unit: [amber] } });
    expect(about(await audit(outer), 'roomNotCovered')).toEqual([address('board')]);
    assign({ scope: { unit: [amber, address('board')] } });
    const whole = await audit(outer);
    expect(whole.codes).toEqual(exchangeReader === 'graph' ? [unresolved] : []);
    if (exchangeReader === 'graph') {
      expect(whole.reasons[0]).toMatchObject({ resource: address('board') });
      expect(whole.summary).toContain('hidden from address lists');
    }
  });

  it('may hold somebody with a licence, who is a room of it', async () => {
    const outer = views.addRoomList(tenant.state, 'outer', [amber, address('ada')]);
    assign({ scope: { unit: [amber] } });
    expect(about(await audit(outer), 'roomNotCovered')).toEqual([address('ada')]);
    assign({ scope: { unit: [amber, address('ada')] } });
    expect(await audit(outer)).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('may hold somebody whose mailbox is elsewhere, whom no role reaches', async () => {
    views.addRecipient(tenant.state, 'guest', 'MailUser', { userType: 'Guest' });
    const outer = views.addRoomList(tenant.state, 'outer', [amber, address('guest')]);
    assign({ scope: { group: [amber, address('guest')] } });
    const open = await audit(outer);
    expect(open.codes).toEqual([missed]);
    expect(open.reasons[0]).toMatchObject({ resource: address('guest'), actual: 'no such mailbox' });
  });

  it('gives the same answer whatever the order of lists and members', async () => {
    views.addRecipient(tenant.state, 'board', 'HiddenRoomMailbox');
    views.addGroup(tenant.state, contoso(90_001), 'Staff', [address('ada')]);
    const inner = views.addRoomList(tenant.state, 'inner', [beryl, address('board'), boardroom]);
    const outer = views.addRoomList(tenant.state, 'outer', [amber, inner, address('staff'), boardroom]);
    assign({ scope: { unit: [amber, address('board')] } });
    const before = await audit(outer, inner, gone, list);
    const { exchange, members } = tenant.state;
    for (const each of [
      ...exchange.distributionGroups.map((group) => group.members),
      ...Object.values(members),
    ])
      each.reverse();
    const after = await audit(list, gone, inner, outer);
    expect(after.reasons).toEqual(before.reasons);
    expect(after.summary).toBe(before.summary);
    expect(found(after)).toEqual(found(before));
  });
});

describe('a room list among the places of Microsoft Graph', () => {
  const audit = (...lists: string[]) =>
    tenant.audit('impersonation', { exchangeReader: 'graph', ...inLists(...lists) });

  it('may be new, and no place yet: that is no list that is missing', async () => {
    tenant.state.roomLists = [];
    assign({ scope: { unit: rooms.slice(1) } });
    const open = await audit(list);
    expect(open.codes).toEqual([missed, 'unknown unreadable.notFound']);
    expect(open.reasons[1]).toMatchObject({ resource: list });
    expect(open.reasons[1]?.message).toContain('A new one is there after up to a day');
  });

  it('may be a group that is no list: nobody but a room is a room of it', async () => {
    views.addGroup(tenant.state, contoso(90_001), 'Staff', [address('ada'), amber]);
    Object.assign(tenant.state.groups.at(-1) ?? {}, { securityEnabled: false });
    assign({ scope: { unit: [amber] } });
    const open = await audit(address('staff'));
    expect(open.codes).toEqual(['unknown unreadable.notFound']);
    expect(open.evidence).toMatchObject({ rooms: 1, roomsReached: 1 });
    assign({ scope: { unit: rooms.slice(1) } });
    expect(about(await audit(address('staff')), 'roomNotCovered')).toEqual([amber]);
    for (const kind of [{ groupTypes: ['Unified'] }, { securityEnabled: true }]) {
      Object.assign(tenant.state.groups.at(-1) ?? {}, kind);
      expect((await audit(address('staff'))).codes).toEqual([missing]);
    }
  });

  it('may be there still when the group is gone', async () => {
    tenant.state.groups = tenant.state.groups.filter(({ mail }) => mail !== list);
    const open = await audit(list);
    expect(open).toMatchObject({ verdict: 'unknown', codes: [unresolved], evidence: { roomsReached: 12 } });
    expect(open.summary).toContain('it is among the places, and no group has its address');
  });

  it('may have a room that has left the group', async () => {
    const [group] = tenant.state.groups;
    const members = tenant.state.members[String(group?.id)] ?? [];
    members.splice(members.indexOf(views.userOf(tenant.state, amber).id), 1);
    const open = await audit(list);
    expect(open).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(open.summary).toContain(`it holds ${amber} as a place, and not as a member`);
  });

  it('may be several groups', async () => {
    tenant.state.groups.push({ ...tenant.state.groups[0], id: contoso(90_009) });
    expect(await audit(list)).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
  });

  it.each([
    ['a device', '#microsoft.graph.device', 'it holds a device'],
    ['a group without an address', '#microsoft.graph.group', 'it holds a group that no mail can reach'],
  ])('may hold %s, of which nobody knows whether there are rooms behind it', async (_case, type, why) => {
    addMember({ '@odata.type': type, id: contoso(90_010), mail: null });
    const open = await audit(list);
    expect(open).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(open.summary).toContain(why);
  });

  it('may hold a contact, who has his mailbox elsewhere', async () => {
    addMember({
      '@odata.type': '#microsoft.graph.orgContact',
      id: contoso(90_010),
      mail: 'Hall@fabrikam.com',
    });
    const open = await audit(list);
    expect(open.codes).toEqual([missed]);
    expect(open.reasons[0]).toMatchObject({ resource: 'hall@fabrikam.com', actual: 'no such mailbox' });
  });

  it.each([{ id: 'x' }, { '@odata.type': '#microsoft.graph.user', id: 'x' }])(
    'is malformed where a member is %j',
    async (row) => {
      addMember(row);
      expect((await audit(list)).codes).toEqual(['unknown unreadable.malformed']);
    },
  );

  /** One member more, of a kind that the simulated tenant lacks. */
  const addMember = (row: object) =>
    tenant.simulator.fail({
      match: /\/groups\/[^/]+\/members\?/,
      change: (body) => ({ value: [...(body as { value: object[] }).value, row] }),
    });
});

describe('a room list that cannot be read to its end', () => {
  const runs = (cmdlet: string, words: string) => (request: FaultRequest) =>
    request.cmdlet === cmdlet && JSON.stringify(request.requestBody).includes(words);
  const inner = 'inner@contoso.com';

  const reads: [
    reader: StoredTarget['exchangeReader'],
    what: string,
    match: RegExp | ((request: FaultRequest) => boolean),
  ][] = [
    ['graph', 'the rooms of a list', /places\/outer%40contoso.com\/microsoft.graph.roomlist\/rooms/],
    ['graph', 'the desks of a list', /places\/outer%40contoso.com\/microsoft.graph.roomlist\/workspaces/],
    [
      'graph',
      'the rooms of a list within it',
      /places\/inner%40contoso.com\/microsoft.graph.roomlist\/rooms/,
    ],
    ['graph', 'the group of a list', /groups\?\$filter=mail eq 'outer/],
    ['graph', 'its members', /\/groups\/[^/]*00095002\/members\?/],
    ['graph', 'the members of a list within it', /\/groups\/[^/]*00095001\/members\?/],
    ['graph', 'plans', /\/users\?\$filter=id in/],
    ['admin-api', 'its members', runs('Get-DistributionGroupMember', 'outer')],
    ['admin-api', 'the members of a list within it', runs('Get-DistributionGroupMember', inner)],
  ];
  const failures = [
    ['is refused', { status: 403 }, 'permission'],
    ['is not found', { status: 404, code: 'Request_ResourceNotFound' }, ''],
    ['is lost on the way', { status: 404 }, ''],
    ['fails', { status: 500 }, 'unavailable'],
    ['is no list', { change: () => ({ rows: [] }) }, 'malformed'],
    ['has a row that nobody understands', { change: () => ({ value: [{ id: 7 }] }) }, 'malformed'],
  ] as const;

  // A list within another one that is no place may be a group of another kind, which is no failure.
  const isAnswer = (what: string, how: string) =>
    `${what} ${how}` === 'the rooms of a list within it is not found';
  const cases = reads.flatMap(([reader, what, match]) =>
    failures.flatMap((failure) => (isAnswer(what, failure[0]) ? [] : { reader, what, match, failure })),
  );

  it.each(cases)(
    'is never fine, takes violations away, and gives no other: $reader, $what $failure.0',
    async ({ reader, match, failure: [, fault, cause] }) => {
      views.addRecipient(tenant.state, 'board', 'HiddenRoomMailbox');
      views.addRoomList(tenant.state, 'inner', [beryl, address('board')]);
      const outer = views.addRoomList(tenant.state, 'outer', [amber, inner]);
      assign({ scope: { unit: [amber, beryl, boardroom, address('board'), address('ada')] } });
      const options = { exchangeReader: reader, ...inLists(outer, list) };
      views.removeFromList(tenant.state, list, boardroom);
      const violations = ({ reasons }: Audit) =>
        reasons
          .filter(({ level }) => level === 'violation')
          .map(({ code, resource }) => `${code} ${resource}`);
      const whole = await tenant.audit('impersonation', options);
      expect(violations(whole)).toHaveLength(11);
      tenant.simulator.fail({ match, ...fault });
      const partial = await tenant.audit('impersonation', options);
      expect(partial.verdict).not.toBe('compliant');
      expect(violations(whole)).toEqual(expect.arrayContaining(violations(partial)));
      expect(violations(partial).join()).not.toContain('strayMailbox');
      const causes = partial.reasons.flatMap(({ code }) => /^unreadable\.(.+)/.exec(code)?.[1] ?? []);
      expect(causes).not.toEqual([]);
      if (cause !== '') expect(new Set(causes)).toEqual(new Set([cause]));
      expect(partial.resources).toBeUndefined();
    },
  );

  it('names the permission that tells lists within lists', async () => {
    tenant.simulator.fail({ match: /\/groups\?/, status: 403, code: 'Authorization_RequestDenied' });
    const open = await tenant.audit('impersonation', { exchangeReader: 'graph', ...inLists(list) });
    expect(open).toMatchObject({ verdict: 'unknown', codes: [denied] });
    const expected = 'Group.ReadBasic.All or GroupMember.Read.All';
    expect(open.reasons[0]).toMatchObject({ resource: list, expected });
  });

  it.each([
    ['graph', /\/groups\/[^/]*00095001\/members\?/],
    ['admin-api', runs('Get-DistributionGroupMember', inner)],
  ] as const)('makes no plan out of half of what it holds, read by %s', async (exchangeReader, match) => {
    assign({ scope: { unit: [boardroom] } });
    views.addRoomList(tenant.state, 'inner', [beryl]);
    const outer = views.addRoomList(tenant.state, 'outer', [amber, inner]);
    const scopeGroups = { 'CN=Outer': outer, 'CN=Inner': inner };
    const target = tenant.target({ exchangeReader, scopeGroups, ...inLists(outer) });
    const plan = async () => {
      const facts = await impersonation.collect(tenant.tenants().open(target.tenantId)(), target);
      return planning(impersonation)(facts, requirement(target));
    };
    const whole = await plan();
    expect(whole.changes[0]?.description).toMatch(
      /MemberOfGroup -eq 'CN=inner.* -or MemberOfGroup -eq 'CN=outer/i,
    );
    tenant.simulator.fail({ match, status: 403 });
    expect((await plan()).changes).toEqual([]);
  });

  describe('by Exchange', () => {
    const ofLists = runs('Get-DistributionGroup', 'RecipientTypeDetails');
    const asked = () =>
      tenant.simulator.requests.filter(({ cmdlet }) => cmdlet === 'Get-DistributionGroup').length;
    const lost = { status: 404, message: "It couldn't be found." };
    const auditOf = (...lists: string[]) =>
      tenant.audit('impersonation', { exchangeReader: 'admin-api', ...inLists(...lists) });

    it('asks once what lists there are, however many the target names', async () => {
      await auditOf(list, views.addRoomList(tenant.state, 'few', [amber]));
      expect(asked()).toBe(1);
      expect((await auditOf(gone)).codes).toContain(missing);
      expect(asked()).toBe(3);
    });

    it('is not gone where only its members cannot be found', async () => {
      tenant.simulator.fail({ match: /Get-DistributionGroupMember/, ...lost });
      expect(await auditOf(list)).toMatchObject({
        verdict: 'unknown',
        codes: ['unknown unreadable.notFound'],
      });
    });

    it('asks for each list what it is, where those that there are cannot be read', async () => {
      views.addGroup(tenant.state, contoso(90_001), 'Staff', [address('ada')]);
      tenant.simulator.fail({ match: ofLists, status: 500, times: 4 });
      const found = await auditOf(list, address('staff'));
      expect(found.codes).toEqual([missing]);
      expect(about(found, 'roomListMissing')).toEqual([address('staff')]);
    });

    it('is open where it cannot be read what the group is', async () => {
      tenant.simulator.fail({ match: /Get-DistributionGroup$/, status: 403 });
      expect(await auditOf(list)).toMatchObject({ verdict: 'unknown', codes: [denied] });
    });
  });
});
