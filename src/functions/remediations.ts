import type { Caller } from '../lib/http/caller';
import { PageQuery, RemediationBody, RemediationParams, TargetParams, NoBody } from '../lib/http/inputs';
import { ProblemError } from '../lib/http/problem';
import { includesRole } from '../lib/http/roles';
import { registerRoute } from '../lib/http/route';
import { applyPlan, proposePlan } from '../lib/remediation/apply';
import { getRemediation, pageOfRemediations } from '../lib/remediation/list';
import type { Author } from '../lib/remediation/remediation';
import { undoRemediation } from '../lib/remediation/undo';
import type { Services } from '../lib/services';

/** Repairs: what one would take, doing it, what was done, and undoing it. */
export function registerRemediations(services: () => Services): void {
  registerRoute(
    {
      name: 'remediations-post',
      method: 'POST',
      path: 'targets/{targetId}/remediations',
      // A plan changes nothing, so whoever may read may ask for one.
      role: 'Syncwarden.Read',
      params: TargetParams,
      body: RemediationBody,
      async handle({ params, body, caller }, { telemetry }) {
        const request = { targetId: params.targetId, control: body.control, include: body.include };
        if (body.mode === 'plan') return { status: 200, body: await proposePlan(services(), request) };
        const by = authorOf(caller);
        return {
          status: 200,
          body: await applyPlan(services(), telemetry, { ...request, planHash: body.planHash }, by),
        };
      },
    },
    services,
  );

  registerRoute(
    {
      name: 'remediations-list',
      method: 'GET',
      path: 'targets/{targetId}/remediations',
      role: 'Syncwarden.Read',
      params: TargetParams,
      query: PageQuery,
      handle: async ({ params, query }) => ({
        status: 200,
        body: await pageOfRemediations(services(), params.targetId, query),
      }),
    },
    services,
  );

  registerRoute(
    {
      name: 'remediation-get',
      method: 'GET',
      path: 'targets/{targetId}/remediations/{remediationId}',
      role: 'Syncwarden.Read',
      params: RemediationParams,
      handle: async ({ params }) => ({
        status: 200,
        body: await getRemediation(services(), params.targetId, params.remediationId),
      }),
    },
    services,
  );

  registerRoute(
    {
      name: 'remediation-undo',
      method: 'POST',
      path: 'targets/{targetId}/remediations/{remediationId}/undo',
      role: 'Syncwarden.Remediate',
      params: RemediationParams,
      body: NoBody,
      async handle({ params, caller }, { telemetry }) {
        const { targetId, remediationId } = params;
        return {
          status: 200,
          body: await undoRemediation(services(), telemetry, targetId, remediationId, authorOf(caller)),
        };
      },
    },
    services,
  );
}

/** Who a change is put down to. @throws {ProblemError} when the caller may not change anything. */
function authorOf(caller: Caller | null): Author {
  if (caller === null || !includesRole(caller.roles, 'Syncwarden.Remediate')) {
    throw new ProblemError('auth.forbidden', 'The app role Syncwarden.Remediate is needed.');
  }
  const { objectId, name, applicationId } = caller;
  return { objectId, name, applicationId };
}
