import { HealthReply, json } from '../lib/http/replies';
import { route } from '../lib/http/route';
import type { Services } from '../lib/services';

/** For availability tests: anyone may ask, and learns nothing about tenants. */
export const healthRoutes = (services: Services) => ({
  health: route({
    role: 'anonymous',
    summary: 'Whether the watch goes on. Says nothing about tenants.',
    replies: {
      200: json('It does.', HealthReply),
      503: json('Storage does not answer, or nothing was verified for too long.', HealthReply),
    },
    async handle() {
      const healthy = await services.health.isHealthy();
      return { status: healthy ? 200 : 503, body: { status: healthy ? 'healthy' : 'unhealthy' } };
    },
  }),
});
