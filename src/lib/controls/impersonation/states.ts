import { filterForm, type RoleAssignment, scopeName } from '../../microsoft365/exchange';

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
