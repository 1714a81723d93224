import { impersonation } from '../../../../../src/lib/controls/impersonation';
import type { Plan } from '../../../../../src/lib/model/plan';
import type { StoredTarget } from '../../../../../src/lib/model/target';
import * as views from '../../../../support/exchange-views';
import { planning, requirement } from '../../../../support/planning';
import { SimulatedTenant } from '../../../../support/simulated-tenant';
import { anyRoom, betaComplaints, cmdletOf, namesOf, ownName } from './exchange-facts';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address, calendarsRole, clientId, room, roomNames } = views;
const [amber = '', beryl = '', ...otherRooms] = roomNames.map(room);
const list = address('condeco-rooms');
const listName =
  'CN=Condeco rooms,OU=contoso.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,DC=EURPR00A001,DC=PROD,DC=OUTLOOK,DC=COM';
const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const asked = (name: string) => tenant.simulator.requests.filter(({ cmdlet }) => cmdlet === name).length;

/** What is read of the tenant, and the plan that is made of it. */
async function read(options: Partial<StoredTarget> = {}) {
  const target = tenant.target(options);
  const facts = await impersonation.collect(tenant.tenants().open(target.tenantId)(), target);
  const plan = planning(impersonation)(facts, requirement(target));
  const observe = (of: Plan) =>
    of.changes.map((change) => impersonation.observe?.(facts, change, requirement(target)));
  return { facts, plan, observe };
}

describe.each(['graph', 'admin-api'] as const)('the plan of impersonation, read by %s', (exchangeReader) => {
  const named = (...mailboxes: string[]): Partial<StoredTarget> => ({
    ...{ exchangeReader, rooms: { source: 'mailboxes', mailboxes } },
  });

  it('is empty for the healthy tenant', async () => {
    expect((await read({ exchangeReader })).plan).toEqual({ changes: [], manualSteps: [] });
  });

  it('makes scope and role where there are none, and sees them when they are there', async () => {
    assign();
    const before = await read({ exchangeReader });
    expect(namesOf(before.plan)).toEqual(['1-create-scope', '2-assign-role']);
    expect(
      betaComplaints({ ...before.plan, changes: exchangeReader === 'graph' ? before.plan.changes : [] }),
    ).toEqual([]);
    expect(before.observe(before.plan)).toEqual([null, null]);
    assign({ scope: { name: ownName, filter: `(${anyRoom})`, matches: [amber, beryl, ...otherRooms] } });
    const after = await read({ exchangeReader });
    expect(after.plan).toEqual({ changes: [], manualSteps: [] });
    expect(after.observe(before.plan)).toEqual(before.plan.changes.map((change) => change.after));
  });

  it('does not depend on the order in which the tenant lists things', async () => {
    assign({ scope: { group: [amber], name: 'Some' } }, { scope: { unit: [beryl, address('ada')] } });
    const { plan } = await read({ exchangeReader });
    const { state } = tenant;
    const { exchange } = state;
    for (const rows of [state.users, state.rooms, state.roleAssignments, state.customAppScopes])
      rows.reverse();
    for (const rows of [exchange.recipients, exchange.managementRoleAssignments, exchange.managementScopes])
      rows.reverse();
    expect(plan.changes).toHaveLength(2);
    expect((await read({ exchangeReader })).plan).toEqual(plan);
  });

  it('names mailboxes by the ids of their users', async () => {
    assign();
    const { plan } = await read(named(beryl, amber.toUpperCase()));
    const ids = [amber, beryl].map((mail) => views.userOf(tenant.state, mail).id).sort();
    const filter = ids.map((id) => `ExternalDirectoryObjectId -eq '${id}'`).join(' -or ');
    expect(plan.changes[0]?.description).toContain(`(${filter})`);
  });

  it('is empty where Microsoft Graph writes the attributes of its own scope in another case', async () => {
    assign({ scope: { name: ownName, filter: anyRoom, matches: [amber, beryl, ...otherRooms] } });
    const [scope] = tenant.state.customAppScopes;
    Object.assign(scope ?? {}, { customAttributes: { recipientFilter: anyRoom, exclusive: false } });
    const { facts, plan } = await read({ exchangeReader });
    expect(facts.baseline).toMatchObject({ value: { scope: { filter: anyRoom } } });
    expect(plan).toEqual({ changes: [], manualSteps: [] });
  });

  it('changes the scope of its own name only', async () => {
    assign({ scope: { name: ownName.toUpperCase(), filter: "(Alias -eq 'room-amber')", matches: [amber] } });
    const { plan } = await read({ exchangeReader });
    expect(namesOf(plan)).toEqual(['1-change-scope']);
    expect(JSON.stringify(plan.changes[0]?.request)).toContain(anyRoom);
    expect(JSON.stringify(plan.changes[0]?.undo)).toContain("(Alias -eq 'room-amber')");
  });

  it('asks for nothing more than an audit does while nothing is wrong', async () => {
    await read({ exchangeReader, rooms: { source: 'roomLists', roomLists: [list] } });
    // What room lists there are.
    expect(asked('Get-DistributionGroup')).toBe(exchangeReader === 'graph' ? 0 : 1);
    const lists = tenant.simulator.requests
      .map(({ url }) => url)
      .filter((url) => /customAppScopes|roleDefinitions/.test(url));
    expect(lists).toHaveLength(exchangeReader === 'graph' ? 2 : 0);
    expect(asked('Get-ManagementScope')).toBe(exchangeReader === 'graph' ? 0 : 1);
    expect(asked('Get-ServicePrincipal')).toBe(exchangeReader === 'graph' ? 0 : 1);
    expect(asked('Get-ManagementRole')).toBe(0);
  });

  it('changes nothing where the organisation lacks the role, and says so', async () => {
    assign();
    const { state } = tenant;
    state.roleDefinitions = state.roleDefinitions.filter(({ displayName }) => displayName !== calendarsRole);
    const { plan } = await read({ exchangeReader, protocol: 'graph' });
    expect(plan.changes).toEqual([]);
    expect(plan.manualSteps.map(({ description }) => description)).toEqual([
      expect.stringContaining(`Ask Microsoft why this organisation lacks the role ${calendarsRole}`),
    ]);
  });

  it.each(['strays', 'roles without a scope'])('asks for room lists where there are %s', async (what) => {
    const members = [amber, beryl, ...otherRooms, address('ada')];
    assign({ scope: what === 'strays' ? { unit: members } : 'organization' });
    const { facts } = await read({ exchangeReader, rooms: { source: 'roomLists', roomLists: [list] } });
    expect(facts.roomLists?.ok).toBe(true);
  });
});

