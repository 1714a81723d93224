import { isNotFound, type Read, readOk } from '../../microsoft365/wire/read';
import type { Change } from '../../model/plan';
import { compareText } from '../evaluation';
import type { ConsentFacts, PermissionGrant } from './collect';
import { scopesOf } from './held-permissions';
import { RoleBody } from './role-changes';
import { GrantBody } from './scope-changes';

/**
 * What is there of what a change is about: whether an application permission is `granted` or `not granted`, or the
 * sorted scopes of a delegated grant, of which there are none without the grant. Undefined when that could not be read.
 */
export function observe(facts: ConsentFacts, change: Change): unknown {
  const isRole = change.request.url.includes('/appRoleAssignedTo');
  return isRole ? roleState(facts, change) : grantState(facts, change);
}

/**
 * By what the permission is, where the change or its way back says that: an assignment that is made anew has another id.
 * Taking back what was just granted says no more than the id.
 */
function roleState(facts: ConsentFacts, change: Change): string | undefined {
  const roles = ofClient(facts, facts.appRoles);
  if (!roles?.ok) return undefined;
  const wanted = bodiesOf(change).flatMap((body) => RoleBody.safeParse(body).data ?? [])[0];
  const isGranted = roles.value.some((role) =>
    wanted === undefined
      ? role.id === idIn(change)
      : role.resourceId === wanted.resourceId && role.appRoleId === wanted.appRoleId,
  );
  return isGranted ? 'granted' : 'not granted';
}

function grantState(facts: ConsentFacts, change: Change): string[] | undefined {
  const grants = ofClient(facts, facts.grants);
  if (!grants?.ok) return undefined;
  const wanted = bodiesOf(change).flatMap((body) => GrantBody.safeParse(body).data ?? [])[0];
  const found = grants.value.filter((grant) =>
    wanted === undefined ? grant.id === idIn(change) : isSameGrant(grant, wanted),
  );
  return [...new Set(found.flatMap(scopesOf))].sort(compareText);
}

function bodiesOf({ request, undo }: Change): unknown[] {
  return [request.body, undo?.body];
}

/** The id at the end of an address. */
function idIn({ request }: Change): string {
  return decodeURIComponent(request.url.split('/').at(-1) ?? '');
}

/** An application that is not there holds nothing. */
function ofClient<T>({ client }: ConsentFacts, held: Read<T[]> | undefined): Read<T[]> | undefined {
  return isNotFound(client) ? readOk([]) : held;
}

function isSameGrant(grant: PermissionGrant, wanted: GrantBody): boolean {
  return (
    grant.resourceId === wanted.resourceId &&
    grant.consentType === wanted.consentType &&
    (grant.principalId ?? null) === (wanted.principalId ?? null)
  );
}
