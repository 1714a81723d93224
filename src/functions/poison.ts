import { NoBody } from '../lib/http/inputs';
import { json, PoisonReply, ReplayedReply } from '../lib/http/replies';
import { route } from '../lib/http/route';
import type { Services } from '../lib/services';

/** Messages that failed five times: look at them, and put them back. */
export const poisonRoutes = (services: Services) => ({
  'poison-list': route({
    role: 'Syncwarden.Admin',
    summary: 'Messages that failed five times.',
    replies: { 200: json('The first of them.', PoisonReply) },
    async handle() {
      const { count, messages } = await services.queue.peekPoison();
      return { status: 200, body: { items: messages, count } };
    },
  }),

  'poison-replay': route({
    role: 'Syncwarden.Admin',
    summary: 'Puts failed messages back into the queue.',
    body: NoBody,
    replies: { 200: json('How many were put back.', ReplayedReply) },
    handle: async () => ({ status: 200, body: { replayed: await services.queue.replayPoison() } }),
  }),
});
