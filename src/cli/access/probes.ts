import * as z from 'zod';
import { unlicensed } from '../../lib/controls/sign-in/log';
import { readOrganizationEws } from '../../lib/microsoft365/exchange/ews';
import type { GraphTransport, GraphVersion } from '../../lib/microsoft365/graph/transport';
import {
  administrativeUnitReadAll,
  applicationReadAll,
  auditLogReadAll,
  directoryReadAll,
  domainReadAll,
  groupMemberReadBasicAll,
  groupReadBasicAll,
  licenseAssignmentReadAll,
  organizationReadAll,
  type Permission,
  placeReadAll,
  policyReadAll,
  roleManagementReadExchange,
  userReadAll,
} from '../../lib/microsoft365/permissions';
import type { Tenant } from '../../lib/microsoft365/tenant';
import { type Attempt, errorCode, isReply } from '../../lib/microsoft365/wire/reply';

/** What one request has proved about a permission. */
export interface Proof {
  /** `unclear`: the answer says nothing about permissions, or there was none. */
  result: 'accepted' | 'refused' | 'unclear';
  /** What was asked and answered. */
  detail: string;
}

/** How long one probe may take, in milliseconds. It is not repeated. */
const timeoutMs = 20_000;

const nobody = '00000000-0000-0000-0000-000000000000';

/** One cheap request for a permission. */
interface Probe {
  version?: GraphVersion;
  path: string;
  /** What an answer must hold to prove it, where others are answered too and see less. */
  proves?: z.ZodType;
}

/** A smaller permission is answered as well, with null in place of the date. */
const TenantWithDate = z.object({ value: z.tuple([z.object({ createdDateTime: z.string() })]) });

/** One cheap request for each permission on Microsoft Graph, of the kind for which the controls need it. */
const probes: ReadonlyMap<Permission, Probe> = new Map<Permission, Probe>([
  [userReadAll, { path: '/users?$top=1&$select=id' }],
  [domainReadAll, { path: '/domains?$select=id' }],
  [organizationReadAll, { path: '/organization?$select=createdDateTime', proves: TenantWithDate }],
  [licenseAssignmentReadAll, { path: '/subscribedSkus?$select=skuId' }],
  [applicationReadAll, { path: '/servicePrincipals?$top=1&$select=id' }],
  [directoryReadAll, { path: '/oauth2PermissionGrants?$top=1' }],
  [roleManagementReadExchange, { version: 'beta', path: '/roleManagement/exchange/roleDefinitions?$top=1' }],
  [policyReadAll, { path: '/policies/identitySecurityDefaultsEnforcementPolicy' }],
  [auditLogReadAll, { version: 'beta', path: '/auditLogs/signIns?$top=1' }],
  [placeReadAll, { path: '/places/microsoft.graph.room?$top=1' }],
  [administrativeUnitReadAll, { path: '/directory/administrativeUnits?$top=1&$select=id' }],
  [groupReadBasicAll, { path: '/groups?$top=1&$select=id' }],
  // Of a group that does not exist: whoever may not look gets 403, and everybody else 404.
  [groupMemberReadBasicAll, { path: `/groups/${nobody}/members/microsoft.graph.user?$top=1&$select=id` }],
]);

/** Tries a permission on Microsoft Graph. Undefined for one that reading cannot prove. */
export async function probeGraph(
  transport: GraphTransport,
  permission: Permission,
  onAttempt: (attempt: Attempt) => void,
): Promise<Proof | undefined> {
  const probe = probes.get(permission);
  if (probe === undefined) return undefined;
  const { version = 'v1.0', path, proves } = probe;
  const attempt = await transport.get(version, path, timeoutMs);
  onAttempt(attempt);
  return proofOf(attempt, `GET ${path.replace(/\?.*/, '')}`, proves);
}

/** Judges an answer of Microsoft Graph. One that holds less than what proves the permission is of somebody without it. */
export function proofOf(attempt: Attempt, request: string, proves: z.ZodType = z.unknown()): Proof {
  if (!isReply(attempt)) return { result: 'unclear', detail: `${request}: ${attempt.problem}` };
  const { status } = attempt;
  const code = errorCode(attempt);
  const detail = `${request} answered ${status}${code === undefined ? '' : ` ${code}`}`;
  // Only Graph itself says 404 with a code; it does so after it has let the caller in.
  if (status === 404 && code !== undefined) return { result: 'accepted', detail };
  if (status >= 200 && status < 300) {
    if (proves.safeParse(attempt.body).success) return { result: 'accepted', detail };
    return { result: 'refused', detail: `${detail}, without what the permission shows` };
  }
  // A 401 is about the token, and not about what it allows; and without a licence for the log everybody is refused.
  return { result: status === 403 && code !== unlicensed ? 'refused' : 'unclear', detail };
}

/** Tries what Exchange takes: the permission, and a role that may read. */
export async function probeExchange(tenant: Tenant): Promise<Proof> {
  const read = await readOrganizationEws(tenant);
  if (read.ok) return { result: 'accepted', detail: 'Get-OrganizationConfig was answered' };
  const { permission, message } = read.failure;
  // A sign-in that failed names none.
  return { result: permission === undefined ? 'unclear' : 'refused', detail: message };
}
