import { listOf } from '../evaluation';
import type { Reason } from './codes';
import { type HeldPermissions, scopesOf } from './held-permissions';

/** One notice for each resource that is gone from the tenant, and of which the application still holds permissions. */
export function orphanedOf(held: HeldPermissions): Reason[] {
  const roles = held.roles();
  const grants = held.grants();
  const left = [
    ...(roles.ok ? roles.value : []).map(({ resourceId, resourceDisplayName, appRoleId }) => ({
      resourceId,
      called: resourceDisplayName,
      what: [`${appRoleId} (application)`],
    })),
    // Other users' own grants are their business; of whom it cannot be told whose it is, nothing is lost by silence.
    ...(grants.ok ? grants.value : [])
      .filter((grant) => held.reach(grant).state === 'granted')
      .map((grant) => ({
        resourceId: grant.resourceId,
        called: undefined,
        what: scopesOf(grant).map((scope) => `${scope} (delegated)`),
      })),
  ].filter(({ resourceId }) => held.resources.of(resourceId).state === 'gone');
  return [...Map.groupBy(left, ({ resourceId }) => resourceId)].map(([resourceId, all]) =>
    orphaned(
      resourceId,
      all.flatMap(({ called }) => called ?? [])[0],
      all.flatMap(({ what }) => what),
    ),
  );
}

function orphaned(resourceId: string, called: string | undefined, what: readonly string[]): Reason {
  const name = called === undefined ? resourceId : `${called} (${resourceId})`;
  const permissions = what.length === 0 ? '' : `: ${listOf(what)}`;
  return {
    code: 'consent.orphaned',
    level: 'notice',
    message: `Permissions of the resource ${name} are granted, which is gone from this tenant. They give nothing${permissions}.`,
    resource: resourceId,
    expected: 'a resource that the tenant has',
    actual: 'gone',
  };
}
