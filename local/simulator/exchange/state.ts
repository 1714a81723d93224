import * as z from 'zod';

/** Someone whom mail can reach, as `Get-Recipient` shows him. */
const Recipient = z.looseObject({
  Identity: z.string(),
  Guid: z.string(),
  DistinguishedName: z.string(),
  ExternalDirectoryObjectId: z.string(),
  PrimarySmtpAddress: z.string(),
  /** Every address with its kind, as in `SMTP:a@contoso.com`; capitals mark the primary one. */
  EmailAddresses: z.array(z.string()),
  DisplayName: z.string(),
  RecipientType: z.string(),
  RecipientTypeDetails: z.string(),
});
export type Recipient = z.infer<typeof Recipient>;

const DistributionGroup = z.looseObject({
  Identity: z.string(),
  Name: z.string(),
  DisplayName: z.string(),
  Guid: z.string(),
  PrimarySmtpAddress: z.string(),
  DistinguishedName: z.string(),
  ExternalDirectoryObjectId: z.string(),
  RecipientTypeDetails: z.string(),
  /** Addresses, or other names, of its members; not part of what is shown. */
  members: z.array(z.string()).default([]),
});
export type DistributionGroup = z.infer<typeof DistributionGroup>;

const ServicePrincipal = z.looseObject({
  Identity: z.string(),
  Guid: z.string(),
  AppId: z.string(),
  ObjectId: z.string(),
  DisplayName: z.string(),
});
export type ServicePrincipal = z.infer<typeof ServicePrincipal>;

const RoleGroup = z.looseObject({
  Name: z.string(),
  /** Names of its members: service principals, recipients, or other role groups. */
  members: z.array(z.string()).default([]),
});
export type RoleGroup = z.infer<typeof RoleGroup>;

const writeScopes = [
  'Organization',
  'CustomRecipientScope',
  'AdministrativeUnit',
  'Group',
  'ExclusiveRecipientScope',
  'OU',
  'None',
] as const;

const ManagementRoleAssignment = z.looseObject({
  Identity: z.string(),
  Name: z.string(),
  Guid: z.string(),
  Role: z.string(),
  /** Name of a service principal, a recipient or a role group. */
  RoleAssignee: z.string(),
  RoleAssigneeName: z.string(),
  RoleAssigneeType: z.enum(['ServicePrincipal', 'User', 'RoleGroup']),
  AssignmentMethod: z.enum(['Direct', 'RoleGroup']),
  RoleAssignmentDelegationType: z.enum(['Regular', 'DelegatingOrgWide']),
  RecipientWriteScope: z.enum(writeScopes),
  CustomRecipientWriteScope: z.string().nullable(),
  /** Name of a management scope or of a group, or id of an administrative unit: `RecipientWriteScope` tells which. */
  CustomResourceScope: z.string().nullable(),
  /** The service sends either; what stands here is sent as it stands. */
  Enabled: z.union([z.boolean(), z.enum(['True', 'False'])]),
});
export type ManagementRoleAssignment = z.infer<typeof ManagementRoleAssignment>;

const ManagementScope = z.looseObject({
  Identity: z.string(),
  Name: z.string(),
  Guid: z.string(),
  RecipientFilter: z.string(),
  RecipientRoot: z.string().nullable(),
  Exclusive: z.boolean(),
  ScopeRestrictionType: z.string(),
});

/** Which mailboxes a permission of Microsoft Entra is kept from; roles are not its business. */
const ApplicationAccessPolicy = z.looseObject({
  Identity: z.string(),
  AppId: z.union([z.string(), z.array(z.string())]),
  AccessRight: z.string(),
  ScopeName: z.string(),
  ScopeIdentity: z.string(),
  /** Security id and object id of a group or a mailbox, with a semicolon between them. */
  ScopeIdentityRaw: z.string(),
  IsValid: z.boolean().default(true),
});
export type ApplicationAccessPolicy = z.infer<typeof ApplicationAccessPolicy>;

/** What Exchange's own test of a mailbox says, where that is something else than its roles and scopes come to. */
const AuthorizationException = z.strictObject({
  /** Primary address. */
  resource: z.string(),
  inScope: z.boolean(),
});

