import { controlIds } from '../../src/lib/model/verdict';
import { readReaderSettings, readSettings, scheduleSetting, SettingsError } from '../../src/lib/settings';

const storage = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
const local = { ...storage, AUTH_MODE: 'local', AZURE_FUNCTIONS_ENVIRONMENT: 'Development' };
const guid = '0A0A0A0A-0000-4000-8000-000000000001';
const entra = { ...storage, AUTH_TENANT_ID: guid, AUTH_AUDIENCE: 'api://syncwarden' };

describe('settings', () => {
  it('have defaults', () => {
    expect(readSettings(entra)).toEqual({
      graphEndpoint: 'https://graph.microsoft.com',
      exchangeEndpoint: 'https://outlook.office365.com',
      nights: [{ name: 'nightly', schedule: '0 0 2 * * *', controls: [...controlIds] }],
      remediation: { credentials: undefined, maxChanges: 25 },
      credentials: {
        authorityHost: 'https://login.microsoftonline.com',
        clientId: undefined,
        federatedAppClientId: undefined,
        homeTenantId: undefined,
        kind: 'managedIdentity',
      },
      storage: { connectionString: 'UseDevelopmentStorage=true' },
      telemetry: { connectionString: undefined, authentication: undefined },
      schedules: Object.fromEntries(controlIds.map((id) => [id, '0 0 2 * * *'])),
      digest: { schedule: '0 0 7 * * *', weekly: false, webhookUrl: undefined, teamsUrl: undefined },
      staleAfterHours: 26,
      retentionDays: 400,
      auth: {
        mode: 'entra',
        tenantId: guid.toLowerCase(),
        audience: 'api://syncwarden',
        authority: 'https://login.microsoftonline.com',
        platformAuth: false,
      },
    });
  });

  it('give the identity that writes nothing in common with the one that reads', () => {
    const [reader, writer] = [guid, guid.replace('1', '2')];
    const identities = { AZURE_CLIENT_ID: reader, REMEDIATION_CLIENT_ID: writer };
    expect(readSettings({ ...entra, ...identities }).remediation.credentials?.clientId).toBe(
      writer.toLowerCase(),
    );
    expect(() => readSettings({ ...entra, ...identities, REMEDIATION_CLIENT_ID: reader })).toThrow(
      /^REMEDIATION_CLIENT_ID must be another identity than AZURE_CLIENT_ID/,
    );
    expect(() => readSettings({ ...entra, ...identities, AZURE_CLIENT_SECRET: 'secret' })).toThrow(
      /^REMEDIATION_CLIENT_ID must be unset where an application signs in/,
    );
  });

  it.each([
    ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'garbage'],
    ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'InstrumentationKey=1'],
    ['APPLICATIONINSIGHTS_AUTHENTICATION_STRING', 'nonsense'],
  ])('keep the app from starting where %s is %s: no alert could arrive', (name, value) => {
    expect(() => readSettings({ ...entra, [name]: value })).toThrow(new RegExp(`^${name} must be`));
  });

  it('may be empty, which is unset', () => {
    expect(readSettings({ ...entra, STALE_AFTER_HOURS: '', GRAPH_ENDPOINT: '' })).toMatchObject({
      staleAfterHours: 26,
      graphEndpoint: 'https://graph.microsoft.com',
    });
  });

  it('override the schedule of one control', () => {
    const settings = {
      ...entra,
      AUDIT_SCHEDULE: '0 0 3 * * *',
      AUDIT_SCHEDULE_PASSWORD_EXPIRY: '0 0 4 * * 1',
    };
    expect(readSettings(settings).schedules).toMatchObject({
      account: '0 0 3 * * *',
      'password-expiry': '0 0 4 * * 1',
    });
  });

  it('make a timer for every control that has a schedule of its own, and one for the rest', () => {
    const weekly = '0 0 3 * * 1';
    const rest = controlIds.filter((id) => id !== 'rooms' && id !== 'license');
    expect(
      readSettings({ ...entra, AUDIT_SCHEDULE_ROOMS: weekly, AUDIT_SCHEDULE_LICENSE: '0 0 2 * * *' }).nights,
    ).toEqual([
      { name: 'nightly', schedule: '0 0 2 * * *', controls: rest },
      { name: 'nightly-license', schedule: '0 0 2 * * *', controls: ['license'] },
      { name: 'nightly-rooms', schedule: weekly, controls: ['rooms'] },
    ]);
    const own = Object.fromEntries(controlIds.map((id) => [scheduleSetting(id), weekly]));
    expect(readSettings({ ...entra, ...own }).nights.map(({ name }) => name)).toEqual(
      controlIds.map((id) => `nightly-${id}`),
    );
  });

  it('reach storage with an identity, which may have a data account of its own', () => {
    const tables = { AzureWebJobsStorage__tableServiceUri: 'https://data.table.core.windows.net' };
    const queues = { AzureWebJobsStorage__queueServiceUri: 'https://host.queue.core.windows.net' };
    const identity = { AUTH_TENANT_ID: guid, AUTH_AUDIENCE: 'api://syncwarden', ...tables, ...queues };
    expect(readSettings({ ...identity, AzureWebJobsStorage__clientId: guid }).storage).toEqual({
      tableServiceUri: 'https://data.table.core.windows.net',
      queueServiceUri: 'https://host.queue.core.windows.net',
      clientId: guid.toLowerCase(),
    });
  });

  it.each([
    [
      'a managed identity',
      { IDENTITY_ENDPOINT: 'http://localhost', AZURE_CLIENT_SECRET: 'x' },
      'managedIdentity',
    ],
    ['a secret', { AZURE_CLIENT_SECRET: 'x' }, 'environment'],
    ['a certificate', { AZURE_CLIENT_CERTIFICATE_PATH: 'cert.pem' }, 'environment'],
    ['nothing', {}, 'managedIdentity'],
  ])('sign in with %s', (_case, env, kind) => {
    expect(readSettings({ ...entra, ...env }).credentials.kind).toBe(kind);
  });

  it('trust the platform only where it says that it stands in front', () => {
    const auth = (value: string) => readSettings({ ...entra, WEBSITE_AUTH_ENABLED: value }).auth;
    expect(auth('True')).toMatchObject({ platformAuth: true });
    expect(auth('False')).toMatchObject({ platformAuth: false });
  });

  it('say where the digest goes, and how often', () => {
    const digest = {
      DIGEST_SCHEDULE: '0 30 6 * * *',
      DIGEST_WEEKLY: 'true',
      NOTIFY_WEBHOOK_URL: 'https://hooks.contoso.com/digest?code=a',
      NOTIFY_TEAMS_URL: 'https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual?sig=b',
    };
    expect(readSettings({ ...entra, ...digest }).digest).toEqual({
      schedule: digest.DIGEST_SCHEDULE,
      weekly: true,
      webhookUrl: digest.NOTIFY_WEBHOOK_URL,
      teamsUrl: digest.NOTIFY_TEAMS_URL,
    });
  });

  it('name the remedy where Azure could not read a secret from Key Vault', () => {
    const NOTIFY_TEAMS_URL = '@Microsoft.KeyVault(VaultName=contoso;SecretName=b)';
    const read = () => readSettings({ ...entra, NOTIFY_TEAMS_URL });
    expect(read).not.toThrow(/contoso/);
    expect(read).toThrow(
      /^NOTIFY_TEAMS_URL .*Key Vault reference that Azure could not resolve.*identity of the app may read it\.$/,
    );
  });

  it('need nobody to sign in on a laptop', () => {
    expect(readSettings(local).auth).toEqual({ mode: 'local' });
  });
});

