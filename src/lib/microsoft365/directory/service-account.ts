import * as z from 'zod';
import { accountName, isObjectId, type StoredTarget } from '../../model/target';
import { userReadAll } from '../permissions';
import type { Tenant } from '../tenant';
import { isNotFound, type Read, readFailed, readOk } from '../wire/read';

const GuidLower = z.string().transform((id) => id.toLowerCase());

/** Who a user is. https://learn.microsoft.com/graph/api/resources/user */
export const User = z.object({ id: GuidLower, userPrincipalName: z.string() });
export type User = z.infer<typeof User>;

/** Everything of a user that a control looks at: all of them ask for all of it, so that one request serves them all. */
export const userProperties = [
  ...['id', 'userPrincipalName', 'accountEnabled', 'userType', 'mail', 'proxyAddresses'],
  ...['passwordPolicies', 'lastPasswordChangeDateTime', 'onPremisesSyncEnabled', 'usageLocation'],
  ...['assignedLicenses', 'assignedPlans', 'provisionedPlans', 'licenseAssignmentStates'],
] as const;
const select = `$select=${userProperties.join(',')}`;

/** Where mail for an object of the directory goes to. */
const Addressed = z.object({ mail: z.string().nullish(), proxyAddresses: z.array(z.string()).nullish() });

const DeletedUser = User.extend({
  ...Addressed.shape,
  deletedDateTime: z.iso.datetime({ offset: true }),
  accountEnabled: z.boolean().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
});
export type DeletedUser = z.infer<typeof DeletedUser>;

/** Reads who the service account is. See {@link readServiceAccountAs}. */
export function readServiceAccount(tenant: Tenant, target: StoredTarget): Promise<Read<User>> {
  return readServiceAccountAs(tenant, target, User);
}

/**
 * Reads the service account: by its object id once that is known, and by its UPN before that, or when the object is
 * gone (an account that was made anew under the old name is the one that the vendor now signs in with). A name that is
 * no UPN is looked for among all addresses, but only until the object is known: an address that has moved on to somebody
 * else does not make that one the service account.
 * @param part what of it is looked at: what is malformed elsewhere is the business of others.
 */
export async function readServiceAccountAs<S extends z.ZodType>(
  tenant: Tenant,
  target: StoredTarget,
  part: S,
): Promise<Read<z.infer<S>>> {
  const name = accountName(target);
  const readAt = (key: string) =>
    tenant.graph.get(`/users/${encodeURIComponent(key)}?${select}`, part, readingOf(name));
  if (target.serviceAccountId !== undefined) {
    const byId = await readAt(target.serviceAccountId);
    return isNotFound(byId) && !isObjectId(name) ? readAt(name) : byId;
  }
  const byName = await readAt(name);
  if (!isNotFound(byName) || isObjectId(name)) return byName;
  const id = await findByAddress(tenant, name);
  if (!id.ok) return id;
  return id.value === undefined ? byName : readAt(id.value);
}

/**
 * The object id of the user with this address; undefined when nobody has it, and when it is the UPN of a deleted user:
 * then that one is meant, and somebody else has got its address.
 */
async function findByAddress(tenant: Tenant, address: string): Promise<Read<string | undefined>> {
  const literal = address.replaceAll("'", "''");
  // Graph compares both without regard to case, the kind of address in front included.
  const filter = `proxyAddresses/any(p:p eq 'smtp:${literal}') or mail eq '${literal}'`;
  const path = `/users?$filter=${encodeURIComponent(filter)}&$select=id,userPrincipalName`;
  const found = await tenant.graph.list(path, User, readingOf(address));
  if (!found.ok) return found;
  const [user, ...others] = found.value;
  if (others.length > 0)
    return readFailed({
      cause: 'malformed',
      message: `Could not read the account ${address}: more than one user has that address.`,
    });
  if (user === undefined) return readOk(undefined);
  const deleted = await readDeletedUsers(tenant);
  if (!deleted.ok) return deleted;
  return readOk(deleted.value.some((each) => wasCalled(each, address)) ? undefined : user.id);
}

function readingOf(name: string) {
  return { what: `the account ${name}`, permission: userReadAll.name };
}

/**
 * Finds the service account among the deleted users, by its object id, its UPN or any of its addresses; null when it is
 * not there. Of several deletions the latest counts.
 */
export async function readDeletedServiceAccount(
  tenant: Tenant,
  target: StoredTarget,
): Promise<Read<DeletedUser | null>> {
  const deleted = await readDeletedUsers(tenant);
  if (!deleted.ok) return deleted;
  const name = accountName(target).toLowerCase();
  const ids = [name, target.serviceAccountId];
  const matches = deleted.value
    .filter((user) => ids.includes(user.id) || wasCalled(user, name) || smtpAddressesOf(user).includes(name))
    .sort((a, b) => Date.parse(b.deletedDateTime) - Date.parse(a.deletedDateTime));
  return readOk(matches[0] ?? null);
}

function readDeletedUsers(tenant: Tenant): Promise<Read<DeletedUser[]>> {
  const path = `/directory/deletedItems/microsoft.graph.user?$select=${Object.keys(DeletedUser.shape).join(',')}&$top=999`;
  return tenant.graph.list(path, DeletedUser, {
    what: 'the deleted users',
    permission: userReadAll.name,
  });
}

/** Whether this was the UPN of a deleted user, which carries its object id, 32 hex digits, in front. */
function wasCalled({ id, userPrincipalName }: DeletedUser, upn: string): boolean {
  return userPrincipalName.toLowerCase() === `${id.replaceAll('-', '')}${upn.toLowerCase()}`;
}

/** All SMTP addresses of a user, in lower case: the primary one and the others. */
export function smtpAddressesOf({ mail, proxyAddresses }: z.infer<typeof Addressed>): string[] {
  const others = (proxyAddresses ?? []).flatMap((proxy) => /^smtp:(.+)$/i.exec(proxy)?.[1] ?? []);
  return [...(mail ? [mail] : []), ...others].map((address) => address.toLowerCase());
}
