import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  views.withoutTenantWide(tenant.state);
  for (const mail of [amber, beryl, address('ada')])
    views.userOf(tenant.state, mail).onPremisesExtensionAttributes = { extensionAttribute1: 'London' };
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address, contoso, isRoom, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber, beryl] = [room('amber'), room('beryl')];
const people = ['ada', 'ben', 'chloe', 'daniel', 'emma'].map(address);
const unresolved = 'unknown impersonation.scopeUnresolved';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const audit = (options: Partial<StoredTarget> = {}) =>
  tenant.audit('impersonation', { exchangeReader: 'graph', ...options });
const about = (found: Audit, code: string) =>
  found.reasons.flatMap((reason) => (reason.code === `impersonation.${code}` ? [reason.resource] : []));
const rowsThatAre = (found: Audit, verdict: string) =>
  (found.resources ?? []).filter((row) => row.verdict === verdict).map(({ resource }) => resource);

/** With a scope of this filter and no other. */
async function withFilter(filter: string, options?: Partial<StoredTarget>): Promise<Audit> {
  assign({ scope: { filter, name: 'Scope' } });
  return audit(options);
}

/** What a filter comes to: rooms inside, rooms of which it is not known, and mailboxes that are no rooms. */
async function reachOf(filter: string) {
  const found = await withFilter(filter);
  return {
    reached: rowsThatAre(found, 'compliant').sort(),
    open: rowsThatAre(found, 'unknown').sort(),
    strays: about(found, 'strayMailbox'),
    isResolved: !found.codes.includes(unresolved),
  };
}

const nobody = { reached: [], open: [], strays: [], isResolved: true };

