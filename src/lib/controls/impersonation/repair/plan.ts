import type { Change, ManualStep, Plan } from '../../../model/plan';
import type { Evaluation, Requirement } from '../../control';
import { compareText } from '../../evaluation';
import { isNotKnown } from '../../not-known';
import { planFor, type Way, type Ways } from '../../plan';
import { excessRoles } from '../assigned';
import type { Code } from '../codes';
import type { ImpersonationFacts } from '../facts';
import { openingKind } from '../openings';
import { opens, possibleProtocols } from '../protocols';
import * as roleSteps from '../role-steps';
import * as steps from './manual-steps';
import { adminApiChanges } from './plan-admin-api';
import { graphChanges } from './plan-graph';
import { openRooms } from './plan-openings';
import { type Repair, repairOf } from './repair';
import { isWithinOwn, resources, type Diagnosis, diagnose } from './diagnosis';
import { wantedFilter } from './wanted-filter';

/**
 * A scope of our own with the rooms, and the role assigned with it; or each room opened to the account. What somebody else has made is never changed: what
 * there is to do with that are manual steps.
 */
export function plan(
  facts: ImpersonationFacts,
  evaluation: Evaluation<Code>,
  requirement: Requirement,
): Plan {
  const { changes, manualSteps } = planFor(
    evaluation,
    ways,
    diagnose(facts, requirement, evaluation.reasons),
  );
  return { changes, manualSteps: distinct(manualSteps) };
}

/** What the roles reach, and do not reach: one repair, however many rooms and mailboxes it is about. */
const reachRooms: Way<Diagnosis> = (diagnosis) => {
  if (openingKind(diagnosis.requirement) !== undefined) {
    const { changes, manualSteps } = openRooms(diagnosis);
    return { changes, manualSteps: [...absentRooms(diagnosis), ...manualSteps] };
  }
  const found = repairOf(diagnosis);
  const repair = found !== undefined && 'repair' in found ? found.repair : undefined;
  const changes = repair === undefined ? [] : changesOf(repair, diagnosis.requirement);
  const before = found !== undefined && 'manualStep' in found ? [found.manualStep] : [];
  return {
    changes,
    manualSteps: [
      ...before,
      ...absentRooms(diagnosis),
      ...registration(diagnosis, changes),
      ...widening(diagnosis, changes),
      ...narrowing(diagnosis, changes, repair?.limited),
      ...limiting(diagnosis, repair?.limited),
      ...unsettled(diagnosis, repair),
    ],
  };
};

const ways: Ways<Code, Diagnosis> = {
  'impersonation.roomListMissing': byHand(({ facts }) => steps.listsAbsent(facts.missingLists)),
  'impersonation.none': reachRooms,
  'impersonation.roleRetired': reachRooms,
  'impersonation.notRegistered': reachRooms,
  'impersonation.roomNotCovered': reachRooms,
  'impersonation.strayMailbox': reachRooms,
  'impersonation.unscoped': reachRooms,
  'impersonation.noRooms': byHand(() => [steps.noRooms()]),
  'impersonation.excessRole': byHand(takingBack),
  'impersonation.policyBlocks': byHand(admitting),
  'impersonation.tenantWideGrant': byHand(({ violations }) =>
    [...resources(violations, 'impersonation.tenantWideGrant')].sort().map(steps.withdraw),
  ),
  'impersonation.protocolUnconfirmed': byHand(({ requirement }) => [roleSteps.sayProtocol(requirement)]),
  'impersonation.disputed': byHand(({ requirement, reasons }) => [
    roleSteps.lookAt([...resources(reasons, 'impersonation.disputed')], requirement),
  ]),
  'impersonation.notKnown': null,
  // The message says which setting or which reader can tell.
  'impersonation.scopeUnresolved': null,
};

function byHand(stepsOf: (diagnosis: Diagnosis) => ManualStep[]): Way<Diagnosis> {
  return (diagnosis) => ({ changes: [], manualSteps: stepsOf(diagnosis) });
}

function changesOf(repair: Repair, { target }: Requirement): Change[] {
  return target.exchangeReader === 'admin-api' ? adminApiChanges(repair) : graphChanges(repair);
}

