import * as z from 'zod';
import type { Change } from '../../../model/plan';
import type { Requirement } from '../../control';
import type { ImpersonationFacts } from '../facts';
import { isNamed, ownName } from '../own-name';
import { roleToAssign } from '../protocols';
import {
  assignmentState,
  assignmentWith,
  misregistrationState,
  registrationState,
  scopeState,
} from './change-drafts';
import { observeOpening } from './plan-openings';

/** What is there now of what a change of the plan is about. What it is about is in its id. */
export function observe(facts: ImpersonationFacts, change: Change, requirement: Requirement): unknown {
  switch (/^\d-(.+)-[0-9a-f]+$/.exec(change.id)?.[1]) {
    case 'forget-registration':
      return misregistration(facts, change);
    case 'register-application':
      return registration(facts);
    case 'create-scope':
    case 'change-scope':
      return scope(facts);
    case 'assign-role':
      return assignedRole(facts, requirement);
    case 'limit-role':
      return limitedAssignment(facts, change);
    case 'open-room':
      return observeOpening(facts, change, 'fullAccess');
    case 'add-delegate':
      return observeOpening(facts, change, 'delegate');
    default:
      return undefined;
  }
}

function registration({ baseline }: ImpersonationFacts) {
  if (baseline?.ok !== true || baseline.value.isRegistered === undefined) return undefined;
  return registrationState(baseline.value.isRegistered);
}

/** Null: Exchange does not know the application by this object id. */
function misregistration({ baseline }: ImpersonationFacts, { before }: Change) {
  const wanted = Misregistered.safeParse(before).data?.registeredAs;
  if (baseline?.ok !== true || baseline.value.isRegistered === undefined || wanted === undefined)
    return undefined;
  const { misregistered = [] } = baseline.value;
  return misregistered.some(({ objectId }) => objectId === wanted) ? misregistrationState(wanted) : null;
}

/** Null: there is no such scope. */
function scope({ baseline }: ImpersonationFacts) {
  if (baseline?.ok !== true) return undefined;
  return baseline.value.scope === null ? null : scopeState(baseline.value.scope.filter);
}

/** Null: the role is not assigned with the scope of that name. */
function assignedRole({ assignments }: ImpersonationFacts, requirement: Requirement) {
  const role = roleToAssign(requirement);
  if (assignments?.ok !== true || role === undefined) return undefined;
  const name = ownName(requirement.target.targetId);
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
function limitedAssignment({ assignments }: ImpersonationFacts, { request }: Change) {
  const name = LimitRequest.safeParse(request.body).data?.CmdletInput.Parameters.Identity;
  if (assignments?.ok !== true || name === undefined) return undefined;
  const found = assignments.value.find((each) => isDirect(each) && isNamed(each.name, name));
  return found === undefined ? null : assignmentState(found);
}

/** What a change says of what it is about, beside its name. */
const Misregistered = z.object({ registeredAs: z.string() });
const LimitRequest = z.object({
  CmdletInput: z.object({ Parameters: z.object({ Identity: z.string() }) }),
});

function isDirect({ holder, through, doubt }: { holder: string; through?: string; doubt?: string }): boolean {
  return holder === 'application' && through === undefined && doubt === undefined;
}
