import type { RoleAssignment } from '../../microsoft365/exchange';
import { allowedInVain, excessRoles } from './assigned';
import type { Reason } from './codes';
import type { Demand } from './protocols';
import { doubtfulRole, excessRole } from './role-reasons';

/**
 * The roles of the application that nobody asked for: one violation each, however often it is assigned. Consent looks at
 * permissions of Microsoft Entra alone, so that nothing else sees these.
 */
export function excessReasons(assignments: readonly RoleAssignment[], demand: Demand): Reason[] {
  const excess = excessRoles(assignments, demand);
  const certain = byRole(excess.filter(({ doubt }) => doubt === undefined));
  const doubtful = excess.filter(
    ({ doubt, role }) =>
      doubt !== undefined && forApplications.test(role) && !certain.has(role.toLowerCase()),
  );
  return [...[...certain.values()].map(excessRole), ...doubtful.map(doubtfulRole)];
}

/**
 * Role groups of every tenant hold dozens of roles for people. That the application is in one of those is not likely
 * enough to be asked of everybody.
 */
const forApplications = /^application /i;

/**
 * All roles that the application holds beside those that count: also those that the target allows. And what the target
 * allows and the application does not hold.
 */
export function excessEvidence(
  assignments: readonly RoleAssignment[],
  { profile, target }: Demand,
): Record<string, unknown> {
  const others = excessRoles(assignments, {
    profile,
    target: { ...target, allowedExtraRoles: [] },
  }).filter(({ doubt }) => doubt === undefined);
  const inVain = allowedInVain(assignments, { profile, target });
  return {
    ...(others.length === 0
      ? {}
      : {
          otherRoles: others.map(({ role, through, scope }) => ({ role, through: through ?? null, scope })),
        }),
    ...(inVain.length === 0 ? {} : { allowedExtraRolesNotHeld: inVain }),
  };
}

function byRole(assignments: readonly RoleAssignment[]): Map<string, RoleAssignment[]> {
  const found = new Map<string, RoleAssignment[]>();
  for (const assignment of assignments) {
    const role = assignment.role.toLowerCase();
    found.set(role, [...(found.get(role) ?? []), assignment]);
  }
  return found;
}
