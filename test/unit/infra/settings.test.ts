import { controlIds } from '../../../src/lib/model/verdict';
import { Environment, readSettings, scheduleSetting } from '../../../src/lib/settings';
import { type BicepFile, bodyOf, type Declaration, parseInfra, propertiesOf } from './bicep';

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
};

let file: BicepFile;
let settings: Map<string, string>;
beforeAll(async () => {
  const found = (await parseInfra()).find(({ name }) => name === 'app/settings.bicep');
  if (found === undefined) throw new Error('There is no app/settings.bicep.');
  file = found;
  const values = ['always', 'optional'].flatMap((name) => [...propertiesOf(bodyOf(declared(name)))]);
  settings = new Map(values.map(([name, { text }]) => [name, text]));
});
const declared = (wanted: string): Declaration => {
  const found = file.declarations.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`${wanted} is not declared.`);
  return found;
};

it('sets every setting of the app, or leaves it alone for a reason', () => {
  const schedules: string[] = controlIds.map(scheduleSetting);
  const known = [...settings.keys(), ...Object.keys(deliberatelyNot), ...schedules];
  expect(Object.keys(Environment.shape).filter((name) => !known.includes(name))).toEqual([]);
  expect(Object.keys(deliberatelyNot).filter((name) => settings.has(name))).toEqual([]);
});

it('sets nothing that nobody reads', () => {
  const read = [...Object.keys(Environment.shape), ...Object.keys(ofOthers)];
  expect([...settings.keys()].filter((name) => !read.includes(name))).toEqual([]);
});

it('has a schedule for each control, under the name that the app reads', () => {
  const overrides = [...propertiesOf(bodyOf(declared('ScheduleOverrides'))).keys()];
  expect(overrides.sort()).toEqual([...controlIds].sort());
  // The same rule as that of the app, in Bicep's words.
  expect(declared('schedules').node.text).toContain(
    "'AUDIT_SCHEDULE_${toUpper(replace(item.key, '-', '_'))}'",
  );
});

describe('the values', () => {
  const id = '11111111-2222-4333-8444-555555555555';
  const other = '11111111-2222-4333-8444-666666666666';
  /** What Azure puts in place of an expression of Bicep. */
  const evaluated: Readonly<Record<string, string>> = {
    readerClientId: id,
    writerClientId: other,
    connectionString:
      'InstrumentationKey=11111111-1111-4111-8111-111111111111;IngestionEndpoint=https://x.in.applicationinsights.azure.com/',
    blobEndpoint: 'https://sthost.blob.core.windows.net/',
    queueEndpoint: 'https://sthost.queue.core.windows.net/',
    tableEndpoint: 'https://stdata.table.core.windows.net/',
    authClientId: id,
    federatedAppClientId: id,
    federatedRemediationAppClientId: other,
    auditSchedule: '0 0 3 * * *',
    'tenant().tenantId': id,
    'string(remediationMaxChanges)': '25',
    'string(retentionDays)': '400',
    'string(staleAfterHours)': '26',
  };
  const evaluate = (expression: string) =>
    evaluated[expression] ?? expression.replaceAll(/^'|'$/g, '').replace('${readerClientId}', id);

  it('are ones that the app starts with', () => {
    const env = Object.fromEntries([...settings].map(([name, expression]) => [name, evaluate(expression)]));
    const read = readSettings({
      ...env,
      IDENTITY_ENDPOINT: 'http://localhost/token',
      WEBSITE_AUTH_ENABLED: 'True',
    });
    expect(read.storage).toEqual({
      tableServiceUri: 'https://stdata.table.core.windows.net',
      queueServiceUri: 'https://sthost.queue.core.windows.net',
      clientId: id,
    });
    expect(read.telemetry.authentication).toBe(`ClientId=${id};Authorization=AAD`);
    expect(read.auth).toMatchObject({ mode: 'entra', tenantId: id, audience: id, platformAuth: true });
    expect(read.remediation.credentials?.clientId).toBe(other);
  });

  it('keep the app from starting as long as there is no application to sign in to', () => {
    const env = Object.fromEntries(
      [...propertiesOf(bodyOf(declared('always')))].map(([name, { text }]) => [name, evaluate(text)]),
    );
    expect(() => readSettings(env)).toThrow('AUTH_AUDIENCE must be set');
  });
});
