import { dispatch, manualRunId } from '../lib/audit/dispatch';
import { auditNow } from '../lib/audit/run';
import { AuditBody, NoBody, TargetParams } from '../lib/http/inputs';
import { EnqueuedReply, FindingsReply, json, WaitingReply } from '../lib/http/replies';
import { route } from '../lib/http/route';
import { controlIds } from '../lib/model/verdict';
import type { Services } from '../lib/services';

/** Audits on demand: what the night does by itself. */
export const auditRoutes = (services: Services) => ({
  'audits-post': route({
    role: 'Syncwarden.Audit',
    summary: 'Puts a visit of every target that is not paused into the queue, for all controls.',
    body: NoBody,
    replies: { 202: json('They will run.', EnqueuedReply) },
    async handle(_input, { log }) {
      const { now } = services;
      const enqueued = await dispatch({ ...services, log }, controlIds, manualRunId(now()));
      return { status: 202, body: { enqueued } };
    },
  }),

  'audits-waiting': route({
    role: 'Syncwarden.Read',
    summary: 'How many visits wait in the queue: 0 when all that was enqueued has been audited.',
    replies: { 200: json('How many.', WaitingReply) },
    handle: async () => ({ status: 200, body: { waiting: await services.queue.waiting() } }),
  }),

  'target-audits-post': route({
    role: 'Syncwarden.Audit',
    summary: 'Audits a target now, whether it is paused or not.',
    params: TargetParams,
    body: AuditBody,
    replies: { 200: json('What was found.', FindingsReply) },
    problems: ['notFound', 'kept.unreadable'],
    async handle({ params, body }, { telemetry, log }) {
      const findings = await auditNow({ ...services, log }, telemetry, params.targetId, body?.controls);
      return { status: 200, body: { findings } };
    },
  }),
});
