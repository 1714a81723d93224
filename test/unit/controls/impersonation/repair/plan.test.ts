import { impersonation as control } from '../../../../../src/lib/controls/impersonation';
import { observe } from '../../../../../src/lib/controls/impersonation/repair/observe';
import { readOk } from '../../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../../src/lib/model/target';
import { kept, notFound, refused, requirement, reversed, tenantId } from '../../../../support/planning';
import * as given from './exchange-facts';

const { ada, amber, anyRoom, beryl, calendarsRole, clientId, custom, exchangeBaseline, factsOf } = given;
const { cmdletOf, namesOf, othersScope, ownName, ownScope, planned, roleId, rooms, scopeId } = given;

const scopes = '/beta/roleManagement/exchange/customAppScopes';
const assignments = '/beta/roleManagement/exchange/roleAssignments';
const state = { filter: "recipienttypedetails -eq 'roommailbox'" };
const assigned = { role: calendarsRole, scope: `the scope ${ownName}` };
const adminApi: Partial<StoredTarget> = { exchangeReader: 'admin-api' };
const ofRooms = (...inside: (typeof amber)[]) => ({ inside });
const organization = { scope: { kind: 'organization' } } as const;
const id = (name: string) => expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{16}$`)) as string;

describe('the plan of impersonation, through Microsoft Graph', () => {
  it('is empty when nothing is wrong, with a scope of ours and with that of others', () => {
    const own = { scope: ownScope };
    for (const facts of [factsOf([{}]), factsOf([own], { scope: custom(anyRoom) })])
      expect(planned(facts)).toEqual({ changes: [], manualSteps: [] });
  });

  it('makes the scope, and assigns the role with it, where there is no role', () => {
    const found = planned(factsOf([]));
    const [create, assign] = found.changes;
    const reference = `{{${create?.id ?? ''}.id}}`;
    expect(found.changes).toEqual([
      {
        id: id('1-create-scope'),
        description: `Create the scope ${ownName} with the recipient filter: ${anyRoom}`,
        request: {
          method: 'POST',
          url: scopes,
          body: {
            type: 'RecipientScope',
            displayName: ownName,
            customAttributes: { Exclusive: false, RecipientFilter: anyRoom },
          },
        },
        ...{ before: null, after: state, permission: 'RoleManagement.ReadWrite.Exchange' },
        undo: { method: 'DELETE', url: `${scopes}/${reference}` },
      },
      {
        id: id('2-assign-role'),
        description: `Assign the role ${calendarsRole} to the application Condeco Exchange Sync with the scope ${ownName}.`,
        request: {
          method: 'POST',
          url: assignments,
          body: {
            ...{ principalId: `/ServicePrincipals/${clientId}`, roleDefinitionId: roleId },
            ...{ directoryScopeId: null, appScopeId: reference },
          },
        },
        ...{ before: null, after: assigned, permission: 'RoleManagement.ReadWrite.Exchange' },
        undo: { method: 'DELETE', url: `${assignments}/{{${assign?.id ?? ''}.id}}` },
      },
    ]);
    expect(found.manualSteps).toHaveLength(1);
    expect(found.manualSteps[0]?.link).toContain('new-serviceprincipal');
  });

  it('has requests as Microsoft describes them', () => {
    const changed = factsOf([{ scope: ownScope, inside: [] }], { scope: custom("City -eq 'Rome'") });
    for (const facts of [factsOf([]), changed]) expect(given.betaComplaints(planned(facts))).toEqual([]);
  });

  it('does the same where only the retired role is there', () => {
    const old = { role: 'ApplicationImpersonation', holder: 'serviceAccount' } as const;
    expect(planned(factsOf([old])).changes).toEqual(planned(factsOf([])).changes);
  });

  it('changes the filter of its own scope and no more, where the role is assigned with it', () => {
    const before = "(City -eq 'Rome')";
    const facts = factsOf([{ scope: ownScope, ...ofRooms(amber) }], { scope: custom(before) });
    const url = `${scopes}/${scopeId}`;
    const withFilter = (RecipientFilter: string) => ({
      ...{ method: 'PATCH', url, body: { customAttributes: { RecipientFilter } } },
    });
    expect(planned(facts)).toEqual({
      changes: [
        {
          id: id('1-change-scope'),
          description: `Change the recipient filter of the scope ${ownName} from ${before} to: ${anyRoom}`,
          ...{ request: withFilter(anyRoom), undo: withFilter(before) },
          ...{ before: { filter: "city -eq 'rome'" }, after: state },
          permission: 'RoleManagement.ReadWrite.Exchange',
        },
      ],
      manualSteps: [],
    });
  });

  it.each([
    "(RecipientTypeDetails -eq 'RoomMailbox')",
    "((recipienttypedetails -EQ 'roommailbox'))",
    '{RecipientTypeDetails -eq "RoomMailbox"}',
  ])('leaves its own scope alone where Exchange stores the filter as %s', (filter) => {
    const facts = factsOf([{ ...ofRooms(amber) }], { scope: custom(filter) });
    const found = planned(facts);
    expect(namesOf(found)).toEqual(['2-assign-role']);
    expect(found.changes[0]?.request.body).toMatchObject({ appScopeId: scopeId });
  });

  it('knows its scope in any case, and gives one without a filter the right one', () => {
    const facts = factsOf([], { scope: custom(null, { name: ownName.toUpperCase() }) });
    const [change] = planned(facts).changes;
    expect(change).toMatchObject({ before: { filter: null }, request: { method: 'PATCH' } });
    expect(change).not.toHaveProperty('undo');
  });

  it('takes any role that counts for assigned with its scope', () => {
    const other = { role: 'Application Exchange Full Access', scope: ownScope, inside: [] };
    expect(namesOf(planned(factsOf([other], { scope: custom("City -eq 'Rome'") })))).toEqual([
      '1-change-scope',
    ]);
  });

  it("never changes somebody else's scope or assignment", () => {
    const held = [
      { ...ofRooms(amber, ada) },
      organization,
      { scope: { kind: 'group', id: 'g', name: 'Rooms' }, ...ofRooms(ada) },
    ] as const;
    const facts = factsOf(held.slice(0, 1));
    const written = JSON.stringify(planned(facts).changes);
    expect(namesOf(planned(facts))).toEqual(['1-create-scope', '2-assign-role']);
    expect(written).not.toContain(othersScope.kind === 'filter' ? othersScope.name : '');
    expect(planned(factsOf(held.slice(1))).changes).toEqual([]);
  });
});

describe('the plan of impersonation, through the admin API', () => {
  const plan = (...args: Parameters<typeof factsOf>) => planned(factsOf(...args), adminApi);

  it('makes the application known, then the scope, and assigns the role', () => {
    const { changes, manualSteps } = plan([], exchangeBaseline({ isRegistered: false }));
    const at = { method: 'POST', url: `/adminapi/beta/${tenantId}/InvokeCommand` };
    for (const { request, undo } of changes) {
      expect(request).toMatchObject(at);
      expect(undo).toMatchObject(at);
    }
    expect(changes.map(cmdletOf)).toEqual([
      {
        ...{ cmdlet: 'New-ServicePrincipal', AppId: '7e57ab1e-0000-4000-8000-00000000c0de' },
        ...{ ObjectId: clientId, DisplayName: 'Condeco Exchange Sync' },
      },
      { cmdlet: 'New-ManagementScope', Name: ownName, RecipientRestrictionFilter: anyRoom },
      {
        ...{ cmdlet: 'New-ManagementRoleAssignment', Name: ownName, App: clientId },
        ...{ Role: calendarsRole, CustomResourceScope: ownName },
      },
    ]);
    expect(changes.map(({ undo }) => undo && cmdletOf({ request: undo }))).toEqual([
      { cmdlet: 'Remove-ServicePrincipal', Identity: clientId, Confirm: false },
      { cmdlet: 'Remove-ManagementScope', Identity: ownName, Confirm: false },
      { cmdlet: 'Remove-ManagementRoleAssignment', Identity: ownName, Confirm: false },
    ]);
    expect(changes.map(({ before, after }) => ({ before, after }))).toEqual([
      { before: { registered: false }, after: { registered: true } },
      { before: null, after: state },
      { before: null, after: assigned },
    ]);
    expect(new Set(changes.map(({ permission }) => permission))).toEqual(new Set(['Exchange.ManageAsApp']));
    expect(manualSteps).toEqual([]);
  });

  it('changes the filter of its own scope, and can put it back', () => {
    const before = "((City -eq 'Rome'))";
    const [change, ...more] = plan(
      [{ scope: ownScope, inside: [] }],
      exchangeBaseline({ scope: custom(before) }),
    ).changes;
    const cmdlet = 'Set-ManagementScope';
    expect(cmdletOf(change)).toEqual({ cmdlet, Identity: ownName, RecipientRestrictionFilter: anyRoom });
    expect(change?.undo && cmdletOf({ request: change.undo })).toEqual({
      ...{ cmdlet, Identity: ownName, RecipientRestrictionFilter: before },
    });
    expect(more).toEqual([]);
  });

  it.each([
    ['the whole organisation', organization, undefined],
    [
      'the scope of others, with strays',
      { scope: othersScope, ...ofRooms(...rooms, ada) },
      { cmdlet: 'Set-ManagementRoleAssignment', Identity: ownName, CustomResourceScope: 'Condeco rooms' },
    ],
  ])('limits the assignment of its own name that holds for %s', (_case, held, undo) => {
    const found = plan([{ name: ownName, ...held }], exchangeBaseline());
    expect(namesOf(found)).toEqual(['1-create-scope', '2-limit-role']);
    expect(cmdletOf(found.changes[1])).toEqual({
      ...{ cmdlet: 'Set-ManagementRoleAssignment', Identity: ownName, CustomResourceScope: ownName },
    });
    const back = found.changes[1]?.undo;
    expect(back && cmdletOf({ request: back })).toEqual(undo);
    expect(found.changes[1]?.after).toEqual(assigned);
    expect(found.manualSteps).toEqual([]);
  });

  it('does not try to make a second assignment of its own name', () => {
    const found = plan([{ name: ownName, ...ofRooms(amber) }], exchangeBaseline({ scope: custom(anyRoom) }));
    expect(namesOf(found)).toEqual(['2-limit-role']);
  });

  it('shortens a name that Exchange would not take, and keeps two targets apart', () => {
    const targetId = 'a'.repeat(62);
    const names = [`${targetId}b`, `${targetId}c`].map(
      (each) =>
        cmdletOf(planned(factsOf([], exchangeBaseline()), { ...adminApi, targetId: each }).changes[0]).Name,
    );
    for (const name of names) expect(name).toMatch(/^Syncwarden-a{40}-[0-9a-f]{12}$/);
    expect(names[0]).not.toBe(names[1]);
  });
});

describe.each([
  ['graph', {}],
  ['admin-api', exchangeBaseline({ isRegistered: false })],
] as const)('the plan of impersonation, read by %s', (exchangeReader, baseline) => {
  const options: Partial<StoredTarget> = { exchangeReader };

  it('does not depend on the order in which the tenant lists things', () => {
    const held = [{ ...ofRooms(ada) }, { scope: { kind: 'group', id: 'g' }, ...ofRooms(ada) }] as const;
    for (const facts of [
      factsOf([], baseline),
      factsOf(held, baseline, { rooms: readOk([...rooms, given.room('coral', 103)]) }),
    ]) {
      expect(planned(reversed(facts), options)).toEqual(planned(facts, options));
      expect(JSON.stringify(planned(reversed(facts), options))).toBe(JSON.stringify(planned(facts, options)));
    }
  });

  it('has ids that differ exactly where what is requested does', () => {
    const ids = (...args: Parameters<typeof planned>) => planned(...args).changes.map((change) => change.id);
    const facts = factsOf([], baseline);
    expect(ids(facts, options)).toEqual(ids(factsOf([], baseline), options));
    const other = ids(facts, { ...options, targetId: 'other' });
    expect(other).toHaveLength(ids(facts, options).length);
    expect(other.at(-1)).not.toBe(ids(facts, options).at(-1));
  });

  it.each([
    ['the scopes and roles', { baseline: refused }],
    ['the application', { client: refused }],
    ['the assignments', { assignments: refused }],
    ['the rooms', { rooms: refused }],
    ['anything that a repair builds on', { baseline: undefined }],
  ])('has no change when nobody could read %s', (_case, changes) => {
    const { baseline: read, ...facts } = { ...factsOf([], baseline), ...changes };
    expect(planned({ ...facts, ...(read === undefined ? {} : { baseline: read }) }, options).changes).toEqual(
      [],
    );
  });

  it('is empty while it is only unknown', () => {
    const facts = factsOf([{ through: 'Booking products', doubt: 'nobody knows its members' }], baseline);
    expect(planned(facts, options)).toEqual({ changes: [], manualSteps: [] });
  });

  it('has changes that are seen as they were made, and as they were before', () => {
    const before = factsOf([{ ...ofRooms(amber) }], baseline);
    const { changes } = planned(before, options);
    const stored = custom("((RecipientTypeDetails -eq 'RoomMailbox'))");
    const after = factsOf([{ ...ofRooms(amber) }, { scope: ownScope }], {
      ...{ ...baseline, scope: stored },
      ...(exchangeReader === 'graph' ? {} : { isRegistered: true }),
    });
    expect(changes.length).toBeGreaterThan(1);
    for (const change of changes.map(kept)) {
      expect(observe(before, change, requirement(options))).toEqual(change.before);
      expect(observe(after, change, requirement(options))).toEqual(change.after);
    }
  });

  it('has changes of which nothing is seen where it could not be read', () => {
    const unread = { ...factsOf([], baseline), baseline: refused, assignments: refused };
    for (const change of planned(factsOf([], baseline), options).changes)
      expect(observe(unread, change, requirement(options))).toBeUndefined();
  });
});

describe('a change of impersonation', () => {
  it('is seen where an assignment was limited, or is gone', () => {
    const seen = (...held: given.Held[]) => {
      const { changes } = planned(
        factsOf([{ name: ownName, ...organization }], exchangeBaseline()),
        adminApi,
      );
      const change = changes[1];
      if (change === undefined) throw new Error('Two changes were expected.');
      return { change, seen: observe(factsOf(held, exchangeBaseline()), change, requirement(adminApi)) };
    };
    const before = seen({ name: ownName, ...organization });
    expect(before.seen).toEqual(before.change.before);
    const after = seen({ name: ownName, scope: ownScope });
    expect(after.seen).toEqual(after.change.after);
    expect(seen().seen).toBeNull();
  });

  it("is not taken for made by somebody else's assignment, or by one of which it is doubtful", () => {
    const change = planned(factsOf([])).changes[1];
    if (change === undefined) throw new Error('Two changes were expected.');
    for (const held of [
      { holder: 'serviceAccount' as const },
      { through: 'Booking products' },
      { role: 'Application EWS.AccessAsApp' },
      { scope: othersScope },
    ])
      expect(observe(factsOf([{ scope: ownScope, ...held }]), change, requirement())).toBeNull();
  });

  it('that is not known is not seen', () => {
    const [change] = planned(factsOf([])).changes;
    if (change === undefined) throw new Error('A change was expected.');
    expect(
      observe(factsOf([]), { ...change, id: '1-something-0123456789abcdef' }, requirement()),
    ).toBeUndefined();
  });

  it('needs a permission that the control names', () => {
    const plans = [planned(factsOf([])), planned(factsOf([], exchangeBaseline()), adminApi)];
    const needed = plans.flatMap(({ changes }) => changes.map(({ permission }) => permission));
    const named = control.permissions.write.map(({ name }) => name);
    expect(new Set(needed)).toEqual(new Set(named));
  });

  it('is not planned for an application that is not there', () => {
    const old = { role: 'ApplicationImpersonation', holder: 'serviceAccount', ...ofRooms(beryl) } as const;
    const found = planned(factsOf([old], {}, { client: notFound }), { acceptRetiredRole: true });
    expect(found.changes).toEqual([]);
    expect(found.manualSteps[0]?.description).toContain('consent to the application');
  });
});
