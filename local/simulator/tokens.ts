import type { webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';

const kid = 'simulated';
const lifetimeSeconds = 3600;

/** What a token of the simulator says. */
export interface Claims {
  iss: string;
  aud: string;
  tid: string;
  oid: string;
  sub?: string;
  appid?: string;
  azp?: string;
  name?: string;
  roles?: string[];
  [claim: string]: unknown;
}

/** Signs and checks tokens as Microsoft Entra does, with a key of its own. */
export class Tokens {
  private constructor(
    private readonly privateKey: webcrypto.CryptoKey,
    private readonly publicKey: webcrypto.CryptoKey,
    readonly keys: JSONWebKeySet,
  ) {}

  static async create(): Promise<Tokens> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
    return new Tokens(privateKey, publicKey, { keys: [jwk] });
  }

  /** Issues a token. `expiresIn` may be negative, for one that has expired. */
  sign(claims: Claims, expiresIn = lifetimeSeconds): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ ver: '2.0', ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuedAt(now)
      .setNotBefore(now - 300)
      .setExpirationTime(now + expiresIn)
      .sign(this.privateKey);
  }

  /** The claims of a token of this simulator. @throws when it is not one, or not meant for this audience. */
  async verify(token: string, audience: string): Promise<Claims> {
    const { payload } = await jwtVerify(token, this.publicKey, { audience, algorithms: ['RS256'] });
    return payload as Claims;
  }
}
