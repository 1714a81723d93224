import type { TenantState } from '../../../local/simulator/state';
import {
  account,
  addGroup,
  addScope,
  anotherApplication,
  anotherUser,
  application,
  assign,
  contoso,
  isRoom,
  retiredRole,
  room,
  roleGroup,
  roomNames,
  type TestAssignment,
  type TestScope,
} from '../exchange-views';
import { breakages } from '../broken';
import type { Draw, Twist } from './draw';

const roles = [
  ...['Application Calendars.ReadWrite', 'Application EWS.AccessAsApp', 'Application Exchange Full Access'],
  ...[retiredRole, 'Application Mail Full Access', 'Application Calendars.Read'],
];

function someScope(draw: Draw, name: string): TestScope {
  const people = ['ada@contoso.com'];
  const rooms = () => draw.some(roomNames).map(room);
  return draw.one<() => TestScope>(
    () => 'organization',
    () => ({ name, filter: isRoom }),
    () => ({ name, filter: "CustomAttribute1 -eq 'x'", matches: rooms() }),
    () => ({ name, filter: "MemberOfGroup -eq 'CN=Rooms'", matches: rooms() }),
    () => ({ unit: [...rooms(), ...draw.some(people)] }),
    () => ({ group: [...rooms(), ...draw.some(people)], name }),
  )();
}

function someAssignment(draw: Draw, index: number): TestAssignment {
  return {
    role: draw.one(...roles),
    holder: draw.one(
      ...[application, application, application, account],
      ...[anotherApplication, anotherUser, roleGroup('Organization Management')],
    ),
    scope: someScope(draw, `scope ${index}`),
  };
}

const clientAppId = '7e57ab1e-0000-4000-8000-00000000c0de';

function changeOrganization(change: (draw: Draw) => object): Twist {
  return ({ exchange }, draw) => void Object.assign(exchange.organizationConfig, change(draw));
}

const userAgents = (draw: Draw) => ({
  EwsApplicationAccessPolicy: draw.one(null, null, 'EnforceAllowList', 'EnforceBlockList', 'Odd'),
  EwsAllowList: draw.one(null, [], ['*'], ['Some agent'], [' ']),
  EwsBlockList: draw.one(null, [], ['*'], ['Some agent']),
});

