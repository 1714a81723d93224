import type { Truth } from '../opath';
import type { Read, ReadFailure } from '../read';
import type { AccessPolicy } from './access-policy';
import type { Authorization } from './authorization';
import type { Ground, GroundQuery, RoomList } from './ground';
import type { TargetRooms } from './target-rooms';

/** Somebody with an address in Exchange, as far as rooms and scopes are compared. */
export interface Recipient {
  /** Primary address in lower case. */
  address: string;
  displayName: string;
  /** Every id and address that it goes by, in lower case. Two recipients are the same one when they share any. */
  keys: readonly string[];
  /**
   * Whether there is a mailbox in Exchange Online behind it, which an application could open; undefined where the reader
   * cannot tell.
   */
  hasMailbox: Truth;
  /** `yes` for a desk, `unknown` for one that may be a desk; absent for anybody else. Desks are kept as rooms. */
  desk?: 'yes' | 'unknown' | undefined;
  /** Object id in Microsoft Entra, in lower case, where that is known. It is among the keys too. */
  id?: string | undefined;
  /** When it was made, in ISO 8601, where the reader knows. */
  created?: string | undefined;
}

/** A room of a target. */
export interface Room extends Recipient {
  /** False for one that the target means and that has no mailbox in this tenant. */
  exists: boolean;
  /** Why it may not exist, where the reader cannot tell; the end of a sentence. */
  doubt?: string;
}

/** Where the holder of a role may use it. https://learn.microsoft.com/exchange/permissions-exo/application-rbac */
export type Scope =
  | { kind: 'organization' }
  /** `id` is the object id in Microsoft Entra; the name of the group where only that is known. */
  | { kind: 'administrativeUnit' | 'group' | 'user'; id: string; name?: string }
  /** `exclusive`: what is in it is kept from roles that are assigned with another scope. */
  | { kind: 'filter'; name: string; filter: string; root?: string; exclusive?: true }
  /** Something that this reader does not know; `why` is the end of a sentence. */
  | { kind: 'other'; name: string; why: string };

/** A management scope with a recipient filter. */
export type FilterScope = Extract<Scope, { kind: 'filter' }>;

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

/** Who is inside a scope. What could not be found out is said rather than left out. */
export interface ScopeContents {
  /** `all`: the whole organisation. */
  inside: 'all' | readonly Recipient[];
  /** Of whom it is not known whether they are inside; `any`: of nobody outside `inside` is it known. */
  undecided: 'any' | readonly Recipient[];
  /** Why something is undecided: a reading that failed, or a sentence about what this reader cannot resolve. */
  problem?: ReadFailure | string;
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
  ground(query: GroundQuery): Promise<Read<Ground>>;
  /** The role of this name, as it is assigned by; null when there is none. Absent where {@link ground} tells. */
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
  /** The room lists that the target's rooms are in, with lists within lists; only those that exist, and none unless the target names room lists. */
  roomLists(): Promise<Read<RoomList[]>>;
}

/** The exclusive ones among these. */
export function exclusiveOf(scopes: readonly (FilterScope | undefined)[]): FilterScope[] {
  return scopes.flatMap((scope) => (scope?.exclusive === true ? [scope] : []));
}

/** Tells two scopes apart. */
export function scopeKey(scope: Scope): string {
  return JSON.stringify(scope).toLowerCase();
}

/** What a scope is called in messages. */
export function scopeName(scope: Scope): string {
  switch (scope.kind) {
    case 'organization':
      return 'the whole organisation';
    case 'administrativeUnit':
      return `the administrative unit ${scope.name ?? scope.id}`;
    case 'group':
      return `the group ${scope.name ?? scope.id}`;
    case 'user':
      return `the user ${scope.name ?? scope.id}`;
    case 'filter':
    case 'other':
      return `the scope ${scope.name}`;
  }
}

/** A scope of which nothing is known. */
export function unresolved(problem: ReadFailure | string): ScopeContents {
  return { inside: [], undecided: 'any', problem };
}

/** A list of members as contents; who does not exist contains nobody. */
export function membersOf(read: Read<readonly Recipient[]>): ScopeContents {
  if (read.ok) return { inside: read.value, undecided: [] };
  return read.failure.cause === 'notFound' ? { inside: [], undecided: [] } : unresolved(read.failure);
}

/** Those in a scope, or perhaps in it, of whom the reader does not know what they are. */
export function uncertainIn({ inside, undecided }: ScopeContents): Recipient[] {
  const all = [...(inside === 'all' ? [] : inside), ...(undecided === 'any' ? [] : undecided)];
  return all.filter(isUncertain);
}

/** Whether it may or may not be a mailbox that ought to be out of reach. */
export function isUncertain({ hasMailbox, desk }: Recipient): boolean {
  return desk !== 'yes' && (hasMailbox === undefined || (hasMailbox && desk === 'unknown'));
}
