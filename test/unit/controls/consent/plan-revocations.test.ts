import type { ConsentFacts } from '../../../../src/lib/controls/consent/collect';
import { evaluate } from '../../../../src/lib/controls/consent/evaluate';
import { plan as planEvaluated } from '../../../../src/lib/controls/consent/plan';
import { accountId, planning, requirement } from '../../../support/planning';
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
const planned = (given: ConsentFacts, options?: Options) =>
  plan(given, requirement(options, ['revocations']));
const grants = '/v1.0/oauth2PermissionGrants';
const rolesOf = (resourceId: string) => `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;

describe('the plan of consent with revocations', () => {
  it('takes back an application permission by the id of its assignment, and can grant it again', () => {
    const given = facts({ roles: [...healthyRoles, role(graph, mailReadWrite)] });
    expect(planned(given)).toEqual({
      changes: [
        {
          id: expect.stringMatching(/^2-revoke-application-permission-[0-9a-f]{16}$/) as string,
          description:
            'Revoke the application permission Mail.ReadWrite on Microsoft Graph from Condeco Exchange Sync.',
          request: { method: 'DELETE', url: `${rolesOf(graph)}/${graph}%20${mailReadWrite}` },
          before: 'granted',
          after: 'not granted',
          undo: {
            method: 'POST',
            url: rolesOf(graph),
            body: { principalId: client, resourceId: graph, appRoleId: mailReadWrite },
          },
          permission: 'AppRoleAssignment.ReadWrite.All',
        },
      ],
      manualSteps: [],
    });
  });

  it('takes delegated permissions out of a grant', () => {
    const given = facts({
      grants: [grant(graph, 'User.Read Mail.Send Files.Read'), ...healthyGrants.slice(1)],
    });
    const url = `${grants}/Grant-31-all`;
    expect(planned(given).changes).toEqual([
      {
        id: expect.stringMatching(/^2-set-delegated-permissions-[0-9a-f]{16}$/) as string,
        description:
          'Revoke Files.Read, Mail.Send from Condeco Exchange Sync (delegated, Microsoft Graph), for all users.',
        request: { method: 'PATCH', url, body: { scope: 'User.Read' } },
        before: ['Files.Read', 'Mail.Send', 'User.Read'],
        after: ['User.Read'],
        undo: { method: 'PATCH', url, body: { scope: 'User.Read Mail.Send Files.Read' } },
        permission: 'DelegatedPermissionGrant.ReadWrite.All',
      },
    ]);
  });

  it('removes a grant in which nothing is left, and can make it again for the same user', () => {
    const given = facts({ grants: [...healthyGrants, grant(another, ' Everything', accountId)] });
    expect(planned(given).changes).toEqual([
      {
        id: expect.stringMatching(/^2-revoke-delegated-permissions-[0-9a-f]{16}$/) as string,
        description:
          'Revoke Everything from Condeco Exchange Sync (delegated, Another API), for the service account.',
        request: { method: 'DELETE', url: `${grants}/Grant-99-11` },
        before: ['Everything'],
        after: [],
        undo: {
          method: 'POST',
          url: grants,
          body: {
            clientId: client,
            consentType: 'Principal',
            principalId: accountId,
            resourceId: another,
            scope: ' Everything',
          },
        },
        permission: 'DelegatedPermissionGrant.ReadWrite.All',
      },
    ]);
  });

  it('grants and takes back in one change where one grant holds both', () => {
    const given = facts({ grants: [grant(graph, 'Mail.Send openid'), ...healthyGrants.slice(1)] });
    expect(planned(given).changes).toMatchObject([
      {
        description:
          'Grant Condeco Exchange Sync User.Read and revoke Mail.Send from Condeco Exchange Sync (delegated, Microsoft Graph), for all users.',
        request: { method: 'PATCH', body: { scope: 'User.Read openid' } },
      },
    ]);
  });

  it('takes back lookalikes of what it grants, of either kind, after granting', () => {
    const given = facts({
      roles: [role(graph, workHours)],
      grants: [grant(graph, 'User.Read Calendars.ReadWrite'), ...healthyGrants.slice(1)],
    });
    expect(planned(given).changes.map(({ id }) => id.replace(/-[0-9a-f]+$/, ''))).toEqual([
      '1-grant-application-permission',
      '2-revoke-application-permission',
      '2-set-delegated-permissions',
    ]);
  });

  it.each<[string, ConsentFacts, Options]>([
    [
      'a lookalike that the target allows',
      facts({ roles: [role(graph, workHours)] }),
      { allowedExtraGrants: ['calendars.readwrite.all'] },
    ],
    [
      'a lookalike that only another user has granted for himself',
      facts({ roles: [], grants: [...healthyGrants, grant(graph, 'Calendars.ReadWrite', another)] }),
      {},
    ],
    [
      'what only another user has granted for himself',
      facts({ roles: [], grants: [...healthyGrants, grant(graph, 'Mail.Send', another)] }),
      {},
    ],
    [
      'scopes of signing in',
      facts({
        roles: [],
        grants: [grant(graph, 'User.Read email offline_access'), ...healthyGrants.slice(1)],
      }),
      {},
    ],
  ])('does not take back %s', (_case, given, options) => {
    expect(planned(given, options)).toMatchObject({
      changes: [{ request: { method: 'POST', body: { appRoleId: calendars } } }],
      manualSteps: [],
    });
  });

  it('neither grants nor takes back the tenant-wide permission where rooms only are wanted', () => {
    const given = facts({ grants: [...healthyGrants, grant(another, 'Everything')] });
    for (const roles of [[], healthyRoles]) {
      const { changes } = planned(
        { ...given, appRoles: { ok: true, value: roles } },
        { access: 'rooms-only' },
      );
      expect(changes.map(({ request }) => request.url)).toEqual([`${grants}/Grant-99-all`]);
    }
  });

  it('takes back EWS.AccessAsUser.All where the vendor does not sign in with the account', () => {
    expect(planned(facts(), { authorizedViaServiceAccount: false }).changes).toMatchObject([
      { request: { method: 'DELETE', url: `${grants}/Grant-32-all` }, before: ['EWS.AccessAsUser.All'] },
    ]);
  });

  it('takes nothing back whose name could not be read', () => {
    const given = facts({ roles: [role(exchange, mailReadWrite)] });
    const names = new Map([
      [exchange, { ok: false, failure: { cause: 'permission', message: 'No.' } } as const],
    ]);
    expect(planned({ ...given, names }).changes).toMatchObject([{ request: { method: 'POST' } }]);
  });
});
