import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import type { AuthSettings } from '../settings';
import { isLoopback } from './loopback';
import { ProblemError } from './problem';
import { appRoles } from './roles';

/** Who is calling. */
export interface Caller {
  /** Object id of the user or service principal. */
  objectId: string;
  name: string;
  /** Application id of the client that was used; null when it is not told. */
  applicationId: string | null;
  /** App roles as they were granted. */
  roles: readonly string[];
}

/** What a request says about its caller. Header names are in lower case. */
export interface CallerRequest {
  method: string;
  header: (name: string) => string | null;
}

/** On a developer's machine nobody signs in, and everything is allowed. */
const developer: Caller = {
  objectId: '00000000-0000-0000-0000-000000000000',
  name: 'local developer',
  applicationId: null,
  roles: [...appRoles],
};

/** Finds out who is calling. It fails closed: whatever is not proved is not believed. */
export class CallerVerifier {
  private readonly keys: JWTVerifyGetKey | undefined;

  constructor(private readonly settings: AuthSettings) {
    if (settings.mode === 'local') return;
    this.keys = createRemoteJWKSet(new URL(`${settings.authority}/${settings.tenantId}/discovery/v2.0/keys`));
  }

  /** @throws {ProblemError} `auth.required` when the caller is not known, `auth.forbidden` for a forged request. */
  async verify(request: CallerRequest): Promise<Caller> {
    const { settings, keys } = this;
    const bearer = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1];
    if (settings.mode === 'local') {
      if (!isLoopback(request.header('host')))
        throw new ProblemError(
          'auth.forbidden',
          'Without a sign-in the app answers to names of this machine only.',
        );
      if (request.header('origin') !== null) requireOwnPage(request);
      return developer;
    }
    const principal = request.header('x-ms-client-principal');
    if (settings.platformAuth && principal !== null) {
      // A browser sends the sign-in cookie with any request, also with one that another site has forged.
      if (bearer === undefined) requireOwnPage(request);
      return fromPrincipal(principal, settings.tenantId);
    }
    if (bearer === undefined || keys === undefined) {
      throw new ProblemError('auth.required', 'A bearer token of Microsoft Entra is needed.');
    }
    return fromToken(await verifyToken(bearer, keys, settings));
  }
}

/** Only the app's own page can set this header: a foreign one would have to ask first, and is refused. */
function requireOwnPage({ method, header }: CallerRequest): void {
  if (method === 'GET' || header('x-requested-with') !== null) return;
  throw new ProblemError('auth.forbidden', 'A request from a browser needs the header X-Requested-With.');
}

async function verifyToken(
  token: string,
  keys: JWTVerifyGetKey,
  { authority, tenantId, audience }: Extract<AuthSettings, { mode: 'entra' }>,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: `${authority}/${tenantId}/v2.0`,
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (error) {
    if (isTokenFault(error)) {
      throw new ProblemError('auth.required', `The bearer token was not accepted: ${error.message}.`);
    }
    throw new ProblemError('unavailable', 'The signing keys of Microsoft Entra could not be fetched.');
  }
}

/** Everything that is wrong with the token itself, as opposed to not getting at the keys. */
function isTokenFault(error: unknown): error is errors.JOSEError {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  return error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC';
}

const TokenClaims = z.object({
  oid: z.string(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  azp: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

function fromToken(payload: JWTPayload): Caller {
  const claims = TokenClaims.safeParse(payload);
  if (!claims.success) throw new ProblemError('auth.required', 'The bearer token does not say whose it is.');
  const { oid, name, preferred_username, azp, roles } = claims.data;
  return {
    objectId: oid,
    name: name ?? preferred_username ?? azp ?? oid,
    applicationId: azp ?? null,
    roles,
  };
}

/** What App Service Authentication says of a caller. https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities */
const Principal = z.object({
  auth_typ: z.string().nullish(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
  role_typ: z.string().optional(),
});

/** The platform may give claims their long names. */
const claimNames = {
  objectId: ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'],
  name: ['name', 'preferred_username'],
  application: ['azp', 'appid'],
  tenant: ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'],
};

function fromPrincipal(header: string, tenantId: string): Caller {
  const principal = Principal.safeParse(parseBase64Json(header));
  if (!principal.success) {
    throw new ProblemError('auth.required', 'The header X-MS-CLIENT-PRINCIPAL could not be understood.');
  }
  const { auth_typ, claims, role_typ } = principal.data;
  const value = (names: readonly string[]) => claims.find(({ typ }) => names.includes(typ))?.val;
  // The platform may be set up to let others in as well, whose roles mean nothing here.
  const isOfTenant = (value(claimNames.tenant) ?? tenantId).toLowerCase() === tenantId.toLowerCase();
  if ((auth_typ || 'aad').toLowerCase() !== 'aad' || !isOfTenant) {
    throw new ProblemError('auth.required', 'A sign-in to the Microsoft Entra tenant of this app is needed.');
  }
  const objectId = value(claimNames.objectId);
  if (objectId === undefined) {
    throw new ProblemError('auth.required', 'The header X-MS-CLIENT-PRINCIPAL does not say whose it is.');
  }
  return {
    objectId,
    name: value(claimNames.name) ?? objectId,
    applicationId: value(claimNames.application) ?? null,
    roles: claims.filter(({ typ }) => typ === 'roles' || typ === role_typ).map(({ val }) => val),
  };
}

function parseBase64Json(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
