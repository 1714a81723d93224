/** What a repair of role assignments asks about, by name; names are compared without regard to case. */
export interface BaselineQuery {
  scope: string;
  role: string;
  /** Object id of the application. */
  application: string;
}

/** A custom scope of Exchange as it stands. */
export interface CustomScope {
  /** By which Microsoft Graph or Exchange calls it. */
  id: string;
  name: string;
  /** As Exchange stores it; null for a scope without one. */
  filter: string | null;
  /** The part of the organisation that it is limited to, where it is. */
  root?: string;
}

/**
 * The application as Exchange knows it by an object id that is not its own, that of the app registration for instance.
 * No role that is assigned to it so reaches anything.
 */
export interface Misregistration {
  objectId: string;
  displayName: string | null;
  /** The roles that it is assigned so, which go with it. */
  roles: readonly string[];
}

/** What a repair of role assignments builds on. */
export interface Baseline {
  /** The scope with the name that was asked for; null when there is none. */
  scope: CustomScope | null;
  /** By which the role is assigned: its id. Null when there is no such role; absent where the reader has to be asked for it. */
  role?: string | null;
  /** Whether Exchange knows the application by its object id; undefined where the reader cannot see that. */
  isRegistered?: boolean;
  /** How else Exchange knows it, where it does. */
  misregistered?: readonly Misregistration[];
}

/** A room list, as an address and as a filter names it. */
export interface RoomList {
  /** In lower case. */
  address: string;
  /** Null when this reader does not know it. */
  distinguishedName: string | null;
}

/** The first one that goes by this name in any case. Which is the first does not depend on the order of the list. */
export function findNamed<T extends { id: string }>(
  objects: readonly T[],
  nameOf: (object: T) => string | null | undefined,
  name: string,
): T | undefined {
  return objects
    .filter((object) => nameOf(object)?.toLowerCase() === name.toLowerCase())
    .reduce<T | undefined>(
      (first, each) => (first === undefined || each.id < first.id ? each : first),
      undefined,
    );
}

/** Room lists with the distinguished names that a target's `scopeGroups` (name → address) gives for them. */
export function namedLists(
  addresses: readonly string[],
  scopeGroups: Readonly<Record<string, string>>,
): RoomList[] {
  const known = Object.keys(scopeGroups).sort();
  return addresses.map((name) => {
    const address = name.toLowerCase();
    const distinguishedName = known.find((group) => scopeGroups[group]?.toLowerCase() === address) ?? null;
    return { address, distinguishedName };
  });
}
