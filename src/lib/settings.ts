import * as z from 'zod';
import type { CredentialSettings } from './microsoft365/sign-in/credentials';
import { type ControlId, controlIds } from './model/verdict';
import { isSchedule } from './schedule';
import type { StorageSettings } from './storage/connection';
import type { TelemetrySettings } from './telemetry/telemetry';

/** A setting that the app cannot start with. The message is one line that names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** An https address without a path, query or trailing slash. */
const Origin = z.string().transform((text, context) => {
  const url = URL.parse(text);
  // The value is not repeated: it may hold a password, or a line break.
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url.origin;
  context.addIssue({
    code: 'custom',
    message: 'must be an https address without a path, like https://graph.microsoft.com',
  });
  return z.NEVER;
});

/** As Azure leaves it where it could not read the secret. https://learn.microsoft.com/azure/app-service/app-service-key-vault-references */
const unresolvedReference = /^@Microsoft\.KeyVault\(/i;

/** Where something is posted. Whoever knows the whole address may post there too, so it is a secret. */
const PostAddress = z
  .string()
  .superRefine((text, context) => {
    const url = URL.parse(text);
    if (url?.protocol === 'https:' && url.username === '' && url.password === '') return;
    const message = unresolvedReference.test(text)
      ? 'must be an https address, and is a Key Vault reference that Azure could not resolve: see that the secret is there, and that the identity of the app may read it'
      : 'must be an https address, without a user name or password in it';
    // The value is not repeated.
    context.addIssue({ code: 'custom', message });
  })
  .optional();

const Guid = z
  .guid({ error: 'must be a GUID' })
  .transform((id) => id.toLowerCase())
  .optional();
const WholeNumber = (byDefault: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .default(byDefault);
const Schedule = z
  .string()
  .refine(isSchedule, 'must be an NCRONTAB schedule of six fields, like 0 0 2 * * *, that comes round');

/** Every setting that the app reads, by its name in the environment. */
export const Environment = z.object({
  GRAPH_ENDPOINT: Origin.default('https://graph.microsoft.com'),
  EXCHANGE_ENDPOINT: Origin.default('https://outlook.office365.com'),
  AZURE_AUTHORITY_HOST: Origin.default('https://login.microsoftonline.com'),
  AZURE_CLIENT_ID: Guid,
  FEDERATED_APP_CLIENT_ID: Guid,
  REMEDIATION_CLIENT_ID: Guid,
  FEDERATED_REMEDIATION_APP_CLIENT_ID: Guid,
  REMEDIATION_MAX_CHANGES: WholeNumber(25),
  HOME_TENANT_ID: Guid,
  AzureWebJobsStorage: z
    .string()
    .regex(
      /(^|;)(AccountName|TableEndpoint|UseDevelopmentStorage)=/i,
      'must be a connection string of storage',
    )
    .optional(),
  AzureWebJobsStorage__tableServiceUri: Origin.optional(),
  AzureWebJobsStorage__queueServiceUri: Origin.optional(),
  AzureWebJobsStorage__clientId: Guid,
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .regex(
      /(^|;)InstrumentationKey=[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(;|$)/i,
      'must be a connection string with InstrumentationKey=<GUID>',
    )
    .optional(),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z
    .string()
    .regex(
      /(^|;)Authorization=AAD(;|$)/i,
      'must be Authorization=AAD, with ClientId=<GUID>; before it for a user-assigned identity',
    )
    .optional(),
  AUDIT_SCHEDULE: Schedule.default('0 0 2 * * *'),
  ...Object.fromEntries(controlIds.map((id) => [scheduleSetting(id), Schedule.optional()])),
  DIGEST_SCHEDULE: Schedule.default('0 0 7 * * *'),
  DIGEST_WEEKLY: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  NOTIFY_WEBHOOK_URL: PostAddress,
  NOTIFY_TEAMS_URL: PostAddress,
  STALE_AFTER_HOURS: WholeNumber(26),
  RETENTION_DAYS: WholeNumber(400),
  AUTH_MODE: z.enum(['entra', 'local'], { error: 'must be entra or local' }).default('entra'),
  AUTH_TENANT_ID: Guid,
  AUTH_AUDIENCE: z.string().min(1).optional(),
  AUTH_AUTHORITY: Origin.default('https://login.microsoftonline.com'),
});

/** The setting that overrides the schedule of one control: `AUDIT_SCHEDULE_PASSWORD_EXPIRY`. */
export function scheduleSetting(control: ControlId): string {
  return `AUDIT_SCHEDULE_${control.toUpperCase().replaceAll('-', '_')}`;
}

/** Whose bearer tokens are accepted. */
export type AuthSettings =
  | { mode: 'local' }
  | {
      mode: 'entra';
      tenantId: string;
      audience: string;
      authority: string;
      /** App Service Authentication stands in front and vouches for its header. */
      platformAuth: boolean;
    };

/** How a tenant may be written to. */
export interface RemediationSettings {
  /** The identity that writes; absent when nothing may be written. */
  credentials: CredentialSettings | undefined;
  /**
   * The most changes that one plan may apply.
   * @default 25
   */
  maxChanges: number;
}

/** When the digest is sent, and where to. */
export interface DigestSettings {
  /**
   * NCRONTAB of six fields, in UTC.
   * @default 0 0 7 * * *
   */
  schedule: string;
  /**
   * Whether it is sent on Mondays only.
   * @default false
   */
  weekly: boolean;
  /** Takes CloudEvents; undefined where there is none. A secret. */
  webhookUrl: string | undefined;
  /** A Teams workflow, which takes Adaptive Cards; undefined where there is none. A secret: it has a signature in it. */
  teamsUrl: string | undefined;
}

/** What it takes to read a tenant. */
export interface AccessSettings {
  /**
   * Origin of Microsoft Graph.
   * @default https://graph.microsoft.com
   */
  graphEndpoint: string;
  /**
   * Origin of Exchange Online.
   * @default https://outlook.office365.com
   */
  exchangeEndpoint: string;
  credentials: CredentialSettings;
}

/** The app's own address, which Azure tells it: where people find what it says. https://learn.microsoft.com/azure/app-service/reference-app-settings */
const HostName = z.string().regex(/^[\w-]+(\.[\w-]+)+$/);

/** Every setting of the app, with its default in place. docs/settings.md tells their names in the environment. */
export interface Settings extends AccessSettings {
  remediation: RemediationSettings;
  storage: StorageSettings;
  telemetry: TelemetrySettings;
  /** When each control is due: NCRONTAB of six fields, in UTC. */
  schedules: Readonly<Record<ControlId, string>>;
  /** The timers that follow from that. */
  nights: readonly Night[];
  digest: DigestSettings;
  /**
   * Hours after which a finding that was not verified counts as stale.
   * @default 26
   */
  staleAfterHours: number;
  /**
   * Days for which history is kept.
   * @default 400
   */
  retentionDays: number;
  auth: AuthSettings;
  /** Where the app answers, such as `https://syncwarden.azurewebsites.net`; undefined where it is not told. */
  address: string | undefined;
}

/** A timer that puts visits of all targets into the queue. */
export interface Night {
  /** `nightly`, or `nightly-<control>` for a control that has a schedule of its own. */
  name: string;
  schedule: string;
  /** What is due then. */
  controls: readonly ControlId[];
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads all settings. An empty value counts as unset, which is how portals delete one.
 * @throws {SettingsError} one line that names the first setting that is wrong, and what would be right.
 */
export function readSettings(env: Env): Settings {
  const present = presentIn(env);
  const values = parsed(present);
  const access = accessSettings(values, present);
  return {
    ...access,
    remediation: remediationSettings(values, access.credentials.kind),
    storage: storageSettings(values),
    telemetry: telemetrySettings(values),
    ...schedulesIn(present, values.AUDIT_SCHEDULE),
    digest: {
      schedule: values.DIGEST_SCHEDULE,
      weekly: values.DIGEST_WEEKLY === 'true',
      webhookUrl: values.NOTIFY_WEBHOOK_URL,
      teamsUrl: values.NOTIFY_TEAMS_URL,
    },
    staleAfterHours: values.STALE_AFTER_HOURS,
    retentionDays: values.RETENTION_DAYS,
    auth: authSettings(values, present),
    address: addressIn(present),
  };
}

/** What is not ours to set is no reason not to start. */
function addressIn({ WEBSITE_HOSTNAME }: Env): string | undefined {
  const hostName = HostName.safeParse(WEBSITE_HOSTNAME);
  return hostName.success ? `https://${hostName.data}` : undefined;
}

function schedulesIn(
  present: Readonly<Record<string, string | undefined>>,
  shared: string,
): Pick<Settings, 'schedules' | 'nights'> {
  const own = (id: ControlId) => present[scheduleSetting(id)];
  const together = controlIds.filter((id) => own(id) === undefined);
  const alone = controlIds.filter((id) => !together.includes(id));
  return {
    schedules: Object.fromEntries(controlIds.map((id) => [id, own(id) ?? shared])) as Record<
      ControlId,
      string
    >,
    nights: [
      ...(together.length === 0 ? [] : [{ name: 'nightly', schedule: shared, controls: together }]),
      ...alone.map((id) => ({ name: `nightly-${id}`, schedule: own(id) ?? shared, controls: [id] })),
    ],
  };
}

/** What the command line needs: to read a tenant, and nothing else. What it may look after is undefined where it is not set. */
export interface ReaderSettings extends AccessSettings {
  storage: StorageSettings | undefined;
  telemetry: TelemetrySettings;
}

/** Reads the settings of a reader, which has no storage of its own and no callers. @throws {SettingsError} as {@link readSettings}. */
export function readReaderSettings(env: Env): ReaderSettings {
  const present = presentIn(env);
  const values = parsed(present);
  const hasStorage = Object.keys(present).some((name) => name.startsWith('AzureWebJobsStorage'));
  return {
    ...accessSettings(values, present),
    storage: hasStorage ? storageSettings(values) : undefined,
    telemetry: telemetrySettings(values),
  };
}

function presentIn(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

type Values = z.infer<typeof Environment>;

function parsed(present: Env): Values {
  const result = Environment.safeParse(present);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SettingsError(`${issue?.path.join('.') ?? 'A setting'} ${issue?.message ?? 'is wrong'}.`);
}

function accessSettings(values: Values, present: Env): AccessSettings {
  return {
    graphEndpoint: values.GRAPH_ENDPOINT,
    exchangeEndpoint: values.EXCHANGE_ENDPOINT,
    credentials: {
      authorityHost: values.AZURE_AUTHORITY_HOST,
      clientId: values.AZURE_CLIENT_ID,
      federatedAppClientId: values.FEDERATED_APP_CLIENT_ID,
      homeTenantId: values.HOME_TENANT_ID,
      kind: credentialKind(present),
    },
  };
}

function telemetrySettings(values: Values): TelemetrySettings {
  return {
    connectionString: values.APPLICATIONINSIGHTS_CONNECTION_STRING,
    authentication: values.APPLICATIONINSIGHTS_AUTHENTICATION_STRING,
  };
}

/** Two identities, so that the one that reads every night can change nothing. */
function remediationSettings(values: Values, kind: CredentialSettings['kind']): RemediationSettings {
  const { REMEDIATION_CLIENT_ID: clientId, REMEDIATION_MAX_CHANGES: maxChanges } = values;
  if (clientId === undefined) return { credentials: undefined, maxChanges };
  if (kind !== 'managedIdentity') {
    throw new SettingsError(
      'REMEDIATION_CLIENT_ID must be unset where an application signs in with a secret or certificate: there is no second identity.',
    );
  }
  if (clientId === values.AZURE_CLIENT_ID) {
    throw new SettingsError(
      'REMEDIATION_CLIENT_ID must be another identity than AZURE_CLIENT_ID: the one that reads must not write.',
    );
  }
  const credentials: CredentialSettings = {
    authorityHost: values.AZURE_AUTHORITY_HOST,
    clientId,
    federatedAppClientId: values.FEDERATED_REMEDIATION_APP_CLIENT_ID,
    homeTenantId: values.HOME_TENANT_ID,
    kind,
  };
  return { credentials, maxChanges };
}

/** Where there is no managed identity, the secret or certificate of an application stands in for it. */
function credentialKind(env: Env): CredentialSettings['kind'] {
  if (env.IDENTITY_ENDPOINT !== undefined) return 'managedIdentity';
  const hasApplication =
    env.AZURE_CLIENT_SECRET !== undefined || env.AZURE_CLIENT_CERTIFICATE_PATH !== undefined;
  return hasApplication ? 'environment' : 'managedIdentity';
}

function storageSettings(values: Values): StorageSettings {
  const tableServiceUri = values.AzureWebJobsStorage__tableServiceUri;
  const queueServiceUri = values.AzureWebJobsStorage__queueServiceUri;
  if (tableServiceUri !== undefined && queueServiceUri !== undefined) {
    return { tableServiceUri, queueServiceUri, clientId: values.AzureWebJobsStorage__clientId };
  }
  if (tableServiceUri !== undefined || queueServiceUri !== undefined) {
    const missing = tableServiceUri === undefined ? 'tableServiceUri' : 'queueServiceUri';
    throw new SettingsError(`AzureWebJobsStorage__${missing} must be set as well: one goes with the other.`);
  }
  if (values.AzureWebJobsStorage !== undefined) return { connectionString: values.AzureWebJobsStorage };
  throw new SettingsError(
    'AzureWebJobsStorage must be a connection string, or AzureWebJobsStorage__tableServiceUri and AzureWebJobsStorage__queueServiceUri addresses.',
  );
}

/** Signs of running in Azure. Not all of them are set on every plan, so any one is enough to refuse. */
const cloudSigns = [
  'WEBSITE_INSTANCE_ID',
  'CONTAINER_NAME',
  'WEBSITE_POD_NAME',
  'LEGION_SERVICE_HOST',
  'WEBSITE_AUTH_ENABLED',
];

function authSettings(values: Values, env: Env): AuthSettings {
  if (values.AUTH_MODE === 'local') {
    if (env.AZURE_FUNCTIONS_ENVIRONMENT !== 'Development') {
      throw new SettingsError(
        'AUTH_MODE=local asks nobody to sign in, so it needs AZURE_FUNCTIONS_ENVIRONMENT=Development.',
      );
    }
    const sign = cloudSigns.find((name) => env[name] !== undefined);
    if (sign !== undefined) {
      throw new SettingsError(
        `AUTH_MODE=local asks nobody to sign in, so it is refused in Azure (${sign} is set).`,
      );
    }
    return { mode: 'local' };
  }
  const { AUTH_TENANT_ID: tenantId, AUTH_AUDIENCE: audience, AUTH_AUTHORITY: authority } = values;
  if (tenantId === undefined)
    throw new SettingsError('AUTH_TENANT_ID must be set: whose tokens are accepted.');
  if (audience === undefined)
    throw new SettingsError('AUTH_AUDIENCE must be set: for whom tokens are meant.');
  const platformAuth = env.WEBSITE_AUTH_ENABLED?.toLowerCase() === 'true';
  return { mode: 'entra', tenantId, audience, authority, platformAuth };
}
