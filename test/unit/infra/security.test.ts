import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../support/simulated-tenant';
import { at, type BicepFile, type Declaration, parseInfra } from './bicep';
import { builtInRoles } from './documented';

let files: BicepFile[];
beforeAll(async () => {
  files = await parseInfra();
});

/** What is deployed of a type, in the order of the files. */
const deployed = (type: string) =>
  files.flatMap(({ declarations }) =>
    declarations.filter(({ of, isExisting }) => of.split('@')[0] === type && !isExisting),
  );
const only = (type: string): Declaration => {
  const [found, ...others] = deployed(type);
  if (found === undefined || others.length > 0) throw new Error(`There is not exactly one ${type}.`);
  return found;
};
const file = (name: string): BicepFile => {
  const found = files.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
};
const declaration = (name: string, within: string): Declaration => {
  const found = file(within).declarations.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${within} does not declare ${name}.`);
  return found;
};

describe('storage', () => {
  it.each([
    ['allowSharedKeyAccess', 'false'],
    ['allowBlobPublicAccess', 'false'],
    ['allowCrossTenantReplication', 'false'],
    ['minimumTlsVersion', "'TLS1_2'"],
    ['supportsHttpsTrafficOnly', 'true'],
  ])('has %s %s', (property, value) => {
    expect(at(only('Microsoft.Storage/storageAccounts'), 'properties', property)).toBe(value);
  });

  it('has no public container', () => {
    const container = only('Microsoft.Storage/storageAccounts/blobServices/containers');
    expect(at(container, 'properties', 'publicAccess')).toBe("'None'");
  });

  it('is an account each for the host, the package, and the data, which is locked', () => {
    const accounts = file('main.bicep').declarations.filter(({ of }) => of === 'app/storage.bicep');
    const names = accounts.map((account) => at(account, 'params', 'name'));
    expect(names).toEqual(["'sthost${token}'", "'stpack${token}'", "'stdata${token}'"]);
    expect(accounts.map((account) => at(account, 'params', 'protect'))).toEqual([
      undefined,
      undefined,
      'protectData',
    ]);
  });
});

describe('monitoring and the app', () => {
  it.each([
    ['Microsoft.Insights/components', 'DisableLocalAuth', 'true'],
    ['Microsoft.Web/sites', 'httpsOnly', 'true'],
    ['Microsoft.Web/sites/basicPublishingCredentialsPolicies', 'allow', 'false'],
  ])('%s has %s %s', (type, property, value) => {
    expect(at(only(type), 'properties', property)).toBe(value);
  });

  it('speaks TLS 1.2 at least, and no FTP', () => {
    const app = only('Microsoft.Web/sites');
    expect(at(app, 'properties', 'siteConfig', 'minTlsVersion')).toBe("'1.2'");
    expect(at(app, 'properties', 'siteConfig', 'ftpsState')).toBe("'Disabled'");
  });

  it('runs on Flex Consumption with Node.js, and fetches its package with an identity', () => {
    expect(at(only('Microsoft.Web/serverfarms'), 'sku', 'tier')).toBe("'FlexConsumption'");
    const config = (...names: string[]) =>
      at(only('Microsoft.Web/sites'), 'properties', 'functionAppConfig', ...names);
    expect(config('runtime', 'name')).toBe("'node'");
    expect(config('deployment', 'storage', 'authentication', 'type')).toBe("'UserAssignedIdentity'");
    const app = (parameter: string) => at(declaration('app', 'main.bicep'), 'params', parameter);
    expect(app('packageIdentityId')).toBe('identities.outputs.packagerId');
    expect(app('packageContainerUri')).toContain('packageStorage.');
  });
});

describe('sign-in', () => {
  const auth = (...names: string[]) =>
    at(declaration('authentication', 'app/sign-in.bicep'), 'properties', ...names);

  it('stands in front of everything but the health of the app', () => {
    expect(auth('platform', 'enabled')).toBe('true');
    expect(auth('globalValidation', 'requireAuthentication')).toBe('true');
    expect(auth('globalValidation', 'unauthenticatedClientAction')).toBe("'RedirectToLoginPage'");
    expect(auth('globalValidation', 'excludedPaths')).toBe("['/api/health']");
  });

  it('takes tokens for one application of one tenant', () => {
    const provider = (...names: string[]) => auth('identityProviders', 'azureActiveDirectory', ...names);
    expect(provider('validation', 'allowedAudiences')).toBe('[clientId]');
    expect(provider('registration', 'openIdIssuer')).toBe(
      "'${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'",
    );
  });

  it('has an identity where others have a secret, and keeps no tokens', () => {
    const setting = auth(
      'identityProviders',
      'azureActiveDirectory',
      'registration',
      'clientSecretSettingName',
    );
    expect(setting).toBe("'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'");
    expect(at(declaration('always', 'app/settings.bicep'), 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID')).toBe(
      'readerClientId',
    );
    expect(auth('login', 'tokenStore', 'enabled')).toBe('false');
  });
});

describe('roles in Azure', () => {
  it('are the documented ones, by their names', () => {
    const named = file('app/roles.bicep').declarations.filter(({ kind }) => kind === 'var');
    const ids = named.map(({ name, node }) => [name, /'([\w-]+)'/.exec(node.text)?.[1]]);
    expect(ids).toEqual(Object.entries(builtInRoles).slice(0, 5));
  });

  it('are each given on one resource, to one identity', () => {
    const given = file('app/roles.bicep').declarations.filter(({ of }) => of.includes('/roleAssignments@'));
    const rows = given.map((each) => [
      at(each, 'scope'),
      /, (\w+)\)$/.exec(at(each, 'properties', 'roleDefinitionId') ?? '')?.[1],
      at(each, 'properties', 'principalId'),
    ]);
    expect(rows).toEqual([
      ['hostStorage', 'storageBlobDataOwner', 'readerPrincipalId'],
      ['hostStorage', 'storageQueueDataContributor', 'readerPrincipalId'],
      ['packageStorage', 'storageBlobDataContributor', 'packagerPrincipalId'],
      ['dataStorage', 'storageTableDataContributor', 'readerPrincipalId'],
      ['component', 'monitoringMetricsPublisher', 'readerPrincipalId'],
    ]);
    const identityOf = (parameter: string) => at(declaration('roles', 'main.bicep'), 'params', parameter);
    expect(identityOf('readerPrincipalId')).toBe('identities.outputs.readerPrincipalId');
    expect(identityOf('packagerPrincipalId')).toBe('identities.outputs.packagerPrincipalId');
  });

  it('are never given on a whole resource group or subscription', () => {
    const given = deployed('Microsoft.Authorization/roleAssignments');
    expect(given.length).toBeGreaterThanOrEqual(4);
    expect(given.filter((each) => at(each, 'scope') === undefined).map(({ node }) => node.text)).toEqual([]);
  });

  it('are known roles wherever they are given', () => {
    const unknown = deployed('Microsoft.Authorization/roleAssignments').flatMap(({ node }) => {
      const source = files.find(({ tree }) => tree.id === node.tree.rootNode.id)?.source ?? '';
      const ids = source.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g) ?? ['no id at all'];
      return ids.filter((id) => !Object.values(builtInRoles).includes(id));
    });
    expect(unknown).toEqual([]);
  });

  it('are none for the identity that writes', () => {
    const uses = file('main.bicep').declarations.filter(({ node }) =>
      node.text.includes('outputs.writerPrincipalId'),
    );
    expect(uses.map(({ name }) => name).sort()).toEqual(
      ['grantCommand', 'writerApplication', 'writerOnExchange', 'writerOnGraph'].sort(),
    );
  });
});

describe('no file of the deployment', () => {
  const folder = path.join(root, 'infra');
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(bicep|json|sh|kql)$/.test(name))
    .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const)
    .concat([['azure.yaml', readFileSync(path.join(root, 'azure.yaml'), 'utf8')]]);

  it.each([
    ['asks for a key', /\blist(Keys|AccountSas|ServiceSas|Secrets)\b/i],
    [
      'holds a key or a signature',
      /AccountKey=|SharedAccessSignature|InstrumentationKey=|[?&]sig=|clientSecret\b(?!SettingName)/i,
    ],
    ['says itself that sign-in is on, or off', /WEBSITE_AUTH_ENABLED|AUTH_MODE/],
    ['lets in every origin', /allowedOrigins/],
    [
      'sets what Flex Consumption replaces',
      /FUNCTIONS_(WORKER_RUNTIME|EXTENSION_VERSION)|linuxFxVersion|WEBSITE_RUN_FROM_PACKAGE/,
    ],
  ])('%s', (_what, pattern) => {
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter(([, source]) => pattern.test(source)).map(([name]) => name)).toEqual([]);
  });

  it('has a wildcard, but for alerts that are split by whatever comes', () => {
    const withWildcard = texts.filter(([, source]) =>
      source.replaceAll(/values: \['\*'\]/g, '').includes("'*'"),
    );
    expect(withWildcard.map(([name]) => name)).toEqual([]);
  });
});

describe('names', () => {
  /** What Azure takes. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
  const rules: readonly [module: string, parameter: string, rule: RegExp][] = [
    ['hostStorage', 'name', /^[a-z\d]{3,24}$/],
    ['packageStorage', 'name', /^[a-z\d]{3,24}$/],
    ['dataStorage', 'name', /^[a-z\d]{3,24}$/],
    ['app', 'planName', /^[A-Za-z\d-]{1,60}$/],
    ['identities', 'readerName', /^[A-Za-z\d][\w-]{2,127}$/],
    ['identities', 'writerName', /^[A-Za-z\d][\w-]{2,127}$/],
    ['identities', 'packagerName', /^[A-Za-z\d][\w-]{2,127}$/],
    ['monitoring', 'workspaceName', /^[A-Za-z\d][A-Za-z\d-]{2,61}[A-Za-z\d]$/],
    ['monitoring', 'componentName', /^[\w.()-]{1,254}[\w()-]$/],
    ['apiApplication', 'uniqueName', /^[a-z\d-]{1,90}$/],
  ];
  /** As long as they get: a token of 13 letters and digits, the longest name of an environment. */
  const filledIn = (source: string) =>
    source
      .slice(1, -1)
      .replaceAll('${token}', 'abcdefghijklm')
      .replaceAll('${environmentName}', 'e'.repeat(64));

  it.each(rules)('of %s (%s) are ones that Azure takes', (module, parameter, rule) => {
    expect(filledIn(at(declaration(module, 'main.bicep'), 'params', parameter) ?? '')).toMatch(rule);
  });

  it('of the resource group, the app and its container are ones that Azure takes', () => {
    const source = file('main.bicep').source;
    const given = (pattern: RegExp) => filledIn(`'${pattern.exec(source)?.[1] ?? ''}'`);
    expect(given(/resource group .*?name: '([^']+)'/s)).toMatch(/^[\w.()-]{1,89}[\w()-]$/);
    expect(given(/var appName = '([^']+)'/)).toMatch(/^[a-z\d][a-z\d-]{0,58}[a-z\d]$/);
    expect(given(/var packageContainer = '([^']+)'/)).toMatch(/^[a-z\d](?!.*--)[a-z\d-]{1,61}[a-z\d]$/);
  });
});
