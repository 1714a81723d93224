import type { TenantState } from '../../../local/simulator/state';
import {
  account,
  addScope,
  anotherApplication,
  anotherUser,
  application,
  assign,
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

function changeOrganization(change: (draw: Draw) => object): Twist {
  return ({ exchange }, draw) => void Object.assign(exchange.organizationConfig, change(draw));
}

const clientAppId = '7e57ab1e-0000-4000-8000-00000000c0de';
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
  unregister: ({ exchange }) => void exchange.servicePrincipals.splice(0),
} satisfies Record<string, Twist>;

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
