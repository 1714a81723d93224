import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { controls } from '../../lib/controls';
import type { Control } from '../../lib/controls/control';
import { neededToRead } from '../../lib/controls/permissions';
import { servedBy } from '../../lib/microsoft365/permission-fallback';
import type { Permission } from '../../lib/microsoft365/permissions';
import type { Target } from '../../lib/model/target';
import { profile, type ProfileId, profileIds } from '../../lib/profiles';
import { readReaderSettings } from '../../lib/settings';
import { holderOf, type TokenHolder } from '../access/claims';
import { consentLink } from '../access/consent-link';
import { accessOf, accessTable, type PermissionAnswer } from '../access/control-access';
import { type ProductAnswer, productIn, productText } from '../access/product';
import type { Done } from '../command';
import { CliError, type ExitCode, exitCodeOf, exitCodes, usageError } from '../exit';
import { type Io, withProgress } from '../io';
import { jsonOption } from '../options';
import { printable, toJson } from '../show/printable';
import { tableLook } from '../show/table';
import { type SignIn, signInFrom, tenantsOf, tokenFor } from '../sign-in';

interface OnboardOptions {
  identity: 'read' | 'write';
  exchangeReader: Target['exchangeReader'];
  clientId?: string;
  redirectUri?: string;
  state?: string;
  check?: boolean;
  profile?: ProfileId;
  json?: boolean;
}

/** `syncwarden onboard` */
export function addOnboard(program: Command, io: Io, done: Done): void {
  program
    .command('onboard')
    .summary('print the consent link for a tenant, and check afterwards what was granted')
    .description(
      'Prints the link with which an administrator of another tenant consents to the multi-tenant application, and with --check says from its token what was granted there, and what is missing.',
    )
    .argument('<tenantId>', 'id of the tenant')
    .addOption(
      new Option('--identity <identity>', 'the application that reads, or the one that writes')
        .choices(['read', 'write'])
        .default('read'),
    )
    .option(
      '--client-id <id>',
      'application id; FEDERATED_APP_CLIENT_ID or FEDERATED_REMEDIATION_APP_CLIENT_ID, or else AZURE_CLIENT_ID, unless told',
    )
    .addOption(
      new Option('--exchange-reader <reader>', 'who is to be asked about Exchange')
        .choices(['graph', 'admin-api'])
        .default('graph'),
    )
    .option(
      '--redirect-uri <address>',
      'where the browser goes afterwards: a redirect URI of the registration',
    )
    .option('--state <text>', 'comes back in that address; a random one unless told')
    .option('--check', 'do not print the link: say what was granted. Signs in as the application')
    .addOption(
      new Option(
        '--profile <id>',
        'with --check: the product, to find its application and to print a target; asked for on a terminal',
      ).choices(profileIds),
    )
    .addOption(jsonOption())
    .action(async (tenantId: string, options: OnboardOptions) => {
      const tenant = z.guid().safeParse(tenantId);
      if (!tenant.success)
        throw usageError('<tenantId> must be a GUID like 00000000-0000-0000-0000-000000000000.');
      const subject = tenant.data.toLowerCase();
      done(await (options.check === true ? check(io, subject, options) : print(io, subject, options)));
    });
}

function clientIdFrom({ env }: Io, { identity, clientId }: OnboardOptions): string {
  const federated = identity === 'read' ? 'FEDERATED_APP_CLIENT_ID' : 'FEDERATED_REMEDIATION_APP_CLIENT_ID';
  const id = clientId ?? (env[federated] || env.AZURE_CLIENT_ID);
  const parsed = z.guid().safeParse(id);
  if (!parsed.success)
    throw usageError(`--client-id, or ${federated}, must be the application id of the application.`);
  return parsed.data.toLowerCase();
}

function print(io: Io, tenantId: string, options: OnboardOptions): ExitCode {
  const { redirectUri } = options;
  if (redirectUri === undefined || URL.parse(redirectUri) === null) {
    throw usageError('--redirect-uri must be one of the redirect URIs of the registration.');
  }
  const clientId = clientIdFrom(io, options);
  const state = options.state ?? randomUUID();
  const { graphEndpoint, exchangeEndpoint, credentials } = readReaderSettings(io.env);
  const services = options.exchangeReader === 'graph' ? [graphEndpoint] : [graphEndpoint, exchangeEndpoint];
  const links = services.map((service) =>
    consentLink({
      authorityHost: credentials.authorityHost,
      tenantId,
      clientId,
      service,
      redirectUri,
      state,
    }),
  );
  if (options.json === true) io.out(toJson({ tenantId, clientId, state, links }));
  else for (const link of links) io.out(link);
  io.err(
    `For an administrator of that tenant who may consent (Privileged Role Administrator, for example). The browser must end at an address with admin_consent=True, tenant=${tenantId} and state=${printable(state)}. Then put the target and audit it: an audit names each permission that is missing. Where the application can sign in from here, --check tells before.`,
  );
  return exitCodes.compliant;
}

