import type { RoleAssignment } from '../../microsoft365/exchange';
import type { Read } from '../../microsoft365/wire/read';
import { isNamed } from './own-name';
import type { Demand } from './protocols';

/**
 * Whether an assignment reaches rooms: of the application one of a role that the profile names, of the service account
 * its retired role where that is accepted.
 */
export function counts({ holder, role, nameless }: RoleAssignment, { profile, target }: Demand): boolean {
  if (holder === 'serviceAccount') return target.acceptRetiredRole;
  return nameless === true || isAmong(role, profile.impersonation.applicationRoles);
}

/** The assignments that count; undefined when they were not read. */
export function countedOf(
  { assignments }: { assignments?: Read<RoleAssignment[]> },
  demand: Demand,
): RoleAssignment[] | undefined {
  return assignments?.ok === true
    ? assignments.value.filter((assignment) => counts(assignment, demand))
    : undefined;
}

/** The assignments of the retired role of the service account that count for nothing. */
export function retiredOf(assignments: readonly RoleAssignment[], demand: Demand): RoleAssignment[] {
  return assignments.filter(
    (assignment) =>
      assignment.holder === 'serviceAccount' && assignment.doubt === undefined && !counts(assignment, demand),
  );
}

/**
 * The assignments of roles that nobody asked for: neither the vendor nor the customer. A role that bundles others is
 * allowed by its own name only.
 */
export function excessRoles(
  assignments: readonly RoleAssignment[],
  { profile, target }: Demand,
): RoleAssignment[] {
  const { applicationRoles, retiredServiceAccountRoles } = profile.impersonation;
  const asked = [...applicationRoles, ...retiredServiceAccountRoles, ...target.allowedExtraRoles];
  return assignments.filter(
    ({ holder, role, nameless }) => holder === 'application' && nameless !== true && !isAmong(role, asked),
  );
}

/** Roles that the target allows and the application does not hold: an entry that is misspelt allows nothing. */
export function allowedInVain(assignments: readonly RoleAssignment[], { target }: Demand): string[] {
  const held = assignments.flatMap(({ holder, role }) => (holder === 'application' ? role : []));
  return target.allowedExtraRoles.filter((name) => !isAmong(name, held));
}

function isAmong(role: string, names: readonly string[]): boolean {
  return names.some((name) => isNamed(role.trim(), name.trim()));
}
