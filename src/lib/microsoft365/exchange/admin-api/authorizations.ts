import pMap from 'p-map';
import * as z from 'zod';
import type { Cmdlet } from '../../admin-api';
import { largestBatch, requestsAtOnce } from '../../admin-api/cmdlet';
import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import type { Authorization } from '../authorization';
import { ExchangeBoolean } from './rows';

/**
 * https://learn.microsoft.com/powershell/module/exchangepowershell/test-serviceprincipalauthorization
 * `InScope` is "Not Run" where no mailbox was named.
 */
const AuthorizationRow = z.object({
  RoleName: z.string(),
  InScope: z.union([ExchangeBoolean, z.string().transform(() => undefined)]).nullish(),
});

/** What Exchange's own test says of an application and each of these mailboxes: ten to a request. */
export async function readAuthorizations(
  tenant: Tenant,
  application: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Read<Authorization[]>>> {
  const batches = Array.from({ length: Math.ceil(addresses.length / largestBatch) }, (_, index) =>
    addresses.slice(index * largestBatch, (index + 1) * largestBatch),
  );
  const found = await pMap(batches, (batch) => readBatch(tenant, application, batch), {
    concurrency: requestsAtOnce,
  });
  return new Map(found.flat());
}

async function readBatch(tenant: Tenant, application: string, addresses: readonly string[]) {
  const cmdlets = addresses.map((Resource): Cmdlet => ({
    name: 'Test-ServicePrincipalAuthorization',
    parameters: { Identity: application, Resource },
  }));
  const reads = await tenant.adminApi.listEach(cmdlets, AuthorizationRow, {
    what: "Exchange's own test of a room",
    permission: exchangeManageAsApp.name,
  });
  return addresses.flatMap((address, index) => {
    const read = reads[index];
    return read === undefined ? [] : [[address, toAuthorizations(read)] as const];
  });
}

function toAuthorizations(read: Read<z.infer<typeof AuthorizationRow>[]>): Read<Authorization[]> {
  if (!read.ok) return read;
  return readOk(read.value.map(({ RoleName: role, InScope }) => ({ role, inScope: InScope ?? undefined })));
}
