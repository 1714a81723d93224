import { directoryRoutes } from './directory-routes';
import { exchangeRoutes } from './exchange-routes';
import { project } from './query';
import { existing, type GraphRoute, isOf, list, one, page } from './route';
import { answerUser, signInRoutes } from './sign-in/routes';
import { userDefaults } from './users';
import { consentWrites } from './writing/consent';
import { licenseWrites } from './writing/licenses';
import { roleWrites } from './writing/roles';
import { userWrites } from './writing/users';

const readUsers = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const readDomains = ['Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All'];
const readOrganization = [
  'Organization.Read.All',
  'Organization.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
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
    answer: answerUser,
  },
  list('/users', 'GET /users', readUsers, ({ tenant }) => tenant.users, {
    byDefault: userDefaults,
  }),
  {
    method: 'GET',
    path: new RegExp(`^/users/${guid}/appRoleAssignments$`, 'i'),
    operation: 'GET /users/{user-id}/appRoleAssignments',
    version: 'v1.0',
    permissions: readUserAssignments,
    answer: (call) => page(call, call.tenant.appRoleAssignments.filter(isOf('principalId', call.params[0]))),
  },
  list(
    '/directory/deletedItems/microsoft.graph.user',
    'GET /directory/deletedItems/graph.user',
    readUsers,
    ({ tenant }) => tenant.deletedUsers,
    { byDefault: [...userDefaults, 'deletedDateTime'] },
  ),
  list('/domains', 'GET /domains', readDomains, ({ tenant }) => tenant.domains),
  list(
    '/organization',
    'GET /organization',
    readOrganization,
    ({ tenant: { tenantId: id, displayName, createdDateTime } }) => [{ id, displayName, createdDateTime }],
  ),
  list('/subscribedSkus', 'GET /subscribedSkus', readProducts, ({ tenant }) => tenant.subscribedSkus),
  // In beta, service principals and their assignments have other properties, which the tenants' files lack.
  {
    ...list(
      '/servicePrincipals',
      'GET /servicePrincipals',
      readApplications,
      ({ tenant }) => tenant.servicePrincipals,
    ),
    version: 'v1.0',
  },
  {
    method: 'GET',
    path: new RegExp(`^/servicePrincipals\\(appId='${guid}'\\)$`, 'i'),
    operation: "GET /servicePrincipals(appId='{appId}')",
    version: 'v1.0',
    permissions: readApplications,
    answer: ({ tenant, params: [appId = ''], url }) =>
      one(tenant.servicePrincipals.find(isOf('appId', appId)), appId, url),
  },
  {
    method: 'GET',
    path: new RegExp(`^/applications\\(appId='${guid}'\\)$`, 'i'),
    operation: "GET /applications(appId='{appId}')",
    permissions: readApplications,
    answer: ({ tenant, params: [appId = ''], url }) => {
      const found = existing(tenant.appRegistrations.find(isOf('appId', appId)), appId);
      const { federatedIdentityCredentials, ...own } = found;
      const isAsked = url.searchParams.get('$expand') === 'federatedIdentityCredentials';
      const body = project(own, url.searchParams);
      return { status: 200, body: isAsked ? { ...body, federatedIdentityCredentials } : body };
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^/servicePrincipals/${guid}$`, 'i'),
    operation: 'GET /servicePrincipals/{servicePrincipal-id}',
    version: 'v1.0',
    permissions: readApplications,
    answer: ({ tenant, params: [id = ''], url }) =>
      one(tenant.servicePrincipals.find(isOf('id', id)), id, url),
  },
  {
    method: 'GET',
    path: new RegExp(`^/servicePrincipals/${guid}/appRoleAssignments$`, 'i'),
    operation: 'GET /servicePrincipals/{servicePrincipal-id}/appRoleAssignments',
    version: 'v1.0',
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
  list(
    '/oauth2PermissionGrants',
    'GET /oauth2PermissionGrants',
    readGrants,
    ({ tenant }) => tenant.oauth2PermissionGrants,
  ),
  ...directoryRoutes,
  ...exchangeRoutes,
  ...signInRoutes,
  ...userWrites,
  ...licenseWrites,
  ...consentWrites,
  ...roleWrites,
];
