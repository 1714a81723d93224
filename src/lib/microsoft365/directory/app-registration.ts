import * as z from 'zod';
import { applicationReadAll } from '../permissions';
import type { Tenant } from '../tenant';
import { isNotFound, type Read, readOk } from '../wire/read';

const Time = z.iso.datetime({ offset: true });

/** https://learn.microsoft.com/graph/api/resources/passwordcredential */
const Secret = z.object({
  displayName: z.string().nullish(),
  startDateTime: Time.nullish(),
  endDateTime: Time,
});

/** https://learn.microsoft.com/graph/api/resources/keycredential */
const Certificate = Secret.extend({
  /** `Verify` for one that the application signs in with; what it signs for others with is another one. */
  usage: z.string().nullish(),
});

/** What an application signs in with, as its registration has it. https://learn.microsoft.com/graph/api/resources/application */
const AppRegistration = z.object({
  passwordCredentials: z.array(Secret),
  keyCredentials: z.array(Certificate),
  /** Of these nothing but how many they are: they do not end. */
  federatedIdentityCredentials: z.array(z.object({ name: z.string() })),
});
export type AppRegistration = z.infer<typeof AppRegistration>;

/** Reads the registration of an application; null where it is registered in another tenant, as a vendor's own is. */
export async function readAppRegistration(
  tenant: Tenant,
  appId: string,
): Promise<Read<AppRegistration | null>> {
  const read = await tenant.graph.get(
    `/applications(appId='${appId}')?$select=id,passwordCredentials,keyCredentials&$expand=federatedIdentityCredentials`,
    AppRegistration,
    { what: `the registration of the application ${appId}`, permission: applicationReadAll.name },
  );
  return isNotFound(read) ? readOk(null) : read;
}