describe('a recipient filter, read by graph', () => {
  it.each([
    ["RecipientTypeDetails -eq 'RoomMailbox'", { reached: rooms }],
    ['recipienttypedetails -EQ "ROOMMAILBOX"', { reached: rooms }],
    [
      "((RecipientTypeDetails -eq 'RoomMailbox') -and (CustomAttribute1 -eq 'london'))",
      { reached: [amber, beryl] },
    ],
    ["CustomAttribute1 -eq 'London'", { reached: [amber, beryl], strays: [address('ada')] }],
    ["CustomAttribute11 -eq 'London'", {}],
    // Equipment has no licence, so that Microsoft Graph cannot tell whether it has a mailbox.
    ["-not (RecipientTypeDetails -eq 'RoomMailbox')", { strays: people, isResolved: false }],
    ["RecipientTypeDetails -ne 'RoomMailbox'", { strays: people, isResolved: false }],
    [
      "-not (CustomAttribute1 -eq 'London') -and RecipientTypeDetails -eq 'RoomMailbox'",
      { reached: rooms.slice(2) },
    ],
    ["Alias -like 'room-*'", { reached: rooms }],
    ["Alias -like 'room'", {}],
    ["Department -eq 'Sales'", { strays: [address('chloe'), address('emma')] }],
    ['Department -ne $null -and CustomAttribute1 -ne $null', { strays: [address('ada')] }],
    [`PrimarySmtpAddress -eq '${amber}'`, { reached: [amber] }],
    [`EmailAddresses -eq 'smtp:${amber.toUpperCase()}'`, { reached: [amber] }],
    [`ExternalDirectoryObjectId -eq '${contoso(101).toUpperCase()}'`, { reached: [amber] }],
  ])('%s', async (filter, expected) => {
    expect(await reachOf(filter)).toEqual({ ...nobody, ...expected });
  });

  it("takes two quotes for one: 'O''Hare'", async () => {
    views.userOf(tenant.state, amber).displayName = "O'Hare";
    expect(await reachOf("DisplayName -eq 'O''Hare'")).toEqual({ ...nobody, reached: [amber] });
  });

  describe('about the type of a recipient', () => {
    it('holds desks with the rooms, and is decided', async () => {
      views.addRecipient(tenant.state, 'desk-1', 'Desk');
      const found = await withFilter(isRoom, { rooms: { source: 'all', desks: 'include' } });
      expect(found).toMatchObject({ verdict: 'compliant', codes: [], evidence: { roomsReached: 13 } });
      const others = await withFilter("RecipientTypeDetails -ne 'RoomMailbox'");
      expect(about(others, 'strayMailbox')).toEqual(people);
    });

    it.each([
      ["RecipientType -eq 'UserMailbox'", { reached: rooms, strays: people }],
      ["RecipientType -like 'User*'", { reached: rooms, strays: people }],
      ["RecipientType -ne 'UserMailbox'", { isResolved: true }],
      [
        "RecipientType -eq 'UserMailbox' -and CustomAttribute1 -eq 'London'",
        { reached: [amber, beryl], strays: [address('ada')], isResolved: true },
      ],
      ["RecipientType -eq 'MailUser'", { open: rooms }],
      [
        "RecipientType -ne $null -and CustomAttribute1 -eq 'London'",
        { reached: [amber, beryl], strays: [address('ada')], isResolved: true },
      ],
    ])('is the same of all who have a mailbox: %s', async (filter, expected) => {
      expect(await reachOf(filter)).toEqual({ ...nobody, isResolved: false, ...expected });
    });

    it.each([
      'RecipientTypeDetails -eq 16',
      "RecipientTypeDetails -eq '16'",
      "RecipientTypeDetails -eq 'RoomMailbox,EquipmentMailbox'",
      "RecipientTypeDetails -eq 'RoomMailbox, UserMailbox'",
      "RecipientTypeDetails -eq ' RoomMailbox'",
      "RecipientTypeDetails -eq 'Room'",
      'RecipientTypeDetails -ne 16',
      "RecipientTypeDetails -gt 'A'",
      "RecipientTypeDetails -le 'Z'",
      'RecipientTypeDetails -eq $true',
    ])('is not known in an odd spelling: %s', async (filter) => {
      expect(await reachOf(filter)).toEqual({ ...nobody, open: rooms, isResolved: false });
    });

    it.each([
      ["RecipientTypeDetails -eq 'EquipmentMailbox'", {}],
      ["RecipientTypeDetails -eq 'usermailbox'", {}],
      ["RecipientTypeDetails -ne 'SharedMailbox'", { reached: rooms }],
    ])('is no other one of a room, in a spelling that is known: %s', async (filter, expected) => {
      expect(await reachOf(filter)).toEqual({ ...nobody, isResolved: false, ...expected });
    });
  });

  describe('that differs from a property by accents alone', () => {
    beforeEach(() => {
      views.userOf(tenant.state, amber).city = 'Zürich';
      views.userOf(tenant.state, beryl).city = 'Zurich';
    });

    it.each([
      ["City -eq 'Zürich'", { reached: [amber], open: [beryl] }],
      ["City -eq 'Zurich'", { reached: [beryl], open: [amber] }],
      ["City -like 'Zur*'", { reached: [beryl], open: [amber] }],
      ["City -like 'Z*'", { reached: [amber, beryl], isResolved: true }],
      ["City -eq 'Zuerich'", { isResolved: true }],
      ["City -eq 'Zürich' -or City -eq 'Zurich'", { reached: [amber, beryl], isResolved: true }],
    ])('is not known, unless the rest decides: %s', async (filter, expected) => {
      expect(await reachOf(filter)).toEqual({ ...nobody, isResolved: false, ...expected });
    });

    it('says which comparison it is', async () => {
      const found = await withFilter("City -eq 'Zurich'", {
        rooms: { source: 'mailboxes', mailboxes: [amber] },
      });
      expect(found.reasons.map(({ message }) => message).join()).toContain('cannot decide "City -eq Zurich"');
    });
  });

  describe('with a property that Microsoft Graph lacks', () => {
    it.each([
      ['a part that is false for people', `${isRoom} -and (ResourceCapacity -gt 5)`, { open: rooms }],
      [
        'a part that is true for rooms',
        `${isRoom} -or ((Department -eq 'Nowhere') -and (ResourceCapacity -gt 5))`,
        { reached: rooms, isResolved: true },
      ],
      [
        'a part that is false for most',
        "(CustomAttribute1 -eq 'London') -and (ResourceCapacity -gt 5)",
        { open: [amber, beryl] },
      ],
      [
        'a part that is true for some people',
        `(Department -eq 'Sales') -or (${isRoom} -and (ResourceCapacity -gt 5))`,
        { open: rooms, strays: [address('chloe'), address('emma')] },
      ],
      ['nothing', 'ResourceCapacity -gt 5', { open: rooms }],
      [
        'an unknown type of recipient',
        `${isRoom} -or (RecipientTypeDetails -eq 'EquipmentMailbox')`,
        { reached: rooms },
      ],
      ['the beginning of a type', "RecipientTypeDetails -like 'Room*'", { reached: rooms }],
    ])('is decided as far as the rest decides it: %s', async (_case, filter, expected) => {
      expect(await reachOf(filter)).toEqual({ ...nobody, isResolved: false, ...expected });
    });

    it('says which comparison cannot be decided, and what can', async () => {
      const found = await withFilter(`${isRoom} -and (ResourceCapacity -gt 5)`);
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
      expect(found.reasons[0]).toMatchObject({ resource: 'the scope Scope', level: 'unknown' });
      expect(found.summary).toContain('ResourceCapacity -gt 5');
      expect(found.summary).toContain('Set exchangeReader to admin-api');
    });

    it('gives violations of which it is certain, and marks rooms of which it is not', async () => {
      const found = await withFilter("(CustomAttribute1 -eq 'London') -and (ResourceCapacity -gt 5)");
      expect(found.verdict).toBe('nonCompliant');
      expect(about(found, 'roomNotCovered')).toEqual(rooms.slice(2));
      expect(found.codes.filter((code) => code === unresolved)).toHaveLength(1);
      const row = found.resources?.find(({ resource }) => resource === amber);
      expect(row).toMatchObject({ verdict: 'unknown', codes: ['impersonation.scopeUnresolved'] });
    });

    it('leaves nothing open about those who have no mailbox', async () => {
      views.addRecipient(tenant.state, 'guest', 'MailUser', { department: 'Guests', userType: 'Guest' });
      const filter = `${isRoom} -or ((Department -eq 'Guests') -and (ResourceCapacity -gt 5))`;
      expect(await withFilter(filter)).toMatchObject({ verdict: 'compliant', codes: [] });
    });
  });

  describe('with -and and -or on one level', () => {
    it('counts where both readings agree', async () => {
      const filter =
        "RecipientTypeDetails -eq 'RoomMailbox' -or Department -eq 'Nowhere' -and City -eq 'London'";
      expect(await withFilter(filter)).toMatchObject({ verdict: 'compliant', codes: [] });
    });

    it('is unresolved where they do not', async () => {
      const filter =
        "RecipientTypeDetails -eq 'RoomMailbox' -or Department -eq 'Nowhere' -and City -eq 'Paris'";
      const found = await withFilter(filter);
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
      expect(found.summary).toContain('Set the parentheses');
      expect(rowsThatAre(found, 'unknown')).toHaveLength(12);
    });
  });

  it('is unresolved where only a leading wildcard fits, and certain where it does not', async () => {
    const found = await withFilter("Alias -like '*-amber'");
    expect(rowsThatAre(found, 'unknown')).toEqual([amber]);
    expect(about(found, 'roomNotCovered')).toEqual(rooms.slice(1));
    expect(found.reasons.at(-1)?.message).toContain('a wildcard that is not at its end');
    expect((await withFilter("Alias -like '*-nobody'")).codes).not.toContain(unresolved);
  });

  it.each(["RecipientTypeDetails = 'RoomMailbox'", "DisplayName -eq 'O'Hare'", '(City -eq $null', ' '])(
    'is unresolved where it cannot be understood: %s',
    async (filter) => {
      const found = await withFilter(filter);
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
      expect(rowsThatAre(found, 'unknown')).toHaveLength(12);
    },
  );

  describe('MemberOfGroup', () => {
    const name = 'CN=Condeco rooms20260112,OU=contoso.onmicrosoft.com';
    const filter = `MemberOfGroup -eq '${name}'`;
    const scopeGroups = { [name.toUpperCase()]: 'condeco-rooms@contoso.com' };

    it('is unresolved without an entry in scopeGroups, and says so', async () => {
      const found = await withFilter(filter);
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
      expect(found.summary).toContain('scopeGroups');
      expect(found.summary).toContain('admin-api');
    });

    it('is the direct members of the group with one', async () => {
      expect(await withFilter(filter, { scopeGroups })).toMatchObject({ verdict: 'compliant', codes: [] });
      tenant.state.members[contoso(201)]?.shift();
      expect(about(await withFilter(filter, { scopeGroups }), 'roomNotCovered')).toEqual([amber]);
    });

    it('is everybody else in the reverse', async () => {
      const found = await withFilter(`MemberOfGroup -ne '${name}'`, { scopeGroups });
      expect(about(found, 'strayMailbox')).toEqual(people);
    });

    it.each(['like', 'notlike'])(
      'is unresolved with -%s, also where the text is the whole name',
      async (operator) => {
        const found = await withFilter(`MemberOfGroup -${operator} '${name}'`, { scopeGroups });
        expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
        expect(found.summary).toContain(`cannot decide "MemberOfGroup -${operator} ${name}"`);
        expect(found.summary).not.toContain('scopeGroups');
        expect(rowsThatAre(found, 'unknown')).toHaveLength(12);
      },
    );

    it.each([
      [`MemberOfGroup -like '${name}' -or ${isRoom}`, 'compliant'],
      [`MemberOfGroup -like '${name}' -or ${filter}`, 'compliant'],
      [`MemberOfGroup -like '${name}' -and ${filter}`, 'unknown'],
    ])('is decided by the rest also with -like, where that is enough: %s', async (either, verdict) => {
      const found = await withFilter(either, { scopeGroups });
      expect(new Set(found.resources?.map((row) => row.verdict))).toEqual(new Set([verdict]));
    });

    it('does not go down into groups within the group', async () => {
      views.addGroup(tenant.state, contoso(90_001), 'Outer', [address('condeco-rooms'), amber]);
      const outer = { [name]: address('outer') };
      expect(about(await withFilter(filter, { scopeGroups: outer }), 'roomNotCovered')).toEqual(
        rooms.slice(1),
      );
    });

    it.each([
      ['no group', 'nobody@contoso.com'],
      ['several groups', 'condeco-rooms@contoso.com'],
    ])('is unknown where %s has the address', async (_case, group) => {
      tenant.state.groups.push({ ...tenant.state.groups[0], id: contoso(90_002) });
      const found = await withFilter(filter, { scopeGroups: { [name]: group } });
      expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
      expect(found.summary).toContain(group);
    });

    it.each([
      [`${isRoom} -or ${filter}`, rooms],
      [`${filter} -or (CustomAttribute1 -eq 'London')`, [amber, beryl]],
    ])('is decided by the rest where that is enough: %s', async (either, reached) => {
      const found = await withFilter(either);
      expect(rowsThatAre(found, 'compliant').sort()).toEqual(reached);
    });
  });
});
