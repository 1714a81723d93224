import { isNotFound, readFailed, readOk } from '../../../../src/lib/microsoft365/wire/read';
import { errorCode, failureOf, isReply, type Reply } from '../../../../src/lib/microsoft365/wire/reply';

const reading = { what: 'the account svc@contoso.com', permission: 'User.Read.All' };

function reply(status: number, body?: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers, body };
}
const error = (code: string, innerError?: object) => ({ error: { code, message: 'Why.', innerError } });

describe('a failed reading', () => {
  it.each([
    [401, 'InvalidAuthenticationToken', 'unavailable'],
    [403, 'Authorization_RequestDenied', 'permission'],
    [429, 'TooManyRequests', 'throttled'],
    [404, 'Request_ResourceNotFound', 'notFound'],
    [400, 'BadRequest', 'unavailable'],
    [410, 'resyncRequired', 'unavailable'],
    [500, 'UnknownError', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
  ])('after %i %s has the cause %s', (status, code, cause) => {
    const failure = failureOf(reply(status, error(code), { 'request-id': 'r-1' }), reading);
    expect(failure).toMatchObject({ cause, status, code, requestId: 'r-1' });
    expect(failure.message).toContain(`${status} ${code}`);
    expect(failure.message).toMatch(/^Could not read the account svc@contoso\.com: /);
  });

  it('after 403 names the permission that is probably missing', () => {
    const failure = failureOf(reply(403, error('Denied')), reading);
    expect(failure.permission).toBe('User.Read.All');
    expect(failure.message).toContain('the permission User.Read.All is missing');
  });

  it.each([401, 404, 429, 500])('after %i names no permission', (status) => {
    expect(failureOf(reply(status, error('Other')), reading)).not.toHaveProperty('permission');
  });

  it.each([
    ['nothing', undefined],
    ['a page of a proxy', '<html>404</html>'],
    ['JSON of another shape', { message: 'no route' }],
  ])('after a 404 with %s says nothing about the tenant', (_case, body) => {
    const failure = failureOf(reply(404, body), reading);
    expect(failure).toEqual({
      cause: 'unavailable',
      status: 404,
      message: 'Could not read the account svc@contoso.com: Microsoft 365 answered 404.',
    });
  });

  it('takes the request id from the body where the headers have none', () => {
    const body = error('UnknownError', { 'request-id': 'inner' });
    expect(failureOf(reply(500, body), reading).requestId).toBe('inner');
    expect(failureOf(reply(500, body, { 'request-id': 'outer' }), reading).requestId).toBe('outer');
    expect(failureOf(reply(500, error('UnknownError', {})), reading)).not.toHaveProperty('requestId');
  });

  it('says what went wrong where there was no answer', () => {
    expect(failureOf({ cause: 'unavailable', problem: 'ECONNRESET' }, reading)).toEqual({
      cause: 'unavailable',
      message: 'Could not read the account svc@contoso.com: ECONNRESET',
    });
  });

  it('names no permission when the identity itself was refused', () => {
    expect(failureOf({ cause: 'permission', problem: 'no token: AADSTS700016' }, reading)).toEqual({
      cause: 'permission',
      message: 'Could not read the account svc@contoso.com: no token: AADSTS700016',
    });
  });
});

describe('an attempt', () => {
  it('is a reply when it has a status', () => {
    expect(isReply(reply(500))).toBe(true);
    expect(isReply({ cause: 'unavailable', problem: 'gone' })).toBe(false);
  });

  it.each([
    ['its code', error('Directory_ExpiredPageToken'), 'Directory_ExpiredPageToken'],
    ['nothing', undefined, undefined],
    ['nothing', 'text', undefined],
    ['nothing', { error: 'invalid_grant' }, undefined],
    ['nothing', { error: { code: 7 } }, undefined],
  ])('gives %s for %j', (_case, body, expected) => {
    expect(errorCode(reply(400, body))).toBe(expected);
  });
});

describe('a read', () => {
  const failed = (cause: 'notFound' | 'unavailable') => readFailed({ cause, message: '…' });

  it('is not found only when the service said so', () => {
    expect(isNotFound(failed('notFound'))).toBe(true);
    expect(isNotFound(failed('unavailable'))).toBe(false);
    expect(isNotFound(readOk('notFound'))).toBe(false);
  });
});
