import type { Read } from '../wire/read';
import type { AccessPolicy } from './access-policy';
import type { Authorization } from './authorization';
import type { Baseline, BaselineQuery, RoomList } from './baseline';
import type { OpeningsReader } from './openings';
import type { Recipient } from './recipient';
import type { Scope, FilterScope, ScopeContents } from './scope';
import type { TargetRooms } from './target-rooms';

/** A role of Exchange that is assigned to the vendor's application or to the service account. */
export interface RoleAssignment {
  /** What Exchange calls the assignment. Microsoft Graph does not say. */
  name?: string;
  /** Name of the role, as Exchange shows it. */
  role: string;
  /** The reader does not know the role's name: `role` is its id, and it may be any role. */
  nameless?: true;
  holder: 'application' | 'serviceAccount';
  /** The group through which it is held, when it is not assigned directly. */
  through?: string;
  /** Why it may be somebody else's, where the reader cannot tell; the end of a sentence. */
  doubt?: string;
  scope: Scope;
}

/** Who may hold a role that counts, by their object ids in this tenant; undefined for one that is not there. */
export interface Holders {
  application: string | undefined;
  serviceAccount: string | undefined;
}

/** Names of the roles that count, each for its kind of holder: in this case, or in another. */
export type CountedRoles = Record<keyof Holders, readonly string[]>;

/** What the controls ask about Exchange, whoever answers it. */
export interface ExchangeReader {
  /** The target's rooms. Fails only where nothing of them could be read. */
  rooms(): Promise<Read<TargetRooms>>;
  /** The assignments that concern the holders: of these roles, and whatever else the application is assigned. */
  assignments(holders: Holders, roles: CountedRoles): Promise<Read<RoleAssignment[]>>;
  /** The exclusive scopes of the tenant, whoever they are for. Asks for nothing that {@link assignments} does not ask for. */
  exclusiveScopes(): Promise<Read<FilterScope[]>>;
  /** Who is inside each of these scopes, in their order. Never fails: what could not be read is `undecided`. */
  contents(scopes: readonly Scope[]): Promise<ScopeContents[]>;
  /** What a repair of the assignments would build on. Asks for nothing that {@link assignments} does not ask for. */
  baseline(query: BaselineQuery): Promise<Read<Baseline>>;
  /** The role of this name, as it is assigned by; null when there is none. Absent where {@link baseline} tells. */
  role?(name: string): Promise<Read<string | null>>;
  /**
   * The application access policies about the application, whose id this is. Absent where this reader does not see any.
   */
  accessPolicies?(appId: string): Promise<Read<AccessPolicy[]>>;
  /** Every mailbox of the tenant; absent where this reader has no use for it. */
  mailboxes?(): Promise<Read<Recipient[]>>;
  /**
   * What Exchange's own test says of the application and each of these mailboxes, by address, ten to a request. Absent
   * where this reader cannot ask.
   */
  authorizations?(
    application: string,
    addresses: readonly string[],
  ): Promise<ReadonlyMap<string, Read<Authorization[]>>>;
  /** Who may open rooms; absent where this reader does not see it. */
  openings?: OpeningsReader;
  /** The room lists that the target's rooms are in, with lists within lists; only those that exist, and none unless the target names room lists. */
  roomLists(): Promise<Read<RoomList[]>>;
}
