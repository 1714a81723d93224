import { dayMs } from '../../durations';
import { auditLogReadAll } from '../../microsoft365/permissions';
import type { Tenant } from '../../microsoft365/tenant';
import type { Read, ReadFailure } from '../../microsoft365/wire/read';
import type { StoredTarget } from '../../model/target';
import { LogRow } from './facts';

/** The most rows that are read of each log. */
export const mostRows = 200;

/** Days that are looked at even where a target counts silence in fewer. */
const fewestDays = 7;

/** The begin of the part of the log that counts, in milliseconds since 1970. */
export function beginOf({ signInSilentDays }: StoredTarget, now: number): number {
  return now - Math.max(fewestDays, signInSilentDays) * dayMs;
}

/** How long a product may be silent, in milliseconds. */
export function silentMs({ signInSilentDays }: StoredTarget): number {
  return signInSilentDays * dayMs;
}

/** Reads the newest sign-ins of the account with the vendor's application, with and without a person. */
export function readAccountLog(
  tenant: Tenant,
  target: StoredTarget,
  userId: string,
): Promise<Read<LogRow[]>> {
  const ofAccount = `userId eq '${userId}' and appId eq '${target.clientAppId}'`;
  return readLog(tenant, target, ofAccount, ['interactiveUser', 'nonInteractiveUser']);
}

/** Reads the newest sign-ins of the application itself. */
export function readApplicationLog(
  tenant: Tenant,
  target: StoredTarget,
  servicePrincipalId: string,
): Promise<Read<LogRow[]>> {
  return readLog(tenant, target, `servicePrincipalId eq '${servicePrincipalId}'`, ['servicePrincipal']);
}

/** The log begins with the newest rows. https://learn.microsoft.com/graph/api/signin-list */
function readLog(
  tenant: Tenant,
  target: StoredTarget,
  whose: string,
  types: readonly string[],
): Promise<Read<LogRow[]>> {
  const since = `${new Date(beginOf(target, tenant.beganAt)).toISOString().slice(0, 19)}Z`;
  // Without a filter on types, only those of a person at a keyboard come.
  const ofTypes = types.map((type) => `t eq '${type}'`).join(' or ');
  const filter = `${whose} and createdDateTime ge ${since} and signInEventTypes/any(t: ${ofTypes})`;
  const path = `/auditLogs/signIns?$filter=${encodeURIComponent(filter)}&$top=${mostRows}`;
  return tenant.graph.first(path, LogRow, mostRows, {
    what: 'the sign-in log',
    permission: auditLogReadAll.name,
    version: 'beta',
  });
}

/** The code of Microsoft Graph for a tenant without Microsoft Entra ID P1. */
export const unlicensed = 'Authentication_RequestFromNonPremiumTenantOrB2CTenant';

/** Whether the log is refused because the tenant lacks the licence for it, and no permission would help. */
export function isUnlicensed({ code }: ReadFailure): boolean {
  return code === unlicensed;
}
