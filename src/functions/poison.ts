import { NoBody } from '../lib/http/inputs';
import { json, PoisonReply, ReplayedReply } from '../lib/http/replies';
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
      summary: 'Messages that failed five times.',
      replies: { 200: json('The first of them.', PoisonReply) },
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
      summary: 'Puts failed messages back into the queue.',
      body: NoBody,
      replies: { 200: json('How many were put back.', ReplayedReply) },
      handle: async () => ({ status: 200, body: { replayed: await services().queue.replayPoison() } }),
    },
    services,
  );
}
