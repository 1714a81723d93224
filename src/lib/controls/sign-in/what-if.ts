import * as z from 'zod';
import { policyReadAll } from '../../microsoft365/permissions';
import type { Tenant } from '../../microsoft365/tenant';
import { type ResourceName, resourceAppIds } from '../../profiles/profile';
import { Policy, type WhatIf } from './facts';

/** All policies come in one answer. One that goes on elsewhere is not the whole, and refused. */
const Answer = z.object({ value: z.array(Policy), '@odata.nextLink': z.undefined().optional() });

/** What the product may sign in to. */
const resources: readonly ResourceName[] = ['Office 365 Exchange Online', 'Microsoft Graph'];

/** Asks what would happen if the account signed in. */
export function askAboutAccount(tenant: Tenant, userId: string): Promise<WhatIf[]> {
  return askFor(tenant, { '@odata.type': '#microsoft.graph.userSignIn', userId });
}

/** Asks what would happen if the application signed in. */
export function askAboutApplication(tenant: Tenant, servicePrincipalId: string): Promise<WhatIf[]> {
  return askFor(tenant, { '@odata.type': '#microsoft.graph.servicePrincipalSignIn', servicePrincipalId });
}

/** One resource after the other. Where one question fails, the next would fail likewise. */
async function askFor(tenant: Tenant, signInIdentity: Readonly<Record<string, string>>): Promise<WhatIf[]> {
  const answers: WhatIf[] = [];
  for (const resource of resources) {
    const policies = await ask(tenant, signInIdentity, resource);
    answers.push({ resource, policies });
    if (!policies.ok) break;
  }
  return answers;
}

/** https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate */
async function ask(
  tenant: Tenant,
  signInIdentity: Readonly<Record<string, string>>,
  resource: ResourceName,
): Promise<WhatIf['policies']> {
  const question = {
    signInIdentity,
    signInContext: {
      '@odata.type': '#microsoft.graph.applicationContext',
      includeApplications: [resourceAppIds[resource]],
    },
    signInConditions: {
      clientAppType: 'mobileAppsAndDesktopClients',
      // Otherwise it cannot be told whether Microsoft's own policy on device codes applies.
      authenticationFlow: { transferMethod: 'none' },
    },
    appliedPoliciesOnly: false,
  };
  const read = await tenant.graph.ask('/identity/conditionalAccess/evaluate', question, Answer, {
    what: 'what Conditional Access would do',
    permission: policyReadAll.name,
  });
  return read.ok ? { ok: true, value: read.value.value } : read;
}
