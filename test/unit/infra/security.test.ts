import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type DeploymentName,
  deploymentNames,
  type Resource,
  storedDeployment,
} from '../../support/bicep/deployments';
import { main } from '../../support/bicep/main-template';
import { root } from '../../support/simulated-tenant';

/** What is deployed of a type. Names are without what makes them unique. */
const deployed = (type: string, name: DeploymentName = 'defaults') =>
  storedDeployment(name)
    .resources.filter((each) => each.type === type)
    .map((each): Resource => ({ ...each, name: plain(each.name) }));
const plain = (text: string) => text.replaceAll(/-?7ulcqxxwesckw/g, '');
const byName = (type: string, name?: DeploymentName) =>
  Object.fromEntries(deployed(type, name).map((each) => [each.name, each]));
const only = (type: string, name?: DeploymentName): Resource => {
  const [found, ...others] = deployed(type, name);
  if (found === undefined || others.length > 0) throw new Error(`There is not exactly one ${type}.`);
  return found;
};

describe.each(deploymentNames)('storage: %s', (name) => {
  it('takes no keys, nobody without a name, and nothing older than TLS 1.2', () => {
    const accounts = deployed('Microsoft.Storage/storageAccounts', name);
    expect(accounts.map((each) => each.name)).toEqual(['sthost', 'stpack', 'stdata']);
    for (const { properties } of accounts)
      expect(properties).toMatchObject({
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      });
  });

  it('has no public container', () => {
    const container = only('Microsoft.Storage/storageAccounts/blobServices/containers', name);
    expect(container).toMatchObject({ name: 'stpack/default/package', properties: { publicAccess: 'None' } });
  });
});

describe('the network of the app', () => {
  const storage = (name: DeploymentName) =>
    deployed('Microsoft.Storage/storageAccounts', name).map(({ properties }) => {
      const { publicNetworkAccess, networkAcls } = properties as Record<string, unknown>;
      return { publicNetworkAccess, networkAcls };
    });

  it('is the only way to its storage, by private endpoints that it finds by name', () => {
    const closed = {
      publicNetworkAccess: 'Disabled',
      networkAcls: { bypass: 'None', defaultAction: 'Deny' },
    };
    expect(storage('network')).toEqual([closed, closed, closed]);
    const endpoints = deployed('Microsoft.Network/privateEndpoints', 'network').map(({ name }) => name);
    expect(endpoints).toEqual(['pe-sthost-blob', 'pe-sthost-queue', 'pe-stpack-blob', 'pe-stdata-table']);
    const zones = deployed('Microsoft.Network/privateEndpoints/privateDnsZoneGroups', 'network').map(
      ({ name, properties }) => {
        const { privateDnsZoneConfigs } = properties as {
          privateDnsZoneConfigs: { properties: { privateDnsZoneId: string } }[];
        };
        return [name, path.basename(privateDnsZoneConfigs[0]?.properties.privateDnsZoneId ?? '')];
      },
    );
    expect(zones).toEqual(
      endpoints.map((name) => [
        `${name}/default`,
        `privatelink.${name.split('-').at(-1) ?? ''}.core.windows.net`,
      ]),
    );
    const linked = deployed('Microsoft.Network/privateDnsZones/virtualNetworkLinks', 'network');
    expect(linked.map(({ name }) => name)).toEqual(
      ['blob', 'queue', 'table'].map((service) => `privatelink.${service}.core.windows.net/vnet`),
    );
  });

  it('is what the app sends through, from a subnet that is made for it', () => {
    const { virtualNetworkSubnetId } = only('Microsoft.Web/sites', 'network').properties as Record<
      string,
      string
    >;
    expect(plain(virtualNetworkSubnetId ?? '')).toBe(
      '(group)/Microsoft.Network/virtualNetworks/vnet/subnets/app',
    );
    expect(only('Microsoft.Network/virtualNetworks', 'network').properties).toMatchObject({
      addressSpace: { addressPrefixes: ['10.1.2.0/24'] },
      subnets: [
        {
          name: 'app',
          properties: {
            addressPrefix: '10.1.2.0/26',
            delegations: [{ properties: { serviceName: 'Microsoft.App/environments' } }],
          },
        },
        { name: 'private-endpoints', properties: { addressPrefix: '10.1.2.64/27' } },
      ],
    });
  });

  it('is there for who asks for it alone', () => {
    for (const name of deploymentNames.filter((each) => each !== 'network')) {
      const types = storedDeployment(name).resources.map(({ type }) => type);
      expect(types.filter((type) => type.startsWith('Microsoft.Network/'))).toEqual([]);
      const open = {
        publicNetworkAccess: 'Enabled',
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' },
      };
      expect(storage(name)).toEqual([open, open, open]);
      expect(only('Microsoft.Web/sites', name).properties).toMatchObject({ virtualNetworkSubnetId: null });
    }
  });
});

