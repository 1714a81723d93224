import { AzureCliCredential, type TokenCredential } from '@azure/identity';
import { Credentials } from '../lib/microsoft365/sign-in/credentials';
import { refusalOf } from '../lib/microsoft365/sign-in/refusal';
import { Tenants } from '../lib/microsoft365/tenant';
import { type ReaderSettings, readReaderSettings } from '../lib/settings';
import { CliError, usageError } from './exit';
import type { Io } from './io';
import { printable } from './show/printable';

/** Who signs in: an application by its secret or certificate, an identity of Azure, or a person through Azure CLI. */
export type SignInKind = 'application' | 'managedIdentity' | 'azLogin';

/** How tenants are reached from here. */
export interface SignIn {
  kind: SignInKind;
  settings: ReaderSettings;
  credentials: Pick<Credentials, 'canReach' | 'forTenant'>;
}

/** What each of them is called in messages. */
const names: Record<SignInKind, string> = {
  application: 'the application in AZURE_CLIENT_ID',
  managedIdentity: 'the managed identity',
  azLogin: 'Azure CLI',
};

/**
 * The sign-in that the environment has: as the app chooses it, and a person's `az login` where there is none, or where
 * that is wanted.
 * @throws {CliError} for an application that is only half described; {SettingsError}.
 */
export function signInFrom(env: Io['env'], wantsAzLogin: boolean): SignIn {
  const settings = readReaderSettings(env);
  const kind = wantsAzLogin ? 'azLogin' : kindOf(settings, env);
  if (kind !== 'azLogin') return { kind, settings, credentials: new Credentials(settings.credentials) };
  const person = new AzureCliCredential({ additionallyAllowedTenants: ['*'] });
  return { kind, settings, credentials: { canReach: () => true, forTenant: () => person } };
}

function kindOf({ credentials }: ReaderSettings, env: Io['env']): SignInKind {
  if (credentials.kind === 'managedIdentity') return env.IDENTITY_ENDPOINT ? 'managedIdentity' : 'azLogin';
  const missing = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID'].find((name) => !env[name]);
  if (missing === undefined) return 'application';
  throw usageError(
    `${missing} must be set as well: the secret or certificate in the environment belongs to an application.`,
  );
}

/** Opens tenants for reading. */
export function tenantsOf({ credentials, settings }: SignIn): Tenants {
  return new Tenants(credentials, settings);
}

/** What whoever signs in has at home, where the app and its storage are. */
export function homeCredential({ credentials, settings }: SignIn): TokenCredential {
  return credentials.forTenant(settings.credentials.homeTenantId ?? '');
}

/**
 * A token of this sign-in. Asked for ahead of everything else, so that a sign-in that does not work is one sentence and
 * not a finding of each control.
 * @param endpoint origin of the service that it is for.
 * @throws {CliError} when there is none.
 */
export async function tokenFor(
  { kind, credentials }: SignIn,
  tenantId: string,
  endpoint: string,
): Promise<string> {
  return tokenOf(credentials.forTenant(tenantId), `${endpoint}/.default`, { kind, tenantId });
}

/** @throws {CliError} when there is none. */
export async function tokenOf(
  credential: TokenCredential,
  scope: string,
  { kind, tenantId }: { kind: SignInKind; tenantId?: string },
): Promise<string> {
  try {
    const answer = await credential.getToken(scope, tenantId === undefined ? {} : { tenantId });
    if (answer !== null) return answer.token;
  } catch (error) {
    throw new CliError(`Could not sign in through ${names[kind]}: ${printable(refusalOf(error).problem)}`);
  }
  throw new CliError(`Could not sign in through ${names[kind]}: it gave no token.`);
}
