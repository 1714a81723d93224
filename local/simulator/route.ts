import { GraphFault } from './faults';
import { Lookup } from './lookup';
import { filtered, project, type SkipTokens } from './query';
import type { GraphObject, TenantState } from './state';
import type { Change } from './tenancy';

export interface GraphCall {
  /** What readers see; for a route that changes something, everything that has been written. */
  tenant: TenantState;
  /** Changes the tenant, and gives what is written then. */
  write: (change: Change) => TenantState;
  now: () => Date;
  /** The application permissions of the caller. */
  roles: readonly string[];
  url: URL;
  /** What the path's pattern has caught. */
  params: readonly string[];
  skipTokens: SkipTokens;
  body: unknown;
}

export type GraphVersion = 'v1.0' | 'beta';

export interface GraphRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The path below the version. */
  path: RegExp;
  /** The operation in Microsoft's description, as in `GET /users/{user-id}`. */
  operation: string;
  /** The only version that has it; both have it unless told. */
  version?: GraphVersion;
  /** Any one of these application permissions is enough. https://learn.microsoft.com/graph/permissions-reference */
  permissions: readonly string[];
  /** Any one of these is needed besides. */
  also?: readonly string[];
  answer(call: GraphCall): Reply;
}

export interface Reply {
  status: number;
  body?: unknown;
}

/** What differs from list to list. */
export interface ListOptions {
  /** What an object shows without `$select`; everything unless told. */
  byDefault?: readonly string[];
  /** Rows per page at the most, whatever `$top` says. */
  largestPage?: number;
}

/** A path of literals and patterns; the dots of type names are no patterns. */
export function pathOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.')}$`, 'i');
}

const usersById = new Lookup<GraphObject>(({ id }) => [id.toLowerCase()]);

/** A route that lists objects. */
export function list(
  path: string,
  operation: string,
  permissions: readonly string[],
  objects: (call: GraphCall) => readonly GraphObject[],
  options: ListOptions = {},
): GraphRoute {
  return {
    method: 'GET',
    path: pathOf(path),
    operation,
    permissions,
    answer: (call) => page(call, objects(call), options),
  };
}

/** One page of objects: only its own rows are projected, so that long lists stay cheap. */
export function page(
  { url, skipTokens, tenant }: GraphCall,
  objects: readonly GraphObject[],
  { byDefault, largestPage }: ListOptions = {},
) {
  const rows = filtered(objects, url.searchParams);
  const { value, ...link } = skipTokens.page(rows, url, { pageSize: tenant.pageSize, largestPage });
  return { status: 200, body: { ...link, value: projected(value, url, byDefault) } };
}

/**
 * One page of the users among these members. Members of other kinds leave gaps: as in Graph, a page may be short, or
 * even empty, and still have a next one.
 */
export function memberPage(
  { url, skipTokens, tenant }: GraphCall,
  ids: readonly string[],
  byDefault: readonly string[],
) {
  if (url.searchParams.has('$filter')) {
    throw new GraphFault(400, 'Request_UnsupportedQuery', 'Filtering members is not simulated.');
  }
  const { value, ...link } = skipTokens.page(ids, url, { pageSize: tenant.pageSize });
  const found = value.flatMap((id) => usersById.find(tenant.users, id) ?? []);
  return { status: 200, body: { ...link, value: projected(found, url, byDefault) } };
}

/** One object, or a 404 that names what was asked for. */
export function one(object: GraphObject | undefined, name: string, url: URL, byDefault?: readonly string[]) {
  return { status: 200, body: project(existing(object, name), url.searchParams, byDefault) };
}

/** The object. @throws a 404 when there is none. */
export function existing<T>(object: T | undefined, name: string): T {
  if (object !== undefined) return object;
  throw new GraphFault(
    404,
    'Request_ResourceNotFound',
    `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** The user with this id or name. */
export function findUser({ users }: TenantState, id: string): GraphObject | undefined {
  const name = id.toLowerCase();
  return users.find((user) => user.id === name || String(user.userPrincipalName).toLowerCase() === name);
}

/** @throws a 403 for a caller who holds none of these permissions. */
export function requireOneOf(permissions: readonly string[], held: readonly string[]): void {
  if (permissions.some((permission) => held.includes(permission))) return;
  throw new GraphFault(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  );
}

/** Whether a property has this value, without regard to case. */
export function isOf(property: string, value: string | undefined): (object: GraphObject) => boolean {
  return (object) => String(object[property]).toLowerCase() === value?.toLowerCase();
}

function projected(objects: readonly GraphObject[], url: URL, byDefault?: readonly string[]) {
  return objects.map((object) => project(object, url.searchParams, byDefault));
}