describe('locks', () => {
  const locked = (name: DeploymentName) =>
    deployed('Microsoft.Authorization/locks', name).map(({ scope = '', properties }) => {
      expect(properties).toMatchObject({ level: 'CanNotDelete' });
      return plain(scope.replace('(group)/Microsoft.', ''));
    });

  it('keep the data, the workspace and the alerts from being deleted', () => {
    const rules = deployed('Microsoft.Insights/scheduledQueryRules').map(({ name }) => name);
    expect(locked('defaults').sort()).toEqual(
      [
        'Storage/storageAccounts/stdata',
        'OperationalInsights/workspaces/log',
        'Insights/actionGroups/ag-syncwarden',
        'Insights/metricAlerts/syncwarden-health',
        ...rules
          .filter((name) => name !== 'syncwarden-cap')
          .map((name) => `Insights/scheduledQueryRules/${name}`),
      ].sort(),
    );
  });

  it('can be switched off', () => {
    expect(locked('off')).toEqual([]);
  });
});

describe('who reads, writes and signs in', () => {
  const logged = (name: DeploymentName) =>
    deployed('Microsoft.Insights/diagnosticSettings', name).map(({ scope = '', properties }) => {
      const { workspaceId, logs } = properties as {
        workspaceId: string;
        logs: { category: string; enabled: boolean }[];
      };
      expect(plain(workspaceId)).toBe('(group)/Microsoft.OperationalInsights/workspaces/log');
      return [
        plain(scope.replace('(group)/Microsoft.', '')),
        ...logs.filter(({ enabled }) => enabled).map(({ category }) => category),
      ];
    });
  const tables = 'Storage/storageAccounts/stdata/tableServices/default';
  const app = ['Web/sites/func', 'AppServiceAuthenticationLogs'];

  it.each([
    ['defaults', [[tables, 'StorageRead', 'StorageWrite', 'StorageDelete'], app]],
    ['alerts-by-tenant', [[tables, 'StorageWrite', 'StorageDelete'], app]],
    ['off', []],
  ] as const)('is told to the workspace: %s', (name, expected) => {
    expect(logged(name).sort()).toEqual([...expected].sort());
  });
});

