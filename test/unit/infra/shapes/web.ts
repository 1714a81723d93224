import type { Shape, Shapes } from './shape';

// https://github.com/Azure/bicep-types-az/tree/main/generated/web/microsoft.web/2024-04-01
const siteConfig: Shape = {
  optional: `acrUseManagedIdentityCreds acrUserManagedIdentityID alwaysOn apiDefinition apiManagementConfig
    appCommandLine appSettings autoHealEnabled autoHealRules autoSwapSlotName azureStorageAccounts
    connectionStrings cors defaultDocuments detailedErrorLoggingEnabled documentRoot elasticWebAppScaleLimit
    experiments ftpsState functionAppScaleLimit functionsRuntimeScaleMonitoringEnabled handlerMappings
    healthCheckPath http20Enabled httpLoggingEnabled ipSecurityRestrictions ipSecurityRestrictionsDefaultAction
    javaContainer javaContainerVersion javaVersion keyVaultReferenceIdentity limits linuxFxVersion loadBalancing
    localMySqlEnabled logsDirectorySizeLimit managedPipelineMode managedServiceIdentityId metadata
    minimumElasticInstanceCount minTlsCipherSuite minTlsVersion netFrameworkVersion nodeVersion numberOfWorkers
    phpVersion powerShellVersion preWarmedInstanceCount publicNetworkAccess publishingUsername push pythonVersion
    remoteDebuggingEnabled remoteDebuggingVersion requestTracingEnabled requestTracingExpirationTime
    scmIpSecurityRestrictions scmIpSecurityRestrictionsDefaultAction scmIpSecurityRestrictionsUseMain
    scmMinTlsVersion scmType tracingOptions use32BitWorkerProcess virtualApplications vnetName
    vnetPrivatePortsCount vnetRouteAllEnabled websiteTimeZone webSocketsEnabled windowsFxVersion
    xManagedServiceIdentityId`,
  values: {
    ftpsState: ['AllAllowed', 'Disabled', 'FtpsOnly'],
    minTlsVersion: ['1.0', '1.1', '1.2', '1.3'],
  },
};

const functionAppConfig: Shape = {
  optional: 'deployment runtime scaleAndConcurrency',
  objects: {
    deployment: {
      optional: 'storage',
      objects: {
        storage: {
          optional: 'authentication type value',
          values: { type: ['blobContainer'] },
          objects: {
            authentication: {
              optional: 'storageAccountConnectionStringName type userAssignedIdentityResourceId',
              values: {
                type: ['StorageAccountConnectionString', 'SystemAssignedIdentity', 'UserAssignedIdentity'],
              },
            },
          },
        },
      },
    },
    runtime: {
      optional: 'name version',
      values: { name: ['custom', 'dotnet-isolated', 'java', 'node', 'powershell', 'python'] },
    },
    scaleAndConcurrency: { optional: 'alwaysReady instanceMemoryMB maximumInstanceCount triggers' },
  },
};

const authSettings: Shape = {
  optional: 'globalValidation httpSettings identityProviders login platform',
  objects: {
    globalValidation: {
      optional: 'excludedPaths redirectToProvider requireAuthentication unauthenticatedClientAction',
      values: {
        unauthenticatedClientAction: ['AllowAnonymous', 'RedirectToLoginPage', 'Return401', 'Return403'],
      },
    },
    httpSettings: { optional: 'forwardProxy requireHttps routes' },
    identityProviders: {
      optional: `apple azureActiveDirectory azureStaticWebApps customOpenIdConnectProviders facebook gitHub google
        legacyMicrosoftAccount twitter`,
      objects: {
        azureActiveDirectory: {
          optional: 'enabled isAutoProvisioned login registration validation',
          objects: {
            registration: {
              optional: `clientId clientSecretCertificateIssuer clientSecretCertificateSubjectAlternativeName
                clientSecretCertificateThumbprint clientSecretSettingName openIdIssuer`,
            },
            validation: { optional: 'allowedAudiences defaultAuthorizationPolicy jwtClaimChecks' },
          },
        },
      },
    },
    login: {
      optional: `allowedExternalRedirectUrls cookieExpiration nonce preserveUrlFragmentsForLogins routes
        tokenStore`,
      objects: {
        cookieExpiration: {
          optional: 'convention timeToExpiration',
          values: { convention: ['FixedTime', 'IdentityProviderDerived'] },
        },
        tokenStore: { optional: 'azureBlobStorage enabled fileSystem tokenRefreshExtensionHours' },
      },
    },
    platform: { optional: 'configFilePath enabled runtimeVersion' },
  },
};

export const web: Shapes = {
  'Microsoft.Web/serverfarms@2024-04-01': {
    required: 'location name',
    optional: 'extendedLocation kind properties sku tags',
    objects: {
      properties: {
        optional: `elasticScaleEnabled freeOfferExpirationTime hostingEnvironmentProfile hyperV isSpot isXenon
          kubeEnvironmentProfile maximumElasticWorkerCount perSiteScaling reserved spotExpirationTime
          targetWorkerCount targetWorkerSizeId workerTierName zoneRedundant`,
      },
      sku: { optional: 'capabilities capacity family locations name size skuCapacity tier' },
      tags: 'open',
    },
  },

  'Microsoft.Web/sites@2024-04-01': {
    required: 'location name',
    optional: 'extendedLocation identity kind properties tags',
    objects: {
      identity: {
        optional: 'type userAssignedIdentities',
        values: { type: ['None', 'SystemAssigned', 'SystemAssigned, UserAssigned', 'UserAssigned'] },
        objects: { userAssignedIdentities: 'open' },
      },
      properties: {
        optional: `autoGeneratedDomainNameLabelScope clientAffinityEnabled clientCertEnabled
          clientCertExclusionPaths clientCertMode cloningInfo containerSize customDomainVerificationId
          dailyMemoryTimeQuota daprConfig dnsConfiguration enabled endToEndEncryptionEnabled functionAppConfig
          hostingEnvironmentProfile hostNamesDisabled hostNameSslStates httpsOnly hyperV ipMode isXenon
          keyVaultReferenceIdentity managedEnvironmentId publicNetworkAccess redundancyMode reserved
          resourceConfig scmSiteAlsoStopped serverFarmId siteConfig storageAccountRequired
          virtualNetworkSubnetId vnetBackupRestoreEnabled vnetContentShareEnabled vnetImagePullEnabled
          vnetRouteAllEnabled workloadProfileName`,
        objects: { functionAppConfig, siteConfig },
      },
      tags: 'open',
    },
  },

  'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01': {
    required: 'name',
    optional: 'kind properties',
    values: { name: ['ftp', 'scm'] },
    objects: { properties: { required: 'allow' } },
  },

  'Microsoft.Web/sites/config@2024-04-01': {
    by: 'name',
    shapes: {
      appsettings: {
        required: 'name',
        optional: 'kind properties',
        objects: { properties: 'open' },
      },
      authsettingsV2: {
        required: 'name',
        optional: 'kind properties',
        objects: { properties: authSettings },
      },
    },
  },
};
