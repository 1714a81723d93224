import fc from 'fast-check';
import type { TenantState } from '../../local/simulator/state';
import type { StoredTarget } from '../../src/lib/model/target';
import * as views from './exchange-views';

const { address, contoso } = views;

/** Everybody who may be in a generated tenant, by name, with what he is. */
const population = {
  'room-1': 'RoomMailbox',
  'room-2': 'RoomMailbox',
  'room-3': 'RoomMailbox',
  'desk-1': 'Desk',
  'desk-2': 'Desk',
  hidden: 'HiddenRoomMailbox',
  shared: 'SharedMailbox',
  beamer: 'EquipmentMailbox',
  anna: 'UserMailbox',
  bruno: 'UserMailbox',
  guest: 'MailUser',
  outside: 'MailUser',
  cellar: 'RemoteRoomMailbox',
} as const satisfies Record<string, views.RecipientKind>;
type Name = keyof typeof population;
const names = Object.keys(population) as Name[];

/** What filters ask about somebody. */
interface Person {
  name: Name;
  department: 'Rooms' | 'Sales' | null;
  city: 'Zürich' | 'Zurich' | 'Bern';
}

const listNames = ['list-1', 'list-2', 'list-3'] as const;
type ListName = (typeof listNames)[number];

/** Members of a room list: people, lists, and a group that is no list. */
type ListMember = Name | ListName | 'staff';

type Scope =
  | { kind: 'organization' }
  | { kind: 'unit' | 'group'; members: Name[] }
  | { kind: 'filter'; filter: keyof typeof filters };

/** A tenant in a few words, from which both views of it are made. */
export interface RoomTenant {
  people: Person[];
  lists: Partial<Record<ListName, ListMember[]>>;
  scopes: Scope[];
  rooms:
    | { source: 'all'; desks: 'ignore' | 'include' }
    | { source: 'roomLists'; lists: ListName[] }
    | { source: 'mailboxes'; names: Name[] };
  /** Whether the target says which group a filter for list-1 is about. */
  isGroupNamed: boolean;
  /** Whether Exchange looks past accents, which Microsoft does not say. */
  ignoresAccents: boolean;
}

/** Somebody as a filter looks at him. */
interface Candidate extends Person {
  isRoomMailbox: boolean;
}

const asExchange = (person: Person): Candidate => ({
  ...person,
  isRoomMailbox: /^(room|desk|hidden)/.test(person.name),
});
/** To Microsoft Graph whoever is no place is no room mailbox. */
const asGraph = (person: Person): Candidate => ({
  ...person,
  isRoomMailbox: /^(room|desk)/.test(person.name),
});
const hasMailbox = ({ name }: Person) => !['guest', 'outside', 'cellar'].includes(name);
const listDn = 'CN=list-1,OU=contoso.onmicrosoft.com';

type Matches = (candidate: Candidate, tenant: RoomTenant) => boolean;

/** Filters, and whom Exchange would let through. */
const filters = {
  "RecipientTypeDetails -eq 'RoomMailbox'": ({ isRoomMailbox }) => isRoomMailbox,
  "RecipientTypeDetails -ne 'RoomMailbox'": ({ isRoomMailbox }) => !isRoomMailbox,
  "RecipientTypeDetails -eq 'SharedMailbox'": ({ name }) => name === 'shared',
  "RecipientType -eq 'UserMailbox'": hasMailbox,
  "Department -eq 'Rooms'": ({ department }) => department === 'Rooms',
  "(RecipientTypeDetails -eq 'RoomMailbox') -and (Department -eq 'Rooms')": ({ isRoomMailbox, department }) =>
    isRoomMailbox && department === 'Rooms',
  "(RecipientTypeDetails -eq 'RoomMailbox') -or (Department -eq 'Sales')": ({ isRoomMailbox, department }) =>
    isRoomMailbox || department === 'Sales',
  "Alias -like 'room*'": ({ name }) => name.startsWith('room'),
  "City -eq 'Zurich'": ({ city }, { ignoresAccents }) =>
    city === 'Zurich' || (ignoresAccents && city === 'Zürich'),
  [`MemberOfGroup -eq '${listDn}'`]: ({ name }, { lists }) => lists['list-1']?.includes(name) ?? false,
} as const satisfies Record<string, Matches>;

