import { type CustomScope, filterForm, type RoleAssignment, scopeKey } from '../../microsoft365/exchange';
import { isNotFound } from '../../microsoft365/read';
import type { ManualStep } from '../plan';
import { appMissing, limitedScope, roleMissing } from './manual-steps';
import { isNamed } from './own-name';
import { isWithinOwn, type Situation, type StraysOf } from './situation';
import { wantedFilter } from './wanted-filter';

/** What has to be so after a repair, and what of it is there already. Who makes changes of it depends on the reader. */
export interface Repair {
  tenantId: string;
  application: { id: string; appId: string; displayName: string };
  /** False: Exchange does not know the application, and can assign it nothing. */
  isRegistered?: boolean | undefined;
  /** Of the scope and of the assignment. */
  name: string;
  filter: string;
  /** The scope of that name as it is. */
  scope: CustomScope | null;
  /** The role to assign with that scope; absent when it is. */
  role?: { name: string; id: string };
  /** The assignment of that name, where there is one and it holds somewhere else. */
  assignment?: RoleAssignment;
}

/** The repair, or what a person has to do before there can be one; undefined when there is nothing to repair. */
export function repairOf(situation: Situation): { repair: Repair } | { manualStep: ManualStep } | undefined {
  const { facts, requirement, name } = situation;
  const { target, profile } = requirement;
  const [roleName] = profile.impersonation.applicationRoles;
  const need = needOf(situation);
  // Where the vendor asks for no role there is none to assign.
  if (roleName === undefined || need === undefined) return undefined;
  const { client, ground } = facts;
  if (isNotFound(client)) return { manualStep: appMissing(requirement) };
  // What stands here is what the changes would build on: without it there are none.
  if (!client.ok || ground?.ok !== true) return undefined;
  const wanted = wantedFilter(facts, requirement);
  if (wanted === undefined || 'manualStep' in wanted) return wanted;

  const { scope, role, isRegistered } = ground.value;
  if (scope?.root !== undefined) return { manualStep: limitedScope(scope) };
  if (need.isUnassigned && role === null) return { manualStep: roleMissing(roleName) };
  const { id, displayName } = client.value;
  return {
    repair: {
      tenantId: target.tenantId,
      application: { id, appId: target.clientAppId, displayName: displayName ?? profile.name },
      ...{ isRegistered, name, filter: wanted.filter, scope },
      ...(need.isUnassigned && role !== null ? { role: { name: roleName, id: role } } : {}),
      ...(need.isUnassigned && need.own !== undefined ? { assignment: need.own } : {}),
    },
  };
}

/** Whether the scope of a repair has the filter that it should have. */
export function hasFilter({ scope, filter }: Repair): boolean {
  return scope !== null && scope.filter !== null && filterForm(scope.filter) === filterForm(filter);
}

/** What is missing of a scope of our own that is right, with the role; undefined when nothing is. */
function needOf(situation: Situation): { isUnassigned: boolean; own?: RoleAssignment } | undefined {
  const { counted, missed, strays, name } = situation;
  const ours = counted.filter(
    ({ holder, through, doubt }) => holder === 'application' && through === undefined && doubt === undefined,
  );
  const isAssigned = ours.some((assignment) => isWithinOwn(situation, assignment));
  const own = ours.find(
    (assignment) => isNamed(assignment.name, name) && !isWithinOwn(situation, assignment),
  );
  const isMisplaced = own !== undefined && (own.scope.kind === 'organization' || reachesStrays(own, strays));
  const isStray = strays.some(({ assignment }) => isWithinOwn(situation, assignment));
  if (missed.length === 0 && !isMisplaced && !isStray) return undefined;
  const isUnassigned = isMisplaced || (missed.length > 0 && !isAssigned);
  return { isUnassigned, ...(own === undefined ? {} : { own }) };
}

function reachesStrays({ scope }: RoleAssignment, strays: readonly StraysOf[]): boolean {
  return strays.some(({ assignment }) => scopeKey(assignment.scope) === scopeKey(scope));
}