describe('the settings of a reader', () => {
  it('are those of the app, without storage and callers', () => {
    const { graphEndpoint, exchangeEndpoint, credentials, telemetry } = readSettings(entra);
    expect(readReaderSettings({})).toEqual({
      ...{ graphEndpoint, exchangeEndpoint, credentials, telemetry },
      storage: undefined,
    });
  });

  it('have storage where it is set, and refuse it where it is only half set', () => {
    expect(readReaderSettings(storage).storage).toEqual(readSettings(entra).storage);
    const half = { AzureWebJobsStorage__tableServiceUri: 'https://data.table.core.windows.net' };
    expect(() => readReaderSettings(half)).toThrow(
      'AzureWebJobsStorage__queueServiceUri must be set as well',
    );
    expect(readReaderSettings({ AzureWebJobsStorage: '' }).storage).toBeUndefined();
  });

  it('are refused in one line that names the one that is wrong', () => {
    expect(() => readReaderSettings({ GRAPH_ENDPOINT: 'http://graph.microsoft.com' })).toThrow(
      /^GRAPH_ENDPOINT must be an https address[^\n]*$/,
    );
  });
});

describe('a bad setting', () => {
  it.each<[string, Record<string, string>]>([
    ['GRAPH_ENDPOINT', { GRAPH_ENDPOINT: 'http://graph.microsoft.com' }],
    ['GRAPH_ENDPOINT', { GRAPH_ENDPOINT: 'https://graph.microsoft.com/v1.0' }],
    ['GRAPH_ENDPOINT', { GRAPH_ENDPOINT: 'https://user@graph.microsoft.com' }],
    ['GRAPH_ENDPOINT', { GRAPH_ENDPOINT: 'https://:secret@graph.microsoft.com' }],
    ['GRAPH_ENDPOINT', { GRAPH_ENDPOINT: 'http://a\nFORGED secret' }],
    ['RETENTION_DAYS', { RETENTION_DAYS: '9007199254740991' }],
    ['AzureWebJobsStorage', { AzureWebJobsStorage: 'secret nonsense' }],
    ['AzureWebJobsStorage__queueServiceUri', { AzureWebJobsStorage__tableServiceUri: 'https://a' }],
    ['AzureWebJobsStorage__tableServiceUri', { AzureWebJobsStorage__queueServiceUri: 'https://a' }],
    ['AzureWebJobsStorage__tableServiceUri', { AzureWebJobsStorage__tableServiceUri: 'nonsense' }],
    ['GRAPH_ENDPOINT', { GRAPH_ENDPOINT: 'graph' }],
    ['AZURE_AUTHORITY_HOST', { AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/?a=b' }],
    ['AZURE_CLIENT_ID', { AZURE_CLIENT_ID: 'me' }],
    ['HOME_TENANT_ID', { HOME_TENANT_ID: 'contoso.com' }],
    ['AUDIT_SCHEDULE', { AUDIT_SCHEDULE: '0 2 * * *' }],
    ['AUDIT_SCHEDULE_LICENSE', { AUDIT_SCHEDULE_LICENSE: 'nightly' }],
    ['DIGEST_SCHEDULE', { DIGEST_SCHEDULE: '0 7 * * *' }],
    ['DIGEST_WEEKLY', { DIGEST_WEEKLY: 'yes' }],
    ['NOTIFY_WEBHOOK_URL', { NOTIFY_WEBHOOK_URL: 'http://hooks.contoso.com/?sig=secret' }],
    ['NOTIFY_WEBHOOK_URL', { NOTIFY_WEBHOOK_URL: 'http://localhost:8080/secret' }],
    ['NOTIFY_WEBHOOK_URL', { NOTIFY_WEBHOOK_URL: 'https://user:secret@hooks.contoso.com/' }],
    ['NOTIFY_TEAMS_URL', { NOTIFY_TEAMS_URL: 'secret' }],
    ['STALE_AFTER_HOURS', { STALE_AFTER_HOURS: '0' }],
    ['RETENTION_DAYS', { RETENTION_DAYS: '1.5' }],
    ['AUTH_MODE', { AUTH_MODE: 'none' }],
    ['AUTH_TENANT_ID', { AUTH_TENANT_ID: '' }],
    ['AUTH_AUDIENCE', { AUTH_AUDIENCE: '' }],
    ['AzureWebJobsStorage', { AzureWebJobsStorage: '' }],
    [
      'AzureWebJobsStorage__queueServiceUri',
      { AzureWebJobsStorage: '', AzureWebJobsStorage__tableServiceUri: 'https://a' },
    ],
  ])('is named in one line: %s', (name, env) => {
    const read = () => readSettings({ ...entra, ...env });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(new RegExp(`^${name} .*\\.$`));
    expect(read).not.toThrow(/secret/);
  });

  it('is to sign nobody in outside a developer’s machine', () => {
    expect(() => readSettings({ ...local, AZURE_FUNCTIONS_ENVIRONMENT: 'Production' })).toThrow(
      /^AUTH_MODE=local .*AZURE_FUNCTIONS_ENVIRONMENT=Development/,
    );
    expect(() => readSettings({ ...local, AZURE_FUNCTIONS_ENVIRONMENT: '' })).toThrow(SettingsError);
  });

  it.each([
    'WEBSITE_INSTANCE_ID',
    'CONTAINER_NAME',
    'WEBSITE_POD_NAME',
    'LEGION_SERVICE_HOST',
    'WEBSITE_AUTH_ENABLED',
  ])('is to sign nobody in where %s is set', (name) => {
    expect(() => readSettings({ ...local, [name]: 'x' })).toThrow(new RegExp(`\\(${name} is set\\)`));
  });
});
