import { accountName } from '../../target';
import type { Requirement } from '../control';
import type { ManualStep } from '../plan';

const cmdlets = 'https://learn.microsoft.com/powershell/module/exchange';

export function moveToGraph({ profile }: Requirement): ManualStep {
  return {
    description: `Move ${profile.name} to Microsoft Graph with its vendor: no setting brings Exchange Web Services back.`,
    link: profile.source,
  };
}

export function switchOrganizationOn({ profile, target }: Requirement): ManualStep {
  return {
    description: `Ask the vendor of ${profile.name} whether it can do without Exchange Web Services. If not, put every application that still needs them on the list EwsAllowedAppIDs first, ${target.clientAppId} among them, and then set EwsEnabled of the organisation to true: from that moment only the applications on the list are let in, and all others are shut out.`,
    link: `${cmdlets}/set-organizationconfig`,
  };
}

export function switchMailboxOn({ target }: Requirement): ManualStep {
  return {
    description: `Find out why Exchange Web Services are off for the mailbox of ${accountName(target)}, and switch them on with Set-CASMailbox and EwsEnabled true. That opens this mailbox to every application that the organisation lets in.`,
    link: `${cmdlets}/set-casmailbox`,
  };
}
