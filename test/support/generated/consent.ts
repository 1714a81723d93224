import type { GraphObject, TenantState } from '../../../local/simulator/state';
import { clientId, contoso } from '../exchange-views';
import type { Draw, Twist } from './draw';

const graphAppId = '00000003-0000-0000-c000-000000000000';
const exchangeAppId = '00000002-0000-0ff1-ce00-000000000000';
const calendars = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
/** Of Microsoft Graph, where it covers work hours alone. */
const workHours = 'd91697b0-a708-4c11-a712-8fb2dc081aa2';
const fullAccess = 'dc890d15-9560-4a4c-9b7f-a736ec74ec40';
const readUsers = '97235f07-e226-4f63-ace3-39588e11d3a1';
const readMail = '810c84a8-4a9e-49e6-bf7d-12d183f40d01';
const noResource = contoso(999);

function resourceId({ servicePrincipals }: TenantState, appId: string): string {
  return servicePrincipals.find((each) => each.appId === appId)?.id ?? noResource;
}

function ofClient(change: (draw: Draw) => object): Twist {
  return ({ servicePrincipals }, draw) => {
    const client = servicePrincipals.find(({ id }) => id === clientId);
    if (client !== undefined) Object.assign(client, change(draw));
  };
}

function assignment(state: TenantState, index: number, more: object): GraphObject {
  return { ...state.appRoleAssignments[0], id: `assignment-${index + 10}`, principalId: clientId, ...more };
}

/** The ways of the vendor's application and of its permissions. */
export const consentTwists = {
  removeApp: (state) => {
    state.servicePrincipals = state.servicePrincipals.filter(({ id }) => id !== clientId);
  },
  removeResource: (state, draw) => {
    const appId = draw.one(graphAppId, exchangeAppId);
    state.servicePrincipals = state.servicePrincipals.filter((each) => each.appId !== appId);
  },
  disableApp: ofClient((draw) =>
    draw.one<object>(
      { accountEnabled: false },
      { isDisabled: true },
      { disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' },
    ),
  ),
  demandAssignment: (state, draw) => {
    ofClient(() => ({ appRoleAssignmentRequired: true }))(state, draw);
    const [account] = state.users;
    if (!draw.rarely(2) || account === undefined) return;
    const own = { principalId: account.id, principalType: 'User', resourceId: clientId };
    state.appRoleAssignments.push(assignment(state, 0, { ...own, appRoleId: contoso(0) }));
  },
  grantRoles: (state, draw) => {
    const [graph, exchange] = [resourceId(state, graphAppId), resourceId(state, exchangeAppId)];
    const held: [string, string][] = draw.some([
      [graph, calendars],
      [exchange, calendars],
      [graph, workHours],
      [exchange, fullAccess],
      [graph, readUsers],
      [graph, readMail],
      [exchange, readMail],
      [noResource, calendars],
    ]);
    state.appRoleAssignments = held.map(([resource, appRoleId], index) =>
      assignment(state, index, { resourceId: resource, appRoleId, resourceDisplayName: 'A resource' }),
    );
  },
  grantScopes: (state, draw) => {
    const resources = [graphAppId, exchangeAppId].map((appId) => resourceId(state, appId));
    const [account] = state.users;
    const known = ['User.Read', 'EWS.AccessAsUser.All', 'Calendars.ReadWrite', 'Calendars.ReadWrite.All'];
    state.oauth2PermissionGrants = draw.some([...resources, noResource]).flatMap((resource, row) =>
      draw.some([null, account?.id ?? contoso(11), contoso(12)], 1).map((principalId, column) => ({
        ...{ id: `grant-${row}-${column}`, clientId, resourceId: resource, principalId },
        consentType: principalId === null ? 'AllPrincipals' : 'Principal',
        scope: ` ${draw.some([...known, 'Mail.Read', 'openid', 'user.read']).join(' ')}`,
      })),
    );
  },
  registerApp: (state, draw) => {
    ofClient(() => ({ appOwnerOrganizationId: state.tenantId }))(state, draw);
    const client = state.servicePrincipals.find(({ id }) => id === clientId);
    const credential = (endDateTime: string, more: object = {}) => ({
      ...{ displayName: null, startDateTime: '2026-01-12T09:00:00Z', endDateTime, ...more },
    });
    const ends = [
      '2026-11-01T00:00:00Z',
      '2026-12-01T00:00:00Z',
      '2027-01-15T00:00:00Z',
      '2028-01-01T00:00:00Z',
    ];
    const usages = [{ usage: 'Verify' }, { usage: 'Sign' }];
    if (client === undefined || draw.rarely(6)) return;
    state.appRegistrations = [
      {
        ...{ id: contoso(997), appId: client.appId },
        passwordCredentials: draw.some(ends).map((end) => credential(end)),
        keyCredentials: draw.some(ends).map((end) => credential(end, draw.one(...usages))),
        federatedIdentityCredentials: draw.rarely(4) ? [{ id: contoso(996), name: 'vendor' }] : [],
      },
    ];
  },
} satisfies Record<string, Twist>;
