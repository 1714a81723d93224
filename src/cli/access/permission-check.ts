import { GraphTransport } from '../../lib/microsoft365/graph/transport';
import { servedBy } from '../../lib/microsoft365/permission-fallback';
import { exchangeManageAsApp, type Permission } from '../../lib/microsoft365/permissions';
import type { Attempt } from '../../lib/microsoft365/wire/reply';
import { CliError } from '../exit';
import { type SignIn, tenantsOf, tokenFor } from '../sign-in';
import { holderOf, type TokenHolder } from './claims';
import type { PermissionAnswer } from './control-access';
import { probeExchange, probeGraph, type Proof } from './probes';

/** What is known of one permission: what the token says, and what a request has proved. */
export interface PermissionCheck extends PermissionAnswer {
  permission: Permission;
  /** Whether the token names it, or what serves in its place; undefined when there is no token that can be read. */
  isInToken: boolean | undefined;
  detail: string;
}

/** How long Exchange may take over its one probe, in milliseconds. */
const exchangeTimeoutMs = 30_000;

/** Checks permissions of the present identity in one tenant, each by its token and by one request. */
export class PermissionChecker {
  private readonly transport: GraphTransport;

  constructor(
    private readonly signIn: SignIn,
    private readonly tenantId: string,
    /** The token for Microsoft Graph; undefined when there is none, and then nothing is asked. */
    private readonly token: string | undefined,
    private readonly onAttempt: (attempt: Attempt) => void = () => undefined,
  ) {
    const { settings, credentials } = signIn;
    this.transport = new GraphTransport(settings.graphEndpoint, credentials.forTenant(tenantId), tenantId);
  }

  async check(permission: Permission): Promise<PermissionCheck> {
    if (permission === exchangeManageAsApp) return this.checkExchange(permission);
    if (this.token === undefined) {
      return { permission, state: 'unknown', isInToken: undefined, detail: 'there is no token' };
    }
    const proof = await probeGraph(this.transport, permission, this.onAttempt);
    return concluded(permission, holderOf(this.token)?.permissions, proof);
  }

  private async checkExchange(permission: Permission): Promise<PermissionCheck> {
    const { kind, settings } = this.signIn;
    if (kind === 'azLogin') {
      const detail = 'Azure CLI has no permission for Exchange: sign in as an application';
      return { permission, state: 'missing', isInToken: false, detail };
    }
    const holder = await this.exchangeHolder(settings.exchangeEndpoint);
    if (holder instanceof CliError) {
      return { permission, state: 'unknown', isInToken: undefined, detail: holder.message };
    }
    const tenant = tenantsOf(this.signIn).open(this.tenantId, exchangeTimeoutMs)();
    const held = holder?.permissions;
    const proof = await probeExchange(tenant);
    // Exchange answers 401 without a word, and no other permission lets anybody in: here the token settles it.
    const isSettled = proof.result === 'unclear' && held?.includes(permission.name) === false;
    return concluded(permission, held, isSettled ? { ...proof, result: 'refused' } : proof);
  }

  private async exchangeHolder(endpoint: string): Promise<TokenHolder | undefined | CliError> {
    try {
      return holderOf(await tokenFor(this.signIn, this.tenantId, endpoint));
    } catch (error) {
      if (error instanceof CliError) return error;
      throw error;
    }
  }
}

/**
 * What a token and a request say together. The request wins: a token may be covered by more, or not be enough alone.
 * @param held names in the token; undefined when it cannot be read.
 */
export function concluded(
  permission: Permission,
  held: readonly string[] | undefined,
  proof: Proof | undefined,
): PermissionCheck {
  const by = servedBy(permission, held ?? []);
  const isInToken = held === undefined ? undefined : by !== undefined;
  const said = saidOf(permission, by, isInToken);
  if (proof === undefined) {
    const state = isInToken === undefined ? 'unknown' : isInToken ? 'held' : 'missing';
    return { permission, state, by, isInToken, detail: `${said}; not proved` };
  }
  const { result, detail } = proof;
  const state = result === 'accepted' ? 'held' : result === 'refused' ? 'missing' : 'unknown';
  const covered = result === 'accepted' && isInToken === false ? ': another permission covers it' : '';
  return { permission, state, by, isInToken, detail: `${said}; ${detail}${covered}` };
}

function saidOf(permission: Permission, by: Permission | undefined, isInToken: boolean | undefined): string {
  if (isInToken === undefined) return 'token cannot be read';
  if (by === permission) return 'in the token';
  if (by !== undefined) return `${by.name} is in the token, which serves as well`;
  const { fallback } = permission;
  return fallback === undefined ? 'not in the token' : `neither it nor ${fallback.name} is in the token`;
}
