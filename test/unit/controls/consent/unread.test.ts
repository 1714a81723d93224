import fc from 'fast-check';
import { consent } from '../../../../src/lib/controls/consent';
import type { ConsentFacts } from '../../../../src/lib/controls/consent/collect';
import type { Evaluation } from '../../../../src/lib/controls/control';
import { digest } from '../../../../src/lib/controls/plan';
import { type ReadFailure, readFailed, readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../src/lib/model/target';
import { fullAccess, gone } from '../../../support/consents';
import { account, accountId, clientApp, notFound, planning, requirement } from '../../../support/planning';
import {
  another,
  calendars,
  exchange,
  facts,
  grant,
  graph,
  healthyGrants,
  healthyRoles,
  mailReadWrite,
  role,
  workHours,
} from './plan-facts';

/** What is read, each by a request of its own. */
const parts = [
  'client',
  'Microsoft Graph',
  'Office 365 Exchange Online',
  'account',
  'appRoles',
  'grants',
  'accountAssignments',
  'names of Microsoft Graph',
  'names of another API',
] as const;
type Part = (typeof parts)[number];

const causes = ['permission', 'throttled', 'unavailable', 'malformed'] as const;

function failing(given: ConsentFacts, part: Part, cause: ReadFailure['cause']): ConsentFacts {
  const failed = readFailed({ cause, message: `Could not read ${part}.` });
  const unnamed = (id: string) => ({ ...given, names: new Map([...given.names, [id, failed]]) });
  if (part === 'client')
    return {
      client: failed,
      resources: given.resources,
      registration: readOk(null),
      account: given.account,
      names: new Map(),
    };
  if (part === 'names of Microsoft Graph') return unnamed(graph);
  if (part === 'names of another API') return unnamed(another);
  if (part === 'Microsoft Graph' || part === 'Office 365 Exchange Online')
    return { ...given, resources: { ...given.resources, [part]: failed } };
  return { ...given, [part]: failed };
}

function evaluated(given: ConsentFacts, options: Partial<StoredTarget> = {}): Evaluation {
  return consent.evaluate(given, requirement(options));
}

/** The violations as they are told apart from one night to the next. */
function violationsIn({ reasons }: Evaluation): string[] {
  return reasons
    .filter(({ level }) => level === 'violation')
    .map(({ code, resource, actual }) => [code, resource, actual].join(' | '));
}

const withoutCalendars = (scope: string, principalId?: string) =>
  facts({ roles: [], grants: [...healthyGrants, { ...grant(graph, scope, principalId), id: 'alike' }] });

/** A tenant with one violation, and whatever of it could refute that or give it another name when it is not read. */
const violations: [string, ConsentFacts, Partial<StoredTarget>, readonly Part[]][] = [
  ['appDisabled', facts({ app: { accountEnabled: false } }), {}, []],
  [
    'appDisabled',
    facts({ app: { disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' } }),
    {},
    [],
  ],
  [
    'missing',
    facts({ roles: [] }),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'appRoles', 'grants'],
  ],
  ['missing', facts({ grants: healthyGrants.slice(1) }), {}, ['Microsoft Graph', 'grants']],
  [
    'missing',
    facts({ grants: healthyGrants.slice(0, 1) }),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'grants'],
  ],
  [
    'lookalike',
    facts({ roles: [role(graph, workHours)] }),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'appRoles'],
  ],
  [
    'lookalike',
    withoutCalendars('Calendars.ReadWrite'),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'appRoles', 'grants'],
  ],
  [
    'lookalike',
    withoutCalendars('Calendars.ReadWrite', accountId),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'account', 'appRoles', 'grants'],
  ],
  [
    'missing',
    withoutCalendars('Calendars.ReadWrite', another),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'account', 'appRoles', 'grants'],
  ],
  [
    'wrongPrincipal',
    facts({ grants: [grant(graph, 'User.Read', another), ...healthyGrants.slice(1)] }),
    {},
    ['Microsoft Graph', 'account', 'grants'],
  ],
  [
    'excess',
    facts({ roles: [...healthyRoles, role(graph, mailReadWrite)] }),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'appRoles', 'names of Microsoft Graph'],
  ],
  [
    'excess',
    facts({ grants: [...healthyGrants, grant(another, 'Everything')] }),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'grants', 'names of another API'],
  ],
  [
    'excess',
    facts({ grants: [...healthyGrants, grant(another, 'Everything', accountId)] }),
    {},
    ['Microsoft Graph', 'Office 365 Exchange Online', 'account', 'grants', 'names of another API'],
  ],
  [
    'excess',
    facts(),
    { authorizedViaServiceAccount: false },
    ['Microsoft Graph', 'Office 365 Exchange Online', 'grants'],
  ],
  [
    'assignmentRequired',
    { ...facts({ app: { appRoleAssignmentRequired: true } }), accountAssignments: readOk([]) },
    {},
    ['account', 'accountAssignments'],
  ],
];

const pairs = violations.flatMap(([code, given, options, decisive]) =>
  parts.map((part) => ({
    code,
    given,
    options,
    part,
    isGiven: part !== 'client' && !decisive.includes(part),
  })),
);