const some = <T>(values: readonly T[], most = values.length) => fc.subarray([...values], { maxLength: most });

const scope: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Scope>({ kind: 'organization' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('unit' as const, 'group' as const),
      members: some(names, 6),
    }),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(...(Object.keys(filters) as (keyof typeof filters)[]))
      .map((filter): Scope => ({ kind: 'filter', filter })),
  },
);

const members = some<ListMember>([...names, ...listNames, 'staff'], 5);

/** Tenants with a few rooms, and with everything that Microsoft Graph does not see. */
export const roomTenants: fc.Arbitrary<RoomTenant> = fc
  .record({
    people: fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          department: fc.constantFrom('Rooms' as const, 'Sales' as const, null),
          city: fc.constantFrom('Zürich' as const, 'Zurich' as const, 'Bern' as const),
        }),
      ),
    ),
    present: some(names),
    lists: fc.record({ 'list-1': members, 'list-2': members, 'list-3': members }, { requiredKeys: [] }),
    scopes: fc.array(scope, { maxLength: 2 }),
    rooms: fc.oneof(
      fc.record({
        source: fc.constant('all' as const),
        desks: fc.constantFrom('ignore' as const, 'include' as const),
      }),
      fc.record({ source: fc.constant('roomLists' as const), lists: some(listNames).filter(isAny) }),
      fc.record({ source: fc.constant('mailboxes' as const), names: some(names, 4) }),
    ),
    isGroupNamed: fc.boolean(),
    ignoresAccents: fc.boolean(),
  })
  .map(({ present, people, ...rest }) => ({
    ...rest,
    people: people.filter(({ name }) => present.includes(name)),
  }));

function isAny(values: readonly unknown[]): boolean {
  return values.length > 0;
}

/** Makes a tenant in both views, in place of what there was but for the account; gives the target that watches it. */
export function make(state: TenantState, tenant: RoomTenant): Partial<StoredTarget> {
  const { people, lists, scopes } = tenant;
  for (const { name, department, city } of people) {
    const userType = name === 'guest' ? 'Guest' : 'Member';
    views.addRecipient(state, name, population[name], { department, city, userType });
  }
  const listed = listNames.filter((name) => lists[name] !== undefined);
  for (const name of listed) views.addRoomList(state, name, []);
  views.addGroup(state, contoso(90_000), 'staff', []);
  empty(
    state,
    new Set([...people.map(({ name }) => address(name)), ...listed.map(address), address('staff')]),
  );
  for (const name of listed)
    for (const member of lists[name] ?? []) views.addToList(state, address(name), address(member));
  const matching = ([filter, matches]: [string, Matches]) => ({
    filter,
    matches: people.filter((person) => matches(asExchange(person), tenant)).map(({ name }) => address(name)),
  });
  const byFilter = new Map(Object.entries(filters).map((entry) => [entry[0], matching(entry)]));
  views.assign(
    state,
    ...scopes.map((scope): views.TestAssignment => {
      if (scope.kind === 'organization') return { scope: 'organization' };
      if (scope.kind === 'filter') return { scope: byFilter.get(scope.filter) ?? { filter: scope.filter } };
      const members = scope.members.map(address);
      return { scope: scope.kind === 'unit' ? { unit: members } : { group: members } };
    }),
  );
  return { rooms: roomsOf(tenant), scopeGroups: tenant.isGroupNamed ? { [listDn]: address('list-1') } : {} };
}

function roomsOf({ rooms }: RoomTenant): StoredTarget['rooms'] {
  if (rooms.source === 'all') return rooms;
  return rooms.source === 'roomLists'
    ? { source: 'roomLists', roomLists: rooms.lists.map(address) }
    : { source: 'mailboxes', mailboxes: rooms.names.map(address) };
}

