import type { AppRoleAssignment, ClientApp, ResourceIds } from '../../microsoft365/directory/client-app';
import type { User } from '../../microsoft365/directory/service-account';
import type {
  AccessPolicy,
  FilterScope,
  Baseline,
  MissingList,
  Recipient,
  RoleAssignment,
  Room,
  RoomGap,
  RoomList,
  ScopeContents,
  Authorization,
} from '../../microsoft365/exchange';
import type { Names, RoomEntry } from '../../microsoft365/exchange/openings';
import type { Read } from '../../microsoft365/wire/read';

/** What is known of rooms, of roles and their scopes, and of permissions that reach mailboxes. */
export interface ImpersonationFacts {
  client: Read<ClientApp>;
  /** Null for a product that signs in as an application alone. */
  account: Read<User> | null;
  resources: ResourceIds;
  rooms: Read<Room[]>;
  /** Room lists of the target that do not exist, or are none. */
  missingLists: readonly MissingList[];
  /** Why there may be more rooms than these. */
  roomGaps: readonly RoomGap[];
  /** Application permissions of Microsoft Entra; asked for only when the vendor's application is there. */
  appRoles?: Read<AppRoleAssignment[]>;
  /**
   * Of every role that the application holds, and of those of the account that once counted; not asked for when it is not
   * known who could hold one.
   */
  assignments?: Read<RoleAssignment[]>;
  /** Scopes that keep what is in them from assignments with another scope; asked for only when a role is assigned. */
  exclusiveScopes: readonly FilterScope[];
  /** By scope, of the assignments that count and of the exclusive ones. */
  contents: ReadonlyMap<string, ScopeContents>;
  /** What a repair builds on; asked for where the application is there. */
  baseline?: Read<Baseline>;
  /** The role that a repair would assign; asked for only where it may have to, and nothing else says that it is there. */
  role?: Read<string | null>;
  /** The room lists as a scope would name them; asked for only where a repair may need to. */
  roomLists?: Read<RoomList[]>;
  /** The application access policies about the application; asked for only where this reader sees them and they matter. */
  policies?: Read<AccessPolicy[]>;
  /** Every mailbox of the tenant; asked for only where policies leave those alone that they do not deny. */
  everybody?: Read<Recipient[]>;
  /** Who may open each room; asked for only where the product has an account that rooms are opened to, and this reader sees it. */
  openings?: Read<Openings>;
  /** What Exchange's own test says of some of the rooms; asked for only where this reader can ask, and a role counts. */
  crossCheck?: CrossCheck;
}

/** What Exchange's own test says of each room that it was asked about, by address. */
export type CrossCheck = ReadonlyMap<string, Read<Authorization[]>>;

/** Who may open the rooms, and what Exchange calls the account. What is not needed to tell is not asked for. */
export interface Openings {
  /** Of each room that exists, by address. */
  entries: ReadonlyMap<string, Read<RoomEntry[]>>;
  names?: Read<Names>;
  /** The groups that the account is in. */
  groups?: Read<Names[]>;
  /** Whose names are that may be the account's, by object id. */
  settled?: ReadonlyMap<string, Read<string | undefined>>;
}
