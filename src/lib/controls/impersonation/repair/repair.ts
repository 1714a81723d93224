import {
  type CustomScope,
  filterForm,
  type Misregistration,
  type RoleAssignment,
  scopeKey,
} from '../../../microsoft365/exchange';
import { isNotFound } from '../../../microsoft365/wire/read';
import type { ManualStep } from '../../../model/plan';
import { isNamed, ownName } from '../own-name';
import { neededProtocol, opens, possibleProtocols, roleToAssign } from '../protocols';
import { roleThere } from '../role-there';
import { appMissing, limitedScope, roleMissing, roleUnread } from './manual-steps';
import { isWithinOwn, type Diagnosis, type StraysOf } from './diagnosis';
import { wantedFilter } from './wanted-filter';

/** What has to be so after a repair, and what of it is there already. Who makes changes of it depends on the reader. */
export interface Repair {
  tenantId: string;
  application: { id: string; appId: string; displayName: string };
  /** False: Exchange does not know the application, and can assign it nothing. */
  isRegistered?: boolean | undefined;
  /** How Exchange knows it instead. */
  misregistered: readonly Misregistration[];
  /** Of the scope. */
  name: string;
  filter: string;
  /** The scope of that name as it is. */
  scope: CustomScope | null;
  /** The role to assign with that scope, and what to call the assignment; absent when nothing is to be assigned. */
  role?: { name: string; id: string; assignment: string };
  /** An assignment of ours that holds somewhere else, and is to hold with that scope. */
  limited?: RoleAssignment & { name: string };
}

/** The repair, or what a person has to do before there can be one; undefined when there is nothing to repair. */
export function repairOf(diagnosis: Diagnosis): { repair: Repair } | { manualStep: ManualStep } | undefined {
  const { facts, requirement, name } = diagnosis;
  const { target, profile } = requirement;
  const roleName = roleToAssign(requirement);
  const need = needOf(diagnosis);
  // Where the vendor asks for no role there is none to assign.
  if (roleName === undefined || need === undefined) return undefined;
  const { client, baseline } = facts;
  if (isNotFound(client)) return { manualStep: appMissing(requirement) };
  // What stands here is what the changes would build on: without it there are none.
  if (!client.ok || baseline?.ok !== true) return undefined;
  const wanted = wantedFilter(facts, requirement);
  if (wanted === undefined || 'manualStep' in wanted) return wanted;

  const { scope, isRegistered, misregistered = [] } = baseline.value;
  if (scope?.root !== undefined) return { manualStep: limitedScope(scope) };
  const role = need.assignment === undefined ? undefined : assignable(diagnosis, roleName);
  if (role !== undefined && 'manualStep' in role) return role;
  const { id, displayName } = client.value;
  const { assignment, limited } = need;
  return {
    repair: {
      tenantId: target.tenantId,
      application: { id, appId: target.clientAppId, displayName: displayName ?? profile.name },
      ...{ isRegistered, misregistered, name, filter: wanted.filter, scope },
      ...(assignment === undefined || role === undefined
        ? {}
        : { role: { name: roleName, id: role.id, assignment } }),
      ...(limited === undefined ? {} : { limited }),
    },
  };
}

/** By what the role is assigned, or what there is to do where the organisation lacks it, or may lack it. */
function assignable(
  { facts, requirement }: Diagnosis,
  name: string,
): { id: string } | { manualStep: ManualStep } {
  const role = roleThere(facts, requirement);
  if (role?.ok !== true) return { manualStep: roleUnread(name, role?.failure) };
  return role.value === null ? { manualStep: roleMissing(name) } : { id: role.value };
}

/** Whether the scope of a repair has the filter that it should have. */
export function hasFilter({ scope, filter }: Repair): boolean {
  return scope !== null && scope.filter !== null && filterForm(scope.filter) === filterForm(filter);
}

interface Need {
  /** The name of a new assignment. */
  assignment?: string;
  limited?: RoleAssignment & { name: string };
}

/** What is missing of a scope of our own that is right, with the role; undefined when nothing is. */
function needOf(diagnosis: Diagnosis): Need | undefined {
  const { counted, missed, strays, requirement, name } = diagnosis;
  const wanted = possibleProtocols(requirement);
  const ours = counted.filter(
    ({ holder, through, doubt }) => holder === 'application' && through === undefined && doubt === undefined,
  );
  const isAssigned = ours.some((each) => isWithinOwn(diagnosis, each) && opens(each, wanted));
  const own = ours.find((each) => isOurs(each, diagnosis) && !isWithinOwn(diagnosis, each));
  const isMisplaced = own !== undefined && (own.scope.kind === 'organization' || reachesStrays(own, strays));
  const isStray = strays.some(({ assignment }) => isWithinOwn(diagnosis, assignment));
  if (missed.length === 0 && !isMisplaced && !isStray) return undefined;

  const isWithoutRole = missed.length > 0 && !isAssigned;
  const isEnough = own !== undefined && opens(own, wanted);
  const isTaken = ours.some((each) => isNamed(each.name, name));
  return {
    ...(own?.name !== undefined && (isMisplaced || (isWithoutRole && isEnough))
      ? { limited: { ...own, name: own.name } }
      : {}),
    ...(isWithoutRole && !isEnough ? { assignment: isTaken ? secondName(diagnosis) : name } : {}),
  };
}

/** Names are taken once only, and an assignment keeps its role: one that opens another protocol needs another name. */
function secondName({ requirement }: Diagnosis): string {
  return ownName(requirement.target.targetId, `-${neededProtocol(requirement) ?? 'rooms'}`);
}

function isOurs({ name }: RoleAssignment, diagnosis: Diagnosis): boolean {
  return isNamed(name, diagnosis.name) || isNamed(name, secondName(diagnosis));
}

function reachesStrays({ scope }: RoleAssignment, strays: readonly StraysOf[]): boolean {
  return strays.some(({ assignment }) => scopeKey(assignment.scope) === scopeKey(scope));
}
