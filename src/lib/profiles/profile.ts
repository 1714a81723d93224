import { z } from 'zod';

const ResourceName = z.enum(['Microsoft Graph', 'Office 365 Exchange Online']);
export type ResourceName = z.infer<typeof ResourceName>;

/** Application ids of the resources whose permissions a profile can name: the same in every tenant. */
export const resourceAppIds: Record<ResourceName, string> = {
  'Microsoft Graph': '00000003-0000-0000-c000-000000000000',
  'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
};

const PermissionKind = z.enum(['application', 'delegated']);
export type PermissionKind = z.infer<typeof PermissionKind>;

/**
 * A permission is the pair of resource and id: the same id is *Calendars.ReadWrite* on Microsoft Graph and
 * *Calendars.ReadWrite.All* on Exchange Online.
 */
const GrantablePermission = z.strictObject({
  resource: ResourceName,
  name: z.string(),
  /** Id of the app role, or of the delegated scope. */
  id: z.guid(),
  /** Accepted, but the resource has retired the API that this permission belongs to. */
  legacy: z.boolean().default(false),
});
export type GrantablePermission = z.infer<typeof GrantablePermission>;

const Lookalike = z.strictObject({
  resource: ResourceName,
  kind: PermissionKind,
  name: z.string(),
  id: z.guid(),
  /** Why it does not do, as the end of a sentence. */
  why: z.string(),
});
export type Lookalike = z.infer<typeof Lookalike>;

const RequiredPermission = z.strictObject({
  /** The name that the vendor's page uses. */
  name: z.string(),
  kind: PermissionKind,
  /** Any one of these is enough. */
  anyOf: z.array(GrantablePermission).min(1),
  /** Grants that look right and are not. */
  lookalikes: z.array(Lookalike).default([]),
  /** Required only when this option of the target is on. */
  onlyWhen: z.literal('authorizedViaServiceAccount').optional(),
  /** Reaches every mailbox: not asked for when a target's access is `rooms-only`. */
  tenantWide: z.boolean().default(false),
});
export type RequiredPermission = z.infer<typeof RequiredPermission>;

const TenantWidePermission = z.strictObject({ resource: ResourceName, name: z.string(), id: z.guid() });
export type TenantWidePermission = z.infer<typeof TenantWidePermission>;

/** How the product reaches calendars in Exchange. */
const Impersonation = z.strictObject({
  /** Roles of Exchange that let the application reach mailboxes, any one of them. */
  applicationRoles: z.array(z.string()).min(1),
  /** Roles that let the service account reach mailboxes, and that Exchange Online has retired. */
  retiredServiceAccountRoles: z.array(z.string()),
  /** Application permissions that reach every mailbox, whatever the scopes of roles say. */
  tenantWidePermissions: z.array(TenantWidePermission),
});

/** Calendar settings of a room that Syncwarden knows how to read. */
export const calendarSettings = ['AutomateProcessing', 'DeleteSubject', 'AllowRecurringMeetings'] as const;
const CalendarSetting = z.strictObject({
  name: z.enum(calendarSettings),
  expected: z.union([z.string(), z.boolean()]),
  level: z.enum(['violation', 'notice']),
  /** What happens otherwise, as a sentence. */
  why: z.string(),
});
export type CalendarSetting = z.infer<typeof CalendarSetting>;

/** What one vendor requires of a tenant, as data. */
export const Profile = z.strictObject({
  id: z.string(),
  /** The product's name, as the vendor writes it. */
  name: z.string(),
  /** The vendor's page that states the requirements. */
  source: z.url(),
  /** The lowest plan of Exchange Online that is enough: 1 or 2. */
  minimumExchangePlan: z.union([z.literal(1), z.literal(2)]),
  permissions: z.array(RequiredPermission),
  impersonation: Impersonation,
  rooms: z.strictObject({
    calendarSettings: z.array(CalendarSetting),
    /** Whether the product only sees rooms that are in a room list. */
    inRoomList: z.boolean(),
  }),
  /** Whether the product uses Exchange Web Services. */
  usesEws: z.boolean(),
});
export type Profile = z.infer<typeof Profile>;