/** One step for each role, in a fixed order. */
function takingBack({ facts, requirement, violations }: Diagnosis): ManualStep[] {
  const excess = facts.assignments?.ok === true ? excessRoles(facts.assignments.value, requirement) : [];
  const named = [...resources(violations, 'impersonation.excessRole')].sort();
  return named.flatMap((role) => {
    const its = excess
      .filter((each) => each.doubt === undefined && each.role.toLowerCase() === role.toLowerCase())
      .sort((a, b) => compareText(a.through ?? '', b.through ?? ''));
    const direct = its.filter(({ through }) => through === undefined);
    const groups = its.filter(({ through }) => through !== undefined);
    return [
      ...(direct.length === 0 ? [] : [roleSteps.takeBack(direct)]),
      ...groups.map((each) => roleSteps.takeBack([each])),
    ];
  });
}

function admitting({ facts, violations }: Diagnosis): ManualStep[] {
  const rooms = [...resources(violations, 'impersonation.policyBlocks')];
  const policies = facts.policies?.ok === true ? facts.policies.value : [];
  return rooms.length === 0 ? [] : [roleSteps.admit(rooms, policies)];
}

function absentRooms({ facts, violations }: Diagnosis): ManualStep[] {
  const missed = resources(violations, 'impersonation.roomNotCovered');
  const absent = (facts.rooms.ok ? facts.rooms.value : []).filter(
    ({ exists, address }) => !exists && missed.has(address),
  );
  return absent.length === 0 ? [] : [steps.roomsAbsent(absent.map(({ address }) => address))];
}

/** What stands in the way of a registration; and what Microsoft Graph does not show of one. */
function registration(
  { facts, requirement, ...diagnosis }: Diagnosis,
  changes: readonly Change[],
): ManualStep[] {
  const { assignments, baseline } = facts;
  const wrong = baseline?.ok === true ? (baseline.value.misregistered ?? []) : [];
  const held = wrong.filter(({ roles }) => roles.length > 0).map(roleSteps.removeRegistration);
  const isKnown =
    assignments?.ok === true &&
    assignments.value.some(({ holder, doubt }) => holder === 'application' && doubt === undefined);
  const isUnseen = requirement.target.exchangeReader === 'graph' && !isKnown && changes.length > 0;
  return isUnseen ? steps.registerFirst({ facts, requirement, ...diagnosis }) : held;
}

/** What others made, and what leaves rooms out. */
function widening(diagnosis: Diagnosis, changes: readonly Change[]): ManualStep[] {
  const missed = diagnosis.missed.map(({ address }) => address);
  if (missed.length === 0) return [];
  const wanted = possibleProtocols(diagnosis.requirement);
  return diagnosis.counted
    .filter((assignment) => assignment.doubt === undefined && opens(assignment, wanted))
    .filter((assignment) => !isWithinOwn(diagnosis, assignment))
    .flatMap(({ scope }) => steps.widen(scope, missed, changes.length > 0));
}

/** What lets others in: left to people, unless a change of ours ends it. */
function narrowing(
  diagnosis: Diagnosis,
  changes: readonly Change[],
  limited: Repair['limited'],
): ManualStep[] {
  const isChanged = isMade(changes, 'change-scope');
  return diagnosis.strays
    .filter(({ assignment }) => !(isChanged && isWithinOwn(diagnosis, assignment)))
    .filter(({ assignment }) => limited === undefined || assignment.name !== limited.name)
    .map(steps.narrow);
}

function limiting(diagnosis: Diagnosis, limited: Repair['limited']): ManualStep[] {
  const { facts, requirement, counted } = diagnosis;
  const wanted = wantedFilter(facts, requirement);
  const filter = wanted !== undefined && 'filter' in wanted ? wanted.filter : undefined;
  return counted
    .filter(({ scope, doubt }) => scope.kind === 'organization' && doubt === undefined)
    .filter((assignment) => limited === undefined || assignment.name !== limited.name)
    .map((assignment) => steps.limit(assignment, filter));
}

/**
 * A role that opens one of two protocols leaves the finding open, and so does one that the vendor may not mean: whoever agrees to
 * it is to know that before.
 */
function unsettled({ requirement }: Diagnosis, repair: Repair | undefined): ManualStep[] {
  const role = repair?.role?.name;
  if (role === undefined) return [];
  const isEnough = possibleProtocols(requirement).every((each) => opens({ role }, [each]));
  return [
    ...(isNotKnown(requirement.profile, 'access') ? [roleSteps.confirmRole(role, requirement)] : []),
    ...(isEnough ? [] : [roleSteps.sayProtocol(requirement)]),
  ];
}

function isMade(changes: readonly Change[], name: string): boolean {
  return changes.some(({ id }) => id.slice(2).startsWith(`${name}-`));
}

/** Several assignments may ask for the same. */
function distinct(manualSteps: readonly ManualStep[]): ManualStep[] {
  return [...new Map(manualSteps.map((step) => [step.description, step])).values()];
}
