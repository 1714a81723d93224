import { acceptRisk } from '../lib/audit/accept';
import { pageOfWaivers, takeBack } from '../lib/audit/waivers';
import { control } from '../lib/controls';
import { ControlParams, PageQuery, TargetParams, WaiverBody } from '../lib/http/inputs';
import { ProblemError } from '../lib/http/problem';
import { registerRoute } from '../lib/http/route';
import type { Services } from '../lib/services';

/** Accepted risks: what they are, accepting one, and taking that back. */
export function registerWaivers(services: () => Services): void {
  registerRoute(
    {
      name: 'waivers-list',
      method: 'GET',
      path: 'targets/{targetId}/waivers',
      role: 'Syncwarden.Read',
      params: TargetParams,
      query: PageQuery,
      handle: async ({ params, query }) => ({
        status: 200,
        body: await pageOfWaivers(services(), params.targetId, query),
      }),
    },
    services,
  );

  registerRoute(
    {
      name: 'waiver-put',
      method: 'PUT',
      path: 'targets/{targetId}/waivers/{control}',
      role: 'Syncwarden.Admin',
      params: ControlParams,
      body: WaiverBody,
      async handle({ params, body, caller }, { telemetry }) {
        // Somebody has to answer for it.
        if (caller === null) throw new ProblemError('auth.required', 'A risk is accepted by somebody.');
        const what = [params.targetId, control(params.control), body] as const;
        const { created, waiver } = await acceptRisk(services(), telemetry, ...what, caller);
        return { status: created ? 201 : 200, body: waiver };
      },
    },
    services,
  );

  registerRoute(
    {
      name: 'waiver-delete',
      method: 'DELETE',
      path: 'targets/{targetId}/waivers/{control}',
      role: 'Syncwarden.Admin',
      params: ControlParams,
      async handle({ params }, { telemetry }) {
        await takeBack(services(), telemetry, params.targetId, params.control);
        return { status: 204 };
      },
    },
    services,
  );
}
