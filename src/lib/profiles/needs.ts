import type { AccessKind, Unknown } from './access';
import { accessKindOf, type Profile } from './profile';

/** What a product needs of a tenant, in words. */
export interface Needs {
  signsInAs: string;
  reachesRoomsBy: string;
  /** Each with its kind. */
  permissions: string[];
  /** Undefined where the vendor asks for none, or the product has no account. */
  licence: string | undefined;
  /** How rooms have to be set up. */
  rooms: string[];
  /** What the vendor's pages leave open. */
  notKnown: string[];
}

const ways: Readonly<Record<AccessKind, string>> = {
  role: 'a role of Exchange',
  fullAccess: 'full access of the account to each room',
  delegate: 'the account as a delegate of each room',
  none: 'permissions of Microsoft Entra',
};

const open: Readonly<Record<Unknown, string>> = {
  permissions: 'permissions',
  access: 'access to rooms',
  licence: 'licence',
  rooms: 'set-up of rooms',
  protocol: 'Exchange Web Services',
};

/** What a product needs, as its profile has it. */
export function needsOf(profile: Profile): Needs {
  const { serviceAccount, permissions, rooms, notKnown } = profile;
  return {
    signsInAs: serviceAccount === null ? 'an application alone' : 'an account and an application',
    reachesRoomsBy: wayOf(profile),
    permissions: permissions.map(({ name, kind: of }) => `${name} (${of})`),
    licence: licenceOf(serviceAccount?.minimumExchangePlan ?? undefined),
    rooms: [
      ...(rooms.inRoomList ? ['in a room list'] : []),
      ...rooms.calendarSettings.map((setting) => setting.name),
    ],
    notKnown: notKnown.map(({ what }) => open[what]),
  };
}

/** What is not known is not said: a role that stands in such a profile is our guess. */
function wayOf(profile: Profile): string {
  const kind = accessKindOf(profile);
  const isKnown = !profile.notKnown.some(({ what }) => what === 'access');
  if (kind === 'none') return isKnown ? ways.none : 'what its vendor does not say';
  const [role] = profile.impersonation.applicationRoles;
  return kind === 'role' && role !== undefined && isKnown ? `${ways.role} (${role})` : ways[kind];
}

function licenceOf(plan: number | undefined): string | undefined {
  if (plan === undefined) return undefined;
  return plan === 0 ? 'any Exchange Online plan with a mailbox' : `Exchange Online (Plan ${plan})`;
}

/** A product with the way of this profile. */
export function titleOf({ name, way }: Profile): string {
  return way === undefined ? name : `${name}, ${way}`;
}
