import { exchangeManageAsAppToWrite as permission } from '../../microsoft365/permissions';
import type { Requirement } from '../control';
import { cmdletRequest, emptyPlan, type ManualStep, type Plan, planFor, toChange, type Ways } from '../plan';
import type { Code } from './codes';
import type { EwsFacts } from './collect';
import { evaluate } from './evaluate';
import { moveToGraph, switchMailboxOn, switchOrganizationOn } from './manual-steps';

interface Context {
  facts: EwsFacts;
  requirement: Requirement;
}

/** The application on the list. Every other switch lets more in or out than this product: those are for people. */
const ways: Ways<Code, Context> = {
  'ews.retired': byHand(moveToGraph),
  'ews.disabledForOrganization': byHand(switchOrganizationOn),
  'ews.appNotAllowed': allowApplication,
  'ews.disabledForMailbox': byHand(switchMailboxOn),
  'ews.notYetSwitched': null,
  'ews.retiring': null,
};

export function plan(facts: EwsFacts | null, requirement: Requirement): Plan {
  return facts === null ? emptyPlan : planFor(evaluate(facts, requirement), ways, { facts, requirement });
}

function byHand(step: (requirement: Requirement) => ManualStep) {
  return ({ requirement }: Context): Plan => ({ changes: [], manualSteps: [step(requirement)] });
}

/** What is written replaces the list: so everything that is on it is written again. */
function allowApplication({ facts: { organization }, requirement }: Context): Plan {
  const { target, profile } = requirement;
  if (!organization.ok || organization.value.EwsAllowedAppIDs === undefined) return emptyPlan;
  const before = listed(organization.value.EwsAllowedAppIDs);
  const after = listed([...before, target.clientAppId]);
  const write = (ids: readonly string[]) =>
    cmdletRequest(target.tenantId, 'Set-OrganizationConfig', {
      // Null clears the list; an empty text is no list.
      EwsAllowedAppIDs: ids.length === 0 ? null : ids.join(','),
    });
  const change = toChange({
    step: 1,
    name: 'allow-application',
    description: `Put ${profile.name} (${target.clientAppId}) on the list of applications that Exchange Web Services let in, and keep the ${before.length} that are on it. It can take 24 hours to have effect.`,
    request: write(after),
    undo: () => write(before),
    ...{ before, after, permission },
  });
  return { changes: [change], manualSteps: [] };
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
