import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { type CallerRequest, CallerVerifier } from '../../../src/lib/http/caller';
import { appRoles } from '../../../src/lib/http/roles';

const tenantId = '11111111-1111-4111-8111-111111111111';
const audience = '22222222-2222-4222-8222-222222222222';
const objectId = '33333333-3333-4333-8333-333333333333';

interface Key {
  kid: string;
  privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  jwk: JWK;
}

async function makeKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

/** The authority that publishes signing keys. */
let server: Server;
let authority: string;
let published: { status: number; body: string };
let keyRequests: string[];
let key: Key;
let otherKey: Key;

const publish = (...keys: Key[]) => {
  published = { status: 200, body: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }) };
};

beforeAll(async () => {
  [key, otherKey] = await Promise.all([makeKey('first'), makeKey('second')]);
  server = createServer((request, response) => {
    keyRequests.push(request.url ?? '');
    response.writeHead(published.status, { 'content-type': 'application/json' }).end(published.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  keyRequests = [];
  publish(key);
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

interface Making {
  claims?: Record<string, unknown>;
  kid?: string;
  signedWith?: Key;
  issuer?: string;
  audience?: string;
  expires?: number | null;
  notBefore?: number;
}

const seconds = () => Math.floor(Date.now() / 1000);

function makeToken(making: Making = {}): Promise<string> {
  const { claims = {}, signedWith = key, kid = signedWith.kid, expires = seconds() + 600 } = making;
  const token = new SignJWT({ oid: objectId, name: 'Ada', azp: 'app', roles: ['Syncwarden.Read'], ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(making.issuer ?? `${authority}/${tenantId}/v2.0`)
    .setAudience(making.audience ?? audience)
    .setNotBefore(making.notBefore ?? seconds() - 60);
  if (expires !== null) token.setExpirationTime(expires);
  return token.sign(signedWith.privateKey);
}

function verifier(platformAuth = false): CallerVerifier {
  return new CallerVerifier({ mode: 'entra', tenantId, audience, authority, platformAuth });
}

function request(headers: Record<string, string>, method = 'GET'): CallerRequest {
  return { method, header: (name) => headers[name] ?? null };
}

const bearer = (token: string, method = 'GET') => request({ authorization: `Bearer ${token}` }, method);

describe('bearer tokens', () => {
  it('tell who is calling, and with which roles', async () => {
    expect(await verifier().verify(bearer(await makeToken()))).toEqual({
      objectId,
      name: 'Ada',
      applicationId: 'app',
      roles: ['Syncwarden.Read'],
    });
    expect(keyRequests).toEqual([`/${tenantId}/discovery/v2.0/keys`]);
  });

  it.each([
    ['the user name', { preferred_username: 'ada@contoso.com' }, 'ada@contoso.com'],
    ['the application', {}, 'app'],
    ['the object id', { azp: undefined }, objectId],
  ])('are named by %s where there is no name', async (_by, claims, name) => {
    const token = await makeToken({ claims: { name: undefined, ...claims } });
    expect((await verifier().verify(bearer(token))).name).toBe(name);
  });

  it('grant nothing when they carry no roles', async () => {
    const caller = await verifier().verify(bearer(await makeToken({ claims: { roles: undefined } })));
    expect(caller.roles).toEqual([]);
  });

  it.each(['bearer', 'BEARER'])('are taken with the scheme written %s', async (scheme) => {
    const headers = { authorization: `${scheme}  ${await makeToken()}` };
    expect((await verifier().verify(request(headers))).objectId).toBe(objectId);
  });

  it('need no X-Requested-With for a change: no browser sends one unasked', async () => {
    expect((await verifier(true).verify(bearer(await makeToken(), 'DELETE'))).objectId).toBe(objectId);
  });

  const refused: [string, () => Promise<string>, string][] = [
    [
      'of another issuer',
      () => makeToken({ issuer: `https://login.example/${tenantId}/v2.0` }),
      'unexpected "iss"',
    ],
    [
      'of another tenant',
      () => makeToken({ issuer: `${authority}/44444444-4444-4444-8444-444444444444/v2.0` }),
      'unexpected "iss"',
    ],
    ['of version 1', () => makeToken({ issuer: `https://sts.windows.net/${tenantId}/` }), 'unexpected "iss"'],
    ['for another audience', () => makeToken({ audience: `api://${audience}` }), 'unexpected "aud"'],
    ['that have expired', () => makeToken({ expires: seconds() - 60 }), '"exp" claim timestamp check failed'],
    ['that never expire', () => makeToken({ expires: null }), 'missing required "exp"'],
    [
      'that are not valid yet',
      () => makeToken({ notBefore: seconds() + 600 }),
      '"nbf" claim timestamp check failed',
    ],
    [
      'signed by someone else under a known key id',
      () => makeToken({ signedWith: otherKey, kid: key.kid }),
      'signature verification failed',
    ],
    ['of an unknown key', () => makeToken({ signedWith: otherKey }), 'no applicable key found'],
    ['without a signature', unsecured, 'not allowed'],
    ['signed with the public key as a secret', signedWithPublicKey, 'not allowed'],
    ['changed after they were signed', tampered, 'signature verification failed'],
    ['that are no token', () => Promise.resolve('not-a-token'), 'Invalid Compact JWS'],
    ['that do not say whose they are', () => makeToken({ claims: { oid: undefined } }), 'does not say whose'],
    ['whose roles are no list', () => makeToken({ claims: { roles: 'Syncwarden.Admin' } }), 'does not say'],
  ];
  it.each(refused)('are refused: %s', async (_case, token, why) => {
    const verifying = verifier().verify(bearer(await token()));
    await expect(verifying).rejects.toMatchObject({ name: 'ProblemError', code: 'auth.required' });
    await expect(verifying).rejects.toThrow(why);
  });

  it.each([
    ['nothing', {}],
    ['a password', { authorization: 'Basic YWRhOnBhc3N3b3Jk' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['more than a token', { authorization: 'Bearer a b' }],
  ])('are asked for when a request brings %s', async (_case, headers) => {
    await expect(verifier().verify(request(headers))).rejects.toMatchObject({
      code: 'auth.required',
      message: 'A bearer token of Microsoft Entra is needed.',
    });
    expect(keyRequests).toEqual([]);
  });

  it('are checked with keys that are fetched once', async () => {
    const callers = verifier();
    for (const token of [await makeToken(), await makeToken()]) await callers.verify(bearer(token));
    expect(keyRequests).toHaveLength(1);
  });
});

describe('signing keys', () => {
  afterEach(() => jest.restoreAllMocks());

  it('are fetched again for a key that is new, but not with every unknown one', async () => {
    const callers = verifier();
    await callers.verify(bearer(await makeToken()));
    publish(otherKey);
    const rotated = await makeToken({ signedWith: otherKey, expires: seconds() + 3600 });
    // Right after a fetch, unknown keys are refused: or anyone could make the app ask for ever.
    await expect(callers.verify(bearer(rotated))).rejects.toMatchObject({ code: 'auth.required' });
    expect(keyRequests).toHaveLength(1);

    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    expect((await callers.verify(bearer(rotated))).objectId).toBe(objectId);
    expect(keyRequests).toHaveLength(2);
    // The old key is gone.
    const old = await makeToken({ expires: seconds() + 3600 });
    await expect(callers.verify(bearer(old))).rejects.toMatchObject({ code: 'auth.required' });
  });

  it.each([
    ['an error', { status: 500, body: '{}' }],
    ['something that is not JSON', { status: 200, body: '<html>' }],
    ['something that is no key set', { status: 200, body: '{"keys":"none"}' }],
  ])('that come as %s are not the fault of the caller', async (_case, answer) => {
    published = answer;
    await expect(verifier().verify(bearer(await makeToken()))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The signing keys of Microsoft Entra could not be fetched.',
    });
  });

  it('are fetched again after a failure', async () => {
    const callers = verifier();
    published = { status: 503, body: '' };
    await expect(callers.verify(bearer(await makeToken()))).rejects.toMatchObject({ code: 'unavailable' });
    publish(key);
    expect((await callers.verify(bearer(await makeToken()))).objectId).toBe(objectId);
  });

  it('that cannot be reached are not the fault of the caller', async () => {
    const settings = { mode: 'entra', tenantId, audience, platformAuth: false } as const;
    const callers = new CallerVerifier({ ...settings, authority: 'http://127.0.0.1:1' });
    await expect(callers.verify(bearer(await makeToken()))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('App Service Authentication', () => {
  const principal = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
  const ada = principal({
    auth_typ: 'aad',
    role_typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
    claims: [
      { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: objectId },
      { typ: 'name', val: 'Ada' },
      { typ: 'appid', val: 'app' },
      { typ: 'roles', val: 'Syncwarden.Read' },
      { typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role', val: 'Syncwarden.Audit' },
      { typ: 'groups', val: 'Syncwarden.Admin' },
    ],
  });
  const withPrincipal = (header: string, method = 'GET', more: Record<string, string> = {}) =>
    request({ 'x-ms-client-principal': header, ...more }, method);

  it('vouches for its header where it stands in front', async () => {
    expect(await verifier(true).verify(withPrincipal(ada))).toEqual({
      objectId,
      name: 'Ada',
      applicationId: 'app',
      roles: ['Syncwarden.Read', 'Syncwarden.Audit'],
    });
    expect(keyRequests).toEqual([]);
  });

  it('has no say where it does not: the header could come from anyone', async () => {
    await expect(verifier(false).verify(withPrincipal(ada))).rejects.toMatchObject({ code: 'auth.required' });
  });

  it('does not stand in for a token where it does not stand in front', async () => {
    const token = await makeToken();
    const caller = await verifier(false).verify(
      withPrincipal(principal({ claims: [{ typ: 'oid', val: 'forged' }] }), 'GET', {
        authorization: `Bearer ${token}`,
      }),
    );
    expect(caller.objectId).toBe(objectId);
  });

  it('goes by the short names of claims too, and is content with an object id', async () => {
    const header = principal({ claims: [{ typ: 'oid', val: objectId }] });
    expect(await verifier(true).verify(withPrincipal(header))).toEqual({
      objectId,
      name: objectId,
      applicationId: null,
      roles: [],
    });
  });

  it.each([
    ['another provider', { auth_typ: 'google', claims: [] }],
    [
      'another tenant',
      { auth_typ: 'aad', claims: [{ typ: 'tid', val: '99999999-9999-4999-8999-999999999999' }] },
    ],
  ])('is not enough from %s', async (_case, { auth_typ, claims }) => {
    const roles = [
      { typ: 'oid', val: objectId },
      { typ: 'roles', val: 'Syncwarden.Admin' },
    ];
    const header = principal({ auth_typ, claims: [...claims, ...roles] });
    const verifying = verifier(true).verify(withPrincipal(header));
    await expect(verifying).rejects.toMatchObject({ code: 'auth.required' });
    await expect(verifying).rejects.toThrow('the Microsoft Entra tenant of this app');
  });

  it('is believed from its own tenant, however that is written', async () => {
    const tid = 'http://schemas.microsoft.com/identity/claims/tenantid';
    const claims = [
      { typ: 'oid', val: objectId },
      { typ: tid, val: tenantId.toUpperCase() },
    ];
    const header = principal({ auth_typ: 'aad', claims });
    expect((await verifier(true).verify(withPrincipal(header))).objectId).toBe(objectId);
  });

  it('leaves requests without its header to their tokens', async () => {
    expect((await verifier(true).verify(bearer(await makeToken()))).name).toBe('Ada');
    await expect(verifier(true).verify(request({}))).rejects.toMatchObject({ code: 'auth.required' });
  });

  it.each([
    ['is not JSON', 'bm90IGpzb24=', 'could not be understood'],
    ['has no claims', principal({}), 'could not be understood'],
    ['names nobody', principal({ claims: [{ typ: 'name', val: 'Ada' }] }), 'does not say whose it is'],
  ])('is not believed when its header %s', async (_case, header, why) => {
    const verifying = verifier(true).verify(withPrincipal(header));
    await expect(verifying).rejects.toMatchObject({ code: 'auth.required' });
    await expect(verifying).rejects.toThrow(why);
  });

  it.each(['POST', 'PUT', 'DELETE'])('needs X-Requested-With for a %s with a cookie', async (method) => {
    await expect(verifier(true).verify(withPrincipal(ada, method))).rejects.toMatchObject({
      code: 'auth.forbidden',
      message: 'A request from a browser needs the header X-Requested-With.',
    });
    const own = withPrincipal(ada, method, { 'x-requested-with': 'Syncwarden' });
    expect((await verifier(true).verify(own)).objectId).toBe(objectId);
  });

  it('needs no X-Requested-With for a change with a token', async () => {
    const program = withPrincipal(ada, 'POST', { authorization: 'Bearer checked-by-the-platform' });
    expect((await verifier(true).verify(program)).objectId).toBe(objectId);
  });
});

describe('on a developer’s machine', () => {
  const local = new CallerVerifier({ mode: 'local' });
  const host = 'localhost:7071';

  it('everyone may do everything', async () => {
    const caller = await local.verify(request({ host }, 'POST'));
    expect(caller).toMatchObject({ name: 'local developer', applicationId: null, roles: [...appRoles] });
  });

  it('a page of another site changes nothing', async () => {
    const origin = { host, origin: 'https://example.com' };
    await expect(local.verify(request(origin, 'POST'))).rejects.toMatchObject({ code: 'auth.forbidden' });
    expect((await local.verify(request(origin))).name).toBe('local developer');
    const own = request({ ...origin, 'x-requested-with': 'Syncwarden' }, 'POST');
    expect((await local.verify(own)).name).toBe('local developer');
  });

  it.each(['GET', 'DELETE'])(
    'a page that gave its own name the address of this machine may not %s',
    async (method) => {
      for (const name of [{ host: 'rebind.example.com:7071' }, {} as Record<string, string>]) {
        const rebound = request({ ...name, 'x-requested-with': 'Syncwarden' }, method);
        await expect(local.verify(rebound)).rejects.toMatchObject({ code: 'auth.forbidden' });
      }
    },
  );
});

function unsecured(): Promise<string> {
  return Promise.resolve(
    new UnsecuredJWT({ oid: objectId, roles: [...appRoles] })
      .setIssuer(`${authority}/${tenantId}/v2.0`)
      .setAudience(audience)
      .setExpirationTime('10m')
      .encode(),
  );
}

/** The classic forgery: what is public serves as the secret of a symmetric signature. */
function signedWithPublicKey(): Promise<string> {
  return new SignJWT({ oid: objectId, roles: [...appRoles] })
    .setProtectedHeader({ alg: 'HS256', kid: key.kid })
    .setIssuer(`${authority}/${tenantId}/v2.0`)
    .setAudience(audience)
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(JSON.stringify(key.jwk)));
}

async function tampered(): Promise<string> {
  const [header = '', payload = '', signature = ''] = (await makeToken()).split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const raised = Buffer.from(JSON.stringify({ ...claims, roles: [...appRoles] })).toString('base64url');
  return [header, raised, signature].join('.');
}
