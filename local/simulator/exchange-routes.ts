import { existing, type GraphCall, type GraphRoute, isOf, list, page, pathOf } from './route';
import type { GraphObject } from './state';

const readScopes = [
  'RoleManagement.Read.Exchange',
  'RoleManagement.ReadWrite.Exchange',
  'RoleManagement.Read.All',
];
const readRoles = [...readScopes, 'Directory.Read.All', 'Directory.ReadWrite.All'];
const readPlaces = ['Place.Read.All', 'Place.ReadWrite.All'];

/** Places never come in pages of more than a hundred. https://learn.microsoft.com/graph/api/place-list */
const places = { largestPage: 100 };

/** What Microsoft Graph shows of Exchange: its roles, in the beta version alone, and its rooms. */
export const exchangeRoutes: readonly GraphRoute[] = [
  ofRoles('roleDefinitions', readRoles, ({ tenant }) => tenant.roleDefinitions),
  ofRoles('roleAssignments', readRoles, ({ tenant }) => tenant.roleAssignments),
  ofRoles('customAppScopes', readScopes, ({ tenant }) => tenant.customAppScopes),
  list(
    '/places/microsoft.graph.room',
    'GET /places/graph.room',
    readPlaces,
    ({ tenant }) => tenant.rooms,
    places,
  ),
  list(
    '/places/microsoft.graph.workspace',
    'GET /places/graph.workspace',
    readPlaces,
    ({ tenant }) => tenant.workspaces,
    places,
  ),
  list(
    '/places/microsoft.graph.roomlist',
    'GET /places/graph.roomList',
    readPlaces,
    ({ tenant }) => tenant.roomLists,
    places,
  ),
  {
    method: 'GET',
    path: pathOf('/places/([^/]+)/microsoft.graph.roomlist/rooms'),
    operation: 'GET /places/{place-id}/graph.roomList/rooms',
    permissions: readPlaces,
    answer: (call) => page(call, inList(call, call.tenant.rooms), places),
  },
  {
    method: 'GET',
    path: pathOf('/places/([^/]+)/microsoft.graph.roomlist/workspaces'),
    operation: 'GET /places/{place-id}/graph.roomList/workspaces',
    permissions: readPlaces,
    answer: (call) => page(call, inList(call, call.tenant.workspaces), places),
  },
];

function ofRoles(
  name: string,
  permissions: readonly string[],
  objects: (call: GraphCall) => readonly GraphObject[],
): GraphRoute {
  const path = `/roleManagement/exchange/${name}`;
  return { ...list(path, `GET ${path}`, permissions, objects), version: 'beta' };
}

/**
 * Those of these places that a room list holds itself: what is in lists within it is left out. It is addressed by its
 * mail address: its id is not enough.
 */
function inList(
  { tenant, params: [address = ''] }: GraphCall,
  places: readonly GraphObject[],
): GraphObject[] {
  const roomList = existing(tenant.roomLists.find(isOf('emailAddress', address)), address);
  const members = new Set(tenant.members[roomList.id]);
  return places.filter(({ id }) => members.has(id));
}
