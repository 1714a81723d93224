import { toPolicy } from '../../../local/simulator/sign-in/state';
import type { TenantState } from '../../../local/simulator/state';
import { contoso } from '../exchange-views';
import type { Draw, Twist } from './draw';

const accountId = contoso(11);
const clientId = contoso(21);
const clientAppId = '7e57ab1e-0000-4000-8000-00000000c0de';
const exchange = '00000002-0000-0ff1-ce00-000000000000';
const graph = '00000003-0000-0000-c000-000000000000';

function grant(draw: Draw): object {
  const builtInControls = draw.one(
    ['block'],
    ['mfa'],
    ['mfa'],
    ['mfa', 'compliantDevice'],
    ['mfa', 'unknownFutureValue'],
    [],
  );
  return {
    operator: draw.one('AND', 'OR'),
    builtInControls,
    customAuthenticationFactors: [],
    termsOfUse: [],
  };
}

function policy(draw: Draw, index: number) {
  return toPolicy({
    id: contoso(51_000 + index),
    displayName: `Policy ${index}`,
    state: draw.one('enabled', 'enabled', 'enabled', 'disabled', 'enabledForReportingButNotEnforced', 'odd'),
    createdDateTime: draw.one('2025-03-03T09:00:00Z', '2027-03-30T09:00:00Z'),
    conditions: {
      users: {
        includeUsers: draw.one(['All'], ['All'], [accountId], [contoso(121)]),
        excludeUsers: draw.one([], [], [accountId]),
      },
      applications: { includeApplications: draw.one(['All'], [exchange], [graph]) },
      clientAppTypes: draw.one(['all'], ['all'], ['browser']),
      ...draw.one<object>(
        {},
        {},
        { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } },
        { signInRiskLevels: ['high'] },
      ),
    },
    grantControls: grant(draw),
  });
}

function row(draw: Draw, index: number, types: readonly string[]) {
  return {
    id: contoso(52_000 + index),
    hoursAgo: draw.one(1, 5, 30, 100, 167, 200),
    ...{
      userId: accountId,
      servicePrincipalId: clientId,
      appId: draw.one(clientAppId, clientAppId, contoso(79)),
    },
    resourceId: draw.one(exchange, graph),
    signInEventTypes: [...types],
    status: { errorCode: draw.one(0, 50126, 53003) },
  };
}

/** Policies reach an application only in the tenant in which it is registered. */
function registerHere({
  servicePrincipals,
  tenantId,
}: Pick<TenantState, 'servicePrincipals' | 'tenantId'>): void {
  for (const principal of servicePrincipals)
    if (principal.id === clientId) Object.assign(principal, { appOwnerOrganizationId: tenantId });
}

/** The ways of what decides on sign-ins, and of the log of them. */
export const signInTwists = {
  makePolicies: ({ signIn }, draw) => {
    const count = draw.one(1, 1, 2, 3);
    signIn.policies = Array.from({ length: count }, (_one, index) => policy(draw, index));
  },
  makeLog: ({ signIn }, draw) => {
    signIn.log = Array.from({ length: draw.one(0, 1, 2, 4) }, (_one, index) =>
      row(draw, index, draw.one(['interactiveUser'], ['nonInteractiveUser'], ['servicePrincipal'])),
    );
  },
  failLately: ({ signIn }, draw) => {
    const types = draw.one(['nonInteractiveUser'], ['servicePrincipal']);
    signIn.log.push({
      ...row(draw, 99, types),
      hoursAgo: 1,
      appId: clientAppId,
      status: { errorCode: 50055 },
    });
  },
  switchDefaults: ({ signIn }) => void (signIn.securityDefaults = true),
  demandOfUser: ({ signIn }, draw) => {
    signIn.perUserMfa = { [accountId]: draw.one('enabled', 'enforced', 'odd') };
  },
  takePremium: ({ signIn }) => void (signIn.premium = false),
  beActive: ({ signIn }, draw) => {
    signIn.lastSuccessHoursAgo = draw.one<Record<string, number>>({}, { [accountId]: draw.one(3, 300) });
  },
  registerHere,
  forbidApplication: ({ signIn, servicePrincipals, tenantId }, draw) => {
    registerHere({ servicePrincipals, tenantId });
    signIn.policies = [
      toPolicy({
        ...policy(draw, 9),
        conditions: {
          clientApplications: { includeServicePrincipals: ['ServicePrincipalsInMyTenant'] },
          applications: { includeApplications: ['All'] },
        },
      }),
    ];
  },
} satisfies Record<string, Twist>;
