import { ReadableStream } from 'node:stream/web';
import { HttpRequest, type HttpRequestInit, HttpResponse } from '@azure/functions';
import * as z from 'zod';
import { NotFoundError } from '../../../src/lib/errors';
import type { Caller, CallerRequest, CallerVerifier } from '../../../src/lib/http/caller';
import { ProblemError } from '../../../src/lib/http/problem';
import { json } from '../../../src/lib/http/replies';
import { answer, type Invocation, type Reply, type Route } from '../../../src/lib/http/route';
import type { AppRole } from '../../../src/lib/http/roles';
import type { Telemetry } from '../../../src/lib/telemetry/telemetry';

const Params = z.object({ targetId: z.string().max(5) });
const Query = z.strictObject({ limit: z.coerce.number().default(100) });
const Body = z.strictObject({ on: z.boolean() });
type Example = Route<typeof Params, typeof Query, typeof Body>;
type Input = Parameters<Example['handle']>[0];

const events: unknown[] = [];
beforeEach(() => events.splice(0));
const telemetry: Telemetry = {
  event: (name, properties) => events.push({ name, properties }),
  score: () => undefined,
  flush: () => Promise.resolve(),
};

/** Lets in whoever comes, with these roles. */
function callers(roles: string[], asked: CallerRequest[] = []): CallerVerifier {
  const caller: Caller = { objectId: 'oid', name: 'Ada', applicationId: null, roles };
  const verify = (request: CallerRequest) => {
    asked.push(request);
    return Promise.resolve(caller);
  };
  return { verify } as unknown as CallerVerifier;
}

function request(init: Partial<HttpRequestInit> = {}): HttpRequest {
  return new HttpRequest({
    method: 'PUT',
    url: 'https://localhost/api/things/a?limit=7',
    params: { targetId: 'a' },
    body: { string: '{"on":true}' },
    ...init,
  });
}

/** Sends one request to a route whose handler answers as told, and writes down what came of it. */
async function call({
  role = 'Syncwarden.Audit',
  roles = ['Syncwarden.Audit'],
  handle = () => ({ status: 200, body: { fine: true } }),
  ...init
}: Partial<HttpRequestInit> & {
  role?: AppRole | 'anonymous';
  roles?: string[];
  handle?: (input: Input) => Reply;
}) {
  const inputs: Input[] = [];
  const errors: unknown[] = [];
  const route: Example = {
    name: 'things-put',
    method: 'PUT',
    path: 'things/{targetId}',
    role,
    summary: 'Puts a thing.',
    replies: { 200: json('The thing.', z.object({ fine: z.boolean() })) },
    params: Params,
    query: Query,
    body: Body,
    handle: async (input) => {
      inputs.push(input);
      return Promise.resolve(handle(input));
    },
  };
  const log: Invocation['log'] = {
    info: () => undefined,
    warn: () => undefined,
    error: (message, fields) => errors.push({ message, ...fields }),
  };
  const response = await answer(route, request(init), callers(roles), { telemetry, log });
  const isJson = typeof response.body === 'string' && response.body.startsWith('{');
  const body: unknown = isJson ? JSON.parse(response.body as string) : undefined;
  return { response, body, inputs, errors };
}

const problem = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };

describe('a route', () => {
  it('gives its handler the parsed input and the caller', async () => {
    const { response, body, inputs } = await call({});
    expect(events).toEqual([
      {
        name: 'ChangeRequested',
        properties: {
          route: 'things-put',
          targetId: 'a',
          control: '',
          status: '200',
          by: 'Ada',
          byId: 'oid',
        },
      },
    ]);
    expect(inputs).toEqual([
      {
        params: { targetId: 'a' },
        query: { limit: 7 },
        body: { on: true },
        caller: { objectId: 'oid', name: 'Ada', applicationId: null, roles: ['Syncwarden.Audit'] },
      },
    ]);
    expect(response).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    });
    expect(body).toEqual({ fine: true });
  });

  it.each([
    ['a text', '<p>', '<p>'],
    ['a stream', ReadableStream.from([Buffer.from('a,'), Buffer.from('b')]), 'a,b'],
  ])('answers with %s that is no JSON, and with its headers', async (_case, text, sent) => {
    const headers = { 'content-disposition': 'attachment' };
    const { response } = await call({
      handle: () => ({ status: 200, content: { type: 'text/html; charset=utf-8', text, headers } }),
    });
    expect(response.headers).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-disposition': 'attachment',
    });
    expect(await new HttpResponse(response).text()).toBe(sent);
  });

  it('answers without a body where there is none', async () => {
    const { response } = await call({ handle: () => ({ status: 204 }) });
    expect(response).toEqual({
      status: 204,
      headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    });
  });

  it.each([
    ['Syncwarden.Admin', 200],
    ['Syncwarden.Remediate', 200],
    ['Syncwarden.Audit', 200],
    ['Syncwarden.Read', 403],
    ['Another.Role', 403],
  ])('lets a caller with %s in with status %i', async (role, status) => {
    expect((await call({ roles: [role] })).response.status).toBe(status);
  });

  it('names the missing role, and looks at nothing else of the request', async () => {
    const { response, body, inputs } = await call({ roles: [], body: { string: 'not JSON' } });
    expect(response).toMatchObject({ status: 403, headers: problem });
    expect(body).toMatchObject({
      code: 'auth.forbidden',
      detail: 'The app role Syncwarden.Audit is needed.',
    });
    expect([inputs, events]).toEqual([[], []]);
  });

  it('asks nobody who they are where anyone may call', async () => {
    const { response, inputs } = await call({ role: 'anonymous', roles: [] });
    expect(response.status).toBe(200);
    expect(inputs[0]?.caller).toBeNull();
  });

  it.each<[string, Partial<HttpRequestInit>, unknown]>([
    [
      'an unknown property',
      { body: { string: '{"on":true,"off":false}' } },
      [{ path: 'off', message: 'is not a known property: remove it' }],
    ],
    ['a missing body', { body: { string: '' } }, [{ path: '', message: 'is required' }]],
    ['a body that is not JSON', { body: { string: '{' } }, [{ path: '' }]],
    ['an unknown option', { url: 'https://localhost/api/things/a?x=1' }, [{ path: 'x' }]],
    ['an option that is wrong', { url: 'https://localhost/api/things/a?limit=x' }, [{ path: 'limit' }]],
    ['an address that is wrong', { params: { targetId: 'too long' } }, [{ path: 'targetId' }]],
  ])('answers 400 to %s, and says what is wrong', async (_case, init, errors) => {
    const { response, body, inputs } = await call(init);
    expect(response).toMatchObject({ status: 400, headers: problem });
    expect(body).toMatchObject({ status: 400, code: 'input.invalid', errors });
    expect(inputs).toEqual([]);
  });

  it('tells everything that is wrong at once, wherever it stands', async () => {
    const { body } = await call({
      ...{ params: { targetId: 'too long' }, url: 'https://localhost/api/things/a?limit=x' },
      body: { string: '{"on":1,"off":2}' },
    });
    const { errors } = body as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).sort()).toEqual(['limit', 'off', 'on', 'targetId']);
  });

  it('answers 413 to a body that is too large', async () => {
    const { response, body } = await call({ body: { string: ' '.repeat(1024 * 1024 + 1) } });
    expect(response).toMatchObject({ status: 413, headers: problem });
    expect(body).toMatchObject({ code: 'input.tooLarge' });
  });

  it.each<[Error, number, string]>([
    [new NotFoundError('There is no target a.'), 404, 'notFound'],
    [new ProblemError('unavailable', 'Later.'), 503, 'unavailable'],
  ])(
    'makes a problem of what its handler throws, without a line in the log: %s',
    async (error, status, code) => {
      const { response, body, errors } = await call({ handle: thrower(error) });
      expect(response).toMatchObject({ status, headers: problem });
      expect(body).toMatchObject({ code, detail: error.message });
      expect(errors).toEqual([]);
    },
  );

  it.each([
    ['an error', new Error('secret')],
    ['something odd', 'secret'],
  ])('tells %s that it did not expect to the log alone', async (_case, thrown) => {
    const { response, body, errors } = await call({ handle: thrower(thrown) });
    expect(response).toMatchObject({ status: 500, headers: problem });
    expect(body).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(errors).toEqual([
      {
        message: 'A request failed',
        route: 'things-put',
        error: expect.stringContaining('secret') as string,
      },
    ]);
  });

  it('has a line in the log also for an error without a stack', async () => {
    const error = Object.assign(new Error('bare'), { stack: undefined });
    expect((await call({ handle: thrower(error) })).errors).toMatchObject([{ error: 'bare' }]);
  });

  it('needs no schemas where it takes no input', async () => {
    const inputs: unknown[] = [];
    const route: Route = {
      name: 'health',
      method: 'GET',
      path: 'health',
      role: 'anonymous',
      summary: 'Whether all is well.',
      replies: {},
      handle: (input) => {
        inputs.push(input);
        return Promise.resolve({ status: 503, body: {} });
      },
    };
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const asked: CallerRequest[] = [];
    const response = await answer(route, request({ query: {} }), callers([], asked), { telemetry, log });
    expect(response.status).toBe(503);
    expect(inputs).toEqual([{ params: undefined, query: {}, body: undefined, caller: null }]);
    expect(asked).toEqual([]);
  });
});

function thrower(error: unknown): () => never {
  return () => {
    throw error;
  };
}