describe('what is deleted or lost', () => {
  const sku = (name: DeploymentName) =>
    deployed('Microsoft.Storage/storageAccounts', name).map((each) => (each.sku as { name: string }).name);
  const kept = (name: DeploymentName) =>
    deployed('Microsoft.Storage/storageAccounts/blobServices', name).map((each) => [
      each.name,
      ...Object.values(each.properties as Record<string, { enabled: boolean; days?: number }>).map(
        ({ days = 0 }) => days,
      ),
    ]);

  it('has copies where it was asked for: of the data alone', () => {
    expect(sku('defaults')).toEqual(['Standard_LRS', 'Standard_LRS', 'Standard_LRS']);
    expect(sku('alerts-by-tenant').sort()).toEqual(['Standard_GZRS', 'Standard_LRS', 'Standard_LRS']);
  });

  it('can be brought back where it is a package: the host writes the same blobs again and again', () => {
    expect(kept('defaults')).toEqual([
      ['sthost/default', 0, 0],
      ['stpack/default', 7, 7],
      ['stdata/default', 0, 0],
    ]);
    expect(kept('off').map(([, ...days]) => days)).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});

describe('monitoring and the app', () => {
  it('take no data and no deployment from whom they do not know', () => {
    expect(only('Microsoft.Insights/components').properties).toMatchObject({ DisableLocalAuth: true });
    expect(only('Microsoft.OperationalInsights/workspaces').properties).toMatchObject({
      features: { disableLocalAuth: true },
    });
    expect(byName('Microsoft.Web/sites/basicPublishingCredentialsPolicies')).toMatchObject({
      'func/scm': { properties: { allow: false } },
    });
  });

  it('runs on Flex Consumption with Node.js, and speaks TLS 1.2 at least, and no FTP', () => {
    expect(only('Microsoft.Web/serverfarms').sku).toEqual({ name: 'FC1', tier: 'FlexConsumption' });
    expect(only('Microsoft.Web/sites').properties).toMatchObject({
      httpsOnly: true,
      siteConfig: { ftpsState: 'Disabled', minTlsVersion: '1.2' },
      functionAppConfig: { runtime: { name: 'node', version: '22' } },
    });
  });

  it('fetches its package with an identity that does nothing else', () => {
    const { functionAppConfig } = only('Microsoft.Web/sites').properties as Record<string, object>;
    expect(JSON.parse(plain(JSON.stringify(functionAppConfig)))).toMatchObject({
      deployment: {
        storage: {
          value: '{stpack.primaryEndpoints.blob}package',
          authentication: {
            type: 'UserAssignedIdentity',
            userAssignedIdentityResourceId:
              '(group)/Microsoft.ManagedIdentity/userAssignedIdentities/id-package',
          },
        },
      },
    });
  });

  it.each([
    ['defaults', ['id-reader', 'id-package']],
    ['many-tenants', ['id-reader', 'id-package', 'id-writer']],
  ] as const)('has only the identities that it needs: %s', (name, identities) => {
    const { userAssignedIdentities } = only('Microsoft.Web/sites', name).identity as Record<string, object>;
    expect(Object.keys(userAssignedIdentities ?? {}).map((id) => plain(path.basename(id)))).toEqual(
      identities,
    );
  });
});

describe('sign-in', () => {
  const auth = (name: DeploymentName) => byName('Microsoft.Web/sites/config', name)['func/authsettingsV2'];

  it.each([
    ['defaults', '{application.appId}', []],
    [
      'sign-in-by-hand',
      '00000000-0000-0000-0000-00000000000c',
      ['00000000-0000-0000-0000-00000000000e', '00000000-0000-0000-0000-00000000000f'],
    ],
  ] as const)('stands in front of everything but the health of the app: %s', (name, clientId, programs) => {
    expect(auth(name)?.properties).toMatchObject({
      platform: { enabled: true },
      globalValidation: {
        requireAuthentication: true,
        unauthenticatedClientAction: 'RedirectToLoginPage',
        excludedPaths: ['/api/health'],
      },
      identityProviders: {
        azureActiveDirectory: {
          enabled: true,
          registration: {
            clientId,
            // An identity in place of a secret.
            clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID',
            openIdIssuer: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000002/v2.0',
          },
          validation: {
            allowedAudiences: [clientId],
            defaultAuthorizationPolicy: {
              allowedApplications: [clientId, '04b07795-8ddb-461a-bbee-02f9e1bf7b46', ...programs],
            },
          },
        },
      },
      login: { tokenStore: { enabled: false } },
      httpSettings: { requireHttps: true },
    });
    expect(byName('Microsoft.Web/sites/config', name)['func/appsettings']?.properties).toMatchObject({
      WEBSITE_AUTH_AAD_ALLOWED_TENANTS: '00000000-0000-0000-0000-000000000002',
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: expect.stringMatching(
        /^\{id-reader-\w+\.clientId\}$/,
      ) as string,
    });
  });

  it('is not there before there is an application to sign in to, nor does the app start', () => {
    expect(auth('off')).toBeUndefined();
  });
});

describe('roles in Azure', () => {
  /** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
  const builtInRoles: Readonly<Record<string, string>> = {
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
    '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
    '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
    '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
    'acdd72a7-3385-48ef-bd42-f606fba81ae7': 'Reader',
  };

  it.each(deploymentNames)(
    'are these, each on one resource, and none for the identity that writes: %s',
    (name) => {
      const given = deployed('Microsoft.Authorization/roleAssignments', name).map(
        ({ scope = '', properties }) => {
          const { principalId, roleDefinitionId } = properties as Record<string, string>;
          const role = builtInRoles[path.basename(roleDefinitionId ?? '')];
          return [plain(principalId ?? ''), role, plain(scope.replace('(group)/', ''))];
        },
      );
      expect(given).toEqual([
        ['{id-reader.principalId}', 'Storage Blob Data Owner', 'Microsoft.Storage/storageAccounts/sthost'],
        [
          '{id-reader.principalId}',
          'Storage Queue Data Contributor',
          'Microsoft.Storage/storageAccounts/sthost',
        ],
        [
          '{id-package.principalId}',
          'Storage Blob Data Contributor',
          'Microsoft.Storage/storageAccounts/stpack',
        ],
        [
          '{id-reader.principalId}',
          'Storage Table Data Contributor',
          'Microsoft.Storage/storageAccounts/stdata',
        ],
        ['{id-reader.principalId}', 'Monitoring Metrics Publisher', 'Microsoft.Insights/components/appi'],
        ['{id-syncwarden-alerts.principalId}', 'Reader', 'Microsoft.OperationalInsights/workspaces/log'],
      ]);
    },
  );

  it('go to nobody else through a module, nor does the writer get anything but permissions in the directory', () => {
    const modules = Object.entries(main().modules).filter(([, { parameters }]) =>
      JSON.stringify(parameters).includes('writerPrincipalId'),
    );
    expect(modules.map(([name]) => name).sort()).toEqual(
      ['writerApplication', 'writerOnExchange', 'writerOnGraph'].sort(),
    );
  });
});

describe('what is deployed', () => {
  it.each(deploymentNames)(
    'holds no key and no wildcard, but for alerts that are split by whatever comes: %s',
    (name) => {
      const texts = storedDeployment(name).resources.flatMap((each) => textsIn(each));
      expect(texts.length).toBeGreaterThan(100);
      const forbidden =
        /AccountKey=|SharedAccessSignature|InstrumentationKey=|[?&]sig=|list\w*(Keys|Sas|Secrets)\(/i;
      expect(texts.filter(([, text]) => forbidden.test(text))).toEqual([]);
      const wild = texts.filter(([, text]) => text === '*').map(([at]) => at);
      expect(
        wild.filter((at) => !/^properties\.criteria\.allOf\.\d\.dimensions\.\d\.values\.0$/.test(at)),
      ).toEqual([]);
    },
  );
});

/** Every text in a value, with the path to it. */
function textsIn(value: unknown, at = ''): [at: string, text: string][] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, at === '' ? key : `${at}.${key}`));
}

describe('no file of the deployment', () => {
  const folder = path.join(root, 'infra');
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(bicep|json|sh|kql)$/.test(name))
    .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const)
    .concat([['azure.yaml', readFileSync(path.join(root, 'azure.yaml'), 'utf8')]]);

  it.each([
    ['asks for a key', /\blist(Keys|AccountSas|ServiceSas|Secrets)\b/i],
    ['holds a secret of an application', /clientSecret\b(?!SettingName)/i],
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
});

describe('names', () => {
  /** What Azure takes. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
  const rules: Readonly<Record<string, RegExp>> = {
    'Microsoft.Graph/applications': /^[a-z\d-]{1,90}$/,
    'Microsoft.Insights/components': /^[\w.()-]{1,254}[\w()-]$/,
    'Microsoft.ManagedIdentity/userAssignedIdentities': /^[A-Za-z\d][\w-]{2,127}$/,
    'Microsoft.OperationalInsights/workspaces': /^[A-Za-z\d][A-Za-z\d-]{2,61}[A-Za-z\d]$/,
    'Microsoft.Resources/resourceGroups': /^[\w.()-]{1,89}[\w()-]$/,
    'Microsoft.Storage/storageAccounts': /^[a-z\d]{3,24}$/,
    'Microsoft.Storage/storageAccounts/blobServices/containers': /\/[a-z\d](?!.*--)[a-z\d-]{1,61}[a-z\d]$/,
    'Microsoft.Web/serverfarms': /^[A-Za-z\d-]{1,60}$/,
    'Microsoft.Web/sites': /^[a-z\d][a-z\d-]{0,58}[a-z\d]$/,
  };

  it.each(Object.entries(rules))('of %s are ones that Azure takes', (type, rule) => {
    const names = deploymentNames.flatMap((name) =>
      storedDeployment(name)
        .resources.filter((each) => each.type === type)
        .map((each) => each.name),
    );
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(rule);
  });

  it('have room for the longest name of an environment', () => {
    const [group] = storedDeployment('defaults').resources;
    expect(group?.name).toBe('rg-test');
    expect(main().parameters.environmentName?.maxLength).toBe(64);
    expect(`rg-${'e'.repeat(64)}`).toMatch(rules['Microsoft.Resources/resourceGroups'] ?? /^$/);
  });
});
