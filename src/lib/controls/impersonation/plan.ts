import type { Requirement } from '../control';
import { type Change, emptyPlan, type ManualStep, type Plan } from '../plan';
import type { ImpersonationFacts } from './collect';
import { evaluate } from './evaluate';
import * as steps from './manual-steps';
import { adminApiChanges } from './plan-admin-api';
import { graphChanges } from './plan-graph';
import { repairOf } from './repair';
import { hasCode, isWithinOwn, resources, type Situation, situationOf } from './situation';
import { wantedFilter } from './wanted-filter';

/**
 * A scope of our own with the rooms, and the role assigned with it. What somebody else has made is never changed: what
 * there is to do with that are manual steps.
 */
export function plan(facts: ImpersonationFacts, requirement: Requirement): Plan {
  const { verdict, reasons } = evaluate(facts, requirement);
  if (verdict !== 'nonCompliant') return emptyPlan;
  const situation = situationOf(facts, requirement, reasons);
  const repair = repairOf(situation);
  const changes = repair !== undefined && 'repair' in repair ? changesOf(repair.repair, requirement) : [];
  const before = repair !== undefined && 'manualStep' in repair ? [repair.manualStep] : [];
  return { changes, manualSteps: distinct([...before, ...manualSteps(situation, changes)]) };
}

function changesOf(repair: Parameters<typeof graphChanges>[0], { target }: Requirement): Change[] {
  return target.exchangeReader === 'admin-api' ? adminApiChanges(repair) : graphChanges(repair);
}

function manualSteps(situation: Situation, changes: readonly Change[]): ManualStep[] {
  const { violations } = situation;
  const wide = [...resources(violations, 'impersonation.tenantWideGrant')].sort();
  return [
    ...(hasCode(situation, 'impersonation.noRooms') ? [steps.noRooms()] : []),
    ...absentRooms(situation),
    ...registration(situation, changes),
    ...widening(situation, changes),
    ...narrowing(situation, changes),
    ...limiting(situation, changes),
    ...wide.map(steps.withdraw),
  ];
}

function absentRooms({ facts, violations }: Situation): ManualStep[] {
  const missed = resources(violations, 'impersonation.roomNotCovered');
  const absent = (facts.rooms.ok ? facts.rooms.value : []).filter(
    ({ exists, address }) => !exists && missed.has(address),
  );
  return absent.length === 0 ? [] : [steps.roomsAbsent(absent.map(({ address }) => address))];
}

function registration(situation: Situation, changes: readonly Change[]): ManualStep[] {
  const { target } = situation.requirement;
  const isNever = !situation.counted.some(({ holder }) => holder === 'application');
  return target.exchangeReader === 'graph' && isNever && changes.length > 0
    ? steps.registerFirst(situation)
    : [];
}

/** What others made, and what leaves rooms out. */
function widening(situation: Situation, changes: readonly Change[]): ManualStep[] {
  const missed = situation.missed.map(({ address }) => address);
  if (missed.length === 0) return [];
  return situation.counted
    .filter((assignment) => assignment.doubt === undefined && !isWithinOwn(situation, assignment))
    .flatMap(({ scope }) => steps.widen(scope, missed, changes.length > 0));
}

/** What lets others in: left to people, unless a change of ours ends it. */
function narrowing(situation: Situation, changes: readonly Change[]): ManualStep[] {
  const isChanged = isMade(changes, 'change-scope');
  return situation.strays
    .filter(({ assignment }) => !(isChanged && isWithinOwn(situation, assignment)))
    .filter(({ assignment }) => !(isMade(changes, 'limit-role') && assignment.name === situation.name))
    .map(steps.narrow);
}

function limiting(situation: Situation, changes: readonly Change[]): ManualStep[] {
  const { facts, requirement, counted, name } = situation;
  const wanted = wantedFilter(facts, requirement);
  const filter = wanted !== undefined && 'filter' in wanted ? wanted.filter : undefined;
  return counted
    .filter(({ scope, doubt }) => scope.kind === 'organization' && doubt === undefined)
    .filter((assignment) => !(isMade(changes, 'limit-role') && assignment.name === name))
    .map((assignment) => steps.limit(assignment, filter));
}

function isMade(changes: readonly Change[], name: string): boolean {
  return changes.some(({ id }) => id.slice(2).startsWith(`${name}-`));
}

/** Several assignments may ask for the same. */
function distinct(manualSteps: readonly ManualStep[]): ManualStep[] {
  return [...new Map(manualSteps.map((step) => [step.description, step])).values()];
}
