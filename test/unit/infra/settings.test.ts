import { controlIds } from '../../../src/lib/model/verdict';
import { Environment, readSettings, scheduleSetting } from '../../../src/lib/settings';
import { type DeploymentName, deploymentNames, storedDeployment } from '../../support/bicep/deployments';
import { main } from '../../support/bicep/main-template';

/** Settings of the app that a deployment leaves alone, and why. */
const deliberatelyNot: Readonly<Record<string, string>> = {
  AzureWebJobsStorage: 'a connection string holds a key; the addresses stand in for it',
  AUTH_MODE: 'the default asks for a sign-in, and the other value is refused in Azure',
  AUTH_AUTHORITY:
    'the default is right in the public cloud, the only one that the Graph extension of Bicep knows',
  AZURE_AUTHORITY_HOST: 'likewise',
  GRAPH_ENDPOINT: 'likewise',
  EXCHANGE_ENDPOINT: 'likewise',
};

/** Settings that are not the app's, and who reads them. */
const ofOthers: Readonly<Record<string, string>> = {
  AzureWebJobsStorage__blobServiceUri: "Azure's host: locks and timers",
  AzureWebJobsStorage__credential: "Azure's host, with AzureWebJobsStorage__clientId",
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: 'App Service Authentication, in place of a secret',
  WEBSITE_AUTH_AAD_ALLOWED_TENANTS: 'App Service Authentication, beside the issuer',
};

/** The settings of the app in a deployment. */
function settingsIn(name: DeploymentName): Record<string, string> {
  const [found, ...others] = storedDeployment(name).resources.filter(
    (each) => each.type === 'Microsoft.Web/sites/config' && each.name.endsWith('/appsettings'),
  );
  if (found === undefined || others.length > 0) throw new Error('There are not settings of exactly one app.');
  return found.properties as Record<string, string>;
}

const set = new Set(deploymentNames.flatMap((name) => Object.keys(settingsIn(name))));
const schedules = controlIds.map(scheduleSetting);

it('sets every setting of the app, or leaves it alone for a reason', () => {
  const known = [...set, ...Object.keys(deliberatelyNot), ...schedules];
  expect(Object.keys(Environment.shape).filter((name) => !known.includes(name))).toEqual([]);
  expect(Object.keys(deliberatelyNot).filter((name) => set.has(name))).toEqual([]);
});

it('sets nothing that nobody reads', () => {
  const read = [...Object.keys(Environment.shape), ...Object.keys(ofOthers)];
  expect([...set].filter((name) => !read.includes(name))).toEqual([]);
});

it('takes a schedule for each control, and sets it under the name that the app reads', () => {
  expect(main().schedules).toEqual([...controlIds].sort());
  expect(settingsIn('many-tenants')).toMatchObject({
    AUDIT_SCHEDULE: '0 0 3 * * *',
    [scheduleSetting('password-expiry')]: '0 30 4 * * *',
  });
  expect(schedules.filter((name) => name in settingsIn('many-tenants'))).toHaveLength(1);
  expect(schedules.filter((name) => name in settingsIn('defaults'))).toEqual([]);
});

describe('the values', () => {
  const id = (digit: string) => `11111111-2222-4333-8444-${digit.repeat(12)}`;
  const [reader, writer, application] = [id('1'), id('2'), id('3')];

  /** What Azure puts in place of the names in braces. */
  const inAzure = (settings: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        name,
        value
          .replace(/\{id-reader-\w+\.clientId\}/, reader)
          .replace(/\{id-writer-\w+\.clientId\}/, writer)
          .replace(/\{\w*application\.appId\}/i, application)
          .replace(/^@Microsoft\.KeyVault\(SecretUri=(https:[^)]+)\)$/, '$1')
          .replace(/\{(\w+)\.primaryEndpoints\.(\w+)\}/, 'https://$1.$2.core.windows.net/')
          .replace(
            /\{appi-\w+\.ConnectionString\}/,
            `InstrumentationKey=${id('4')};IngestionEndpoint=https://x.in.applicationinsights.azure.com/`,
          ),
      ]),
    );

  it.each(deploymentNames.filter((name) => name !== 'off'))(
    'are ones that the app starts with: %s',
    (name) => {
      const env = inAzure(settingsIn(name));
      expect(JSON.stringify(env)).not.toMatch(/\{\w/);
      const read = readSettings({
        ...env,
        IDENTITY_ENDPOINT: 'http://localhost/token',
        WEBSITE_AUTH_ENABLED: 'True',
      });
      expect(read.storage).toEqual({
        tableServiceUri: expect.stringMatching(/^https:\/\/stdata\w+\.table\.core\.windows\.net$/) as string,
        queueServiceUri: expect.stringMatching(/^https:\/\/sthost\w+\.queue\.core\.windows\.net$/) as string,
        clientId: reader,
      });
      expect(read.telemetry.authentication).toBe(`ClientId=${reader};Authorization=AAD`);
      expect(read.auth).toMatchObject({
        mode: 'entra',
        tenantId: '00000000-0000-0000-0000-000000000002',
        audience: name === 'sign-in-by-hand' ? '00000000-0000-0000-0000-00000000000c' : application,
        platformAuth: true,
      });
      expect(read.digest).toEqual(
        name === 'many-tenants'
          ? {
              schedule: '0 0 6 * * *',
              weekly: true,
              webhookUrl: 'https://hooks.contoso.com/digest',
              teamsUrl: 'https://contoso.vault.azure.net/secrets/teams',
            }
          : { schedule: '0 0 7 * * *', weekly: false, webhookUrl: undefined, teamsUrl: undefined },
      );
      const hasWriter = name === 'many-tenants' || name === 'sign-in-by-hand';
      expect(read.remediation.credentials?.clientId).toBe(hasWriter ? writer : undefined);
    },
  );

  it('keep the app from starting as long as there is no application to sign in to', () => {
    expect(() => readSettings(inAzure(settingsIn('off')))).toThrow('AUTH_AUDIENCE must be set');
  });
});
