import * as z from 'zod';
import { exchangeManageAsApp as permission } from '../../microsoft365/permissions';
import { type Change, emptyPlan, type ManualStep, type Plan } from '../../model/plan';
import { accountName } from '../../model/target';
import type { Evaluation, Requirement } from '../control';
import { listOf } from '../evaluation';
import { cmdletRequest, planFor, toChange, type Ways } from '../plan';
import type { Code } from './codes';
import type { EwsFacts } from './collect';
import { wayOut } from './retirement';

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
  'ews.retired': byHand(moveToGraph),
  'ews.disabledForOrganization': byHand(switchOrganizationOn),
  'ews.notPrepared': prepare,
  'ews.appNotAllowed': allowApplication,
  'ews.userAgentsRefused': byHand(letUserAgentsIn),
  'ews.userAgentsUnknown': byHand(findOutUserAgents),
  'ews.disabledForMailbox': byHand(switchMailboxOn),
  'ews.retiring': null,
  'ews.notKnown': null,
};

/**
 * Puts the application on the list, with the switch where nobody has decided about that. Everything else are steps
 * for people.
 */
export function plan(facts: EwsFacts, evaluation: Evaluation<Code>, requirement: Requirement): Plan {
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
  if (before === undefined) return byHand(prepareByHand)(context);
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

const cmdlets = 'https://learn.microsoft.com/powershell/module/exchange';
const userAgentRules =
  'https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-control-access-to-ews-in-exchange';

/** For after the end of Exchange Web Services. */
export function moveToGraph({ profile }: Requirement): ManualStep {
  return {
    description: `Move ${profile.name} to Microsoft Graph with its vendor: no setting brings Exchange Web Services back. ${wayOut(profile)}`,
    link: profile.successor?.source ?? profile.source,
  };
}

/** Somebody has switched it off on purpose, perhaps: so no change does the opposite. */
export function switchOrganizationOn({ profile, target }: Requirement): ManualStep {
  return {
    description: `Ask the vendor of ${profile.name} whether it can do without Exchange Web Services. If not, put every application that still needs them on the list EwsAllowedAppIDs first, ${target.clientAppId} among them, and then set EwsEnabled of the organisation to true: from that moment only the applications on the list are let in, and all others are shut out.`,
    link: `${cmdlets}/set-organizationconfig`,
  };
}

/** Where nobody knows who is on the list, which is replaced as a whole. */
export function prepareByHand({ target }: Requirement): ManualStep {
  return {
    description: `Set EwsEnabled of the organisation to true, together with the list EwsAllowedAppIDs of every application that still needs Exchange Web Services, ${target.clientAppId} among them: what is on the list now could not be read, and writing replaces it.`,
    link: `${cmdlets}/set-organizationconfig`,
  };
}

/** For rules that keep the product out. It tells what else they let in then. */
export function letUserAgentsIn({ profile }: Requirement): ManualStep {
  return {
    description: `Ask the vendor of ${profile.name} which user agents it sends, and change EwsApplicationAccessPolicy, EwsAllowList or EwsBlockList of the organisation or of the mailbox so that they are let in. Whatever else sends one of them is let in as well: a user agent proves nothing about who sends it.`,
    link: userAgentRules,
  };
}

/** For rules of which nobody can tell whether they keep the product out. */
export function findOutUserAgents({ profile }: Requirement): ManualStep {
  return {
    description: `Ask the vendor of ${profile.name} which user agents it sends, and compare them with EwsApplicationAccessPolicy, EwsAllowList and EwsBlockList. If they are let in, accept this finding: it comes back when the rules change.`,
    link: userAgentRules,
  };
}

/** For a switch that somebody has set at this one mailbox. */
export function switchMailboxOn({ target }: Requirement): ManualStep {
  return {
    description: `Find out why Exchange Web Services are off for the mailbox of ${accountName(target)}, and switch them on with Set-CASMailbox and EwsEnabled true. That opens this mailbox to every application that the organisation lets in.`,
    link: `${cmdlets}/set-casmailbox`,
  };
}
