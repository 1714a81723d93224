import { GraphFault } from '../faults';
import { existing, findUser, type GraphCall, type GraphRoute, one, type Reply, requireOneOf } from '../route';
import type { GraphObject } from '../state';
import { userDefaults } from '../users';
import { hoursBefore, logRows } from './log';
import { whatIf } from './what-if';

const readLog = ['AuditLog.Read.All'];
/** One of these is needed to see which policies have applied. */
const readPolicies = [
  'Policy.Read.All',
  'Policy.Read.ConditionalAccess',
  'Policy.ReadWrite.ConditionalAccess',
];
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What decides on sign-ins, and the log of them. */
export const signInRoutes: readonly GraphRoute[] = [
  {
    method: 'POST',
    path: /^\/identity\/conditionalAccess\/evaluate$/i,
    operation: 'POST /identity/conditionalAccess/evaluate',
    permissions: readPolicies,
    answer: ({ tenant, body }) => ({ status: 200, body: { value: whatIf(tenant, body) } }),
  },
  {
    method: 'GET',
    path: /^\/policies\/identitySecurityDefaultsEnforcementPolicy$/i,
    operation: 'GET /policies/identitySecurityDefaultsEnforcementPolicy',
    permissions: ['Policy.Read.All'],
    answer: ({ tenant }) => ({
      status: 200,
      body: {
        id: '00000000-0000-0000-0000-000000000005',
        displayName: 'Security Defaults',
        isEnabled: tenant.signIn.securityDefaults,
      },
    }),
  },
  {
    method: 'GET',
    path: /^\/users\/([^/]+)\/authentication\/requirements$/i,
    operation: 'GET /users/{user-id}/authentication/requirements',
    version: 'beta',
    permissions: ['Policy.Read.All', 'Policy.ReadWrite.AuthenticationMethod'],
    answer: ({ tenant, params: [id = ''] }) => {
      const user = existing(findUser(tenant, id), id);
      return { status: 200, body: { perUserMfaState: tenant.signIn.perUserMfa[user.id] ?? 'disabled' } };
    },
  },
  {
    method: 'GET',
    path: /^\/auditLogs\/signIns$/i,
    operation: 'GET /auditLogs/signIns',
    version: 'beta',
    permissions: readLog,
    answer: (call) => {
      requirePremium(call);
      const { tenant, url, now, roles, skipTokens } = call;
      const rows = logRows(tenant, url.searchParams.get('$filter') ?? '', now());
      const { value, ...link } = skipTokens.page(rows, url, { pageSize: tenant.pageSize });
      const maySeePolicies = readPolicies.some((permission) => roles.includes(permission));
      return { status: 200, body: { ...link, value: maySeePolicies ? value : value.map(withoutPolicies) } };
    },
  },
];

/** One user; with the last sign-ins only where these are asked for by name, which takes more. */
export function answerUser(call: GraphCall): Reply {
  const { tenant, params, url, roles, now } = call;
  const [id = ''] = params;
  const user = findUser(tenant, id);
  if (!(url.searchParams.get('$select') ?? '').split(',').includes('signInActivity'))
    return one(user, id, url, userDefaults);
  requireOneOf(readLog, roles);
  requirePremium(call);
  if (!guid.test(id)) throw new GraphFault(400, 'Request_BadRequest', 'Get By Key only supports UserId.');
  const hours = tenant.signIn.lastSuccessHoursAgo[id.toLowerCase()];
  const at = hours === undefined ? undefined : hoursBefore(now(), hours);
  const active: GraphObject = {
    ...existing(user, id),
    ...(at === undefined
      ? {}
      : {
          signInActivity: {
            ...{ lastSignInDateTime: null, lastSignInRequestId: null },
            ...{ lastNonInteractiveSignInDateTime: at, lastNonInteractiveSignInRequestId: '' },
            ...{ lastSuccessfulSignInDateTime: at, lastSuccessfulSignInRequestId: '' },
          },
        }),
  };
  return one(active, id, url, userDefaults);
}

/** @throws a 403 in a tenant without Microsoft Entra ID P1. */
function requirePremium({ tenant }: GraphCall): void {
  if (tenant.signIn.premium) return;
  throw new GraphFault(
    403,
    'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    "Neither tenant is B2C or tenant doesn't have premium license",
  );
}

function withoutPolicies(row: object): object {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => name !== 'appliedConditionalAccessPolicies'),
  );
}
