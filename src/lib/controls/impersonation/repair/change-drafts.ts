import {
  type Misregistration,
  type RoleAssignment,
  filterForm,
  scopeName,
} from '../../../microsoft365/exchange';
import type { ChangeDraft } from '../../plan';
import type { Repair } from './repair';

/** What a change is, whichever service makes it. The names are what observe knows a change by. */
type Draft = Pick<ChangeDraft, 'step' | 'name' | 'description' | 'before' | 'after'>;

/** Of one that nothing is assigned to: what is would go with it. */
export function forgetting({ application }: Repair, { objectId }: Misregistration): Draft {
  return {
    step: 0,
    name: 'forget-registration',
    description: `Remove the application ${application.displayName} (${application.appId}) from Exchange, where it stands under the object id ${objectId}, which is not that of the enterprise application: so no role reaches anything.`,
    before: misregistrationState(objectId),
    after: null,
  };
}

/** Before a role can be assigned. Only Exchange itself tells whether it is needed. */
export function registering({ application }: Repair): Draft {
  return {
    step: 0,
    name: 'register-application',
    description: `Make the application ${application.displayName} (${application.appId}) known to Exchange, so that roles can be assigned to it.`,
    before: registrationState(false),
    after: registrationState(true),
  };
}

/** Of our own scope, where there is none of that name. */
export function creating({ name, filter }: Repair): Draft {
  return {
    step: 1,
    name: 'create-scope',
    description: `Create the scope ${name} with the recipient filter: ${filter}`,
    before: null,
    after: scopeState(filter),
  };
}

/** @param before the filter that is there. */
export function changing({ name, filter }: Repair, before: string | null): Draft {
  return {
    step: 1,
    name: 'change-scope',
    description: `Change the recipient filter of the scope ${name} from ${before ?? 'none'} to: ${filter}`,
    before: scopeState(before),
    after: scopeState(filter),
  };
}

/** @param role its name. */
export function assigning({ application, name }: Repair, role: string): Draft {
  return {
    step: 2,
    name: 'assign-role',
    description: `Assign the role ${role} to the application ${application.displayName} with the scope ${name}.`,
    before: null,
    after: assignmentWith(role, name),
  };
}

/** @param assignment the one that is there, and that holds somewhere else. */
export function limiting({ name }: Repair, assignment: RoleAssignment & { name: string }): Draft {
  const before = assignmentState(assignment);
  return {
    step: 2,
    name: 'limit-role',
    description: `Let the assignment ${assignment.name} of ${assignment.role} hold in the scope ${name} in place of ${before.scope}.`,
    before,
    after: assignmentWith(assignment.role, name),
  };
}

// What there is of a thing that a change is about: the form of `before` and `after`, and of what observe gives.

/** Of a scope: its filter, in the form that all spellings share. */
export function scopeState(filter: string | null) {
  return { filter: filter === null ? null : filterForm(filter) };
}

/** Of an assignment. */
export function assignmentState({ role, scope }: Pick<RoleAssignment, 'role' | 'scope'>) {
  return { role, scope: scopeName(scope) };
}

/** Of an assignment with the scope of this name. */
export function assignmentWith(role: string, name: string) {
  return { role, scope: scopeName({ kind: 'filter', name, filter: '' }) };
}

/** Of an application in Exchange. */
export function registrationState(isRegistered: boolean) {
  return { registered: isRegistered };
}

/** Of an application that Exchange knows by an object id that leads nowhere. */
export function misregistrationState(objectId: string) {
  return { registeredAs: objectId };
}
