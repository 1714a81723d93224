import { app, HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { routes } from '../../../src/lib/http/routes';

const created = jest.fn();
const composed = jest.fn();
const answered = jest.fn();
const done = jest.fn();

// In the app it is a bundle of its own, which is loaded at the first invocation.
jest.mock(
  '../../../src/functions/app.js',
  () => {
    created();
    const does = (what: string) => (given: unknown) => Promise.resolve(done(what, given));
    return {
      createApp: () => {
        composed();
        return {
          answer: (name: string) => Promise.resolve(answered(name)),
          dispatch: does('dispatch'),
          work: does('work'),
          watch: () => does('watch')(undefined),
          digest: () => does('digest')(undefined),
          retain: () => does('retain')(undefined),
        };
      },
    };
  },
  { virtual: true },
);

type Handler = (given: unknown, context: InvocationContext) => Promise<unknown>;
type Options = { handler: Handler; schedule?: string; queueName?: string } & Partial<HttpFunctionOptions>;
const http = new Map<string, Options>();
const timers = new Map<string, Options>();
const queues = new Map<string, Options>();

beforeAll(async () => {
  const keepIn = (map: Map<string, Options>) => (name: string, options: unknown) =>
    void map.set(name, options as Options);
  jest.spyOn(app, 'http').mockImplementation(keepIn(http));
  jest.spyOn(app, 'timer').mockImplementation(keepIn(timers));
  jest.spyOn(app, 'storageQueue').mockImplementation(keepIn(queues));
  Object.assign(process.env, {
    ...{ AUTH_TENANT_ID: '0a0a0a0a-0000-4000-8000-0000000000a1', AUTH_AUDIENCE: 'api://syncwarden' },
    ...{ AzureWebJobsStorage: 'UseDevelopmentStorage=true', AUDIT_SCHEDULE_LICENSE: '0 0 3 * * *' },
    DIGEST_SCHEDULE: '0 30 6 * * *',
  });
  await import('../../../src/functions');
});

const context = new InvocationContext();

it('registers every route at an open door, because the caller is checked inside', () => {
  const registered = [...http].map(([name, { methods, route, authLevel }]) => [
    name,
    methods,
    route,
    authLevel,
  ]);
  expect(registered).toEqual(
    Object.entries(routes).map(([name, { method, path }]) => [name, [method], path, 'anonymous']),
  );
});

it('registers a timer for each schedule, and the queue', () => {
  expect([...timers].map(([name, { schedule }]) => [name, schedule])).toEqual([
    ['nightly', '0 0 2 * * *'],
    ['nightly-license', '0 0 3 * * *'],
    ['watchdog', '0 30 * * * *'],
    ['digest', '0 30 6 * * *'],
    ['retention', '0 15 4 * * *'],
  ]);
  expect([...queues].map(([name, { queueName }]) => [name, queueName])).toEqual([
    ['audit-worker', 'syncwarden-audits'],
  ]);
});

it('loads what the functions do at the first invocation, and once, unless that fails', async () => {
  expect(created).not.toHaveBeenCalled();
  const request = new HttpRequest({ method: 'GET', url: 'https://localhost/api/health' });
  composed.mockImplementationOnce(() => {
    throw new Error('It fails once.');
  });
  await expect(http.get('health')?.handler(request, context)).rejects.toThrow('It fails once.');
  await Promise.all([...http.values()].map(({ handler }) => handler(request, context)));
  expect(answered.mock.calls.flat()).toEqual(Object.keys(routes));
  for (const { handler } of [...timers.values(), ...queues.values()]) await handler('given', context);
  expect(created).toHaveBeenCalledTimes(1);
  expect(composed).toHaveBeenCalledTimes(2);
  expect(done.mock.calls).toEqual([
    ['dispatch', expect.objectContaining({ name: 'nightly' })],
    ['dispatch', { name: 'nightly-license', schedule: '0 0 3 * * *', controls: ['license'] }],
    ['watch', undefined],
    ['digest', undefined],
    ['retain', undefined],
    ['work', 'given'],
  ]);
});
