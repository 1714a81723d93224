import type { Requirement } from '../control';
import type { Change } from '../plan';
import type { ImpersonationFacts } from './collect';
import { isNamed, ownName } from './own-name';
import { assignmentState, assignmentWith, registrationState, scopeState } from './states';

/** What is there now of what a change of the plan is about. What it is about is in its id. */
export function observe(facts: ImpersonationFacts, change: Change, requirement: Requirement): unknown {
  switch (/^\d-(.+)-[0-9a-f]+$/.exec(change.id)?.[1]) {
    case 'register-application':
      return registration(facts);
    case 'create-scope':
    case 'change-scope':
      return scope(facts);
    case 'assign-role':
      return assignedRole(facts, requirement);
    case 'limit-role':
      return namedAssignment(facts, requirement);
    default:
      return undefined;
  }
}

function registration({ ground }: ImpersonationFacts) {
  if (ground?.ok !== true || ground.value.isRegistered === undefined) return undefined;
  return registrationState(ground.value.isRegistered);
}

/** Null: there is no such scope. */
function scope({ ground }: ImpersonationFacts) {
  if (ground?.ok !== true) return undefined;
  return ground.value.scope === null ? null : scopeState(ground.value.scope.filter);
}

/** Null: the role is not assigned with the scope of that name. */
function assignedRole({ assignments }: ImpersonationFacts, { profile, target }: Requirement) {
  const [role] = profile.impersonation.applicationRoles;
  if (assignments?.ok !== true || role === undefined) return undefined;
  const name = ownName(target.targetId);
  const found = assignments.value.some(
    (each) =>
      isDirect(each) &&
      isNamed(each.role, role) &&
      each.scope.kind === 'filter' &&
      isNamed(each.scope.name, name),
  );
  return found ? assignmentWith(role, name) : null;
}

/** Null: there is no assignment of that name. */
function namedAssignment({ assignments }: ImpersonationFacts, { target }: Requirement) {
  if (assignments?.ok !== true) return undefined;
  const name = ownName(target.targetId);
  const found = assignments.value.find((each) => isDirect(each) && isNamed(each.name, name));
  return found === undefined ? null : assignmentState(found);
}

function isDirect({ holder, through, doubt }: { holder: string; through?: string; doubt?: string }): boolean {
  return holder === 'application' && through === undefined && doubt === undefined;
}
