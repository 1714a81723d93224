import * as z from 'zod';
import { applicationReadAll } from '../../lib/microsoft365/permissions';
import type { Tenant } from '../../lib/microsoft365/tenant';
import { isNotFound, type Read, readOk } from '../../lib/microsoft365/wire/read';
import { profile, type ProfileId } from '../../lib/profiles';
import { needsOf, titleOf } from '../../lib/profiles/needs';
import type { Profile } from '../../lib/profiles/profile';
import { needsText } from '../show/needs-text';
import { printable } from '../show/printable';

/** An application of the tenant that may be the vendor's. */
const Found = z.object({ appId: z.string(), displayName: z.string().nullish() });
type Found = z.infer<typeof Found>;

/** Looks for the vendor's application in a tenant: by the id that the vendor publishes, else by what it is called. */
export async function findApplication(tenant: Tenant, product: Profile): Promise<Read<Found[]>> {
  const { clientAppId, applicationName, name } = product;
  const reading = { what: "the vendor's application", permission: applicationReadAll.name };
  const select = '$select=appId,displayName';
  if (clientAppId !== undefined) {
    const read = await tenant.graph.get(
      `/servicePrincipals(appId='${clientAppId}')?${select}`,
      Found,
      reading,
    );
    if (isNotFound(read)) return readOk([]);
    return read.ok ? readOk([read.value]) : read;
  }
  const called = (applicationName ?? name).replaceAll("'", "''");
  const filter = encodeURIComponent(`startswith(displayName,'${called}')`);
  return tenant.graph.list(`/servicePrincipals?$filter=${filter}&${select}`, Found, reading);
}

/** What is said of a product and a tenant: what it needs, whether its application is there, and the target to put. */
export interface ProductAnswer {
  profile: ProfileId;
  product: string;
  needs: ReturnType<typeof needsOf>;
  /** Undefined where they could not be read. */
  applications: Found[] | undefined;
  /** Why not, or what to do now. */
  remark: string;
  /** What of a target is known; what is not known stands in it as a question. */
  target: Record<string, unknown>;
}

/** Puts together what is known of a product in a tenant. */
export async function productIn(tenant: Tenant, id: ProfileId): Promise<ProductAnswer> {
  const product = profile(id);
  const found = await findApplication(tenant, product);
  const applications = found.ok ? found.value : undefined;
  return {
    profile: id,
    product: titleOf(product),
    needs: needsOf(product),
    applications,
    remark: found.ok ? remarkOn(product, found.value) : found.failure.message,
    target: targetOf(tenant.tenantId, product, applications ?? []),
  };
}

function remarkOn({ clientAppId, applicationName, name, source }: Profile, found: readonly Found[]): string {
  const [first, ...others] = found;
  const by =
    clientAppId === undefined ? `with a name that begins with ${applicationName ?? name}` : clientAppId;
  if (first === undefined)
    return `There is no application ${by} in the tenant: set the product up as its vendor says, ${source}`;
  if (others.length > 0)
    return `Several applications may be the vendor's: put the application id of the right one into the target.`;
  return clientAppId === undefined
    ? `One application is called so. Make sure that it is the vendor's: anybody may call one so.`
    : `The vendor's application is there.`;
}

function targetOf(tenantId: string, product: Profile, found: readonly Found[]): Record<string, unknown> {
  const { id, serviceAccount, clientAppId } = product;
  const only = found.length === 1 ? found[0]?.appId : undefined;
  return {
    targetId: id,
    tenantId,
    profile: id,
    ...(serviceAccount === null ? {} : { serviceAccount: 'the address of the account' }),
    ...(clientAppId === undefined
      ? { clientAppId: only ?? "application id of the vendor's application" }
      : {}),
  };
}

/** The same for people. */
export function productText({ profile: id, product, applications, remark, target }: ProductAnswer): string {
  const listed = (applications ?? []).map(
    ({ appId, displayName }) => `  ${printable(displayName ?? 'without a name')} (${printable(appId)})`,
  );
  return [
    `${product} (${id})`,
    ...needsText(profile(id)).map((line) => `  ${line}`),
    printable(remark),
    ...listed,
    JSON.stringify(target, null, 2),
  ].join('\n');
}
