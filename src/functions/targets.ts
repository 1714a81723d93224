import { deleteTarget, getTarget, pageOfTargets, putTarget } from '../lib/audit/targets';
import { PageQuery, TargetParams, toTarget } from '../lib/http/inputs';
import { registerRoute } from '../lib/http/route';
import type { Services } from '../lib/services';
import { TargetBody } from '../lib/target';

/** The watched integrations. */
export function registerTargets(services: () => Services): void {
  registerRoute(
    {
      name: 'targets-list',
      method: 'GET',
      path: 'targets',
      role: 'Syncwarden.Read',
      query: PageQuery,
      handle: async ({ query }) => ({ status: 200, body: await pageOfTargets(services(), query) }),
    },
    services,
  );

  registerRoute(
    {
      name: 'target-get',
      method: 'GET',
      path: 'targets/{targetId}',
      role: 'Syncwarden.Read',
      params: TargetParams,
      handle: async ({ params }) => ({ status: 200, body: await getTarget(services(), params.targetId) }),
    },
    services,
  );

  registerRoute(
    {
      name: 'target-put',
      method: 'PUT',
      path: 'targets/{targetId}',
      role: 'Syncwarden.Admin',
      params: TargetParams,
      body: TargetBody,
      async handle({ params, body }) {
        const { created, target } = await putTarget(services(), toTarget(params.targetId, body));
        return { status: created ? 201 : 200, body: target };
      },
    },
    services,
  );

  registerRoute(
    {
      name: 'target-delete',
      method: 'DELETE',
      path: 'targets/{targetId}',
      role: 'Syncwarden.Admin',
      params: TargetParams,
      async handle({ params }) {
        await deleteTarget(services(), params.targetId);
        return { status: 204 };
      },
    },
    services,
  );
}
