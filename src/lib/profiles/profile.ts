import * as z from 'zod';
import { CalendarSettings } from './calendar-setting';
import { type AccessKind, accessKinds, isOpenedToAccount, unknowns } from './access';
import { protocols } from './protocol';
import { applicationRoles, retiredRoles } from './roles';

// The descriptions are what an editor shows to whoever writes a profile: see `profile.schema.json`.

const ResourceName = z
  .enum(['Microsoft Graph', 'Office 365 Exchange Online'])
  .describe('The resource that the permission belongs to.');
export type ResourceName = z.infer<typeof ResourceName>;

/** Application ids of the resources whose permissions a profile can name: the same in every tenant. */
export const resourceAppIds: Record<ResourceName, string> = {
  'Microsoft Graph': '00000003-0000-0000-c000-000000000000',
  'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
};

const PermissionKind = z
  .enum(['application', 'delegated'])
  .describe('Whether the product uses it by itself, or on behalf of a user who is signed in.');
export type PermissionKind = z.infer<typeof PermissionKind>;

const PermissionName = z
  .string()
  .min(1)
  .describe('Name of the permission, as Microsoft writes it: Calendars.ReadWrite.');
const PermissionId = z.guid().describe('Id of the app role, or of the delegated scope.');

/**
 * A permission is the pair of resource and id: the same id is *Calendars.ReadWrite* on Microsoft Graph and
 * *Calendars.ReadWrite.All* on Exchange Online.
 */
const GrantablePermission = z.strictObject({
  resource: ResourceName,
  name: PermissionName,
  id: PermissionId,
  legacy: z
    .boolean()
    .default(false)
    .describe('Accepted, but the resource has retired the API that this permission belongs to.'),
});
export type GrantablePermission = z.infer<typeof GrantablePermission>;

const Lookalike = z.strictObject({
  resource: ResourceName,
  kind: PermissionKind,
  name: PermissionName,
  id: PermissionId,
  why: z.string().min(1).describe('Why it does not do, as the end of a sentence.'),
});
export type Lookalike = z.infer<typeof Lookalike>;

const RequiredPermission = z.strictObject({
  name: z.string().min(1).describe("The name that the vendor's page uses."),
  kind: PermissionKind,
  anyOf: z.array(GrantablePermission).min(1).describe('Any one of these is enough.'),
  lookalikes: z.array(Lookalike).default([]).describe('Grants that look right and are not.'),
  onlyWhen: z
    .literal('authorizedViaServiceAccount')
    .optional()
    .describe('Required only when this option of the target is on.'),
  tenantWide: z
    .boolean()
    .default(false)
    .describe("Reaches every mailbox: not asked for when a target's access is rooms-only."),
});
export type RequiredPermission = z.infer<typeof RequiredPermission>;

const TenantWidePermission = z.strictObject({
  resource: ResourceName,
  name: PermissionName,
  id: PermissionId,
});
export type TenantWidePermission = z.infer<typeof TenantWidePermission>;

const OptionalPermission = z.strictObject({
  resource: ResourceName,
  kind: PermissionKind,
  name: PermissionName,
  id: PermissionId,
  why: z.string().min(1).describe('What the application has it for, as a sentence.'),
});
export type OptionalPermission = z.infer<typeof OptionalPermission>;

const Successor = z.strictObject({
  name: z.string().min(1).describe("The product's name, as the vendor writes it."),
  source: z.url().describe("The vendor's page about moving to it."),
});
export type Successor = z.infer<typeof Successor>;

function namesOf<Name extends string>(roles: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(roles) as Name[];
}

const ServiceAccount = z.strictObject({
  minimumExchangePlan: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .nullable()
    .describe(
      'The lowest plan of Exchange Online that is enough for it: 1 or 2; 0 for any that comes with a mailbox. null where the vendor asks for no licence.',
    ),
});

const Access = z.strictObject({
  kind: z
    .enum(accessKinds)
    .describe(
      'role: by roles of Exchange of the application. fullAccess: the account may open each room. delegate: the account is a delegate of each room. none: by permissions of Microsoft Entra alone.',
    ),
});

const NotKnown = z.strictObject({
  what: z
    .enum(unknowns)
    .describe(
      "What the vendor's pages do not say, or not where they could be read: the permissions of the application, how it gets access to rooms, the licence of the account, how rooms have to be set up, or whether the product uses Exchange Web Services. The control that asks for it is then never fine.",
    ),
  why: z.string().min(1).describe('Why it is not known, as a sentence.'),
});
export type NotKnown = z.infer<typeof NotKnown>;