describe('a violation of consent, while a part of the tenant cannot be read', () => {
  it.each(violations)('is one alone to begin with: %s', (code, given, options) => {
    const found = evaluated(given, options).reasons.map((reason) => reason.code);
    expect(found).toEqual([`consent.${code}`]);
  });

  describe.each(causes)('(%s)', (cause) => {
    it.each(pairs)('$code without $part: is given: $isGiven', ({ given, options, part, isGiven }) => {
      const before = violationsIn(evaluated(given, options));
      const found = evaluated(failing(given, part, cause), options);
      expect(violationsIn(found)).toEqual(isGiven ? before : []);
      expect(found.verdict).toBe(isGiven ? 'nonCompliant' : 'unknown');
    });
  });

  it('has its application to begin with, and nothing else can refute that it is gone', () => {
    const given = { ...facts(), client: notFound };
    for (const part of parts.filter((each) => each !== 'client'))
      expect(violationsIn(evaluated(failing(given, part, 'permission')))).toHaveLength(1);
  });
});

const resourceIds = fc.constantFrom(graph, exchange, another, gone);
const principals = fc.constantFrom(accountId, another, null);
const roles = fc.uniqueArray(
  fc
    .tuple(resourceIds, fc.constantFrom(calendars, workHours, mailReadWrite, fullAccess))
    .map(([resourceId, id]) => role(resourceId, id)),
  { maxLength: 4, selector: ({ id }) => id },
);
const scopes = fc
  .subarray([
    ...['User.Read', 'EWS.AccessAsUser.All', 'Calendars.ReadWrite', 'Calendars.ReadWrite.All'],
    ...['Mail.Send', 'openid', 'Everything'],
  ])
  .map((names) => names.join(' '));
const grants = fc.uniqueArray(
  fc.record({
    resourceId: resourceIds,
    consentType: fc.constantFrom('AllPrincipals', 'Principal', 'Principal', 'SomePrincipals'),
    principalId: principals,
    scope: scopes,
  }),
  {
    maxLength: 5,
    selector: ({ resourceId, consentType, principalId }) => [resourceId, consentType, principalId].join(' '),
  },
);

const tenants = fc
  .record({
    roles: fc.oneof(fc.constant(healthyRoles), roles),
    grants: fc.oneof(
      fc.constant(healthyGrants),
      grants.map((all) => all.map((each, index) => ({ ...each, id: `grant-${index}` }))),
    ),
    hasExchange: fc.boolean(),
    account: fc.constantFrom(readOk(account()), notFound),
    app: fc.record({
      accountEnabled: fc.constantFrom(true, true, false),
      disabledByMicrosoftStatus: fc.constantFrom(
        ...[null, 'NotDisabled', 'DisabledDueToViolationOfServicesAgreement', 'SomethingNew'],
      ),
      appRoleAssignmentRequired: fc.boolean(),
    }),
    isAssigned: fc.boolean(),
  })
  .map((tenant): ConsentFacts => {
    const { roles, grants, app, hasExchange } = tenant;
    const given = facts({ roles, grants, app });
    const assignments = tenant.isAssigned ? [role(clientApp().id, calendars)] : [];
    return {
      ...given,
      resources: { ...given.resources, 'Office 365 Exchange Online': readOk(hasExchange ? exchange : null) },
      account: tenant.account,
      names: new Map([
        ...given.names,
        [gone, notFound],
        ...(hasExchange ? [] : [[exchange, notFound] as const]),
      ]),
      ...(app.appRoleAssignmentRequired ? { accountAssignments: readOk(assignments) } : {}),
    };
  });

const options = fc.record({
  authorizedViaServiceAccount: fc.boolean(),
  access: fc.constantFrom('vendor-default', 'rooms-only'),
  allowedExtraGrants: fc.subarray([
    'Mail.ReadWrite',
    'delegated:Mail.Send',
    'Office 365 Exchange Online/Mail.Send',
  ]),
});

describe('whatever the tenant is like', () => {
  it('a reading that fails replaces no violation by another, and makes nothing compliant', () => {
    fc.assert(
      fc.property(
        tenants,
        options,
        fc.constantFrom(...parts),
        fc.constantFrom(...causes),
        (given, option, part, cause) => {
          const before = evaluated(given, option);
          const after = evaluated(failing(given, part, cause), option);
          expect(violationsIn(before)).toEqual(expect.arrayContaining(violationsIn(after)));
          if (before.verdict !== 'compliant') expect(after.verdict).not.toBe('compliant');
          // What was unknown stays so, or something that cannot be refuted is found beside it.
          if (before.verdict === 'unknown') expect(after.verdict).toBe('unknown');
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('a repair changes something with each of its changes, and repairs violations alone', () => {
    fc.assert(
      fc.property(tenants, options, fc.boolean(), (given, option, revokes) => {
        const wanted = requirement(option, revokes ? ['revocations'] : []);
        const planned = planning(consent)(given, wanted);
        for (const { before, after } of planned.changes) expect(digest(before)).not.toBe(digest(after));
        if (violationsIn(evaluated(given, option)).length === 0)
          expect(planned).toEqual({ changes: [], manualSteps: [] });
      }),
      { numRuns: 2000 },
    );
  });
});