/** Takes everybody and everything away that does not go by one of these addresses; the service account stays. */
function empty(state: TenantState, kept: ReadonlySet<string>): void {
  const { exchange } = state;
  const isKept = (mail: unknown) => kept.has(String(mail));
  const isAccount = ({ id }: { id: string }) => id === views.accountId;
  state.users = state.users.filter((user) => isAccount(user) || isKept(user.mail));
  state.rooms = state.rooms.filter(({ emailAddress }) => isKept(emailAddress));
  state.workspaces = state.workspaces.filter(({ emailAddress }) => isKept(emailAddress));
  state.roomLists = state.roomLists.filter(({ emailAddress }) => isKept(emailAddress));
  state.groups = state.groups.filter(({ mail }) => isKept(mail));
  state.administrativeUnits = [];
  exchange.filters = [];
  exchange.recipients = exchange.recipients.filter(
    ({ ExternalDirectoryObjectId: id, PrimarySmtpAddress }) =>
      isAccount({ id }) || isKept(PrimarySmtpAddress),
  );
  exchange.distributionGroups = exchange.distributionGroups.filter(({ PrimarySmtpAddress }) =>
    isKept(PrimarySmtpAddress),
  );
  Object.assign(views.userOf(state, address('svc-condeco')), { department: null, city: null });
}

/** Of these nothing in Microsoft Graph tells whether they have a mailbox. */
const planless: readonly Name[] = ['hidden', 'shared', 'beamer', 'outside', 'cellar'];

/** What keeps Microsoft Graph from knowing what Exchange knows, as far as a tenant has it. */
export const blindSpots = {
  /** What a filter compares with is known of rooms alone. */
  'a filter for another type': ({ scopes }) =>
    scopes.some((scope) => scope.kind === 'filter' && scope.filter.includes('SharedMailbox')),
  /** Only Exchange knows distinguished names. */
  'a filter for a group that the target does not name': ({ scopes, isGroupNamed, lists }) =>
    scopes.some((scope) => scope.kind === 'filter' && scope.filter.startsWith('MemberOfGroup')) &&
    !(isGroupNamed && lists['list-1'] !== undefined),
  /** Whether Exchange looks past them is not documented. */
  'a name that differs by an accent': ({ scopes, people }) =>
    scopes.some((scope) => scope.kind === 'filter' && scope.filter.startsWith('City')) &&
    people.some(({ name, city }) => city === 'Zürich' && name !== 'guest'),
  'somebody in a scope without a plan and a place': (tenant) =>
    tenant.scopes.some((scope) => seenIn(scope, tenant).some((name) => planless.includes(name))),
  'a room without a plan and a place': (tenant) =>
    tenant.scopes.length > 0 && meantRooms(tenant).some((name) => planless.includes(name)),
} as const satisfies Record<string, (tenant: RoomTenant) => boolean>;

/** Who is in a scope as Microsoft Graph sees it. */
export function seenIn(scope: Scope, tenant: RoomTenant): Name[] {
  const { people } = tenant;
  switch (scope.kind) {
    case 'organization':
      return [];
    case 'unit':
    case 'group':
      return scope.members.filter((member) => people.some(({ name }) => name === member));
    case 'filter': {
      const matches: Matches = filters[scope.filter];
      // Of all who have a mailbox this is true, and Microsoft Graph cannot tell who has none.
      const isAnybody = scope.filter.startsWith('RecipientType ');
      return people.filter((person) => isAnybody || matches(asGraph(person), tenant)).map(({ name }) => name);
    }
  }
}

/** The rooms that a target means, with those of lists within lists. */
export function meantRooms({ rooms, lists, people }: RoomTenant): Name[] {
  const isThere = (name: string): name is Name => people.some((person) => person.name === name);
  if (rooms.source === 'all') return [];
  if (rooms.source === 'mailboxes') return rooms.names.filter(isThere);
  const found = new Set<string>();
  const walk = (list: string) => {
    for (const member of lists[list as ListName] ?? []) {
      if (found.has(member)) continue;
      found.add(member);
      walk(member);
    }
  };
  rooms.lists.forEach(walk);
  return [...found].filter(isThere);
}
