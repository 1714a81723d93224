import type { Read } from '../../microsoft365/wire/read';
import type { Reason } from './codes';
import { type About, ageUnclear, domainDefault, neverByDomain } from './reasons';

/**
 * Microsoft documents 90 days for a domain that states nothing, and that tenants created since 2021 never let passwords
 * expire unless somebody sets a period. When in 2021 that began is told in two ways, October and November, so that
 * those two months decide nothing.
 * https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy
 */
const expiredBefore = Date.UTC(2021, 9, 1);
const neverSince = Date.UTC(2021, 11, 1);

/**
 * What there is to say where no domain states a validity: the age of the tenant decides.
 * @param domain the one that could have stated it.
 * @param created when the tenant was created, ISO 8601.
 * @param now no tenant is younger than now: a later date is not understood.
 */
export function unstated(about: About, domain: string, created: Read<string>, now: Date): Reason {
  const nothing = `${domain} states no validity`;
  if (!created.ok) {
    const { message, permission } = created.failure;
    return ageUnclear(about, `${nothing}, which means never in younger tenants only. ${message}`, permission);
  }
  const at = Date.parse(created.value);
  const age = `created on ${created.value.slice(0, 10)}`;
  if (at < expiredBefore)
    return domainDefault(
      about,
      `${nothing}, which Microsoft documents as 90 days in a tenant as old as this one (${age})`,
    );
  if (at >= neverSince && at <= now.getTime())
    return neverByDomain(about, `because ${nothing}, and that means never in a tenant of this age (${age})`);
  return ageUnclear(
    about,
    `${nothing}, and the tenant was ${age}: Microsoft changed in the autumn of 2021 what that means.`,
  );
}
