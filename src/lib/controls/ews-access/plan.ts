import { exchangeManageAsAppToWrite as permission } from '../../microsoft365/permissions';
import type { Requirement } from '../control';
import { type Change, cmdletRequest, emptyPlan, type ManualStep, type Plan, toChange } from '../plan';
import type { EwsFacts } from './collect';
import { evaluate } from './evaluate';
import { moveToGraph, switchMailboxOn, switchOrganizationOn } from './manual-steps';

/** The application on the list. Every other switch lets more in or out than this product: those are for people. */
export function plan(facts: EwsFacts | null, requirement: Requirement): Plan {
  const { verdict, reasons } = evaluate(facts, requirement);
  if (facts === null || verdict !== 'nonCompliant') return emptyPlan;
  const codes = new Set(reasons.map(({ code }) => code));
  const manualSteps: [string, ManualStep][] = [
    ['ews.retired', moveToGraph(requirement)],
    ['ews.disabledForOrganization', switchOrganizationOn(requirement)],
    ['ews.disabledForMailbox', switchMailboxOn(requirement)],
  ];
  return {
    changes: codes.has('ews.appNotAllowed') ? allowApplication(facts, requirement) : [],
    manualSteps: manualSteps.flatMap(([code, step]) => (codes.has(code) ? [step] : [])),
  };
}

/** What is written replaces the list: so everything that is on it is written again. */
function allowApplication({ organization }: EwsFacts, { target, profile }: Requirement): Change[] {
  if (!organization.ok || organization.value.EwsAllowedAppIDs === undefined) return [];
  const before = listed(organization.value.EwsAllowedAppIDs);
  const after = listed([...before, target.clientAppId]);
  const write = (ids: readonly string[]) =>
    cmdletRequest(target.tenantId, 'Set-OrganizationConfig', {
      // Null clears the list; an empty text is no list.
      EwsAllowedAppIDs: ids.length === 0 ? null : ids.join(','),
    });
  return [
    toChange({
      step: 1,
      name: 'allow-application',
      description: `Put ${profile.name} (${target.clientAppId}) on the list of applications that Exchange Web Services let in, and keep the ${before.length} that are on it. It can take 24 hours to have effect.`,
      request: write(after),
      undo: () => write(before),
      ...{ before, after, permission },
    }),
  ];
}

/** The applications that Exchange Web Services let in now. */
export function observe(facts: EwsFacts | null): unknown {
  const ids = facts?.organization.ok === true ? facts.organization.value.EwsAllowedAppIDs : undefined;
  return ids && listed(ids);
}

/** Each id once, in a fixed order. */
function listed(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}
