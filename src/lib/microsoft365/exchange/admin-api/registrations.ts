import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { isNotFound, type Read, readFailed, readOk } from '../../wire/read';
import { PrincipalRow } from './rows';

/** How Exchange knows an application. */
export interface Registrations {
  /** By its own object id; null when it does not. */
  own: PrincipalRow | null;
  /** By other object ids: nothing that is assigned to the application so has any effect. */
  others: (PrincipalRow & { ObjectId: string })[];
}

/**
 * Reads how Exchange knows an application. Asked for an identity that it does not know, it gives everybody: so only rows
 * with the application's id count, and only the object id of the enterprise application is the right one.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/new-serviceprincipal
 * @param appId its application id.
 * @param id its object id in this tenant.
 */
export async function readRegistrations(
  tenant: Tenant,
  appId: string,
  id: string,
): Promise<Read<Registrations>> {
  const what = `the application ${appId} in Exchange`;
  const read = await tenant.adminApi.list(
    { name: 'Get-ServicePrincipal', parameters: { Identity: appId } },
    PrincipalRow,
    { what, permission: exchangeManageAsApp.name },
  );
  if (!read.ok) return isNotFound(read) ? readOk({ own: null, others: [] }) : read;
  const rows = read.value.filter((row) => isSame(row.AppId, appId));
  const own = rows.find((row) => namesItself(row, id));
  const isUnclear = read.value.some((row) => !row.AppId) || rows.some((row) => !objectIdOf(row));
  if (own === undefined && isUnclear) {
    const message = `Could not read ${what}: Exchange gives it without its application id or object id.`;
    return readFailed({ cause: 'malformed', message });
  }
  const others = rows.flatMap((row) => {
    const ObjectId = objectIdOf(row);
    return ObjectId && !namesItself(row, id) ? [{ ...row, ObjectId }] : [];
  });
  return readOk({ own: own ?? null, others });
}

function namesItself(row: PrincipalRow, id: string): boolean {
  const objectId = objectIdOf(row);
  return objectId ? isSame(objectId, id) : isSame(row.Identity, id) || isSame(row.Name, id);
}

/** The older name is still seen. */
function objectIdOf({ ObjectId, ServiceId }: PrincipalRow): string | null | undefined {
  return ObjectId || ServiceId;
}

function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
