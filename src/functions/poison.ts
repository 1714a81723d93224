import { NoBody } from '../lib/http/inputs';
import { registerRoute } from '../lib/http/route';
import type { Services } from '../lib/services';

/** Messages that failed five times: look at them, and put them back. */
export function registerPoison(services: () => Services): void {
  registerRoute(
    {
      name: 'poison-list',
      method: 'GET',
      path: 'poison',
      role: 'Syncwarden.Admin',
      async handle() {
        const { count, messages } = await services().queue.peekPoison();
        return { status: 200, body: { items: messages, count } };
      },
    },
    services,
  );

  registerRoute(
    {
      name: 'poison-replay',
      method: 'POST',
      path: 'poison/replay',
      role: 'Syncwarden.Admin',
      body: NoBody,
      handle: async () => ({ status: 200, body: { replayed: await services().queue.replayPoison() } }),
    },
    services,
  );
}