describe('the plan of impersonation for room lists', () => {
  const inLists = (...roomLists: string[]): Partial<StoredTarget> => ({
    rooms: { source: 'roomLists', roomLists },
  });
  const filterOf = (plan: Plan) => cmdletOf(plan.changes[0]).RecipientRestrictionFilter;

  it('names them as Exchange does, read by admin-api', async () => {
    assign();
    const { plan } = await read(inLists(list, list.toUpperCase()));
    expect(filterOf(plan)).toBe(`MemberOfGroup -eq '${listName}'`);
    // What room lists there are, and what this one is called.
    expect(asked('Get-DistributionGroup')).toBe(2);
  });

  it('names lists within them too: a filter knows direct members only', async () => {
    assign();
    const outer = views.addRoomList(tenant.state, 'outer', [list]);
    views.addToList(tenant.state, outer, outer);
    const { plan } = await read(inLists(outer));
    const outerName = 'CN=outer,OU=contoso.onmicrosoft.com';
    expect(filterOf(plan)).toBe(`(MemberOfGroup -eq '${listName}' -or MemberOfGroup -eq '${outerName}')`);
  });

  it.each([/Get-DistributionGroup$/, /Get-DistributionGroupMember/])(
    'is not made without %s',
    async (match) => {
      assign();
      tenant.simulator.fail({ match, status: 403 });
      expect((await read(inLists(list))).plan.changes).toEqual([]);
    },
  );

  it('asks the target for the name, read by graph', async () => {
    assign();
    const options = { ...inLists(list), exchangeReader: 'graph' } as const;
    const without = (await read(options)).plan;
    expect(without.changes).toEqual([]);
    expect(without.manualSteps[0]?.description).toContain(list);
    const { plan } = await read({ ...options, scopeGroups: { 'CN=Mine': list } });
    expect(plan.changes[0]?.description).toContain("MemberOfGroup -eq 'CN=Mine'");
  });
});

describe('the plan of impersonation for an application that Exchange does not know', () => {
  it('makes it known first, read by admin-api', async () => {
    assign();
    tenant.state.exchange.servicePrincipals = [];
    const { plan, observe } = await read();
    expect(namesOf(plan)).toEqual(['0-register-application', '1-create-scope', '2-assign-role']);
    expect(cmdletOf(plan.changes[0])).toMatchObject({
      ObjectId: clientId,
      DisplayName: 'Condeco Exchange Sync',
    });
    expect(observe(plan)).toEqual([{ registered: false }, null, null]);
  });

  it('has no change where the scopes cannot be read', async () => {
    assign();
    tenant.simulator.fail({ match: /Get-ManagementScope/, status: 403 });
    expect((await read()).plan.changes).toEqual([]);
  });
});

describe('the role that a repair assigns, read by admin-api', () => {
  const role = 'Get-ManagementRole';

  it('is asked for once, by its name alone, where no room is reached', async () => {
    assign();
    expect(namesOf((await read()).plan)).toEqual(['1-create-scope', '2-assign-role']);
    const asking = tenant.simulator.requests.filter(({ cmdlet }) => cmdlet === role);
    expect(asking.map(({ url }) => url)).toEqual([expect.stringMatching(/\$select=Name$/)]);
  });

  it('is not asked for where somebody is assigned it already', async () => {
    assign({ scope: { unit: [amber] } });
    expect(namesOf((await read()).plan)).toEqual(['1-create-scope', '2-assign-role']);
    expect(asked(role)).toBe(0);
  });

  it('is not asked for where a repair assigns none', async () => {
    assign({ scope: { unit: [amber, beryl, ...otherRooms, address('ada')] } });
    await read();
    expect(asked(role)).toBe(0);
  });

  it.each([
    ['may not be read', { status: 403 }, 'Global Reader is enough'],
    ['cannot be understood', { change: () => ({ value: [{ Name: 7 }] }) }, 'Could not read the role'],
  ])('leaves no scope behind where it %s', async (_, answer, why) => {
    assign();
    tenant.simulator.fail({ match: /Get-ManagementRole$/, ...answer });
    const { plan } = await read();
    expect(plan.changes).toEqual([]);
    const [step] = plan.manualSteps;
    expect(step?.description).toContain(
      `Make it readable whether this organisation has the role ${calendarsRole}`,
    );
    expect(step?.description).toContain(why);
  });

  it('is not there where Exchange answers with others', async () => {
    assign();
    const value = [{ Name: 'View-Only Recipients' }, { Name: 'Role Management' }];
    tenant.simulator.fail({ match: /Get-ManagementRole$/, change: () => ({ value }) });
    const { plan } = await read();
    expect(plan.changes).toEqual([]);
    expect(plan.manualSteps[0]?.description).toContain('Ask Microsoft why');
  });
});
