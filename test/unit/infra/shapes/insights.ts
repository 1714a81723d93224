import type { Shapes } from './shape';

// https://github.com/Azure/bicep-types-az/tree/main/generated/monitor and …/generated/applicationinsights
export const insights: Shapes = {
  'Microsoft.Insights/actionGroups@2023-01-01': {
    required: 'location name',
    optional: 'properties tags',
    objects: {
      properties: {
        required: 'enabled groupShortName',
        optional: `armRoleReceivers automationRunbookReceivers azureAppPushReceivers azureFunctionReceivers
          emailReceivers eventHubReceivers itsmReceivers logicAppReceivers smsReceivers voiceReceivers
          webhookReceivers`,
        objects: {
          'emailReceivers[]': { required: 'emailAddress name', optional: 'useCommonAlertSchema' },
          'webhookReceivers[]': {
            required: 'name serviceUri',
            optional: 'identifierUri objectId tenantId useAadAuth useCommonAlertSchema',
          },
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Insights/activityLogAlerts@2020-10-01': {
    required: 'name',
    optional: 'location properties tags',
    objects: {
      properties: {
        required: 'actions condition scopes',
        optional: 'description enabled',
        objects: {
          actions: {
            optional: 'actionGroups',
            objects: { 'actionGroups[]': { required: 'actionGroupId', optional: 'webhookProperties' } },
          },
          condition: {
            required: 'allOf',
            objects: { 'allOf[]': { optional: 'anyOf containsAny equals field' } },
          },
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Insights/components@2020-02-02': {
    required: 'kind location name',
    optional: 'etag properties tags',
    objects: {
      properties: {
        required: 'Application_Type',
        optional: `DisableIpMasking DisableLocalAuth Flow_Type ForceCustomerStorageForProfiler HockeyAppId
          ImmediatePurgeDataOn30Days IngestionMode publicNetworkAccessForIngestion publicNetworkAccessForQuery
          Request_Source RetentionInDays SamplingPercentage WorkspaceResourceId`,
        values: {
          Application_Type: ['other', 'web'],
          IngestionMode: ['ApplicationInsights', 'ApplicationInsightsWithDiagnosticSettings', 'LogAnalytics'],
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Insights/metricAlerts@2018-03-01': {
    required: 'location name properties',
    optional: 'tags',
    objects: {
      properties: {
        required: 'criteria enabled evaluationFrequency scopes severity windowSize',
        optional: 'actions autoMitigate description targetResourceRegion targetResourceType',
        objects: {
          'actions[]': { optional: 'actionGroupId webHookProperties' },
          criteria: {
            by: 'odata.type',
            shapes: {
              'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria': {
                required: 'componentId failedLocationCount odata.type webTestId',
              },
            },
          },
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Insights/scheduledQueryRules@2023-12-01': {
    required: 'location name properties',
    optional: 'identity kind tags',
    values: { kind: ['LogAlert', 'LogToMetric'] },
    objects: {
      identity: {
        required: 'type',
        optional: 'userAssignedIdentities',
        values: { type: ['None', 'SystemAssigned', 'UserAssigned'] },
        objects: { userAssignedIdentities: 'open' },
      },
      properties: {
        optional: `actions autoMitigate checkWorkspaceAlertsStorageConfigured criteria description displayName
          enabled evaluationFrequency muteActionsDuration overrideQueryTimeRange ruleResolveConfiguration scopes
          severity skipQueryValidation targetResourceTypes windowSize`,
        objects: {
          actions: { optional: 'actionGroups actionProperties customProperties' },
          criteria: {
            optional: 'allOf',
            objects: {
              'allOf[]': {
                optional: `dimensions failingPeriods metricMeasureColumn metricName operator query
                  resourceIdColumn threshold timeAggregation`,
                values: {
                  operator: ['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual'],
                  timeAggregation: ['Average', 'Count', 'Maximum', 'Minimum', 'Total'],
                },
                objects: {
                  'dimensions[]': {
                    required: 'name operator values',
                    values: { operator: ['Exclude', 'Include'] },
                  },
                  failingPeriods: { optional: 'minFailingPeriodsToAlert numberOfEvaluationPeriods' },
                },
              },
            },
          },
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Insights/webtests@2022-06-15': {
    required: 'location name',
    optional: 'kind properties tags',
    values: { kind: ['multistep', 'ping', 'standard'] },
    objects: {
      properties: {
        required: 'Kind Locations Name SyntheticMonitorId',
        optional: 'Configuration Description Enabled Frequency Request RetryEnabled Timeout ValidationRules',
        values: { Kind: ['multistep', 'ping', 'standard'] },
        objects: {
          'Locations[]': { optional: 'Id' },
          Request: {
            optional: 'FollowRedirects Headers HttpVerb ParseDependentRequests RequestBody RequestUrl',
          },
          ValidationRules: {
            // Older lists say IgnoreHttpsStatusCode, which was a slip: Azure takes no notice of it.
            optional: `ContentValidation ExpectedHttpStatusCode IgnoreHttpStatusCode
              SSLCertRemainingLifetimeCheck SSLCheck`,
          },
        },
      },
      tags: 'open',
    },
  },

  'Microsoft.Insights/workbooks@2023-06-01': {
    required: 'location name',
    optional: 'etag identity kind properties tags',
    values: { kind: ['shared'] },
    objects: {
      properties: {
        required: 'category displayName serializedData',
        optional: 'description sourceId storageUri tags version',
      },
      tags: 'open',
    },
  },
};
