import { z } from 'zod';
import { exchangeManageAsAppToWrite as permission } from '../../microsoft365/permissions';
import { type Change, emptyPlan, type ManualStep, type Plan } from '../../model/plan';
import type { Evaluation, Requirement } from '../control';
import { listOf } from '../listing';
import { cmdletRequest, planFor, toChange, type Ways } from '../plan';
import type { Code } from './codes';
import type { EwsFacts } from './collect';
import { evaluate } from './evaluate';
import * as steps from './manual-steps';

interface Context {
  facts: EwsFacts;
  requirement: Requirement;
  evaluation: Evaluation<Code>;
}

/**
 * The application on the list, and the switch together with the list where nobody has decided about it. What somebody has
 * switched off, or made rules about, is for people to open again.
 */
const ways: Ways<Code, Context> = {
  'ews.retired': byHand(steps.moveToGraph),
  'ews.disabledForOrganization': byHand(steps.switchOrganizationOn),
  'ews.notPrepared': prepare,
  'ews.appNotAllowed': allowApplication,
  'ews.userAgentsRefused': byHand(steps.letUserAgentsIn),
  'ews.userAgentsUnknown': byHand(steps.findOutUserAgents),
  'ews.disabledForMailbox': byHand(steps.switchMailboxOn),
  'ews.retiring': null,
};

export function plan(facts: EwsFacts, requirement: Requirement): Plan {
  const evaluation = evaluate(facts, requirement);
  return planFor(evaluation, ways, { facts, requirement, evaluation });
}

function byHand(step: (requirement: Requirement) => ManualStep) {
  return ({ requirement }: Context): Plan => ({ changes: [], manualSteps: [step(requirement)] });
}

/** Switch and list in one: with the switch alone everybody would be shut out until the list has come. */
function prepare(context: Context): Plan {
  if (!isViolation(context, 'ews.notPrepared')) return emptyPlan;
  const { requirement } = context;
  const before = listIn(context.facts);
  if (before === undefined) return byHand(steps.prepareByHand)(context);
  const { target, profile } = requirement;
  const after = listed([...before, target.clientAppId]);
  const write = (EwsEnabled: true | null, ids: readonly string[]) =>
    cmdletRequest(target.tenantId, 'Set-OrganizationConfig', { EwsEnabled, EwsAllowedAppIDs: written(ids) });
  const change = toChange({
    step: 1,
    name: 'prepare-organisation',
    description: `Switch Exchange Web Services on for the organisation, with ${profile.name} (${target.clientAppId}) on the list: every application on the list gets in (${listOf(after)}), and no other does. Find out before who else uses them, and put those on the list too. The switch takes about an hour to have effect, the list up to 24.`,
    request: write(true, after),
    undo: () => write(null, before),
    before: { EwsEnabled: null, EwsAllowedAppIDs: before },
    after: { EwsEnabled: true, EwsAllowedAppIDs: after },
    permission,
  });
  return { changes: [change], manualSteps: [] };
}

/** What is written replaces the list: so everything that is on it is written again. */
function allowApplication(context: Context): Plan {
  // Where everybody gets in without a list, one with a single application would shut out all others.
  if (!isViolation(context, 'ews.appNotAllowed')) return emptyPlan;
  const before = listIn(context.facts);
  if (before === undefined) return emptyPlan;
  const { target, profile } = context.requirement;
  const after = listed([...before, target.clientAppId]);
  const write = (ids: readonly string[]) =>
    cmdletRequest(target.tenantId, 'Set-OrganizationConfig', { EwsAllowedAppIDs: written(ids) });
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

function isViolation({ evaluation: { reasons } }: Context, code: Code): boolean {
  return reasons.some((reason) => reason.code === code && reason.level === 'violation');
}

const SetsSwitch = z.object({ CmdletInput: z.object({ Parameters: z.object({ EwsEnabled: z.unknown() }) }) });

/** The applications that Exchange Web Services let in now; with the switch where the change is about that as well. */
export function observe(facts: EwsFacts, { request }: Pick<Change, 'request'>): unknown {
  const ids = listIn(facts);
  if (ids === undefined || !SetsSwitch.safeParse(request.body).success) return ids;
  const EwsEnabled = facts.organization?.ok === true ? facts.organization.value.EwsEnabled : undefined;
  return EwsEnabled === undefined ? undefined : { EwsEnabled, EwsAllowedAppIDs: ids };
}

/** Who is on the list; undefined where that could not be read. */
function listIn({ organization }: EwsFacts): string[] | undefined {
  const ids = organization?.ok === true ? organization.value.EwsAllowedAppIDs : undefined;
  return ids && listed(ids);
}

/** Each id once, in a fixed order. */
function listed(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}

/** Null clears the list; an empty text is no list. */
function written(ids: readonly string[]): string | null {
  return ids.length === 0 ? null : ids.join(',');
}
