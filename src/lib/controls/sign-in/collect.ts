import * as z from 'zod';
import { readClientApp } from '../../microsoft365/directory/client-app';
import { auditLogReadAll, policyReadAll } from '../../microsoft365/permissions';
import type { Tenant } from '../../microsoft365/tenant';
import { type Read, readOk } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { started } from '../../started';
import { readOwnAccount } from '../service-account';
import { Activity, type SignInFacts } from './facts';
import { readAccountLog, readApplicationLog } from './log';
import { askAboutAccount, askAboutApplication } from './what-if';

const SecurityDefaults = z.object({ isEnabled: z.boolean() });
const PerUserMfa = z.object({ perUserMfaState: z.string().nullish() });
const ActiveUser = z.object({ signInActivity: Activity.nullish() });

/** Reads who signs in, what decides on it, and what has become of it. */
export async function collect(tenant: Tenant, target: StoredTarget): Promise<SignInFacts> {
  const [account, client, securityDefaults] = await Promise.all([
    readOwnAccount(tenant, target),
    readClientApp(tenant, target),
    tenant.graph.get('/policies/identitySecurityDefaultsEnforcementPolicy', SecurityDefaults, {
      what: 'the security defaults',
      permission: policyReadAll.name,
    }),
  ]);
  const facts: SignInFacts = { account, client, securityDefaults };
  // Its questions go out one a second, and the rest need not wait for them.
  const asking = started(askPolicies(tenant, facts));
  const rest = await readRest(tenant, target, facts);
  return { ...facts, ...rest, ...(await asking) };
}

async function readRest(
  tenant: Tenant,
  target: StoredTarget,
  { account, client }: SignInFacts,
): Promise<Partial<SignInFacts>> {
  const userId = account?.ok === true ? account.value.id : undefined;
  const [ofAccount, ofApplication] = await Promise.all([
    userId === undefined ? {} : readOfAccount(tenant, target, userId),
    client.ok ? readApplicationLog(tenant, target, client.value.id) : undefined,
  ]);
  return { ...ofAccount, ...(ofApplication === undefined ? {} : { applicationLog: ofApplication }) };
}

async function readOfAccount(
  tenant: Tenant,
  target: StoredTarget,
  userId: string,
): Promise<Partial<SignInFacts>> {
  const [perUserMfa, accountLog, activity] = await Promise.all([
    tenant.graph.get(`/users/${userId}/authentication/requirements`, PerUserMfa, {
      what: 'the multifactor authentication of the account',
      permission: policyReadAll.name,
      version: 'beta',
    }),
    readAccountLog(tenant, target, userId),
    readActivity(tenant, userId),
  ]);
  return { perUserMfa, accountLog, activity };
}

/** Given by object id only. */
async function readActivity(tenant: Tenant, userId: string): Promise<Read<Activity | null>> {
  const read = await tenant.graph.get(`/users/${userId}?$select=signInActivity`, ActiveUser, {
    what: 'when the account signed in last',
    permission: auditLogReadAll.name,
    version: 'beta',
  });
  return read.ok ? readOk(read.value.signInActivity ?? null) : read;
}

async function askPolicies(tenant: Tenant, { account, client }: SignInFacts): Promise<Partial<SignInFacts>> {
  const facts: Partial<SignInFacts> = {};
  if (account?.ok === true) facts.accountWhatIf = await askAboutAccount(tenant, account.value.id);
  if (client.ok && client.value.appOwnerOrganizationId === tenant.tenantId.toLowerCase())
    facts.applicationWhatIf = await askAboutApplication(tenant, client.value.id);
  return facts;
}
