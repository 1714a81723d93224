import { GraphFault } from './faults';
import { filtered, project, type SkipTokens } from './query';
import type { GraphObject, TenantState } from './state';

export interface GraphCall {
  tenant: TenantState;
  url: URL;
  /** What the path's pattern has caught. */
  params: readonly string[];
  skipTokens: SkipTokens;
  body: unknown;
}

export interface GraphRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The path below the version. */
  path: RegExp;
  /** The operation in Microsoft's description, as in `GET /users/{user-id}`. */
  operation: string;
  /** Any one of these application permissions is enough. https://learn.microsoft.com/graph/permissions-reference */
  permissions: readonly string[];
  answer(call: GraphCall): { status: number; body?: unknown };
}

/** What a user shows without `$select`. https://learn.microsoft.com/graph/api/user-get */
const userDefaults = [
  ...[
    'id',
    'businessPhones',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
  ],
  ...['preferredLanguage', 'surname', 'userPrincipalName'],
];

const readUsers = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const readDomains = ['Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All'];
const readProducts = ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All'];
const readApplications = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All'];
const readGrants = [
  'Directory.Read.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Directory.ReadWrite.All',
];
const readUserAssignments = ['Directory.Read.All', 'AppRoleAssignment.ReadWrite.All'];
const guid = '([0-9a-f-]{36})';

/** Everything of Microsoft Graph that is simulated. A new endpoint is a new line, or a file with more of them. */
export const routes: readonly GraphRoute[] = [
  {
    method: 'GET',
    path: /^\/users\/([^/]+)$/i,
    operation: 'GET /users/{user-id}',
    permissions: readUsers,
    answer: ({ tenant, params: [id = ''], url }) => one(findUser(tenant, id), id, url, userDefaults),
  },
  list('/users', 'GET /users', readUsers, ({ tenant }) => tenant.users, userDefaults),
  {
    method: 'GET',
    path: new RegExp(`^/users/${guid}/appRoleAssignments$`, 'i'),
    operation: 'GET /users/{user-id}/appRoleAssignments',
    permissions: readUserAssignments,
    answer: (call) => page(call, call.tenant.appRoleAssignments.filter(isOf('principalId', call.params[0]))),
  },
  list(
    '/directory/deletedItems/microsoft.graph.user',
    'GET /directory/deletedItems/graph.user',
    readUsers,
    ({ tenant }) => tenant.deletedUsers,
    [...userDefaults, 'deletedDateTime'],
  ),
  list('/domains', 'GET /domains', readDomains, ({ tenant }) => tenant.domains),
  list('/subscribedSkus', 'GET /subscribedSkus', readProducts, ({ tenant }) => tenant.subscribedSkus),
  list(
    '/servicePrincipals',
    'GET /servicePrincipals',
    readApplications,
    ({ tenant }) => tenant.servicePrincipals,
  ),
  {
    method: 'GET',
    path: new RegExp(`^/servicePrincipals\\(appId='${guid}'\\)$`, 'i'),
    operation: "GET /servicePrincipals(appId='{appId}')",
    permissions: readApplications,
    answer: ({ tenant, params: [appId = ''], url }) =>
      one(tenant.servicePrincipals.find(isOf('appId', appId)), appId, url),
  },
  {
    method: 'GET',
    path: new RegExp(`^/servicePrincipals/${guid}$`, 'i'),
    operation: 'GET /servicePrincipals/{servicePrincipal-id}',
    permissions: readApplications,
    answer: ({ tenant, params: [id = ''], url }) =>
      one(tenant.servicePrincipals.find(isOf('id', id)), id, url),
  },
  {
    method: 'GET',
    path: new RegExp(`^/servicePrincipals/${guid}/appRoleAssignments$`, 'i'),
    operation: 'GET /servicePrincipals/{servicePrincipal-id}/appRoleAssignments',
    permissions: readApplications,
    answer: (call) => page(call, call.tenant.appRoleAssignments.filter(isOf('principalId', call.params[0]))),
  },
  {
    method: 'GET',
    path: new RegExp(`^/servicePrincipals/${guid}/oauth2PermissionGrants$`, 'i'),
    operation: 'GET /servicePrincipals/{servicePrincipal-id}/oauth2PermissionGrants',
    permissions: readGrants,
    answer: (call) => page(call, call.tenant.oauth2PermissionGrants.filter(isOf('clientId', call.params[0]))),
  },
];

function list(
  path: string,
  operation: string,
  permissions: readonly string[],
  objects: (call: GraphCall) => readonly GraphObject[],
  byDefault?: readonly string[],
): GraphRoute {
  return {
    method: 'GET',
    path: new RegExp(`^${path.replaceAll('.', '\\.')}$`, 'i'),
    operation,
    permissions,
    answer: (call) => page(call, objects(call), byDefault),
  };
}

function page(call: GraphCall, objects: readonly GraphObject[], byDefault?: readonly string[]) {
  const { url, skipTokens, tenant } = call;
  const rows = filtered(objects, url.searchParams).map((object) =>
    project(object, url.searchParams, byDefault),
  );
  return { status: 200, body: skipTokens.page(rows, url, tenant.pageSize) };
}

function one(object: GraphObject | undefined, name: string, url: URL, byDefault?: readonly string[]) {
  if (object === undefined) {
    throw new GraphFault(
      404,
      'Request_ResourceNotFound',
      `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
    );
  }
  return { status: 200, body: project(object, url.searchParams, byDefault) };
}

function findUser({ users }: TenantState, id: string): GraphObject | undefined {
  const name = decodeURIComponent(id).toLowerCase();
  return users.find((user) => user.id === name || String(user.userPrincipalName).toLowerCase() === name);
}

function isOf(property: string, value: string | undefined): (object: GraphObject) => boolean {
  return (object) => String(object[property]).toLowerCase() === value?.toLowerCase();
}