const Impersonation = z.strictObject({
  applicationRoles: z
    .array(z.enum(namesOf(applicationRoles)))
    .describe(
      'Roles of Exchange that let the application reach mailboxes, any one of them. A repair assigns the first one that opens the protocol. Empty where the vendor asks for none.',
    ),
  protocol: z
    .enum([...protocols, 'open'])
    .describe(
      "How the product reaches mailboxes: ews, graph, or open where the vendor's pages do not say it. A room counts as reached only by a role that opens this protocol.",
    ),
  retiredServiceAccountRoles: z
    .array(z.enum(namesOf(retiredRoles)))
    .describe(
      'Roles that let the service account reach mailboxes, and that Exchange Online has retired. Empty without a service account.',
    ),
  tenantWidePermissions: z
    .array(TenantWidePermission)
    .describe('Application permissions that reach every mailbox, whatever the scopes of roles say.'),
});

type Kinds = {
  serviceAccount: unknown;
  access?: { kind: AccessKind } | undefined;
  impersonation: { applicationRoles: readonly unknown[] };
};

/** How the product reaches its rooms: as its profile says, or else as its roles do. */
export function accessKindOf({ access, impersonation }: Omit<Kinds, 'serviceAccount'>): AccessKind {
  return access?.kind ?? (impersonation.applicationRoles.length > 0 ? 'role' : 'none');
}

/** Two ways in one profile could contradict each other. */
function waysFit(profile: Kinds, context: z.core.$RefinementCtx): void {
  const kind = accessKindOf(profile);
  const hasRoles = profile.impersonation.applicationRoles.length > 0;
  const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (kind === 'role' && !hasRoles)
    complain(['impersonation', 'applicationRoles'], 'must name a role, because access.kind is role');
  if (kind !== 'role' && hasRoles)
    complain(['impersonation', 'applicationRoles'], `must be empty, because access.kind is ${kind}`);
  if (isOpenedToAccount(kind) && profile.serviceAccount === null)
    complain(
      ['serviceAccount'],
      `must be said, because access.kind is ${kind}: rooms are opened to an account`,
    );
}

/** What one vendor requires of a tenant, as data. */
export const Profile = z
  .strictObject({
    $schema: z
      .literal('./profile.schema.json')
      .optional()
      .describe('For the editor of whoever writes a profile.'),
    id: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      .describe('What a target names in its property profile: the name of the file without its ending.'),
    name: z.string().min(1).describe("The product's name, as the vendor writes it."),
    way: z
      .string()
      .min(1)
      .optional()
      .describe(
        'How this profile has the product sign in or reach its rooms, where its vendor leaves the choice: one profile for each way.',
      ),
    source: z.url().describe("The vendor's page that states the requirements."),
    furtherSources: z
      .array(z.url())
      .default([])
      .describe("The vendor's pages that state what the first one does not."),
    clientAppId: z
      .guid()
      .toLowerCase()
      .optional()
      .describe(
        "Application id of the vendor's application, where the vendor publishes it: a target may leave it out.",
      ),
    applicationName: z
      .string()
      .min(1)
      .optional()
      .describe(
        "What the vendor's application is called in a tenant, where the vendor says so: it is looked for by this name where there is no published id.",
      ),
    serviceAccount: ServiceAccount.nullable().describe(
      'What is required of the account that the product signs in with; null when it signs in as an application alone.',
    ),
    permissions: z
      .array(RequiredPermission)
      .describe(
        "What the vendor's application has to be granted in Microsoft Entra. Anything else is excess.",
      ),
    optionalPermissions: z
      .array(OptionalPermission)
      .default([])
      .describe('What the application may hold beside that, and does not need: neither missing nor excess.'),
    access: Access.optional().describe(
      'How the product reaches its rooms; by the roles of impersonation unless told, and by permissions of Microsoft Entra where these are none.',
    ),
    impersonation: Impersonation.describe('How the product reaches calendars in Exchange.'),
    rooms: z
      .strictObject({
        calendarSettings: CalendarSettings,
        inRoomList: z.boolean().describe('Whether the product only sees rooms that are in a room list.'),
        equipment: z
          .boolean()
          .default(false)
          .describe(
            'Whether the vendor means equipment as well: its mailboxes may be within reach. They need not be.',
          ),
      })
      .describe('How a room has to be set up.'),
    usesEws: z.boolean().describe('Whether the product uses Exchange Web Services.'),
    secretMaxDays: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        "The longest life in days that the vendor's page gives the client secret of an application of the customer's own. Says that the product signs in with a secret.",
      ),
    userAgents: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'The user agents that the product sends, as rules of Exchange would name them. Empty where the vendor does not say.',
      ),
    notKnown: z
      .array(NotKnown)
      .default([])
      .refine((entries) => new Set(entries.map(({ what }) => what)).size === entries.length, {
        error: 'names something twice',
      })
      .describe("What the vendor's pages do not say, each once."),
    successor: Successor.optional().describe(
      "The vendor's product that takes its place, where the vendor says so.",
    ),
  })
  .superRefine(waysFit)
  .meta({
    title: 'A profile of Syncwarden',
    description: 'What one room-booking product requires of a Microsoft 365 tenant.',
  });
export type Profile = z.infer<typeof Profile>;
