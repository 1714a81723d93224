import * as z from 'zod';
import { describeApi } from '../lib/http/openapi';
import { json } from '../lib/http/replies';
import { route, type RouteDescription } from '../lib/http/route';

/** This API, described from the schemas that parse it. @param described all routes; asked for at the first call. */
export const openApiRoutes = (described: () => readonly RouteDescription[]) => {
  let text: Promise<string> | undefined;
  return {
    openapi: route({
      role: 'Syncwarden.Read',
      summary: 'This description, as OpenAPI 3.1.',
      replies: { 200: json('The description.', z.looseObject({ openapi: z.string() })) },
      handle: async () => ({
        status: 200,
        // Made once, at the first call.
        content: { type: 'application/json', text: await (text ??= describeApi(described())) },
      }),
    }),
  };
};