/** The ways of roles, scopes and rooms. */
export const roleTwists = {
  assignRoles: (state, draw) => {
    const count = draw.one(0, 1, 1, 2, 3);
    assign(state, ...Array.from({ length: count }, (_one, index) => someAssignment(draw, index)));
  },
  reserve: (state, draw) => {
    const matches = draw.some(roomNames).map(room);
    addScope(state, { name: 'reserved', filter: "City -eq 'Bath'", matches, exclusive: true });
  },
  removeRooms: (state, draw) => {
    const left = new Set(draw.some(state.rooms.map(({ emailAddress }) => String(emailAddress))));
    state.rooms = state.rooms.filter(({ emailAddress }) => left.has(String(emailAddress)));
    const { exchange } = state;
    exchange.recipients = exchange.recipients.filter(
      ({ RecipientTypeDetails, PrimarySmtpAddress }) =>
        RecipientTypeDetails !== 'RoomMailbox' || left.has(PrimarySmtpAddress),
    );
    for (const filter of exchange.filters)
      if (filter.filter === isRoom) filter.recipients = filter.recipients.filter((each) => left.has(each));
  },
  unregister: ({ exchange }, draw) => {
    const [own] = exchange.servicePrincipals;
    if (own === undefined) return;
    // Asked for one that it does not know, Exchange gives the others.
    const other = { ...own, Identity: contoso(77), Guid: contoso(78), ObjectId: contoso(77) };
    exchange.servicePrincipals = draw.one(
      [],
      [other],
      [{ ...other, AppId: contoso(79) }],
      [own, other],
      [{ ...own, ObjectId: '' }],
    );
  },
  limitByPolicies: (state, draw) => {
    const { exchange } = state;
    exchange.applicationAccessPolicies = draw
      .some(['Deny', 'Restrict', 'Restrict', 'Odd'])
      .map((right, index) => {
        const members = draw.one(
          roomNames.map(room),
          draw.some(roomNames).map(room),
          [...draw.some(roomNames).map(room), 'ada@contoso.com'],
          ['svc-condeco@contoso.com', ...roomNames.map(room)],
        );
        const id = contoso(44_000 + index);
        if (draw.rarely(6)) return policyOf(draw, id, right, `Nobody ${index}`);
        addGroup(state, id, `Policy ${index}`, members);
        return policyOf(draw, id, right, `Policy ${index}`);
      });
  },
  disputeRooms: ({ exchange }, draw) => {
    // Where the test is refused, nobody knows of a dispute: one about a room that is reached would be forgotten then.
    exchange.authorizationExceptions = draw
      .some(roomNames)
      .map((name) => ({ resource: room(name), inScope: true }));
  },
  openRooms: ({ exchange }, draw) => {
    const rooms = exchange.recipients.filter(
      ({ RecipientTypeDetails }) => RecipientTypeDetails === 'RoomMailbox',
    );
    const whom = ['svc-condeco@contoso.com', 'Condeco service accounts', 'ada@contoso.com', 'Room service'];
    for (const { Identity } of draw.some(rooms, Math.min(1, rooms.length))) {
      exchange.mailboxPermissions.push({
        ...{ Identity, User: draw.one(...whom), AccessRights: ['FullAccess'] },
        ...{ Deny: draw.rarely(4), IsInherited: draw.rarely(6) },
        InheritanceType: draw.one('All', 'All', 'None'),
      });
    }
    const named = new Map(exchange.calendarProcessing.map((each) => [each.Identity, each]));
    for (const { Identity } of draw.some(rooms)) {
      const own = named.get(Identity);
      const ResourceDelegates = draw.some(['Condeco Exchange Sync', 'Ada Nwosu', 'Room service']);
      if (own === undefined) exchange.calendarProcessing.push({ Identity, ResourceDelegates });
      else Object.assign(own, { ResourceDelegates });
    }
  },
} satisfies Record<string, Twist>;

function policyOf(draw: Draw, id: string, right: string, name: string) {
  const appId = draw.one(clientAppId, clientAppId.toUpperCase(), contoso(79));
  return {
    ...{ Identity: `${id}\\${appId}`, AppId: appId, AccessRight: `${right}Access` },
    ...{ ScopeName: name, ScopeIdentity: name, ScopeIdentityRaw: `S-1-5-21;${id}`, IsValid: true },
  };
}

/** The ways of the settings of rooms. */
export const roomTwists = {
  setCalendars: ({ exchange }, draw) => {
    const { recipients } = exchange;
    const rooms = recipients.filter(({ RecipientTypeDetails }) => RecipientTypeDetails === 'RoomMailbox');
    exchange.calendarProcessing = draw.some(rooms).map(({ Identity }) => ({
      Identity,
      AutomateProcessing: draw.one('AutoAccept', 'AutoUpdate', 'None'),
      DeleteSubject: draw.one(true, false),
      AddOrganizerToSubject: draw.one(true, false),
      AllowRecurringMeetings: draw.one(true, false),
      AllBookInPolicy: draw.one(true, false),
      BookingWindowInDays: draw.one(180, 365),
    }));
  },
  thinRoomLists: ({ exchange }, draw) => {
    for (const group of exchange.distributionGroups) group.members = draw.some(group.members);
  },
  removeRooms: roleTwists.removeRooms,
} satisfies Record<string, Twist>;

/** The ways of Exchange Web Services. */
export const ewsTwists = {
  switchOrganization: changeOrganization((draw) => ({ EwsEnabled: draw.one(true, false, null) })),
  listApplications: changeOrganization((draw) => ({
    EwsAllowedAppIDs: draw.one<unknown>(null, [], [clientAppId], `${clientAppId},x`, ['x'], ''),
  })),
  ruleOrganization: changeOrganization(userAgents),
  ruleMailbox: ({ exchange }, draw) => {
    for (const mailbox of exchange.casMailboxes)
      Object.assign(mailbox, { EwsEnabled: draw.one(null, true, false), ...userAgents(draw) });
  },
  shut: (state: TenantState) => breakages.shutEwsForApplication(state),
} satisfies Record<string, Twist>;
