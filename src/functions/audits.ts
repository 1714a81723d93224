import { app } from '@azure/functions';
import { dispatch, dispatchNight, manualRunId } from '../lib/audit/dispatch';
import { auditNow } from '../lib/audit/run';
import { work } from '../lib/audit/work';
import { AuditBody, NoBody, TargetParams } from '../lib/http/inputs';
import { EnqueuedReply, FindingsReply, json } from '../lib/http/replies';
import { registerRoute } from '../lib/http/route';
import { controlIds } from '../lib/model/verdict';
import type { Services } from '../lib/services';
import type { Settings } from '../lib/settings';
import { auditQueueName } from '../lib/storage/audit-queue';

/** The nightly timers, the worker of the queue that they fill, and the routes that do the same on demand. */
export function registerAudits(services: () => Services, settings: Settings): void {
  for (const night of settings.nights) {
    app.timer(night.name, {
      schedule: night.schedule,
      // A late timer is as good as a timely one: it only puts messages into the queue.
      handler: (_timer, context) =>
        services().invoke(context, ({ telemetry, log }) =>
          dispatchNight({ ...services(), log }, telemetry, night),
        ),
    });
  }

  app.storageQueue('audit-worker', {
    queueName: auditQueueName,
    connection: 'AzureWebJobsStorage',
    handler: (message, context) =>
      services().invoke(context, ({ telemetry, log }) =>
        work(services(), telemetry, log, message, context.triggerMetadata),
      ),
  });

  registerRoute(
    {
      name: 'audits-post',
      method: 'POST',
      path: 'audits',
      role: 'Syncwarden.Audit',
      summary: 'Puts a visit of every target that is not paused into the queue, for all controls.',
      body: NoBody,
      replies: { 202: json('They will run.', EnqueuedReply) },
      async handle(_input, { log }) {
        const { now } = services();
        const enqueued = await dispatch({ ...services(), log }, controlIds, manualRunId(now()));
        return { status: 202, body: { enqueued } };
      },
    },
    services,
  );

  registerRoute(
    {
      name: 'target-audits-post',
      method: 'POST',
      path: 'targets/{targetId}/audits',
      role: 'Syncwarden.Audit',
      summary: 'Audits a target now, whether it is paused or not.',
      params: TargetParams,
      body: AuditBody,
      replies: { 200: json('What was found.', FindingsReply) },
      problems: ['notFound', 'kept.unreadable'],
      async handle({ params, body }, { telemetry, log }) {
        const findings = await auditNow({ ...services(), log }, telemetry, params.targetId, body?.controls);
        return { status: 200, body: { findings } };
      },
    },
    services,
  );
}
