import type { Recipient } from '../../local/simulator/exchange/state';
import type { GraphObject, TenantState } from '../../local/simulator/state';

/** An id of Contoso. */
export const contoso = (number: number) => `c0170507-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const clientId = contoso(21);
export const accountId = contoso(11);
/** Application id of the vendor's application. */
export const vendorAppId = '7e57ab1e-0000-4000-8000-00000000c0de';
export const calendarsRole = 'Application Calendars.ReadWrite';
export const retiredRole = 'ApplicationImpersonation';
export const isRoom = "(RecipientTypeDetails -eq 'RoomMailbox')";
/** The names of Contoso's rooms, as they stand in `room-<name>@contoso.com`. */
export const roomNames = [
  ...['amber', 'beryl', 'boardroom', 'coral', 'diamond', 'emerald'],
  ...['flint', 'garnet', 'heliodor', 'iolite', 'jade', 'kunzite'],
];
export const address = (name: string) => `${name}@contoso.com`;
export const room = (name: string) => address(`room-${name}`);

/** Who holds a role: how Microsoft Graph writes it, and how Exchange does. */
export interface Holder {
  graph: string;
  exchange: string;
  type: 'ServicePrincipal' | 'User' | 'RoleGroup';
}
export const application: Holder = holder('ServicePrincipal', `/ServicePrincipals/${clientId}`, clientId);
/** Exchange names new mailboxes by the ids of their users. */
export const account: Holder = holder('User', `/Users/${accountId}`, accountId);
export const anotherApplication = holder(
  'ServicePrincipal',
  `/ServicePrincipals/${contoso(99)}`,
  contoso(99),
);
export const anotherUser = holder('User', `/Users/${contoso(12)}`, 'Ada Nwosu');
export const roleGroup = (name: string) => holder('RoleGroup', `/RoleGroups/${name}`, name);

function holder(type: Holder['type'], graph: string, exchange: string): Holder {
  return { type, graph, exchange };
}

export interface FilterScope {
  name?: string;
  filter: string;
  matches?: readonly string[];
  exclusive?: boolean;
}

/** Where a role holds. Members and matches are given by their addresses. */
export type TestScope =
  'organization' | FilterScope | { unit: readonly string[] } | { group: readonly string[]; name?: string };

export interface TestAssignment {
  role?: string;
  holder?: Holder;
  scope?: TestScope;
}

/** Exchange with these role assignments and no others, as both Microsoft Graph and the admin API show it. */
export function assign(state: TenantState, ...assignments: TestAssignment[]): void {
  const { exchange } = state;
  state.roleAssignments = [];
  state.customAppScopes = [];
  exchange.managementRoleAssignments = [];
  exchange.managementScopes = [];
  for (const [index, given] of assignments.entries()) {
    const { role = calendarsRole, holder = application, scope = everyRoom } = given;
    const id = contoso(41_000 + index);
    const { graph, ...inExchange } = writeScope(state, scope, index);
    state.roleAssignments.push({
      id,
      principalId: holder.graph,
      roleDefinitionId: idOfRole(state, role),
      ...graph,
    });
    exchange.managementRoleAssignments.push({
      ...{ Identity: `assignment ${index}`, Name: `assignment ${index}`, Guid: id, Role: role },
      ...{ RoleAssignee: holder.exchange, RoleAssigneeName: holder.exchange, RoleAssigneeType: holder.type },
      ...{ AssignmentMethod: 'Direct', RoleAssignmentDelegationType: 'Regular' },
      CustomRecipientWriteScope: null,
      ...inExchange,
      Enabled: true,
    });
  }
}

const everyRoom: TestScope = { name: 'Condeco rooms', filter: isRoom };

interface WrittenScope {
  graph: { directoryScopeId: string | null; appScopeId: string | null };
  RecipientWriteScope: 'Organization' | 'CustomRecipientScope' | 'AdministrativeUnit' | 'Group';
  CustomResourceScope: string | null;
}

function writeScope(state: TenantState, scope: TestScope, index: number): WrittenScope {
  const id = contoso(42_000 + index);
  const inDirectory = (path: string) => ({ directoryScopeId: `/${path}/${id}`, appScopeId: null });
  if (scope === 'organization') {
    const graph = { directoryScopeId: '/', appScopeId: null };
    return { graph, RecipientWriteScope: 'Organization', CustomResourceScope: null };
  }
  if ('filter' in scope) {
    const name = scope.name ?? `scope ${index}`;
    writeFilter(state, id, { ...scope, name });
    const graph = { directoryScopeId: null, appScopeId: id };
    return { graph, RecipientWriteScope: 'CustomRecipientScope', CustomResourceScope: name };
  }
  if ('unit' in scope) {
    addUnit(state, id, scope.unit);
    const graph = inDirectory('AdministrativeUnits');
    return { graph, RecipientWriteScope: 'AdministrativeUnit', CustomResourceScope: id };
  }
  const name = scope.name ?? `group ${index}`;
  addGroup(state, id, name, scope.group);
  return { graph: inDirectory('Groups'), RecipientWriteScope: 'Group', CustomResourceScope: name };
}

/** One more scope, with which no role is assigned to the holders. */
export function addScope(state: TenantState, scope: FilterScope & { name: string }): void {
  writeFilter(state, contoso(43_000 + state.customAppScopes.length), scope);
}

function writeFilter(
  { customAppScopes, exchange }: TenantState,
  id: string,
  { name, filter, matches, exclusive = false }: FilterScope & { name: string },
): void {
  const customAttributes = { Exclusive: exclusive, RecipientFilter: filter };
  customAppScopes.push({ id, type: 'RecipientScope', displayName: name, customAttributes });
  exchange.managementScopes.push({
    ...{ Identity: name, Name: name, Guid: id, RecipientFilter: filter, RecipientRoot: null },
    ...{ Exclusive: exclusive, ScopeRestrictionType: 'RecipientScope' },
  });
  if (matches === undefined) return;
  exchange.filters = exchange.filters.filter((known) => known.filter !== filter);
  exchange.filters.push({ filter, recipients: [...matches] });
}

function addUnit(
  { administrativeUnits, members, users }: TenantState,
  id: string,
  addresses: readonly string[],
): void {
  administrativeUnits.push({
    ...{ id, displayName: 'Rooms', description: null, isMemberManagementRestricted: false, visibility: null },
    ...{ membershipRule: null, membershipRuleProcessingState: null, membershipType: null },
  });
  members[id] = idsOf(users, addresses);
}

/** A mail-enabled security group. Members that are groups themselves are given by their addresses too. */
export function addGroup(state: TenantState, id: string, name: string, addresses: readonly string[]): void {
  const mail = address(name.replaceAll(' ', '-').toLowerCase());
  const groups = addresses.filter((member) => state.groups.some((group) => group.mail === member));
  state.groups.push({
    ...{ ...state.groups[0], id, displayName: name, mail, proxyAddresses: [`SMTP:${mail}`] },
    securityEnabled: true,
  });
  state.members[id] = [...idsOf(state.groups, groups), ...idsOf(state.users, addresses)];
  state.exchange.distributionGroups.push({
    ...{ Identity: name, Name: name, DisplayName: name, Guid: id, PrimarySmtpAddress: mail },
    ...{ DistinguishedName: `CN=${name},OU=contoso.onmicrosoft.com`, ExternalDirectoryObjectId: id },
    ...{ RecipientTypeDetails: 'MailUniversalSecurityGroup', members: [...addresses] },
  });
}

function idsOf(objects: readonly GraphObject[], addresses: readonly string[]): string[] {
  return objects.filter(({ mail }) => addresses.includes(String(mail))).map(({ id }) => id);
}

function idOfRole({ roleDefinitions }: TenantState, displayName: string): string {
  const known = roleDefinitions.find((role) => role.displayName === displayName);
  if (known !== undefined) return known.id;
  const id = contoso(70_000 + roleDefinitions.length);
  roleDefinitions.push({ ...roleDefinitions[0], id, displayName });
  return id;
}

/** The kinds of recipients that tests need. A licence comes with a UserMailbox alone. */
export type RecipientKind = keyof typeof kinds;

const kinds = {
  UserMailbox: { type: 'UserMailbox' },
  SharedMailbox: { type: 'SharedMailbox' },
  EquipmentMailbox: { type: 'EquipmentMailbox', resource: 'Equipment' },
  RoomMailbox: { type: 'RoomMailbox', resource: 'Room', places: 'rooms' },
  /** Not in the address lists, and so no place. */
  HiddenRoomMailbox: { type: 'RoomMailbox', resource: 'Room' },
  Desk: { type: 'RoomMailbox', resource: 'Workspace', places: 'workspaces' },
  RemoteRoomMailbox: { type: 'RemoteRoomMailbox' },
  MailUser: { type: 'MailUser' },
} as const satisfies Record<string, { type: string; resource?: string; places?: 'rooms' | 'workspaces' }>;

/** Adds somebody to both views of Exchange: a user, and a recipient of this kind, and a place where it is one. */
export function addRecipient(
  state: TenantState,
  name: string,
  kind: RecipientKind,
  changes: object = {},
): void {
  const { type, resource, places }: { type: string; resource?: string; places?: 'rooms' | 'workspaces' } =
    kinds[kind];
  const mail = address(name);
  const id = contoso(60_000 + state.users.length);
  state.users.push({
    ...structuredClone(userOf(state, address('ada'))),
    id,
    ...{ userPrincipalName: mail, displayName: name, mail, mailNickname: name },
    ...{ proxyAddresses: [`SMTP:${mail}`], department: null },
    ...(kind === 'UserMailbox'
      ? {}
      : { assignedPlans: [], assignedLicenses: [], licenseAssignmentStates: [] }),
    ...changes,
  });
  state.exchange.recipients.push({
    ...{ Identity: name, Guid: id, DistinguishedName: `CN=${name},OU=contoso.onmicrosoft.com` },
    ...{ ExternalDirectoryObjectId: id, PrimarySmtpAddress: mail, EmailAddresses: [`SMTP:${mail}`] },
    ...{ DisplayName: name, RecipientType: kind === 'MailUser' ? kind : 'UserMailbox' },
    ...{ RecipientTypeDetails: type, ResourceType: resource ?? null },
  });
  if (type === 'RoomMailbox')
    for (const { filter, recipients } of state.exchange.filters) if (filter === isRoom) recipients.push(mail);
  if (places === undefined) return;
  const place = contoso(80_000 + state.rooms.length + state.workspaces.length);
  const room = places === 'rooms' ? state.rooms[0] : {};
  state[places].push({ ...room, id: place, displayName: name, emailAddress: mail });
}

/** A room list in both views, with these members: rooms, anybody else, or lists that are there already. */
export function addRoomList(state: TenantState, name: string, addresses: readonly string[]): string {
  const number = state.roomLists.length;
  const [mail, id] = [address(name), contoso(95_000 + number)];
  state.roomLists.push({
    ...state.roomLists[0],
    id: contoso(96_000 + number),
    displayName: name,
    emailAddress: mail,
  });
  state.members[contoso(96_000 + number)] = [];
  addGroup(state, id, name, []);
  Object.assign(state.groups.at(-1) ?? {}, { securityEnabled: false });
  const own = state.exchange.distributionGroups.at(-1);
  if (own !== undefined) own.RecipientTypeDetails = 'RoomList';
  for (const member of addresses) addToList(state, mail, member);
  return mail;
}

/** Puts somebody, or another list, into a room list. */
export function addToList(state: TenantState, list: string, member: string): void {
  const { exchange, groups, members, roomLists, rooms, users, workspaces } = state;
  exchange.distributionGroups.find(isAt(list))?.members.push(member);
  const group = groups.find(({ mail }) => mail === list);
  if (group !== undefined) members[group.id]?.push(...idsOf([...users, ...groups], [member]));
  const place = roomLists.find(({ emailAddress }) => emailAddress === list);
  const places = [...rooms, ...workspaces].filter(({ emailAddress }) => emailAddress === member);
  if (place !== undefined) members[place.id]?.push(...places.map(({ id }) => id));
}

/** Takes somebody out of a room list. */
export function removeFromList(state: TenantState, list: string, member: string): void {
  const { exchange, groups, members, roomLists, rooms, users, workspaces } = state;
  const own = exchange.distributionGroups.find(isAt(list));
  if (own !== undefined) own.members = own.members.filter((each) => each !== member);
  const gone = new Set([
    ...idsOf([...users, ...groups], [member]),
    ...[...rooms, ...workspaces].flatMap(({ id, emailAddress }) => (emailAddress === member ? id : [])),
  ]);
  const holders = [
    ...groups.filter(({ mail }) => mail === list),
    ...roomLists.filter(({ emailAddress }) => emailAddress === list),
  ];
  for (const { id } of holders) members[id] = (members[id] ?? []).filter((each) => !gone.has(each));
}

const isAt = (mail: string) => (group: { PrimarySmtpAddress: string }) => group.PrimarySmtpAddress === mail;

/** The user of Microsoft Graph with this address. */
export function userOf({ users }: TenantState, mail: string): GraphObject {
  return found(users, (user) => user.mail === mail, mail);
}

/** The recipient of Exchange with this address. */
export function recipientOf({ exchange }: TenantState, mail: string): Recipient {
  return found(exchange.recipients, ({ PrimarySmtpAddress }) => PrimarySmtpAddress === mail, mail);
}

function found<T>(objects: readonly T[], test: (object: T) => boolean, name: string): T {
  const object = objects.find(test);
  if (object === undefined) throw new Error(`Contoso has no ${name}.`);
  return object;
}

/** Takes a user, and its recipient, away. */
export function removeUser(state: TenantState, id: string): void {
  const { exchange } = state;
  state.users = state.users.filter((user) => user.id !== id);
  exchange.recipients = exchange.recipients.filter((each) => each.ExternalDirectoryObjectId !== id);
}

/** Takes the tenant-wide permission away, so that only roles are left to speak of. */
export function withoutTenantWide(state: TenantState): void {
  state.appRoleAssignments = [];
}

/** An application access policy about the vendor's application, and the group that it is about. */
export interface TestPolicy {
  right: string;
  /** Addresses; null: the group is not there. */
  members: readonly string[] | null;
  appId?: string | string[];
  changes?: object;
}

/** Exchange with these application access policies and no others. */
export function limit(state: TenantState, ...policies: TestPolicy[]): void {
  const { exchange } = state;
  exchange.applicationAccessPolicies = policies.map(
    ({ right, members, appId = vendorAppId, changes }, index) => {
      const id = contoso(45_000 + exchange.distributionGroups.length + index);
      const name = `Policy ${index}`;
      if (members !== null) addGroup(state, id, name, members);
      return {
        ...{ Identity: `${contoso(1)}\\${id}`, AppId: appId, AccessRight: right, Description: name },
        ...{ ScopeName: name, ScopeIdentity: `${name}20261101`, ScopeIdentityRaw: `S-1-5-21-1-2-3-4;${id}` },
        ...{ IsValid: true, ...changes },
      };
    },
  );
}
