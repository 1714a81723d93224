import { createHash } from 'node:crypto';
import type { Profile } from '../../profiles';
import { listOf } from '../evaluation';
import type { Reason } from './codes';
import { ending, retirement, wayOut } from './retirement';
import type { Admission } from './user-agents';

/** From the last day on, whatever switches and lists say. */
export function retired(profile: Profile): Reason {
  return {
    code: 'ews.retired',
    level: 'violation',
    message: `Exchange Web Services ended in Exchange Online on ${retirement.endsOn}. The booking product has to use Microsoft Graph. ${wayOut(profile)}`,
    expected: 'Exchange Web Services',
    actual: 'ended',
  };
}

/** @param left how many days are left; undefined where no day is known. */
export function retiring(profile: Profile, left: number | undefined): Reason {
  return { code: 'ews.retiring', level: 'notice', message: `${ending(left)}. ${wayOut(profile)}` };
}

/** An explicit "off"; one that nobody has set is {@link notPrepared}. */
export function disabledForOrganization(): Reason {
  return {
    code: 'ews.disabledForOrganization',
    level: 'violation',
    message: 'Exchange Web Services are switched off for the whole organisation.',
    resource: 'EwsEnabled',
    expected: 'true',
    actual: 'false',
  };
}

/** @param hasDate whether Microsoft switches such organisations off in this cloud. */
export function notPrepared(profile: Profile, hasDate: boolean): Reason {
  const what = hasDate
    ? "That works today, and Microsoft will switch it off with seven days' notice in the Message Center: set EwsEnabled to true now, together with the list EwsAllowedAppIDs."
    : 'That works. Microsoft switches such organisations off in the worldwide cloud, and has given no date for this one.';
  return {
    code: 'ews.notPrepared',
    level: hasDate ? 'violation' : 'notice',
    message: `EwsEnabled of the organisation is not set. ${what} ${wayOut(profile)}`,
    resource: 'EwsEnabled',
    expected: 'true, with a list EwsAllowedAppIDs',
    actual: 'not set',
  };
}

/** @param isListNeeded whether nobody gets in without a list in this cloud. */
export function appNotAllowed(clientAppId: string, hasList: boolean, isListNeeded: boolean): Reason {
  const notListed = {
    ...({ code: 'ews.appNotAllowed', level: 'violation', resource: clientAppId } as const),
    ...{ expected: 'on the list EwsAllowedAppIDs', actual: 'not on the list' },
  };
  if (hasList) {
    const message = `EwsEnabled is true, which lets in only the applications of EwsAllowedAppIDs, and ${clientAppId} is not among them.`;
    return { ...notListed, message };
  }
  if (isListNeeded) {
    const message = `EwsEnabled is true, and there is no list EwsAllowedAppIDs: since ${retirement.listNeededFrom} that lets nobody in, nor ${clientAppId}.`;
    return { ...notListed, message };
  }
  const message = `EwsEnabled is true, and there is no list EwsAllowedAppIDs. That lets every application in today; in the worldwide cloud it lets nobody in since ${retirement.listNeededFrom}.`;
  return { ...notListed, level: 'notice', message, actual: 'there is no list' };
}

/** An explicit "off" at the mailbox. @param serviceAccount what the target calls it. */
export function disabledForMailbox(serviceAccount: string): Reason {
  return {
    code: 'ews.disabledForMailbox',
    level: 'violation',
    message: `Exchange Web Services are switched off for the mailbox of ${serviceAccount}.`,
    resource: serviceAccount,
    expected: 'true',
    actual: 'false',
  };
}

/** Of whom rules are. */
export interface Place {
  /** Beginning with an article, as a part of a sentence. */
  name: string;
  resource: string;
}

type Rules = Extract<Admission, { entries: readonly string[] }>;

/** Rules that keep the product out for certain. */
export function userAgentsRefused({ name }: Profile, place: Place, { rules, entries }: Rules): Reason {
  return {
    code: 'ews.userAgentsRefused',
    level: 'violation',
    message: `The rules of ${place.name} on user agents keep ${name} out${listed(entries)}: ${rules}. They are about Exchange Web Services, Microsoft Graph and REST alike.`,
    resource: place.resource,
    expected: 'the product is let in',
    actual: fingerprint(rules, entries),
  };
}

/** Rules that may keep the product out, depending on what it sends. */
export function userAgentsUnknown({ name }: Profile, place: Place, { rules, entries }: Rules): Reason {
  return {
    code: 'ews.userAgentsUnknown',
    level: 'unknown',
    message: `The rules of ${place.name} on user agents may keep ${name} out${listed(entries)}: ${rules}. Which user agent it sends is not known here. They are about Exchange Web Services, Microsoft Graph and REST alike.`,
    resource: place.resource,
    expected: 'the product is let in',
    actual: fingerprint(rules, entries),
  };
}

function listed(entries: readonly string[]): string {
  return entries.length === 0 ? '' : ` (${listOf(entries)})`;
}

/** The rules in short, and another text for another list: who accepts the one has not accepted the other. */
function fingerprint(rules: string, entries: readonly string[]): string {
  if (entries.length === 0) return rules;
  const alike = [...new Set(entries.map((entry) => entry.toLowerCase()))].sort();
  const digest = createHash('sha256').update(JSON.stringify(alike)).digest('hex');
  return `${rules} (${digest.slice(0, 12)})`;
}
