import * as z from 'zod';
import type { Caller } from '../lib/http/caller';
import { PageQuery, RemediationBody, RemediationParams, TargetParams, NoBody } from '../lib/http/inputs';
import { ProblemError } from '../lib/http/problem';
import { json, pageOf } from '../lib/http/replies';
import { includesRole } from '../lib/http/roles';
import { route } from '../lib/http/route';
import { type Author, Remediation, RepairResult } from '../lib/model/remediation';
import { applyPlan, proposePlan } from '../lib/remediation/apply';
import { getRemediation, pageOfRemediations } from '../lib/remediation/list';
import { AgreedPlan } from '../lib/remediation/plan';
import { undoRemediation } from '../lib/remediation/undo';
import type { Services } from '../lib/services';

/** Why nothing is written at the moment. */
const refusals = ['remediation.disabled', 'remediation.busy', 'remediation.interrupted'] as const;

/** Repairs: what one would take, doing it, what was done, and undoing it. */
export const remediationRoutes = (services: Services) => ({
  'remediations-post': route({
    // A plan changes nothing, so whoever may read may ask for one.
    role: 'Syncwarden.Read',
    summary: 'Plans a repair, or applies a plan. Applying needs the app role Syncwarden.Remediate.',
    params: TargetParams,
    body: RemediationBody,
    replies: {
      200: json('The plan, or what came of applying it.', z.union([AgreedPlan, RepairResult])),
    },
    problems: ['notFound', 'kept.unreadable', ...refusals, 'plan.stale', 'plan.tooLarge'],
    async handle({ params, body, caller }, { telemetry, log }) {
      const request = { targetId: params.targetId, control: body.control, include: body.include };
      if (body.mode === 'plan') return { status: 200, body: await proposePlan(services, request) };
      const by = authorOf(caller);
      return {
        status: 200,
        body: await applyPlan({ ...services, log }, telemetry, { ...request, planHash: body.planHash }, by),
      };
    },
  }),

  'remediations-list': route({
    role: 'Syncwarden.Read',
    summary: 'What was done to a target, also to one that was deleted.',
    params: TargetParams,
    query: PageQuery,
    replies: { 200: json('A page of remediations, newest first.', pageOf(Remediation)) },
    problems: ['notFound'],
    handle: async ({ params, query }) => ({
      status: 200,
      body: await pageOfRemediations(services, params.targetId, query),
    }),
  }),

  'remediation-get': route({
    role: 'Syncwarden.Read',
    summary: 'One remediation.',
    params: RemediationParams,
    replies: { 200: json('The remediation.', Remediation) },
    problems: ['notFound', 'kept.unreadable'],
    handle: async ({ params }) => ({
      status: 200,
      body: await getRemediation(services, params.targetId, params.remediationId),
    }),
  }),

  'remediation-undo': route({
    role: 'Syncwarden.Remediate',
    summary: 'Puts back what a remediation has changed.',
    params: RemediationParams,
    body: NoBody,
    replies: { 200: json('What came of it.', RepairResult) },
    problems: ['notFound', 'kept.unreadable', ...refusals, 'undo.changed', 'undo.alreadyDone'],
    async handle({ params, caller }, { telemetry, log }) {
      const { targetId, remediationId } = params;
      return {
        status: 200,
        body: await undoRemediation(
          { ...services, log },
          telemetry,
          targetId,
          remediationId,
          authorOf(caller),
        ),
      };
    },
  }),
});

/** Who a change is put down to. @throws {ProblemError} when the caller may not change anything. */
function authorOf(caller: Caller | null): Author {
  if (caller === null || !includesRole(caller.roles, 'Syncwarden.Remediate')) {
    throw new ProblemError('auth.forbidden', 'The app role Syncwarden.Remediate is needed.');
  }
  const { objectId, name, applicationId } = caller;
  return { objectId, name, applicationId };
}
