import type { TenantState } from '../../local/simulator';
import type { Target } from '../../src/lib/model/target';
import type { ControlId } from '../../src/lib/model/verdict';
import type { CalendarSetting } from '../../src/lib/profiles/calendar-setting';
import {
  accessKindOf,
  type Profile,
  resourceAppIds,
  type ResourceName,
} from '../../src/lib/profiles/profile';
import { breakages } from './broken';
import { role } from './consents';
import { assign, clientId, contoso, recipientOf, room, vendorAppId } from './exchange-views';

/** Controls that hold a tenant to what a profile asks for; whether a sign-in passes is no demand of a vendor. */
export const demanding: readonly ControlId[] = [
  ...(['account', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access'] as const),
];

/** One demand of a vendor, and how a tenant comes to miss it. */
export interface Demand {
  what: string;
  control: ControlId;
  code: string;
  miss: (state: TenantState) => void;
  /** Whether a plan has changes for it. */
  isRepaired: boolean;
}

/** A target of such a product. */
export function targetOf({
  id,
  serviceAccount,
  clientAppId,
}: Profile): Partial<Target> & { clientAppId: string } {
  return {
    profile: id as Target['profile'],
    exchangeReader: 'admin-api',
    clientAppId: clientAppId ?? vendorAppId,
    protocol: 'graph',
    ...(serviceAccount === null ? { serviceAccount: undefined } : {}),
  };
}

/** A tenant in which the application and the account of a product are there, and nothing else was done for it. */
export function untouched(state: TenantState, profile: Profile): void {
  const appId = profile.clientAppId ?? vendorAppId;
  const client = state.servicePrincipals.find(({ id }) => id === clientId);
  Object.assign(client ?? {}, { appId, appOwnerOrganizationId: contoso(999) });
  for (const { kind, anyOf } of profile.permissions)
    if (kind === 'application') anyOf.forEach((each) => publish(state, each));
  state.appRoleAssignments = [];
  state.oauth2PermissionGrants = [];
  assign(state);
  state.exchange.servicePrincipals = [];
  state.exchange.mailboxPermissions = [];
  state.exchange.calendarProcessing = [];
  if (profile.serviceAccount === null) return;
  breakages.blockSignIn(state);
  breakages.letPasswordExpire(state);
  breakages.takeLicense(state);
  Object.assign(state.users[0] ?? {}, { usageLocation: 'GB' });
}

/** The demo tenants list the permissions of Microsoft that they need themselves. */
function publish(
  state: TenantState,
  { resource, name, id }: { resource: ResourceName; name: string; id: string },
) {
  const owner = state.servicePrincipals.find(({ appId }) => appId === resourceAppIds[resource]);
  const roles = (owner?.appRoles ?? []) as object[];
  if (roles.some((each) => 'id' in each && each.id === id)) return;
  Object.assign(owner ?? {}, { appRoles: [...roles, { ...roles[0], id, value: name }] });
}

/** Every demand of a profile that a tenant can miss. */
export function demandsOf(profile: Profile): Demand[] {
  const { serviceAccount, rooms, secretMaxDays } = profile;
  const hasLicence = (serviceAccount?.minimumExchangePlan ?? null) !== null;
  return [
    ...(serviceAccount === null ? [] : ofAccount),
    ...(hasLicence ? [ofLicence] : []),
    ...profile.permissions.map(({ kind, anyOf: [first], name }): Demand => {
      if (first === undefined) throw new Error(`${name} has no choice.`);
      return {
        ...{ what: `${name} (${kind})`, control: 'consent', code: 'consent.missing', isRepaired: true },
        miss: (state) => revoke(state, kind, first),
      };
    }),
    ...(secretMaxDays === undefined ? [] : [ofSecret]),
    ...ofAccess(profile),
    ...rooms.calendarSettings.flatMap(ofSetting),
    ...(rooms.inRoomList ? [ofRoomList] : []),
  ];
}

const ofAccount: readonly Demand[] = [
  {
    ...{ what: 'an account that may sign in', control: 'account', code: 'account.signInBlocked' },
    ...{ miss: breakages.blockSignIn, isRepaired: true },
  },
  {
    ...{ what: 'a password that does not expire', control: 'password-expiry', code: 'password.expires' },
    ...{ miss: breakages.letPasswordExpire, isRepaired: true },
  },
];

const ofLicence: Demand = {
  ...{ what: 'a licence', control: 'license', code: 'license.none' },
  ...{ miss: breakages.takeLicense, isRepaired: true },
};

const ofSecret: Demand = {
  ...{ what: 'a secret that has not ended', control: 'consent', code: 'consent.credentialExpired' },
  isRepaired: false,
  miss: (state) => {
    const client = state.servicePrincipals.find(({ id }) => id === clientId);
    Object.assign(client ?? {}, { appOwnerOrganizationId: state.tenantId });
    const secret = { displayName: null, startDateTime: null, endDateTime: '2026-11-01T00:00:00Z' };
    state.appRegistrations = [
      {
        ...{ id: contoso(997), appId: client?.appId, passwordCredentials: [secret], keyCredentials: [] },
        // It does not stand in for the secret that the vendor speaks of.
        federatedIdentityCredentials: [{ name: 'another product' }],
      },
    ];
  },
};

const ofRoomList: Demand = {
  ...{ what: 'rooms in a room list', control: 'rooms', code: 'rooms.notInRoomList', isRepaired: false },
  miss: ({ exchange }) => {
    for (const group of exchange.distributionGroups)
      group.members = group.members.filter((member) => member !== room('amber'));
  },
};

function ofAccess(profile: Profile): Demand[] {
  const demand = { control: 'impersonation', isRepaired: true } as const;
  switch (accessKindOf(profile)) {
    case 'role':
      return [
        {
          ...{ ...demand, what: 'a role of Exchange', code: 'impersonation.none' },
          miss: breakages.removeRole,
        },
      ];
    case 'fullAccess':
      return [
        {
          ...{ ...demand, what: 'full access to each room', code: 'impersonation.roomNotCovered' },
          miss: (state) => {
            const { Identity } = recipientOf(state, room('amber'));
            state.exchange.mailboxPermissions = state.exchange.mailboxPermissions.filter(
              (each) => each.Identity !== Identity,
            );
          },
        },
      ];
    case 'delegate':
      return [
        {
          ...{ ...demand, what: 'a delegate of each room', code: 'impersonation.roomNotCovered' },
          miss: (state) => setCalendar(state, { ResourceDelegates: [] }),
        },
      ];
    case 'none':
      return [];
  }
}

function ofSetting({ name, expected, level }: CalendarSetting): Demand[] {
  const missed = missedValue(expected);
  if (missed === undefined) return [];
  return [
    {
      ...{ what: `${name} of each room`, control: 'rooms', code: 'rooms.calendarSetting' },
      ...{ miss: (state) => setCalendar(state, { [name]: missed }), isRepaired: level === 'violation' },
    },
  ];
}

/** Undefined where only the target says what is expected. */
function missedValue(expected: unknown): unknown {
  if (typeof expected === 'boolean') return !expected;
  return expected === 'AutoAccept' ? 'AutoUpdate' : undefined;
}

function setCalendar(state: TenantState, settings: object): void {
  const { Identity } = recipientOf(state, room('amber'));
  const own = state.exchange.calendarProcessing.find((each) => each.Identity === Identity);
  if (own === undefined) state.exchange.calendarProcessing.push({ Identity, ...settings });
  else Object.assign(own, settings);
}

function revoke(
  state: TenantState,
  kind: 'application' | 'delegated',
  { resource, name, id }: { resource: ResourceName; name: string; id: string },
): void {
  const resourceId =
    state.servicePrincipals.find(({ appId }) => appId === resourceAppIds[resource])?.id ?? '';
  if (kind === 'application') {
    const gone = role(clientId, resourceId, id);
    state.appRoleAssignments = state.appRoleAssignments.filter(
      (each) => each.resourceId !== gone.resourceId || each.appRoleId !== gone.appRoleId,
    );
    return;
  }
  for (const grant of state.oauth2PermissionGrants) {
    if (grant.resourceId !== resourceId) continue;
    const scopes = String(grant.scope)
      .split(' ')
      .filter((scope) => scope !== name);
    Object.assign(grant, { scope: scopes.join(' ') });
  }
}
