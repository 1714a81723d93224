import { getFinding, pageOfFindings, pageOfHistory } from '../lib/audit/findings';
import { ControlParams, FindingQuery, FindingsQuery, HistoryQuery, TargetParams } from '../lib/http/inputs';
import { registerRoute } from '../lib/http/route';
import type { Services } from '../lib/services';

/** What was found, and how it came about. */
export function registerFindings(services: () => Services): void {
  registerRoute(
    {
      name: 'findings-list',
      method: 'GET',
      path: 'findings',
      role: 'Syncwarden.Read',
      query: FindingsQuery,
      handle: async ({ query }) => ({ status: 200, body: await pageOfFindings(services(), query, query) }),
    },
    services,
  );

  registerRoute(
    {
      name: 'finding-get',
      method: 'GET',
      path: 'targets/{targetId}/findings/{control}',
      role: 'Syncwarden.Read',
      params: ControlParams,
      query: FindingQuery,
      handle: async ({ params, query }) => ({
        status: 200,
        body: await getFinding(services(), params.targetId, params.control, query.rows),
      }),
    },
    services,
  );

  registerRoute(
    {
      name: 'history-list',
      method: 'GET',
      path: 'targets/{targetId}/history',
      role: 'Syncwarden.Read',
      params: TargetParams,
      query: HistoryQuery,
      handle: async ({ params, query }) => ({
        status: 200,
        body: await pageOfHistory(services(), params.targetId, query.control, query),
      }),
    },
    services,
  );
}