/** Whether the application holds in that tenant what it needs, by what its tokens say. */
async function check(io: Io, tenantId: string, options: OnboardOptions): Promise<ExitCode> {
  const signIn = signInFrom(io.env, false);
  if (signIn.kind === 'azLogin') {
    throw usageError(
      '--check signs in as the application: set AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.',
    );
  }
  const needed = (control: Control<unknown>) => neededFor(control, options);
  const held = await withProgress(io, (tell) => {
    tell(`Signing in to tenant ${tenantId}`);
    return heldIn(signIn, tenantId, clientIdFrom(io, options), options);
  });
  const answerFor = (permission: Permission): PermissionAnswer => {
    const by = servedBy(permission, held.get(permission.resource) ?? []);
    return { state: by === undefined ? 'missing' : 'held', by };
  };
  const accesses = controls.map((control) => accessOf(control, needed(control), answerFor));
  if (options.json !== true) io.out(accessTable(accesses, tableLook(io)));
  const product = await productOf(io, signIn, tenantId, options);
  if (options.json === true)
    io.out(toJson({ tenantId, controls: accesses, ...(product === undefined ? {} : { product }) }));
  else if (product !== undefined) io.out(productText(product));
  return exitCodeOf(accesses.map(({ verdict }) => verdict));
}

/** The product that is told, or chosen; undefined where there is nobody to choose. */
async function productOf(
  io: Io,
  signIn: SignIn,
  tenantId: string,
  { identity, profile: told, json }: OnboardOptions,
): Promise<ProductAnswer | undefined> {
  if (identity === 'write') return undefined;
  const id = told ?? (json === true || !io.isInteractive ? undefined : await chosenProfile(io));
  return id === undefined ? undefined : productIn(tenantsOf(signIn).open(tenantId)(), id);
}

/** First the product, then the way, where its vendor leaves the choice. */
async function chosenProfile(io: Io): Promise<ProfileId | undefined> {
  const products = [...Map.groupBy(profileIds, (id) => profile(id).name)];
  const product = await io.choose(
    'Which product is to be watched?',
    products.map(([name]) => name),
  );
  const ids = product === undefined ? [] : (products[product]?.[1] ?? []);
  if (ids.length < 2) return ids[0];
  const way = await io.choose(
    'How does it sign in, and reach its rooms?',
    ids.map((id) => profile(id).way ?? id),
  );
  return way === undefined ? undefined : ids[way];
}

function neededFor(
  control: Control<unknown>,
  { identity, exchangeReader }: OnboardOptions,
): readonly Permission[] {
  return identity === 'read' ? neededToRead(control, exchangeReader) : control.permissions.write;
}

/** Names of the permissions by resource. @throws {CliError} when a token cannot be had, or is of somebody else. */
async function heldIn(
  signIn: SignIn,
  tenantId: string,
  clientId: string,
  { exchangeReader, identity }: OnboardOptions,
): Promise<Map<Permission['resource'], readonly string[]>> {
  const { graphEndpoint, exchangeEndpoint } = signIn.settings;
  const holderAt = async (endpoint: string): Promise<TokenHolder> => {
    const holder = holderOf(await tokenFor(signIn, tenantId, endpoint));
    if (holder === undefined) throw new CliError('The token cannot be read, so what it allows is not known.');
    if (holder.applicationId?.toLowerCase() !== clientId) {
      throw new CliError(
        `The token is of the application ${printable(holder.applicationId ?? 'that is not told')}, and not of ${clientId}: what that one holds is not known.`,
      );
    }
    return holder;
  };
  const held = new Map<Permission['resource'], readonly string[]>();
  held.set('Microsoft Graph', (await holderAt(graphEndpoint)).permissions);
  if (exchangeReader === 'admin-api' || identity === 'write') {
    held.set('Office 365 Exchange Online', (await holderAt(exchangeEndpoint)).permissions);
  }
  return held;
}
