import { type Read, readOk } from '../../microsoft365/wire/read';
import type { ImpersonationFacts } from './facts';
import { isNamed } from './own-name';
import { type Demand, roleToAssign } from './protocols';

/**
 * By what the role would be assigned that a repair assigns; null when the organisation has no such role, and undefined
 * where nothing that was read says whether it has. A scope that was made for a role that is not there would be left behind.
 */
export function roleThere(
  { baseline, assignments, role }: Pick<ImpersonationFacts, 'baseline' | 'assignments' | 'role'>,
  demand: Demand,
): Read<string | null> | undefined {
  const name = roleToAssign(demand) ?? '';
  if (baseline?.ok === true && baseline.value.role !== undefined) return readOk(baseline.value.role);
  // What is assigned to anybody is there.
  const assigned = assignments?.ok === true && assignments.value.find((each) => isNamed(each.role, name));
  return assigned ? readOk(assigned.role) : role;
}
