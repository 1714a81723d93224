import * as z from 'zod';
import { GraphFault } from '../faults';
import type { TenantState } from '../state';
import type { ConditionalAccessPolicy } from './state';

/** https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate */
const Question = z.object({
  signInIdentity: z.union([
    z.object({ '@odata.type': z.literal('#microsoft.graph.userSignIn'), userId: z.string() }),
    z.object({
      '@odata.type': z.literal('#microsoft.graph.servicePrincipalSignIn'),
      servicePrincipalId: z.string(),
    }),
  ]),
  signInContext: z.object({
    '@odata.type': z.literal('#microsoft.graph.applicationContext'),
    includeApplications: z.array(z.string()).min(1),
  }),
  signInConditions: z.object({
    clientAppType: z.string().default('all'),
    authenticationFlow: z.object({ transferMethod: z.string() }).optional(),
  }),
  appliedPoliciesOnly: z.boolean().default(false),
});
type Question = z.infer<typeof Question>;

/** What every policy of the tenant would do. @throws a 400 for what is no question. */
export function whatIf(tenant: TenantState, body: unknown): object[] {
  const question = Question.safeParse(body);
  if (!question.success)
    throw new GraphFault(400, 'badRequest', question.error.issues[0]?.message ?? 'That is no question.');
  return tenant.signIn.policies
    .map((policy) => {
      const reasons =
        policy.state === 'disabled' ? ['policyNotEnabled'] : against(policy, tenant, question.data);
      return {
        ...policy,
        policyApplies: reasons.length === 0,
        analysisReasons: reasons.length === 0 ? 'notSet' : reasons.join(','),
      };
    })
    .filter(({ policyApplies }) => policyApplies || !question.data.appliedPoliciesOnly);
}

/** Why a policy does not apply; nothing where it does. */
function against(policy: ConditionalAccessPolicy, tenant: TenantState, question: Question): string[] {
  const { conditions } = policy;
  const { clientAppType, authenticationFlow } = question.signInConditions;
  const apps = question.signInContext.includeApplications;
  const { clientAppTypes, authenticationFlows, locations, platforms } = conditions;
  const flows = authenticationFlows?.transferMethods.split(',') ?? [];
  const all = (values: readonly string[]) => values.map((value) => value.toLowerCase()).includes('all');
  const isAnywhere =
    locations === undefined || (all(locations.includeLocations) && locations.excludeLocations.length === 0);
  const isAnyPlatform =
    platforms === undefined || (all(platforms.includePlatforms) && platforms.excludePlatforms.length === 0);
  return [
    ...whom(conditions, tenant, question.signInIdentity),
    ...(isAbout(conditions.applications, apps) ? [] : ['application']),
    ...(clientAppTypes.includes('all') || clientAppTypes.includes(clientAppType) ? [] : ['clientApps']),
    ...(flows.length === 0 || flows.includes(authenticationFlow?.transferMethod ?? '')
      ? []
      : ['authenticationFlow']),
    // Nobody has said from where, on what, or how risky.
    ...(isAnywhere ? [] : ['notEnoughInformation']),
    ...(isAnyPlatform ? [] : ['devicePlatform']),
    ...(conditions.signInRiskLevels.length === 0 ? [] : ['signInRisk']),
    ...(conditions.userRiskLevels.length === 0 ? [] : ['userRisk']),
  ];
}

function whom(
  { users, clientApplications }: ConditionalAccessPolicy['conditions'],
  tenant: TenantState,
  identity: Question['signInIdentity'],
): string[] {
  if ('servicePrincipalId' in identity) {
    const included = clientApplications?.includeServicePrincipals ?? [];
    const excluded = clientApplications?.excludeServicePrincipals ?? [];
    const id = identity.servicePrincipalId;
    const isIn = included.includes('ServicePrincipalsInMyTenant') || included.includes(id);
    return isIn && !excluded.includes(id) ? [] : ['workloadIdentities'];
  }
  if (users === undefined) return ['users'];
  const { userId } = identity;
  const groups = groupsOf(tenant, userId);
  const roles = tenant.signIn.directoryRoles[userId] ?? [];
  const isAmong = (ids: readonly string[], groupIds: readonly string[], roleIds: readonly string[]) =>
    ids.includes(userId) ||
    groupIds.some((group) => groups.has(group)) ||
    roleIds.some((role) => roles.includes(role));
  const isIn =
    users.includeUsers.includes('All') ||
    isAmong(users.includeUsers, users.includeGroups, users.includeRoles);
  return isIn && !isAmong(users.excludeUsers, users.excludeGroups, users.excludeRoles) ? [] : ['users'];
}

/** The groups that a user is in, through other groups as well. */
function groupsOf({ members }: TenantState, id: string): Set<string> {
  const found = new Set<string>();
  const waiting = [id];
  for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
    for (const [group, within] of Object.entries(members)) {
      if (!within.includes(member) || found.has(group)) continue;
      found.add(group);
      waiting.push(group);
    }
  }
  return found;
}

/** Those that Microsoft counts among Office 365, as far as they are simulated. */
const office365 = ['00000002-0000-0ff1-ce00-000000000000', '00000003-0000-0000-c000-000000000000'];

function isAbout(
  { includeApplications, excludeApplications }: ConditionalAccessPolicy['conditions']['applications'],
  apps: readonly string[],
): boolean {
  const names = (app: string, list: readonly string[]) =>
    list.includes(app) || list.includes('All') || (list.includes('Office365') && office365.includes(app));
  return apps.every((app) => names(app, includeApplications) && !names(app, excludeApplications));
}
