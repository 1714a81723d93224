import { consent } from '../../../../src/lib/controls/consent';
import type { ConsentFacts } from '../../../../src/lib/controls/consent/collect';
import { evaluate } from '../../../../src/lib/controls/consent/evaluate';
import { plan as planEvaluated } from '../../../../src/lib/controls/consent/plan';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import {
  accountId,
  clientAppId,
  complaintsAboutChanges,
  notFound,
  refused,
  requirement,
  reversed,
  tenantId,
} from '../../../support/planning';
import { planning } from '../../../support/planning';
import {
  another,
  calendars,
  client,
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

const plan = planning({ evaluate, plan: planEvaluated });

type Options = Parameters<typeof requirement>[0];
const planned = (given: ConsentFacts, options?: Options) => plan(given, requirement(options));
const requests = (given: ConsentFacts, options?: Options) =>
  planned(given, options).changes.map(({ request }) => request);
const steps = (given: ConsentFacts, options?: Options) => {
  const { changes, manualSteps } = planned(given, options);
  expect(changes).toEqual([]);
  return manualSteps.map(({ description, link }) => `${description} ${link}`);
};
const nobody = { changes: [], manualSteps: [] };
const grants = '/v1.0/oauth2PermissionGrants';
const rolesOf = (resourceId: string) => `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;
const grantingCalendars = {
  method: 'POST',
  url: rolesOf(graph),
  body: { principalId: client, resourceId: graph, appRoleId: calendars },
};
const page = (name: string) =>
  `https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/${name}/objectId/${client}/appId/${clientAppId}`;

describe('the plan of consent', () => {
  it.each<[string, ConsentFacts, Options]>([
    ['nothing is missing', facts(), {}],
    ['the retired resource has the permission', facts({ roles: [role(exchange, calendars)] }), {}],
    [
      'a lookalike stands beside the right one',
      facts({ roles: [...healthyRoles, role(graph, workHours)] }),
      {},
    ],
    ['the target wants rooms only', facts({ roles: [] }), { access: 'rooms-only' }],
    ['the application could not be read', { ...facts({ roles: [] }), client: refused }, {}],
    ['its permissions could not be read', { ...facts(), appRoles: refused, grants: refused }, {}],
    [
      'Exchange Online, which may be the resource of what is granted, could not be read',
      { ...facts({ roles: [] }), resources: { ...facts().resources, 'Office 365 Exchange Online': refused } },
      {},
    ],
  ])('is empty when %s', (_case, given, options) => {
    expect(plan(given, requirement(options, ['revocations']))).toEqual(nobody);
  });

  it('grants the application permission on Microsoft Graph, and has a way back', () => {
    const found = planned(facts({ roles: [] }));
    const id = found.changes[0]?.id ?? '';
    expect(id).toMatch(/^1-grant-application-permission-[0-9a-f]{16}$/);
    expect(found).toEqual({
      changes: [
        {
          id,
          description:
            'Grant Condeco Exchange Sync the application permission Calendars.ReadWrite on Microsoft Graph.',
          request: grantingCalendars,
          before: 'not granted',
          after: 'granted',
          undo: { method: 'DELETE', url: `${rolesOf(graph)}/{{${id}.id}}` },
          permission: 'AppRoleAssignment.ReadWrite.All',
        },
      ],
      manualSteps: [],
    });
  });

  it('grants it in place of a lookalike, which stays', () => {
    const found = planned(facts({ roles: [role(graph, workHours)] }));
    expect(found.changes.map(({ request }) => request)).toEqual([grantingCalendars]);
    expect(found.manualSteps).toEqual([
      {
        description: expect.stringContaining(
          'Revoke Calendars.ReadWrite.All (application) on Microsoft Graph',
        ) as string,
        link: page('Permissions'),
      },
    ]);
  });

  it('adds a delegated permission to the grant for all users, and puts back its exact text', () => {
    const given = facts({
      grants: [grant(graph, ' profile  Mail.Send'), grant(exchange, 'EWS.AccessAsUser.All')],
    });
    const url = `${grants}/Grant-31-all`;
    expect(planned(given, { allowedExtraGrants: ['Mail.Send'] })).toEqual({
      changes: [
        {
          id: expect.stringMatching(/^2-set-delegated-permissions-[0-9a-f]{16}$/) as string,
          description: 'Grant Condeco Exchange Sync User.Read (delegated, Microsoft Graph), for all users.',
          request: { method: 'PATCH', url, body: { scope: 'Mail.Send User.Read profile' } },
          before: ['Mail.Send', 'profile'],
          after: ['Mail.Send', 'User.Read', 'profile'],
          undo: { method: 'PATCH', url, body: { scope: ' profile  Mail.Send' } },
          permission: 'DelegatedPermissionGrant.ReadWrite.All',
        },
      ],
      manualSteps: [],
    });
  });

  it('makes one grant per resource where there is none', () => {
    const { changes } = planned(facts({ grants: [] }));
    expect(changes.map(({ request }) => request)).toEqual(
      expect.arrayContaining(
        [
          [graph, 'User.Read'],
          [exchange, 'EWS.AccessAsUser.All'],
        ].map(([resourceId, scope]) => ({
          method: 'POST',
          url: grants,
          body: { clientId: client, consentType: 'AllPrincipals', principalId: null, resourceId, scope },
        })),
      ),
    );
    expect(changes).toHaveLength(2);
    for (const { id, before, undo } of changes) {
      expect(before).toEqual([]);
      expect(undo).toEqual({ method: 'DELETE', url: `${grants}/{{${id}.id}}` });
    }
  });

  it('makes one grant with both permissions where only Microsoft Graph is there', () => {
    const given = facts({ grants: [] });
    given.resources['Office 365 Exchange Online'] = readOk(null);
    expect(requests(given)).toEqual([
      expect.objectContaining({
        method: 'POST',
        body: expect.objectContaining({
          resourceId: graph,
          scope: 'EWS.AccessAsUser.All User.Read',
        }) as object,
      }),
    ]);
  });

  it("leaves other users' own grants alone, and grants for all", () => {
    const given = facts({
      grants: [grant(graph, 'User.Read Mail.Send', another), ...healthyGrants.slice(1)],
    });
    const found = plan(given, requirement({}, ['revocations']));
    expect(found.manualSteps).toEqual([]);
    expect(found.changes).toMatchObject([{ request: { method: 'POST' }, before: [], after: ['User.Read'] }]);
  });

  it("does not widen the service account's own grant", () => {
    const own = [grant(graph, 'User.Read', accountId)];
    expect(requests(facts({ grants: own }))).toEqual([
      expect.objectContaining({
        method: 'POST',
        body: expect.objectContaining({ resourceId: exchange }) as object,
      }),
    ]);
  });

  it('does not write a permission twice that is there in another case', () => {
    const given = facts({ grants: [grant(graph, 'user.read')] });
    given.resources['Office 365 Exchange Online'] = readOk(null);
    expect(planned(given).changes).toMatchObject([{ after: ['EWS.AccessAsUser.All', 'user.read'] }]);
  });

  it('does not ask for EWS where the vendor does not sign in with the account', () => {
    const given = facts({ roles: [], grants: [grant(graph, 'User.Read')] });
    expect(requests(given, { authorizedViaServiceAccount: false })).toEqual([grantingCalendars]);
  });

  it('grants what it can when only application permissions could not be read', () => {
    const given = { ...facts({ grants: healthyGrants.slice(1) }), appRoles: refused };
    expect(requests(given)).toMatchObject([{ method: 'POST', body: { scope: 'User.Read' } }]);
  });

  it('grants nothing of which it could not be read whether something else stands in its place', () => {
    expect(planned({ ...facts({ roles: [] }), grants: refused })).toEqual(nobody);
  });

  it('grants nothing on account of a user who may be another one', () => {
    const given = facts({ grants: [grant(graph, 'User.Read', another), ...healthyGrants.slice(1)] });
    expect(requests(given)).toMatchObject([{ method: 'POST', body: { scope: 'User.Read' } }]);
    expect(planned({ ...given, account: refused })).toEqual(nobody);
  });

  it('grants nothing on a resource of which it could not be read whether it is there', () => {
    const given = facts({ grants: healthyGrants.slice(0, 1) });
    given.resources['Office 365 Exchange Online'] = refused;
    expect(planned(given)).toEqual(nobody);
  });

  it('leaves alone what is granted on a resource that is gone', () => {
    const gone = '7e57ab1e-0000-4000-8000-0000000000d0';
    const given = facts({
      roles: [role(gone, calendars)],
      grants: [...healthyGrants, grant(gone, 'Mail.Send')],
    });
    const names = new Map([...given.names, [gone, notFound] as const]);
    const found = plan({ ...given, names }, requirement({}, ['revocations']));
    expect(found.changes.map(({ request }) => request)).toEqual([grantingCalendars]);
    expect(found.manualSteps).toEqual([]);
    const fine = facts({ roles: [...healthyRoles, role(gone, calendars)] });
    expect(planned({ ...fine, names })).toEqual(nobody);
  });

  describe('takes a person', () => {
    const adminConsent = `https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=${clientAppId}`;

    it('where the application is not there', () => {
      expect(steps({ ...facts(), client: notFound })).toEqual([expect.stringContaining(adminConsent)]);
    });

    it('where no resource of the permission is there', () => {
      const given = facts({ roles: [], grants: [] });
      given.resources['Microsoft Graph'] = readOk(null);
      given.resources['Office 365 Exchange Online'] = readOk(null);
      expect(steps(given)).toEqual(
        [
          'Calendars.ReadWrite.All (application)',
          'EWS.AccessAsUser.All (delegated)',
          'User.Read (delegated)',
        ].map(
          (name) =>
            expect.stringMatching(new RegExp(`${name.replace(/[()]/g, '\\$&')}.*adminconsent`)) as string,
        ),
      );
    });

    it.each([
      [{ accountEnabled: false }, page('Properties')],
      [{ disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' }, 'knowledge.eptura.com'],
    ])('where the application is disabled: %p', (app, link) => {
      expect(steps(facts({ app }))).toEqual([expect.stringContaining(link)]);
    });

    it('where both have disabled it, for each of them', () => {
      const disabledByMicrosoftStatus = 'DisabledDueToViolationOfServicesAgreement';
      expect(steps(facts({ app: { accountEnabled: false, disabledByMicrosoftStatus } }))).toEqual([
        expect.stringMatching(/^Ask Eptura Condeco Exchange Sync's support why Microsoft/),
        expect.stringMatching(/^Find out why Condeco Exchange Sync is disabled/),
      ]);
    });

    it('who is an administrator, where consent is due', () => {
      const given = facts({ grants: healthyGrants.slice(0, 1) });
      for (const name of ['Microsoft Graph', 'Office 365 Exchange Online'] as const)
        given.resources[name] = readOk(null);
      for (const step of [...steps({ ...facts(), client: notFound }), ...steps(given)])
        expect(step).toContain(
          'as an administrator (since November 2025 users can no longer consent to access to Exchange themselves)',
        );
    });

    it('where the account has to be assigned', () => {
      const given = {
        ...facts({ app: { appRoleAssignmentRequired: true } }),
        accountAssignments: readOk([]),
      };
      expect(steps(given)).toEqual([expect.stringContaining(page('Users'))]);
    });

    it('who makes a new secret, and enters it in the product', () => {
      const given = facts();
      const ended = {
        passwordCredentials: [{ endDateTime: '2026-11-01T00:00:00Z' }],
        keyCredentials: [],
        federatedIdentityCredentials: [],
      };
      expect(steps({ ...given, registration: readOk(ended) })).toEqual([
        `Make a new secret or certificate for Condeco Exchange Sync, enter it in Eptura Condeco Exchange Sync, and take the old one away only when the product signs in with the new one. https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${clientAppId}`,
      ]);
    });

    it('where something is excess and the plan does not include revocations', () => {
      const given = facts({
        roles: [...healthyRoles, role(graph, mailReadWrite)],
        grants: [
          grant(graph, 'User.Read Mail.Send'),
          grant(graph, 'Mail.Send', accountId),
          ...healthyGrants.slice(1),
        ],
      });
      expect(steps(given)).toEqual([
        expect.stringContaining(`Revoke Mail.ReadWrite (application) on Microsoft Graph`),
        expect.stringContaining(`Revoke Mail.Send (delegated) on Microsoft Graph`),
      ]);
    });
  });

  const broken = {
    'nothing granted': facts({ roles: [], grants: [] }),
    'something missing and something excess': facts({
      roles: [role(another, calendars), role(graph, workHours), role(graph, mailReadWrite)],
      grants: [
        grant(graph, 'Mail.Send openid'),
        grant(exchange, 'Contacts.Read', accountId),
        grant(another, 'Everything'),
        { ...grant(exchange, 'EWS.AccessAsUser.All Contacts.Read'), id: 'z' },
        { ...grant(exchange, 'Tasks.Read'), id: 'y' },
      ],
    }),
  };

  it.each(Object.entries(broken))('does not depend on the order of lists, with %s', (_case, given) => {
    for (const include of [[], ['revocations']] as const) {
      const found = plan(given, requirement({}, include));
      expect(found.changes.length).toBeGreaterThan(1);
      expect(plan(reversed(given), requirement({}, include))).toEqual(found);
      expect(new Set(found.changes.map(({ id }) => id)).size).toBe(found.changes.length);
    }
  });

  it('has ids that tell scopes apart, however they are written', () => {
    const given = (scope: string) => facts({ grants: [grant(graph, scope), ...healthyGrants.slice(1)] });
    const ids = ['openid profile', ' profile  openid', 'openid'].map(
      (scope) => planned(given(scope)).changes[0]?.id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
    expect(ids[2]).toBeDefined();
  });

  it('asks for what Microsoft describes, with permissions that the control names', () => {
    const changes = Object.values(broken).flatMap(
      (given) => plan(given, requirement({}, ['revocations'])).changes,
    );
    expect(new Set(changes.map(({ request }) => request.method))).toEqual(
      new Set(['POST', 'PATCH', 'DELETE']),
    );
    expect(complaintsAboutChanges(changes)).toEqual([]);
    const names = consent.permissions.write.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(changes.map(({ permission }) => permission)));
  });
});
