import type { ManualStep } from '../../model/plan';
import { accountName } from '../../model/target';
import type { Requirement } from '../control';
import { wayOut } from './retirement';

const cmdlets = 'https://learn.microsoft.com/powershell/module/exchange';
const userAgentRules =
  'https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-control-access-to-ews-in-exchange';

export function moveToGraph({ profile }: Requirement): ManualStep {
  return {
    description: `Move ${profile.name} to Microsoft Graph with its vendor: no setting brings Exchange Web Services back. ${wayOut(profile)}`,
    link: profile.successor?.source ?? profile.source,
  };
}

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

export function letUserAgentsIn({ profile }: Requirement): ManualStep {
  return {
    description: `Ask the vendor of ${profile.name} which user agents it sends, and change EwsApplicationAccessPolicy, EwsAllowList or EwsBlockList of the organisation or of the mailbox so that they are let in. Whatever else sends one of them is let in as well: a user agent proves nothing about who sends it.`,
    link: userAgentRules,
  };
}

export function findOutUserAgents({ profile }: Requirement): ManualStep {
  return {
    description: `Ask the vendor of ${profile.name} which user agents it sends, and compare them with EwsApplicationAccessPolicy, EwsAllowList and EwsBlockList. If they are let in, accept this finding: it comes back when the rules change.`,
    link: userAgentRules,
  };
}

export function switchMailboxOn({ target }: Requirement): ManualStep {
  return {
    description: `Find out why Exchange Web Services are off for the mailbox of ${accountName(target)}, and switch them on with Set-CASMailbox and EwsEnabled true. That opens this mailbox to every application that the organisation lets in.`,
    link: `${cmdlets}/set-casmailbox`,
  };
}
