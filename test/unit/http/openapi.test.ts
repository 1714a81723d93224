import type { SpecData } from '@seriousme/openapi-schema-validator';
import * as z from 'zod';
import { allRoutes } from '../../../src/functions/app';
import { describeApi } from '../../../src/lib/http/openapi';
import { json } from '../../../src/lib/http/replies';
import type { RouteDescription } from '../../../src/lib/http/route';
import { routes } from '../../../src/lib/http/routes';
import type { Services } from '../../../src/lib/services';

// In the app it is a bundle of its own.
jest.mock(
  '../../../src/lib/http/zod-openapi.js',
  () => jest.requireActual<object>('../../../src/lib/http/zod-openapi'),
  { virtual: true },
);

interface Operation {
  operationId: string;
  summary: string;
  security: Record<string, string[]>[];
  parameters?: { in: string; name: string; required?: boolean; description?: string; schema: object }[];
  requestBody?: { required: boolean };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
type Paths = Record<string, Record<string, Operation>>;

async function describePaths(routes: readonly RouteDescription[]): Promise<Paths> {
  return (JSON.parse(await describeApi(routes)) as { paths: Paths }).paths;
}

describe('the description of the whole API', () => {
  let text: string;

  beforeAll(async () => {
    text = await describeApi(Object.values(allRoutes({} as Services)));
  });

  const operations = () =>
    Object.entries((JSON.parse(text) as { paths: Paths }).paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );

  it('is valid', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    expect(await new Validator().validate(JSON.parse(text) as SpecData)).toEqual({ valid: true });
  });

  it('has every route, with its method and address, and no other', () => {
    const registered = Object.entries(routes).map(
      ([name, { method, path }]) => `${name}: ${method} /${path}`,
    );
    expect(
      operations()
        .map(({ operationId, method, path }) => `${operationId}: ${method.toUpperCase()} ${path}`)
        .sort(),
    ).toEqual(registered.sort());
  });

  it('explains every parameter, and every part of an address is one', () => {
    for (const { path, parameters = [] } of operations()) {
      const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
        parts,
      );
      for (const { name, description } of parameters) {
        expect({ path, name, description }).toMatchObject({
          description: expect.stringMatching(/\.$/) as string,
        });
      }
    }
  });

  it('names the role of each operation, and one that needs none', () => {
    const roles = operations().map(({ operationId, security }) => [operationId, security[0]?.['entra']?.[0]]);
    expect(roles).toEqual(
      expect.arrayContaining([
        ['health', undefined],
        ['targets-list', 'Syncwarden.Read'],
        ['audits-post', 'Syncwarden.Audit'],
        ['remediation-undo', 'Syncwarden.Remediate'],
        ['target-put', 'Syncwarden.Admin'],
      ]),
    );
    expect(roles.filter(([, role]) => role === undefined)).toHaveLength(1);
  });

  it('gives the form of every answer that has a body', () => {
    for (const { operationId, responses } of operations()) {
      for (const [status, { content }] of Object.entries(responses)) {
        if (status !== '204') expect({ operationId, status, content }).toMatchObject({ content: {} });
      }
    }
  });

  it('accepts ids in capitals, as the API does', () => {
    expect(text).not.toContain('^[0-9a-f]{');
  });
});

describe('the description of a route', () => {
  const route: RouteDescription = {
    name: 'things-put',
    method: 'PUT',
    path: 'things/{thing}',
    role: 'Syncwarden.Audit',
    summary: 'Puts a thing.',
    params: z.object({ thing: z.string() }),
    query: z
      .strictObject({
        day: z.iso.date().transform((day) => new Date(day)),
        limit: z.coerce.number().default(5),
      })
      .transform(({ day }) => day),
    body: z.strictObject({ on: z.boolean() }),
    replies: { 201: json('The thing.', z.object({ on: z.boolean() })), 204: { description: 'Nothing.' } },
    problems: ['notFound', 'plan.stale', 'plan.tooLarge', 'remediation.busy'],
  };
  const describeRoute = async (changes: Partial<RouteDescription> = {}) => {
    const paths = await describePaths([{ ...route, ...changes }]);
    return paths['/things/{thing}']?.['put'];
  };

  it('tells what may be sent, before it is transformed', async () => {
    expect(await describeRoute()).toMatchObject({
      parameters: [
        { in: 'path', name: 'thing', required: true, schema: { type: 'string' } },
        { in: 'query', name: 'day', required: true, schema: { type: 'string', format: 'date' } },
        { in: 'query', name: 'limit', schema: { type: 'number', default: 5 } },
      ],
      requestBody: { required: true },
    });
    const optional = await describeRoute({ body: z.strictObject({}).optional() });
    expect(optional?.requestBody?.required).toBe(false);
  });

  it('has its own answers, those that every route has, and problems of one status together', async () => {
    const described = Object.entries((await describeRoute())?.responses ?? {}).map(
      ([status, { description, content = {} }]) => [status, description, Object.keys(content)[0]],
    );
    const problem = 'application/problem+json';
    expect(described).toEqual([
      ['201', 'The thing.', 'application/json'],
      ['204', 'Nothing.', undefined],
      ['400', '`input.invalid`', problem],
      ['401', '`auth.required`', problem],
      ['403', '`auth.forbidden`', problem],
      ['404', '`notFound`', problem],
      ['409', '`plan.stale`, `remediation.busy`', problem],
      ['413', '`input.tooLarge`', problem],
      ['422', '`plan.tooLarge`', problem],
      ['500', '`internal`', problem],
      ['503', '`unavailable`', problem],
    ]);
  });

  it('speaks of no sign-in, and of no body, where there is none', async () => {
    const { params: _params, query: _query, body: _body, problems: _problems, ...bare } = route;
    const paths = await describePaths([{ ...bare, path: 'things', role: 'anonymous' }]);
    const described = paths['/things']?.['put'];
    expect(described).toMatchObject({ security: [], parameters: [] });
    expect(described).not.toHaveProperty('requestBody');
    expect(Object.keys(described?.responses ?? {})).toEqual(['201', '204', '400', '500']);
  });

  it('stands beside others of the same address', async () => {
    const get: RouteDescription = { ...route, name: 'thing-get', method: 'GET' };
    const paths = await describePaths([route, get]);
    expect(Object.keys(paths['/things/{thing}'] ?? {})).toEqual(['put', 'get']);
  });
});
