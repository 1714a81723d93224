/** Columns that all tables of Application Insights have. */
const common = {
  AppRoleInstance: 'string',
  AppRoleName: 'string',
  AppVersion: 'string',
  _BilledSize: 'real',
  ClientBrowser: 'string',
  ClientCity: 'string',
  ClientCountryOrRegion: 'string',
  ClientIP: 'string',
  ClientModel: 'string',
  ClientOS: 'string',
  ClientStateOrProvince: 'string',
  ClientType: 'string',
  IKey: 'string',
  _IsBillable: 'string',
  ItemCount: 'int',
  Name: 'string',
  OperationId: 'string',
  OperationName: 'string',
  ParentId: 'string',
  Properties: 'dynamic',
  ResourceGUID: 'string',
  _ResourceId: 'string',
  SDKVersion: 'string',
  SessionId: 'string',
  SourceSystem: 'string',
  _SubscriptionId: 'string',
  SyntheticSource: 'string',
  // The workspace, not the tenant of a customer.
  TenantId: 'string',
  TimeGenerated: 'datetime',
  Type: 'string',
  UserAccountId: 'string',
  UserAuthenticatedId: 'string',
  UserId: 'string',
};

/**
 * The tables that the queries read, with the columns and types that Microsoft describes:
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/appevents, …/appmetrics and …/usage
 */
export const tables: Readonly<
  Record<'AppEvents' | 'AppMetrics' | 'Usage', Readonly<Record<string, string>>>
> = {
  AppEvents: { ...common, Measurements: 'dynamic' },
  AppMetrics: { ...common, Max: 'real', Min: 'real', Sum: 'real' },
  // Without the columns that are deprecated.
  Usage: {
    DataType: 'string',
    EndTime: 'datetime',
    IsBillable: 'bool',
    Quantity: 'real',
    QuantityUnit: 'string',
    Solution: 'string',
    StartTime: 'datetime',
    TimeGenerated: 'datetime',
  },
};