const Switches = z
  .object({
    AllBookInPolicy: z.boolean(),
    AllRequestInPolicy: z.boolean(),
    AllRequestOutOfPolicy: z.boolean(),
    ForwardRequestsToDelegates: z.boolean(),
    AddOrganizerToSubject: z.boolean(),
    DeleteSubject: z.boolean(),
    DeleteComments: z.boolean(),
    DeleteAttachments: z.boolean(),
    RemovePrivateProperty: z.boolean(),
    ProcessExternalMeetingMessages: z.boolean(),
    AllowConflicts: z.boolean(),
    AllowRecurringMeetings: z.boolean(),
    ScheduleOnlyDuringWorkHours: z.boolean(),
    EnforceSchedulingHorizon: z.boolean(),
  })
  .partial();

/** Settings of a calendar that are simulated. https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing */
export const CalendarSettings = z.object({
  AutomateProcessing: z.enum(['None', 'AutoUpdate', 'AutoAccept']).optional(),
  ...Switches.shape,
  BookingWindowInDays: z.number().int().min(0).max(1080).optional(),
  MaximumDurationInMinutes: z.number().int().min(0).max(2_147_483_647).optional(),
  /** Whoever decides about requests that are not approved by themselves. */
  ResourceDelegates: z.array(z.string()).optional(),
});

/** Settings of one mailbox, where they differ from what Exchange gives to a new one. */
const CalendarProcessing = z.looseObject({ Identity: z.string(), ...CalendarSettings.shape });

/** Who may open a mailbox, or is kept from it; beside what stands in the list of every mailbox. */
const MailboxPermission = z.strictObject({
  /** What the mailbox is called. */
  Identity: z.string(),
  /** Principal name of a user, or name of a group. */
  User: z.string(),
  AccessRights: z.array(z.string()),
  Deny: z.boolean(),
  IsInherited: z.boolean(),
  InheritanceType: z.string(),
});
export type MailboxPermission = z.infer<typeof MailboxPermission>;

/** Which user agents are let in: to EWS, Microsoft Graph and REST. */
const userAgentRules = {
  EwsApplicationAccessPolicy: z.enum(['EnforceAllowList', 'EnforceBlockList']).nullable(),
  EwsAllowList: z.array(z.string()).nullable(),
  EwsBlockList: z.array(z.string()).nullable(),
};

const CasMailbox = z.looseObject({
  Identity: z.string(),
  EwsEnabled: z.boolean().nullable().optional(),
  ...z.object(userAgentRules).partial().shape,
});

const OrganizationConfig = z.looseObject({
  Identity: z.string().default(''),
  EwsEnabled: z.boolean().nullable().default(null),
  /** Shown only to those who ask for it with `RetrieveEwsOperationAccessPolicy`. */
  EwsAllowedAppIDs: z
    .union([z.array(z.string()), z.string()])
    .nullable()
    .default(null),
  EwsApplicationAccessPolicy: userAgentRules.EwsApplicationAccessPolicy.default(null),
  EwsAllowList: userAgentRules.EwsAllowList.default(null),
  EwsBlockList: userAgentRules.EwsBlockList.default(null),
});

/** Whom a recipient filter lets through. It stands here as a fact: the simulator does not evaluate filters. */
const FilterAnswer = z.strictObject({
  filter: z.string(),
  /** Primary addresses. */
  recipients: z.array(z.string()),
});

/** What the admin API of Exchange shows of one tenant; `exchange.json`. */
export const ExchangeState = z.strictObject({
  recipients: z.array(Recipient).default([]),
  distributionGroups: z.array(DistributionGroup).default([]),
  filters: z.array(FilterAnswer).default([]),
  servicePrincipals: z.array(ServicePrincipal).default([]),
  roleGroups: z.array(RoleGroup).default([]),
  managementRoleAssignments: z.array(ManagementRoleAssignment).default([]),
  managementScopes: z.array(ManagementScope).default([]),
  applicationAccessPolicies: z.array(ApplicationAccessPolicy).default([]),
  authorizationExceptions: z.array(AuthorizationException).default([]),
  calendarProcessing: z.array(CalendarProcessing).default([]),
  casMailboxes: z.array(CasMailbox).default([]),
  mailboxPermissions: z.array(MailboxPermission).default([]),
  organizationConfig: OrganizationConfig.prefault({}),
});
export type ExchangeState = z.infer<typeof ExchangeState>;
