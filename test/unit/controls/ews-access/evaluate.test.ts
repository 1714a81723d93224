import { ewsAccess as control } from '../../../../src/lib/controls/ews-access';
import type { EwsFacts } from '../../../../src/lib/controls/ews-access/collect';
import type { MailboxEws, OrganizationEws } from '../../../../src/lib/microsoft365/exchange/ews';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../src/lib/model/target';
import type { Verdict } from '../../../../src/lib/model/verdict';
import { clientAppId, refused, requirement } from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';

const noRules = { EwsApplicationAccessPolicy: null, EwsAllowList: [], EwsBlockList: [] };
const another = '00000000-0000-4000-8000-00000000000a';

/** An organisation that lets the application in, and a mailbox that nobody has set anything for, unless told. */
function factsOf(
  organization: Partial<OrganizationEws> = {},
  mailbox: Partial<MailboxEws> = {},
  changes: Partial<EwsFacts> = {},
): EwsFacts {
  return {
    cloud: 'worldwide',
    organization: readOk({ EwsEnabled: true, EwsAllowedAppIDs: [clientAppId], ...noRules, ...organization }),
    mailbox: readOk({ EwsEnabled: null, ...noRules, ...mailbox }),
    ...changes,
  };
}

const national = (organization: Partial<OrganizationEws>) => factsOf(organization, {}, { cloud: 'national' });
const allowing = (...EwsAllowList: string[]) => ({
  EwsApplicationAccessPolicy: 'EnforceAllowList',
  EwsAllowList,
});
const blocking = (...EwsBlockList: string[]) => ({
  EwsApplicationAccessPolicy: 'EnforceBlockList',
  EwsBlockList,
});

interface Options extends Partial<StoredTarget> {
  now?: string;
}

function row(
  where: string,
  facts: EwsFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
  { now, ...options }: Options = {},
): Row<EwsFacts> {
  const asked = requirement({ exchangeReader: 'admin-api', ...options });
  return {
    where,
    facts,
    requirement: now === undefined ? asked : { ...asked, now: new Date(now) },
    verdict,
    codes,
  };
}

const retiring = 'notice ews.retiring';
const off = 'violation ews.disabledForOrganization';
const mailboxOff = 'violation ews.disabledForMailbox';
const notAllowed = 'violation ews.appNotAllowed';
const refusedAgents = 'violation ews.userAgentsRefused';
const unknownAgents = 'unknown ews.userAgentsUnknown';
const unread = 'unknown unreadable.permission';
const malformed = 'unknown unreadable.malformed';
const retired = ['violation ews.retired'];
/** Whose product uses Microsoft Graph. */
const planon = { profile: 'planon-connect-for-calendars' } as const;

describe('the verdict on Exchange Web Services', () => {
  testTable(
    control,
    [
      row('the application is on the list', factsOf(), 'compliant', [retiring]),
      row('another one is on the list', factsOf({ EwsAllowedAppIDs: [another] }), 'nonCompliant', [
        notAllowed,
      ]),
      row('there is no list', factsOf({ EwsAllowedAppIDs: [] }), 'nonCompliant', [notAllowed]),
      row('there is no list in a cloud without a date', national({ EwsAllowedAppIDs: [] }), 'compliant', [
        'notice ews.appNotAllowed',
      ]),
      row('they are off', factsOf({ EwsEnabled: false }), 'nonCompliant', [off]),
      row('nobody has decided', factsOf({ EwsEnabled: null }), 'nonCompliant', ['violation ews.notPrepared']),
      row('nobody has decided in a cloud without a date', national({ EwsEnabled: null }), 'compliant', [
        'notice ews.notPrepared',
      ]),
      row('they are off for the mailbox', factsOf({}, { EwsEnabled: false }), 'nonCompliant', [
        ...[mailboxOff, retiring],
      ]),
      row('they are on for the mailbox', factsOf({}, { EwsEnabled: true }), 'compliant', [retiring]),
      row('nobody is on the list of user agents', factsOf(allowing()), 'nonCompliant', [
        ...[refusedAgents, retiring],
      ]),
      row('every user agent is let in', factsOf(allowing('*')), 'compliant', [retiring]),
      row('every user agent is kept out of the mailbox', factsOf({}, blocking('*')), 'nonCompliant', [
        ...[refusedAgents, retiring],
      ]),
      row('some user agents are kept out', factsOf(blocking('Outlook*')), 'unknown', [
        unknownAgents,
        retiring,
      ]),
      row('a policy is not known', factsOf({ EwsApplicationAccessPolicy: 'Whatever' }), 'unknown', [
        ...[unknownAgents, retiring],
      ]),
      row('it is the last day', factsOf(), 'compliant', [retiring], { now: '2027-03-31T23:59:59Z' }),
      row('they have ended', factsOf(), 'nonCompliant', retired, { now: '2027-04-01T00:00:00Z' }),
      row(
        'they have ended, and nothing could be read',
        factsOf({}, {}, { organization: refused, mailbox: refused }),
        'nonCompliant',
        retired,
        { now: '2027-04-01T00:00:00Z' },
      ),
      row(
        'Microsoft Graph is the reader',
        factsOf({}, {}, { organization: null, mailbox: null }),
        'notApplicable',
        [],
        { exchangeReader: 'graph' },
      ),
      row('the product does not use them', factsOf({ EwsEnabled: false }), 'notApplicable', [], planon),
      row(
        'rules on user agents keep such a product out',
        factsOf(allowing()),
        'nonCompliant',
        [refusedAgents],
        planon,
      ),
      row(
        'they are off, and the mailbox could not be read',
        factsOf({ EwsEnabled: false }, {}, { mailbox: refused }),
        'nonCompliant',
        [off, unread],
      ),
      row(
        'they are off for the mailbox, and the organisation could not be read',
        factsOf({}, { EwsEnabled: false }, { organization: refused }),
        'nonCompliant',
        [mailboxOff, unread],
      ),
      row(
        "the vendor's pages do not say whether the product uses them",
        factsOf(),
        'unknown',
        ['unknown ews.notKnown'],
        { profile: 'joan' },
      ),
      row(
        'nobody sees anything of them, and whether the product uses them is not said either',
        factsOf({}, {}, { organization: null, mailbox: null }),
        'unknown',
        ['unknown ews.notKnown'],
        { profile: 'joan' },
      ),
    ],
    [
      row('the organisation could not be read', factsOf({}, {}, { organization: refused }), 'unknown', [
        unread,
      ]),
      row('the mailbox could not be read', factsOf({}, {}, { mailbox: refused }), 'unknown', [
        unread,
        retiring,
      ]),
      row('the switch was not given', factsOf({ EwsEnabled: undefined }), 'unknown', [malformed]),
      row('the list was not given', factsOf({ EwsAllowedAppIDs: undefined }), 'unknown', [malformed]),
      row('the switch of the mailbox was not given', factsOf({}, { EwsEnabled: undefined }), 'unknown', [
        ...[malformed, retiring],
      ]),
      row('the policy was not given', factsOf({ EwsApplicationAccessPolicy: undefined }), 'unknown', [
        ...[malformed, retiring],
      ]),
      row(
        'the list of user agents was not given',
        factsOf({ ...allowing(), EwsAllowList: undefined }),
        'unknown',
        [...[malformed, retiring]],
      ),
    ],
  );
});
