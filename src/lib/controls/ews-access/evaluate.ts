import { z } from 'zod';
import type { MailboxEws, OrganizationEws } from '../../microsoft365/exchange/ews';
import type { Read } from '../../microsoft365/read';
import { accountName } from '../../target';
import type { Evaluation, Requirement } from '../control';
import { conclude, notApplicable, unreadable } from '../evaluation';
import type { Code, Reason } from './codes';
import type { EwsFacts } from './collect';
import dates from './retirement.json';

/** When Microsoft ends Exchange Web Services in Exchange Online, and where it says so. Both days are in UTC. */
const retirement = z
  .strictObject({ source: z.url(), switchedOffFrom: z.iso.date(), endsOn: z.iso.date() })
  .parse(dates);

const dayMs = 86_400_000;

export function evaluate(facts: EwsFacts | null, { profile, target, now }: Requirement): Evaluation<Code> {
  if (facts === null) {
    return notApplicable(
      profile.usesEws
        ? 'Only Exchange itself knows whether its Web Services let an application in: set exchangeReader to admin-api.'
        : `${profile.name} does not use Exchange Web Services.`,
    );
  }
  const { organization, mailbox } = facts;
  const evidence = {
    organization: organization.ok ? organization.value : null,
    mailbox: mailbox?.ok === true ? mailbox.value : null,
    retirement,
  };
  const daysLeft = Math.ceil((Date.parse(retirement.endsOn) - now.getTime()) / dayMs);
  if (daysLeft <= 0) return conclude([retired()], '', { evidence });
  const reasons = [
    ...(organization.ok
      ? [judgeOrganization(organization.value, target.clientAppId, daysLeft)]
      : [unreadable(organization.failure)]),
    ...judgeMailbox(mailbox, accountName(target)),
  ];
  const isSwitchedOn = organization.ok && organization.value.EwsEnabled === true;
  const until = isSwitchedOn ? `for ${daysLeft} more days` : 'until Microsoft switches them off';
  return conclude(reasons, `Exchange Web Services let ${profile.name} in, ${until}.`, {
    evidence,
  });
}

function retired(): Reason {
  return {
    code: 'ews.retired',
    level: 'violation',
    message: `Exchange Web Services ended in Exchange Online on ${retirement.endsOn}. The booking product has to use Microsoft Graph.`,
    expected: 'Exchange Web Services',
    actual: 'ended',
  };
}

/** What the organisation's switch and list come to: a violation, a notice that it works for now, or not known. */
function judgeOrganization(
  { EwsEnabled, EwsAllowedAppIDs }: OrganizationEws,
  clientAppId: string,
  daysLeft: number,
): Reason {
  if (EwsEnabled === false) {
    return {
      code: 'ews.disabledForOrganization',
      level: 'violation',
      message: 'Exchange Web Services are switched off for the whole organisation.',
      resource: 'EwsEnabled',
      expected: 'true',
      actual: 'false',
    };
  }
  if (EwsEnabled === null) {
    return {
      code: 'ews.notYetSwitched',
      level: 'notice',
      message: `EwsEnabled of the organisation is not set: it works until Microsoft switches it off, which it does tenant by tenant from ${retirement.switchedOffFrom}. Set to true it stays until ${retirement.endsOn}, and lets in only the applications on the list EwsAllowedAppIDs: put all of them there first.`,
      resource: 'EwsEnabled',
    };
  }
  if (EwsAllowedAppIDs === undefined) {
    const message =
      'Could not read which applications Exchange Web Services let in: the answer of Exchange has no EwsAllowedAppIDs.';
    return unreadable({ cause: 'malformed', message });
  }
  if (!EwsAllowedAppIDs.includes(clientAppId)) {
    return {
      code: 'ews.appNotAllowed',
      level: 'violation',
      message: `EwsEnabled is true, which lets in only the applications of EwsAllowedAppIDs, and ${clientAppId} is not among them.`,
      resource: clientAppId,
      expected: 'on the list EwsAllowedAppIDs',
      actual: 'not on the list',
    };
  }
  return {
    code: 'ews.retiring',
    level: 'notice',
    message: `Exchange Web Services end in Exchange Online on ${retirement.endsOn}, in ${daysLeft} days. Ask the vendor for the way to Microsoft Graph.`,
  };
}

/** The mailbox may be unset; only an explicit "off" shuts it. */
function judgeMailbox(mailbox: Read<MailboxEws> | null, serviceAccount: string): Reason[] {
  if (mailbox?.ok === false) return [unreadable(mailbox.failure)];
  if (mailbox?.value.EwsEnabled !== false) return [];
  return [
    {
      code: 'ews.disabledForMailbox',
      level: 'violation',
      message: `Exchange Web Services are switched off for the mailbox of ${serviceAccount}.`,
      resource: serviceAccount,
      expected: 'true',
      actual: 'false',
    },
  ];
}
