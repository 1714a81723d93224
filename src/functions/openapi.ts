import * as z from 'zod';
import { describeApi } from '../lib/http/openapi';
import { json } from '../lib/http/replies';
import { registeredRoutes, registerRoute } from '../lib/http/route';
import type { Services } from '../lib/services';

/** This API, described from the schemas that parse it. */
export function registerOpenApi(services: () => Services): void {
  let text: Promise<string> | undefined;
  registerRoute(
    {
      name: 'openapi',
      method: 'GET',
      path: 'openapi.json',
      role: 'Syncwarden.Read',
      summary: 'This description, as OpenAPI 3.1.',
      replies: { 200: json('The description.', z.looseObject({ openapi: z.string() })) },
      handle: async () => ({
        status: 200,
        // Made once, at the first call.
        content: { type: 'application/json', text: await (text ??= describeApi(registeredRoutes())) },
      }),
    },
    services,
  );
}
