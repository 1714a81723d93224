import * as z from 'zod';
import { NoBody } from '../lib/http/inputs';
import { ProblemError } from '../lib/http/problem';
import { json } from '../lib/http/replies';
import { route } from '../lib/http/route';
import type { Services } from '../lib/services';
import { sendTestAlert } from '../lib/watch/test-alert';

/** Trying whether alerts reach anybody. */
export const alertRoutes = (services: Services) => ({
  'alerts-test': route({
    role: 'Syncwarden.Admin',
    summary: 'Sends a test alert, by the way of all others. It resolves by itself.',
    body: NoBody,
    replies: { 202: json('It is on its way.', z.object({ sent: z.literal(true) })) },
    async handle({ caller }, { telemetry }) {
      const problem = await sendTestAlert(services, telemetry, caller?.name ?? 'somebody');
      if (problem !== undefined) throw new ProblemError('unavailable', problem);
      return { status: 202, body: { sent: true } };
    },
  }),
});
