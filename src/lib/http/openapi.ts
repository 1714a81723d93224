import type { z } from 'zod';
import type {
  ZodOpenApiObject,
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { version } from '../../../package.json';
import { Problem, type ProblemCode, httpStatus } from './problem';
import type { RouteDescription } from './route';

/** The name under which the description speaks of signing in. */
const signIn = 'entra';

/** The description of routes as JSON. @see apiOf */
export async function describeApi(routes: readonly RouteDescription[]): Promise<string> {
  const { createDocument } = await import('./zod-openapi.js');
  return JSON.stringify(createDocument(apiOf(routes)));
}

/**
 * Describes routes as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), from the schemas that parse their input and
 * those of their answers. The role that an operation needs stands in its `security`, as that version allows.
 */
function apiOf(routes: readonly RouteDescription[]): ZodOpenApiObject {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const route of routes) {
    const path = `/${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Syncwarden',
      version,
      description:
        'Re-checks every night that a room-booking product can still reach Exchange room calendars, keeps the evidence, and says what broke.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api' }],
    paths,
    components: {
      securitySchemes: {
        [signIn]: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A v2 access token of Microsoft Entra with app roles. Syncwarden.Admin includes Syncwarden.Remediate, that includes Syncwarden.Audit, and that Syncwarden.Read.',
        },
      },
    },
  };
}

function operationOf(route: RouteDescription): ZodOpenApiOperationObject {
  const { name, path, role, summary, params, query, body, bodyTypes } = route;
  const [tag = path] = path.split('/');
  return {
    operationId: name,
    tags: [tag],
    summary,
    security: role === 'anonymous' ? [] : [{ [signIn]: [role] }],
    requestParams: {
      ...(params === undefined ? {} : { path: params as z.ZodObject }),
      ...(query === undefined ? {} : { query: query as z.ZodObject }),
    },
    ...(body === undefined ? {} : { requestBody: bodyOf(body, bodyTypes) }),
    responses: { ...repliesOf(route), ...problemsOf(route) },
  };
}

function bodyOf(schema: z.ZodType, types: readonly string[] | undefined) {
  if (types !== undefined) {
    const text = { schema: { type: 'string' as const } };
    return { required: true, content: Object.fromEntries(types.map((type) => [type, text])) };
  }
  const required = !schema.safeParse(undefined).success;
  return { required, content: { 'application/json': { schema } } };
}

function repliesOf({ replies }: RouteDescription): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(replies).map(([status, { description, content = {} }]) => {
      const media = Object.entries(content).map(([type, schema]) => [type, { schema }] as const);
      return [status, { description, ...(media.length === 0 ? {} : { content: Object.fromEntries(media) }) }];
    }),
  );
}

/** Problems by status; the description of each names its codes. */
function problemsOf(route: RouteDescription): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(codesOf(route), httpStatus);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  );
}

function codesOf({ role, body, problems = [] }: RouteDescription): ProblemCode[] {
  const ofCaller = ['auth.required', 'auth.forbidden', 'unavailable'] as const;
  return [
    'input.invalid',
    ...(role === 'anonymous' ? [] : ofCaller),
    ...(body === undefined ? [] : (['input.tooLarge'] as const)),
    ...problems,
    'internal',
  ];
}
