import { type RoleAssignment, type Room, scopeKey } from '../../../microsoft365/exchange';
import type { ReasonWith } from '../../codes';
import type { Requirement } from '../../control';
import { compareText } from '../../evaluation';
import { countedOf } from '../assigned';
import type { Code } from '../codes';
import type { ImpersonationFacts } from '../facts';
import { isNamed, ownName } from '../own-name';

/** Mailboxes that are reached through the scope of an assignment, and should not be. */
export interface StraysOf {
  assignment: RoleAssignment;
  addresses: string[];
}

/** What is broken about a finding, as far as a repair looks at it. */
export interface Diagnosis {
  facts: ImpersonationFacts;
  requirement: Requirement;
  reasons: readonly ReasonWith<Code>[];
  /** Violations only. */
  violations: readonly ReasonWith<Code>[];
  /** Of the scope, and of the assignment, that belong to this target's repairs. */
  name: string;
  /** The assignments that count, in a fixed order. */
  counted: RoleAssignment[];
  /** The rooms that exist and that nothing reaches. */
  missed: Room[];
  /** Once for each scope. */
  strays: StraysOf[];
}

/**
 * Puts together what a repair starts from.
 * @param reasons of the finding: what it does not complain of is not repaired.
 */
export function diagnose(
  facts: ImpersonationFacts,
  requirement: Requirement,
  reasons: readonly ReasonWith<Code>[],
): Diagnosis {
  const violations = reasons.filter(({ level }) => level === 'violation');
  const inOrder = (countedOf(facts, requirement) ?? []).sort(byScope);
  return {
    ...{ facts, requirement, reasons, violations },
    name: ownName(requirement.target.targetId),
    counted: inOrder,
    missed: missedRooms(facts, violations),
    strays: straysOf(facts, inOrder, resources(violations, 'impersonation.strayMailbox')),
  };
}

/** What the reasons with this code are about. */
export function resources(reasons: readonly ReasonWith<Code>[], code: Code): Set<string> {
  return new Set(reasons.flatMap((reason) => (reason.code === code ? (reason.resource ?? []) : [])));
}

/** Whether an assignment holds within the scope that belongs to this target's repairs. */
export function isWithinOwn({ name }: Diagnosis, { scope }: RoleAssignment): boolean {
  return scope.kind === 'filter' && isNamed(scope.name, name);
}

/** With no role at all every room is missed, and none is named. */
function missedRooms({ rooms }: ImpersonationFacts, violations: readonly ReasonWith<Code>[]): Room[] {
  const existing = rooms.ok ? rooms.value.filter(({ exists }) => exists) : [];
  const isNone = violations.some(({ code }) =>
    ['impersonation.none', 'impersonation.roleRetired', 'impersonation.notRegistered'].includes(code),
  );
  const missed = resources(violations, 'impersonation.roomNotCovered');
  return existing.filter(({ address }) => isNone || missed.has(address));
}

function straysOf(
  { contents }: ImpersonationFacts,
  counted: readonly RoleAssignment[],
  strays: ReadonlySet<string>,
): StraysOf[] {
  const byKey = new Map<string, StraysOf>();
  for (const assignment of counted) {
    const key = scopeKey(assignment.scope);
    const inside = contents.get(key)?.inside ?? [];
    if (assignment.doubt !== undefined || inside === 'all' || byKey.has(key)) continue;
    const addresses = inside.map(({ address }) => address).filter((address) => strays.has(address));
    if (addresses.length > 0) byKey.set(key, { assignment, addresses });
  }
  return [...byKey.values()];
}

function byScope(a: RoleAssignment, b: RoleAssignment): number {
  return (
    compareText(scopeKey(a.scope), scopeKey(b.scope)) ||
    compareText(a.role, b.role) ||
    compareText(a.holder, b.holder) ||
    compareText(a.name ?? '', b.name ?? '')
  );
}
