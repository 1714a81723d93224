/** How a request to a route is made. */
export interface RouteAddress {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below `/api`: `targets/{targetId}`. */
  path: string;
}

/**
 * Every route of the HTTP API by the name of its function. It stands apart from what the routes do, so that all of them are
 * registered before anything else of the app is loaded.
 */
export const routes = {
  'alerts-test': { method: 'POST', path: 'alerts/test' },
  'audits-post': { method: 'POST', path: 'audits' },
  'audits-waiting': { method: 'GET', path: 'audits' },
  'target-audits-post': { method: 'POST', path: 'targets/{targetId}/audits' },
  export: { method: 'GET', path: 'export/{format}' },
  'findings-list': { method: 'GET', path: 'findings' },
  'causes-list': { method: 'GET', path: 'causes' },
  'finding-get': { method: 'GET', path: 'targets/{targetId}/findings/{control}' },
  'history-all': { method: 'GET', path: 'history' },
  'history-list': { method: 'GET', path: 'targets/{targetId}/history' },
  health: { method: 'GET', path: 'health' },
  openapi: { method: 'GET', path: 'openapi.json' },
  'poison-list': { method: 'GET', path: 'poison' },
  'poison-replay': { method: 'POST', path: 'poison/replay' },
  'remediations-post': { method: 'POST', path: 'targets/{targetId}/remediations' },
  'remediations-list': { method: 'GET', path: 'targets/{targetId}/remediations' },
  'remediation-get': { method: 'GET', path: 'targets/{targetId}/remediations/{remediationId}' },
  'remediation-undo': { method: 'POST', path: 'targets/{targetId}/remediations/{remediationId}/undo' },
  report: { method: 'GET', path: 'report' },
  'targets-list': { method: 'GET', path: 'targets' },
  'target-get': { method: 'GET', path: 'targets/{targetId}' },
  'target-put': { method: 'PUT', path: 'targets/{targetId}' },
  'targets-import': { method: 'POST', path: 'targets/import' },
  'target-delete': { method: 'DELETE', path: 'targets/{targetId}' },
  'waivers-list': { method: 'GET', path: 'targets/{targetId}/waivers' },
  'waiver-put': { method: 'PUT', path: 'targets/{targetId}/waivers/{control}' },
  'waiver-delete': { method: 'DELETE', path: 'targets/{targetId}/waivers/{control}' },
} as const satisfies Readonly<Record<string, RouteAddress>>;

/** The name of a route, which is that of its function. */
export type RouteName = keyof typeof routes;

/** All of them, in the order of their descriptions. */
export const routeNames = Object.keys(routes) as RouteName[];
