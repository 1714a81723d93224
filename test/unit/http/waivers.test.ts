import { HttpRequest, InvocationContext, type HttpResponseInit } from '@azure/functions';
import { createApp } from '../../../src/functions/app';
import type { FieldError } from '../../../src/lib/errors';
import { InputError } from '../../../src/lib/errors';
import { parseInput } from '../../../src/lib/input';
import type { Caller } from '../../../src/lib/http/caller';
import { WaiverBody } from '../../../src/lib/http/inputs';
import { appRoles } from '../../../src/lib/http/roles';
import type { Services } from '../../../src/lib/services';
import type { Settings } from '../../../src/lib/settings';

const body = { reason: 'The licence comes next week.', expiresAt: '2027-01-31T00:00:00Z' };

function errorsOf(value: unknown): readonly FieldError[] {
  try {
    parseInput(WaiverBody, value);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.errors;
    throw error;
  }
}

describe('the body of a waiver', () => {
  it.each([
    ['all it needs', body],
    ['an offset', { ...body, expiresAt: '2027-01-31T00:00:00.5+05:30' }],
    ['the shortest reason', { ...body, reason: '0123456789' }],
    ['the longest reason', { ...body, reason: 'x'.repeat(2000) }],
    ['codes', { ...body, codes: ['license.none', 'unreadable.throttled'] }],
  ])('is taken with %s', (_case, value) => {
    expect(errorsOf(value)).toEqual([]);
  });

  it('has its reason trimmed', () => {
    expect(parseInput(WaiverBody, { ...body, reason: '  a good reason \n' }).reason).toBe('a good reason');
  });

  const time = 'must be a time with an offset, like 2027-01-31T00:00:00Z or 2027-01-31T00:00:00+01:00';
  it.each<[unknown, string, string]>([
    [undefined, '', 'is required'],
    [{ expiresAt: body.expiresAt }, 'reason', 'is required'],
    [{ reason: body.reason }, 'expiresAt', 'is required'],
    [{ ...body, reason: '   too short   ' }, 'reason', 'must say why in at least 10 characters'],
    [{ ...body, reason: 'x'.repeat(2001) }, 'reason', 'must be at most 2000 characters long'],
    [{ ...body, expiresAt: '2027-01-31' }, 'expiresAt', time],
    [{ ...body, expiresAt: '2027-01-31T00:00:00' }, 'expiresAt', time],
    [{ ...body, expiresAt: '2027-02-30T00:00:00Z' }, 'expiresAt', time],
    [{ ...body, expiresAt: 1 }, 'expiresAt', time],
    [
      { ...body, codes: [] },
      'codes',
      'must name at least one code; leave it out to accept everything that is found',
    ],
    [{ ...body, codes: ['none'] }, 'codes.0', 'must be a code of a reason, like consent.excess'],
    [{ ...body, by: 'Grace' }, 'by', 'is not a known property: remove it'],
  ])('is refused: %j', (value, path, message) => {
    expect(errorsOf(value)).toEqual([{ path, message }]);
  });

  it('is told everything that is wrong at once', () => {
    const wrong = { reason: '', expiresAt: 'tomorrow', codes: [], more: 1 };
    expect(errorsOf(wrong).map(({ path }) => path)).toEqual(['reason', 'expiresAt', 'codes', 'more']);
  });
});

const routeOf = { GET: 'waivers-list', PUT: 'waiver-put', DELETE: 'waiver-delete' } as const;
type Method = keyof typeof routeOf;

/** Calls a waiver route as somebody with one role. What the app would do then is to find no target. */
function call(method: Method, role: string | undefined, payload?: unknown): Promise<HttpResponseInit> {
  const caller: Caller = { objectId: 'ada', name: 'Ada', applicationId: null, roles: role ? [role] : [] };
  const services = {
    callers: { verify: () => Promise.resolve(caller) },
    invoke: (_context: unknown, run: (invocation: object) => unknown) => run({}),
    targets: { get: () => Promise.resolve(undefined), has: () => Promise.resolve(false) },
    now: () => new Date('2026-11-01T00:00:00Z'),
  } as unknown as Services;
  const request = new HttpRequest({
    method,
    url: 'https://localhost/api/targets/a/waivers/license',
    params: { targetId: 'a', control: 'license' },
    ...(payload === undefined ? {} : { body: { string: JSON.stringify(payload) } }),
  });
  return createApp({} as Settings, services).answer(routeOf[method], request, new InvocationContext());
}

describe('the routes of waivers', () => {
  const atLeast = { GET: 'Syncwarden.Read', PUT: 'Syncwarden.Admin', DELETE: 'Syncwarden.Admin' } as const;
  const cases = (['GET', 'PUT', 'DELETE'] as const).flatMap((method) =>
    [undefined, ...appRoles].map((role) => [method, role] as const),
  );

  it.each(cases)('%s is for those who may: %s', async (method, role) => {
    const mayCall = role !== undefined && appRoles.indexOf(role) >= appRoles.indexOf(atLeast[method]);
    const { status } = await call(method, role, method === 'PUT' ? body : undefined);
    expect(status).toBe(mayCall ? 404 : 403);
  });

  it('refuse an end that has passed', async () => {
    const { status, body: answer } = await call('PUT', 'Syncwarden.Admin', {
      ...body,
      expiresAt: '2026-10-31T00:00:00Z',
    });
    expect(status).toBe(400);
    expect(JSON.parse(answer as string)).toMatchObject({
      code: 'input.invalid',
      errors: [{ path: 'expiresAt', message: 'must be in the future' }],
    });
  });
});
