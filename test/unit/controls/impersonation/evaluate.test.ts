import { impersonation as control } from '../../../../src/lib/controls/impersonation';
import type { CrossCheck, ImpersonationFacts } from '../../../../src/lib/controls/impersonation/facts';
import {
  type AccessPolicy,
  type Authorization,
  type RoleAssignment,
  type Room,
  type Scope,
  scopeKey,
  type ScopeContents,
} from '../../../../src/lib/microsoft365/exchange';
import type { RoomEntry } from '../../../../src/lib/microsoft365/exchange/openings';
import { type Read, type ReadFailure, readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../src/lib/model/target';
import type { Verdict } from '../../../../src/lib/model/verdict';
import { account, clientApp, notFound, refused, requirement, silentOn, upn } from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';

/** A room, or a mailbox that is none. */
function room(name: string, changes: Partial<Room> = {}): Room {
  const address = `${name}@contoso.com`;
  return { address, displayName: name, keys: [address], hasMailbox: true, exists: true, ...changes };
}

const amber = room('amber');
const beryl = room('beryl');
const ada = room('ada');
const rooms = [amber, beryl];
const calendarsRole = 'Application Calendars.ReadWrite';
const scope: Scope = { kind: 'filter', name: 'Rooms', filter: "RecipientTypeDetails -eq 'RoomMailbox'" };
const otherScope: Scope = { ...scope, name: 'Other rooms' };

/** A role that is assigned, and who is within its scope. */
interface Held extends Partial<RoleAssignment> {
  inside?: ScopeContents['inside'];
}

/** An application whose only role reaches both rooms and nobody else, unless told. */
function factsOf(
  changes: Partial<ImpersonationFacts> = {},
  held: readonly Held[] = [{}],
): ImpersonationFacts {
  const assignments = held.map(({ inside = rooms, ...assignment }) => ({
    inside: assignment.scope?.kind === 'organization' ? ('all' as const) : inside,
    assignment: { role: calendarsRole, holder: 'application', scope, ...assignment } satisfies RoleAssignment,
  }));
  return {
    client: readOk(clientApp()),
    account: readOk(account()),
    resources: { 'Microsoft Graph': readOk('graph'), 'Office 365 Exchange Online': readOk('exchange') },
    appRoles: readOk([]),
    rooms: readOk(rooms),
    missingLists: [],
    roomGaps: [],
    assignments: readOk(assignments.map(({ assignment }) => assignment)),
    exclusiveScopes: [],
    contents: new Map<string, ScopeContents>(
      assignments.map(({ inside, assignment }) => [scopeKey(assignment.scope), { inside, undecided: [] }]),
    ),
    baseline: readOk({ scope: null, role: calendarsRole, isRegistered: true }),
    ...changes,
  };
}

/** The roles that are assigned, with nothing else changed. */
const holding = (...held: Held[]) => factsOf({}, held);
/** The same role, of whose scope not everything is known. */
const contents = (known: Partial<ScopeContents>) =>
  factsOf({
    contents: new Map([[scopeKey(scope), { inside: rooms, undecided: [], ...known }]]),
  });
/** The permission of Microsoft Graph for the whole tenant that the vendor asks for. */
const granted: Pick<ImpersonationFacts, 'appRoles'> = {
  appRoles: readOk([{ id: 'a', resourceId: 'graph', appRoleId: 'ef54d2bf-783f-4e0f-bca1-3210c0444d99' }]),
};
const policy = (right: AccessPolicy['right'], ...inside: (typeof amber)[]): AccessPolicy => ({
  ...{ name: 'Rooms', right },
  members: { inside, undecided: [] },
});
/** What Exchange's own test says of one room. */
const tested = (inScope: boolean): CrossCheck =>
  new Map<string, Read<Authorization[]>>([[amber.address, readOk([{ role: calendarsRole, inScope }])]]);

function row(
  where: string,
  facts: ImpersonationFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
  options: Partial<StoredTarget> = {},
): Row<ImpersonationFacts> {
  return {
    where,
    facts,
    requirement: requirement({ exchangeReader: 'admin-api', ...options }),
    verdict,
    codes,
  };
}

const self: RoomEntry = { who: upn, isDenied: false, isInherited: false, isWhole: true };
const denial: RoomEntry = { ...self, isDenied: true };
const inherited: RoomEntry = { ...self, isInherited: true };
/** A product whose rooms are opened to its account, and whose pages leave nothing open of that. */
const openedToAccount = { profile: 'envoy-rooms' } as const;

/** Who may open each of the two rooms. */
function opened(
  where: string,
  { amber: ofAmber, beryl: ofBeryl }: Record<'amber' | 'beryl', RoomEntry[] | Read<never>>,
  verdict: Verdict,
  codes: readonly string[] = [],
): Row<ImpersonationFacts> {
  const entries = new Map(
    [[amber.address, ofAmber] as const, [beryl.address, ofBeryl] as const].map(([address, list]) => [
      address,
      Array.isArray(list) ? readOk(list) : list,
    ]),
  );
  const openings = readOk({ entries, groups: readOk([]) });
  return row(where, factsOf({ openings }, []), verdict, codes, openedToAccount);
}

const code = (level: string, name: string) => `${level} impersonation.${name}`;
const none = code('violation', 'none');
const notCovered = code('violation', 'roomNotCovered');
const stray = code('violation', 'strayMailbox');
const unresolved = code('unknown', 'scopeUnresolved');
const grantNotice = code('notice', 'tenantWideGrant');
const grantViolation = code('violation', 'tenantWideGrant');
const unread = 'unknown unreadable.permission';
const failure: ReadFailure = { cause: 'permission', message: 'That was refused.' };
const ewsRole = { role: 'Application EWS.AccessAsApp' };
const retired = { role: 'ApplicationImpersonation', holder: 'serviceAccount' } as const;
const roomsOnly = { access: 'rooms-only' } as const;
const doubted = room('coral', { doubt: 'nobody knows', exists: true });

describe('the verdict on whom roles and permissions reach', () => {
  testTable(
    control,
    [
      row('a role reaches both rooms', holding({}), 'compliant'),
      row(
        'two roles reach one each',
        holding({ inside: [amber] }, { scope: otherScope, inside: [beryl] }),
        'compliant',
      ),
      row('a room is in no scope', holding({ inside: [amber] }), 'nonCompliant', [notCovered]),
      row(
        'a room does not exist',
        factsOf({ rooms: readOk([amber, room('zircon', { exists: false, hasMailbox: false })]) }, [
          { inside: [amber] },
        ]),
        'nonCompliant',
        [notCovered],
      ),
      row('somebody else is in a scope', holding({ inside: [...rooms, ada] }), 'nonCompliant', [stray]),
      row('a desk is in a scope', holding({ inside: [...rooms, { ...ada, desk: 'yes' }] }), 'compliant'),
      row(
        'somebody without a mailbox is in a scope',
        holding({ inside: [...rooms, { ...ada, hasMailbox: false }] }),
        'compliant',
      ),
      row('the role has no scope', holding({ scope: { kind: 'organization' } }), 'nonCompliant', [
        code('violation', 'unscoped'),
      ]),
      row('there is no role', holding(), 'nonCompliant', [none]),
      row('the role opens another protocol', holding(ewsRole), 'nonCompliant', [none]),
      row(
        'nobody has said which protocol it is',
        holding({}),
        'unknown',
        [code('unknown', 'protocolUnconfirmed')],
        {
          protocol: undefined,
        },
      ),
      row(
        'nobody has said it, and the role opens both',
        holding({ role: 'Application Exchange Full Access' }),
        'compliant',
        [],
        { protocol: undefined },
      ),
      row('the account has a role that is retired', holding(retired), 'nonCompliant', [
        code('violation', 'roleRetired'),
      ]),
      row(
        'Exchange does not know the application',
        factsOf({ baseline: readOk({ scope: null, role: calendarsRole, isRegistered: false }) }, []),
        'nonCompliant',
        [code('violation', 'notRegistered')],
      ),
      row(
        'a role is assigned that nobody asked for',
        holding({}, { role: 'Application Mail.Read' }),
        'nonCompliant',
        [code('violation', 'excessRole')],
      ),
      row('the target allows that role', holding({}, { role: 'Application Mail.Read' }), 'compliant', [], {
        allowedExtraRoles: ['Application Mail.Read'],
      }),
      row('the vendor asks for the permission', factsOf(granted), 'compliant', [grantNotice]),
      row(
        'the target wants it for rooms only',
        factsOf(granted),
        'nonCompliant',
        [grantViolation],
        roomsOnly,
      ),
      row(
        'policies leave it nothing but the rooms',
        factsOf({ ...granted, policies: readOk([policy('restrict', ...rooms)]) }),
        'compliant',
        [grantNotice],
        roomsOnly,
      ),
      row(
        'policies leave it somebody else',
        factsOf({ ...granted, policies: readOk([policy('restrict', ...rooms, ada)]) }),
        'nonCompliant',
        [grantViolation],
        roomsOnly,
      ),
      row(
        'a policy keeps it from a room that no role opens to it',
        factsOf({ ...granted, policies: readOk([policy('deny', amber)]) }, [ewsRole]),
        'nonCompliant',
        [code('violation', 'policyBlocks'), grantNotice],
        { protocol: 'ews' },
      ),
      row(
        'nobody can tell who is in a scope',
        contents({ inside: [], undecided: 'any', problem: 'nobody knows' }),
        'unknown',
        [unresolved],
      ),
      row(
        'nobody can tell whether a room exists',
        factsOf({ rooms: readOk([...rooms, doubted]) }, [{ inside: [...rooms, doubted] }]),
        'unknown',
        [unresolved],
      ),
      row(
        'somebody else is in a scope of which not all is known',
        contents({ inside: [...rooms, ada], undecided: 'any', problem: 'nobody knows' }),
        'nonCompliant',
        [stray, unresolved],
      ),
      row("Exchange's own test agrees", factsOf({ crossCheck: tested(true) }), 'compliant'),
      row("Exchange's own test says something else", factsOf({ crossCheck: tested(false) }), 'unknown', [
        code('unknown', 'disputed'),
      ]),
      row(
        'a list of the target does not exist',
        factsOf({ missingLists: [{ address: 'rome@contoso.com' }] }),
        'nonCompliant',
        [code('violation', 'roomListMissing')],
      ),
      row('there is no room', factsOf({ rooms: readOk([]) }, [{ inside: [] }]), 'nonCompliant', [
        code('violation', 'noRooms'),
      ]),
      {
        ...row("the vendor's pages do not say all of its way", holding({}), 'unknown', [
          code('unknown', 'notKnown'),
        ]),
        requirement: silentOn('access', { exchangeReader: 'admin-api' }),
      },
      {
        ...row(
          'a role is assigned beside it that may be a part of that way',
          holding({}, { role: 'Application Mail.Read' }),
          'unknown',
          [code('unknown', 'notKnown')],
        ),
        requirement: silentOn('access', { exchangeReader: 'admin-api' }),
      },
      opened('the account has full access to both rooms', { amber: [self], beryl: [self] }, 'compliant'),
      opened('it has full access to one of them', { amber: [self], beryl: [] }, 'nonCompliant', [notCovered]),
      opened('an entry denies it', { amber: [self, denial], beryl: [self] }, 'nonCompliant', [notCovered]),
      opened('its entry is inherited', { amber: [inherited], beryl: [self] }, 'unknown', [unresolved]),
      row('nobody sees who may open rooms', holding(), 'unknown', [unresolved], openedToAccount),
      row('the application is not there, as consent says', factsOf({ client: notFound }, []), 'unknown', [
        'unknown unreadable.notFound',
      ]),
    ],
    [
      row('the application could not be read', factsOf({ client: refused }), 'unknown', [unread]),
      row('the rooms could not be read', factsOf({ rooms: refused }), 'unknown', [unread]),
      opened('who may open a room could not be read', { amber: refused, beryl: [self] }, 'unknown', [unread]),
      row(
        'the account that rooms are opened to could not be read',
        factsOf({ account: refused }, []),
        'unknown',
        [unread],
        openedToAccount,
      ),
      row(
        'the groups of the account could not be read, one of which may open a room',
        factsOf(
          {
            openings: readOk({
              entries: new Map([
                [amber.address, readOk([{ ...self, who: 'Some group' }])],
                [beryl.address, readOk([self])],
              ]),
              groups: refused,
            }),
          },
          [],
        ),
        'unknown',
        [unread],
        openedToAccount,
      ),
      row(
        'the rooms could not be read, and somebody else is in a scope',
        factsOf({ rooms: refused }, [{ inside: [ada] }]),
        'unknown',
        [unread],
      ),
      row('the assignments could not be read', factsOf({ assignments: refused }), 'unknown', [unread]),
      row(
        'who is in the scope could not be read',
        contents({ inside: [], undecided: 'any', problem: failure }),
        'unknown',
        [unread],
      ),
      row('there may be more rooms', factsOf({ roomGaps: [{ problem: failure }] }), 'unknown', [unread]),
      row(
        'there may be more rooms, and somebody else is in a scope',
        factsOf({ roomGaps: [{ problem: failure }] }, [{ inside: [...rooms, ada] }]),
        'unknown',
        [unread],
      ),
      row(
        'it is not known whether Exchange knows the application',
        factsOf({ baseline: refused }, []),
        'unknown',
        [unread],
      ),
      row(
        'the account could not be read, and its role counts',
        factsOf({ account: refused }, [{ inside: [amber] }]),
        'unknown',
        [unread],
        { acceptRetiredRole: true, protocol: 'ews' },
      ),
      row(
        'somebody who may be the account is in a scope',
        factsOf({ account: refused }, [{ inside: [...rooms, ada] }]),
        'unknown',
        [unread],
      ),
      row(
        'the permissions could not be read',
        factsOf({ appRoles: refused }),
        'unknown',
        [unread],
        roomsOnly,
      ),
      row(
        'the policies could not be read',
        factsOf({ ...granted, policies: refused }),
        'unknown',
        [unread],
        roomsOnly,
      ),
    ],
  );
});
