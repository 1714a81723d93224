import type { TenantState } from '.';

/** How large a tenant is to be. */
export interface Size {
  rooms: number;
  otherMailboxes: number;
  scopes: number;
}

const exchangePlan = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';

/** Puts rooms, people and scopes into a simulated tenant: every room is in the scope of its building, and nobody else is. */
export function enlarge(state: TenantState, { rooms, otherMailboxes, scopes }: Size): void {
  const [assignment] = state.roleAssignments.filter(({ appScopeId }) => appScopeId);
  const [exchangeAssignment] = state.exchange.managementRoleAssignments.filter(
    ({ RoleAssigneeType }) => RoleAssigneeType === 'ServicePrincipal',
  );
  const [managementScope] = state.exchange.managementScopes;
  if (assignment === undefined || exchangeAssignment === undefined || managementScope === undefined) {
    throw new Error('The tenant has no scope to start from.');
  }
  const account = state.users.filter(({ userPrincipalName }) => String(userPrincipalName).startsWith('svc-'));
  const people = Array.from({ length: otherMailboxes }, (_, index) => mailbox('person', index, null));
  const places = Array.from({ length: rooms }, (_, index) =>
    mailbox('room', index, building(index % scopes)),
  );
  state.users = [...account, ...people.map(({ user }) => user), ...places.map(({ user }) => user)];
  state.rooms = places.map(({ place }) => place);
  // Who is in a role group has to be there: a name that nobody has is looked for among everybody.
  const administrators = new Set(state.exchange.roleGroups.flatMap(({ members }) => members));
  state.exchange.recipients = [
    ...state.exchange.recipients.filter(
      ({ DisplayName, PrimarySmtpAddress }) =>
        PrimarySmtpAddress.startsWith('svc-') || administrators.has(DisplayName),
    ),
    ...people.map(({ recipient }) => recipient),
    ...places.map(({ recipient }) => recipient),
  ];
  const [template] = state.exchange.calendarProcessing;
  state.exchange.calendarProcessing = places.map(({ recipient }) => ({
    ...template,
    Identity: recipient.Identity,
  }));
  const addresses = places.map(({ recipient }) => recipient.PrimarySmtpAddress);
  const [roomList] = state.exchange.distributionGroups;
  if (roomList !== undefined) {
    state.exchange.distributionGroups = [{ ...roomList, members: addresses }];
  }
  const names = Array.from({ length: scopes }, (_, index) => building(index));
  state.customAppScopes = names.map((name) => ({
    id: name,
    type: 'RecipientScope',
    displayName: name,
    customAttributes: { Exclusive: false, RecipientFilter: filterOf(name) },
  }));
  state.roleAssignments = names.map((name) => ({ ...assignment, id: `for ${name}`, appScopeId: name }));
  state.exchange.managementScopes = names.map((name) => ({
    ...managementScope,
    Identity: name,
    Name: name,
    RecipientFilter: filterOf(name),
  }));
  state.exchange.managementRoleAssignments = names.map((name) => ({
    ...exchangeAssignment,
    Identity: `for ${name}`,
    Name: `for ${name}`,
    CustomResourceScope: name,
  }));
  state.exchange.filters = names.map((name, number) => ({
    filter: filterOf(name),
    recipients: addresses.filter((_, index) => index % scopes === number),
  }));
}

function building(number: number): string {
  return `Building ${String(number).padStart(2, '0')}`;
}

function filterOf(name: string): string {
  return `((RecipientTypeDetails -eq 'RoomMailbox') -and (CustomAttribute1 -eq '${name}'))`;
}

/** One mailbox as each part of Microsoft 365 shows it. */
function mailbox(kind: 'person' | 'room', index: number, customAttribute1: string | null) {
  const name = `${kind}-${String(index).padStart(6, '0')}`;
  const address = `${name}@contoso.com`;
  const id = `${kind === 'room' ? '20' : '10'}000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const attributes = Array.from(
    { length: 15 },
    (_, number) => [`extensionAttribute${number + 1}`, null] as const,
  );
  const hasPlan = kind === 'person';
  const user = {
    id,
    accountEnabled: hasPlan,
    userPrincipalName: address,
    displayName: name,
    mail: address,
    mailNickname: name,
    proxyAddresses: [`SMTP:${address}`, `smtp:${name}@contoso.onmicrosoft.com`],
    department: 'Facilities',
    officeLocation: 'London',
    city: 'London',
    companyName: 'Contoso',
    state: null,
    jobTitle: null,
    onPremisesExtensionAttributes: {
      ...Object.fromEntries(attributes),
      extensionAttribute1: customAttribute1,
    },
    assignedPlans: hasPlan ? plans : [],
  };
  const recipient = {
    Identity: name,
    Guid: id,
    DistinguishedName: `CN=${name}`,
    ExternalDirectoryObjectId: id,
    PrimarySmtpAddress: address,
    EmailAddresses: user.proxyAddresses,
    DisplayName: name,
    RecipientType: 'UserMailbox',
    RecipientTypeDetails: kind === 'room' ? 'RoomMailbox' : 'UserMailbox',
    ResourceType: kind === 'room' ? 'Room' : null,
  };
  return { user, recipient, place: { id: `place-${name}`, displayName: name, emailAddress: address } };
}

/** What an office worker has: Exchange, and a dozen plans that are not of interest. */
const plans = [
  exchangePlan,
  ...Array.from({ length: 12 }, (_, index) => `99999999-0000-4000-8000-${String(index).padStart(12, '0')}`),
].map((servicePlanId) => ({
  assignedDateTime: '2026-01-12T08:30:00Z',
  capabilityStatus: 'Enabled',
  service: servicePlanId === exchangePlan ? 'exchange' : 'other',
  servicePlanId,
}));
