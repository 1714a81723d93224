import { registerRoute } from '../lib/http/route';
import type { Services } from '../lib/services';

/** For availability tests: anyone may ask, and learns nothing about tenants. */
export function registerHealth(services: () => Services): void {
  registerRoute(
    {
      name: 'health',
      method: 'GET',
      path: 'health',
      role: 'anonymous',
      async handle() {
        const healthy = await services().health.isHealthy();
        return { status: healthy ? 200 : 503, body: { status: healthy ? 'healthy' : 'unhealthy' } };
      },
    },
    services,
  );
}
