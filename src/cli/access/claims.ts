import { decodeJwt } from 'jose';
import * as z from 'zod';

/** What a token of Microsoft Entra says of its holder. https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const Claims = z.object({
  /** Application permissions. */
  roles: z.array(z.string()).default([]),
  /** Delegated permissions, parted by blanks; only in a token of a person. */
  scp: z.string().optional(),
  appid: z.string().optional(),
  azp: z.string().optional(),
  tid: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  preferred_username: z.string().optional(),
});

/** Who a token is of, and what it allows. */
export interface TokenHolder {
  /** Application id of who asked for the token. */
  applicationId: string | undefined;
  tenantId: string | undefined;
  /** Name of the person; undefined for an application. */
  person: string | undefined;
  /** Names of the permissions: application permissions, or a person's delegated ones. */
  permissions: readonly string[];
}

/**
 * Reads a token. Nothing is verified: it is our own, fresh from the authority, and whoever it is shown to does that.
 * Undefined for one that cannot be read from outside.
 */
export function holderOf(token: string): TokenHolder | undefined {
  const claims = claimsOf(token);
  if (claims === undefined) return undefined;
  const { roles, scp, appid, azp, tid, upn, unique_name, preferred_username } = claims;
  return {
    applicationId: appid ?? azp,
    tenantId: tid,
    person: scp === undefined ? undefined : (upn ?? preferred_username ?? unique_name ?? 'a person'),
    permissions: scp === undefined ? roles : scp.split(' ').filter((name) => name !== ''),
  };
}

function claimsOf(token: string): z.infer<typeof Claims> | undefined {
  try {
    return Claims.safeParse(decodeJwt(token)).data;
  } catch {
    return undefined;
  }
}
