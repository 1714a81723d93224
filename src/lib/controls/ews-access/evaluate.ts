import { counted } from '../../counted';
import type { MailboxEws, OrganizationEws, UserAgentRules } from '../../microsoft365/exchange/ews';
import type { Read } from '../../microsoft365/wire/read';
import { accountName } from '../../model/target';
import type { Evaluation, Requirement } from '../control';
import { conclude, notApplicable, unreadable, listOf } from '../evaluation';
import { notKnown } from '../not-known';
import type { Code, Reason } from './codes';
import type { EwsFacts } from './collect';
import * as reasons from './reasons';
import { daysLeft, retirement } from './retirement';
import { admit } from './user-agents';

/**
 * Decides whether Exchange Web Services let the product in: by the switch of the organisation, by its list of
 * applications, by the switch of the mailbox, and by rules on user agents, which are judged for products on Microsoft
 * Graph too. From the day on which Microsoft ends them, nothing else counts. Each part stands alone: one that could
 * not be read hides no violation of another.
 */
export function evaluate(facts: EwsFacts, requirement: Requirement): Evaluation<Code> {
  const { profile, now } = requirement;
  const { organization, mailbox, cloud } = facts;
  const left = daysLeft(cloud, now);
  const evidence = {
    organization: organization?.ok === true ? organization.value : null,
    mailbox: mailbox?.ok === true ? mailbox.value : null,
    retirement,
  };
  // Whatever is read or not: on that day there is nothing left that a switch could let in.
  if (profile.usesEws && left !== undefined && left <= 0)
    return conclude([reasons.retired(profile)], '', { evidence });
  const silent = notKnown(profile, 'protocol', 'ews.notKnown');
  if (organization === null && silent.length > 0) return conclude(silent, '', { evidence });
  if (organization === null) {
    return notApplicable(
      'Only Exchange itself knows whether its Web Services let an application in: set exchangeReader to admin-api.',
    );
  }
  const found = [
    ...judgeOrganization(organization, requirement, left),
    ...judgeMailbox(mailbox, requirement),
    ...silent,
  ];
  if (!profile.usesEws && found.length === 0) {
    return notApplicable(
      `${profile.name} does not use Exchange Web Services, and no rule on user agents keeps it out.`,
    );
  }
  const until = left === undefined ? 'and have no end yet in this cloud' : `for ${counted(left, 'more day')}`;
  return conclude(found, `Exchange Web Services let ${profile.name} in, ${until}.`, { evidence });
}

/** What the organisation's rules, switch and list come to. */
function judgeOrganization(
  read: Read<OrganizationEws>,
  requirement: Requirement,
  left: number | undefined,
): Reason[] {
  if (!read.ok) return [unreadable(read.failure)];
  const place = { name: 'the organisation', resource: 'EwsApplicationAccessPolicy' };
  const rules = judgeRules(read.value, place, requirement);
  const access = requirement.profile.usesEws ? judgeSwitch(read.value, requirement, left) : none;
  return both(rules, access, place.name);
}

/** The mailbox may be unset; only an explicit "off" shuts it. */
function judgeMailbox(read: Read<MailboxEws> | null, requirement: Requirement): Reason[] {
  if (read === null) return [];
  if (!read.ok) return [unreadable(read.failure)];
  const account = accountName(requirement.target);
  const place = { name: `the mailbox of ${account}`, resource: account };
  const rules = judgeRules(read.value, place, requirement);
  const { EwsEnabled } = read.value;
  if (!requirement.profile.usesEws || EwsEnabled === true || EwsEnabled === null)
    return both(rules, none, place.name);
  const access = EwsEnabled === false ? given(reasons.disabledForMailbox(account)) : lacking('EwsEnabled');
  return both(rules, access, place.name);
}

/** What a part of an answer says, and which properties it lacks for that. */
interface Judged {
  reasons: Reason[];
  lacking: string[];
}

const none: Judged = { reasons: [], lacking: [] };
const given = (...found: Reason[]): Judged => ({ reasons: found, lacking: [] });
const lacking = (property: string): Judged => ({ reasons: [], lacking: [property] });

/** What both parts say, and one reason for all that they lack. */
function both(one: Judged, other: Judged, place: string): Reason[] {
  const missing = [...one.lacking, ...other.lacking];
  const found = [...one.reasons, ...other.reasons];
  if (missing.length === 0) return found;
  const message = `Could not read ${listOf(missing)} of ${place}: the answer of Exchange does not have it, or not so that it is understood.`;
  return [...found, unreadable({ cause: 'malformed', message })];
}

function judgeRules(rules: UserAgentRules, place: reasons.Place, { profile }: Requirement): Judged {
  const admission = admit(rules, profile.userAgents);
  switch (admission.kind) {
    case 'open':
      return none;
    case 'unread':
      return lacking(admission.property);
    case 'refused':
      return given(reasons.userAgentsRefused(profile, place, admission));
    case 'unclear':
      return given(reasons.userAgentsUnknown(profile, place, admission));
  }
}

function judgeSwitch(
  { EwsEnabled, EwsAllowedAppIDs }: OrganizationEws,
  { profile, target: { clientAppId } }: Requirement,
  left: number | undefined,
): Judged {
  const hasDate = left !== undefined;
  if (EwsEnabled === undefined) return lacking('EwsEnabled');
  if (EwsEnabled === false) return given(reasons.disabledForOrganization());
  if (EwsEnabled === null) return given(reasons.notPrepared(profile, hasDate));
  if (EwsAllowedAppIDs === undefined) return lacking('EwsAllowedAppIDs');
  if (EwsAllowedAppIDs.includes(clientAppId)) return given(reasons.retiring(profile, left));
  return given(reasons.appNotAllowed(clientAppId, EwsAllowedAppIDs.length > 0, hasDate));
}
