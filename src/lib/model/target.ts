import * as z from 'zod';
import { profile, type ProfileId, profileIds } from '../profiles';
import { parseAllowedGrant } from './allowed-grants';
import { time } from './time';
import type { Unreadable } from './unreadable';
import { verdicts } from './verdict';

/** What names of ours look like: they are part of addresses, and of storage keys. */
const Slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits or hyphens, and start with a letter or digit',
  );

/** What a `targetId` looks like. */
export const TargetId = Slug;

/** A customer of a service provider. */
export const Customer = Slug;

/** A word by which targets are found. */
export const Tag = Slug;

const guid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const address = '[^\\s@<>"]+@[^\\s@<>"]+\\.[^\\s@<>"]+';

/** A GUID, kept in lower case: Microsoft's services compare them without regard to case. */
const Guid = z
  .string()
  .regex(new RegExp(`^${guid}$`), 'must be a GUID like 00000000-0000-0000-0000-000000000000')
  .toLowerCase();

const Address = z
  .string()
  .max(320)
  .regex(new RegExp(`^${address}$`), 'must be an address like svc-condeco@contoso.com, without spaces');

const ServiceAccount = z
  .string()
  .max(320)
  .regex(
    new RegExp(`^(${guid}|${address})$`),
    'must be an address like svc-condeco@contoso.com, without spaces, or an object id',
  );

/** As it was accepted once: what was stored stays readable whatever is demanded of new ones. */
const AnyGrants = z.array(z.string().min(1).max(200)).max(200);

const AllowedGrants = z
  .array(
    z
      .string()
      .min(1, { message: 'must not be empty', abort: true })
      .max(200)
      .superRefine((entry, context) => {
        const parsed = parseAllowedGrant(entry);
        if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
      }),
  )
  .max(200);

const Rooms = z.discriminatedUnion('source', [
  z.strictObject({
    source: z.literal('all'),
    desks: z
      .enum(['ignore', 'include'])
      .default('ignore')
      .describe('Whether desks, which Exchange keeps as rooms, have to be reached as well.'),
  }),
  z.strictObject({ source: z.literal('roomLists'), roomLists: z.array(Address).min(1).max(1000) }),
  z.strictObject({ source: z.literal('mailboxes'), mailboxes: z.array(Address).min(1).max(10_000) }),
]);

/** A stored target must fit into one entity of Table Storage (1 MiB of UTF-16), with room to spare. */
const longestDefinition = 400_000;

const Definition = z.strictObject({
  targetId: TargetId.describe('Unique; stands in addresses.'),
  displayName: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('What people call it: shown first, searched, and part of no verdict.'),
  customer: Customer.optional().describe('Whose it is, where one provider looks after many.'),
  tags: z
    .array(Tag)
    .max(20)
    .refine((tags) => new Set(tags).size === tags.length, 'must not name one twice')
    .optional()
    .describe('Words to find it by.'),
  tenantId: Guid.describe('Id of the tenant.'),
  profile: z.enum(profileIds).describe('What the vendor requires: the id of a profile.'),
  serviceAccount: ServiceAccount.optional().describe(
    'The account that the vendor signs in with: its user principal name, any of its SMTP addresses, or its object id. Left out for a profile without one.',
  ),
  clientAppId: Guid.describe(
    "Application (client) id of the vendor's application. May be left out where the profile knows it.",
  ),
  authorizedViaServiceAccount: z
    .boolean()
    .default(true)
    .describe(
      'Whether "Authorize via service account" of the vendor is in use, which needs EWS.AccessAsUser.All.',
    ),
  rooms: Rooms.default({ source: 'all', desks: 'ignore' }).describe('The rooms that must be reached.'),
  bookingWindowInDays: z
    .number()
    .int()
    .min(0)
    .max(1080)
    .optional()
    .describe(
      'How many days ahead rooms can be booked, as set in the booking product; not compared unless given.',
    ),
  protocol: z
    .enum(['ews', 'graph'])
    .optional()
    .describe(
      'How the product reaches mailboxes, where its vendor leaves that open: Exchange Web Services, or Microsoft Graph.',
    ),
  exchangeReader: z
    .enum(['graph', 'admin-api'])
    .default('graph')
    .describe('How Exchange is read: through Microsoft Graph, or by its own admin API.'),
  signInSilentDays: z
    .number()
    .int()
    .min(1)
    .max(30)
    .default(7)
    .describe('After how many days without a successful sign-in the product counts as silent.'),
  access: z
    .enum(['vendor-default', 'rooms-only'])
    .default('vendor-default')
    .describe('`rooms-only`: a permission that no scope limits is a violation.'),
  acceptRetiredRole: z
    .boolean()
    .default(false)
    .describe('Whether the role ApplicationImpersonation of the service account counts.'),
  license: z
    .strictObject({
      skuPartNumber: z.string().min(1).max(100).optional(),
      usageLocation: z
        .string()
        .regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, like GB')
        .optional(),
    })
    .optional()
    .describe('The product that a repair would assign, and the country to set where the account has none.'),
  allowedExtraGrants: AllowedGrants.optional().describe(
    'Permissions beyond the profile that this customer accepts: of Microsoft Graph by their name alone, others with their resource, as in `Office 365 Exchange Online/Mail.Read`; `delegated:` or `application:` in front for one kind alone.',
  ),
  allowedExtraRoles: z
    .array(z.string().min(1).max(200))
    .max(50)
    .default([])
    .describe('Roles of Exchange beyond the profile that this customer accepts for the application.'),
  scopeGroups: z
    .record(z.string().min(1).max(1000), Address)
    .default({})
    .describe('Distinguished name in a `MemberOfGroup` filter → address of that group.'),
  paused: z.boolean().default(false).describe('Not enqueued, never stale, and not in health or score.'),
});

const fits = (target: object) => JSON.stringify(target).length <= longestDefinition;
const tooLong = {
  path: ['rooms'],
  message: 'makes the target too large to store: name room lists instead of single mailboxes',
};

const WithoutAccount = z.object({
  /** Undefined where it is missing, or is none. */
  profile: z.enum(profileIds).optional().catch(undefined),
  serviceAccount: z.undefined().optional(),
});
const hasItsAccount = (target: unknown) => {
  const { success, data } = WithoutAccount.safeParse(target);
  return !success || (data.profile !== undefined && profile(data.profile).serviceAccount === null);
};
const accountMissing = {
  path: ['serviceAccount'],
  error: ({ input }: { input: unknown }) =>
    WithoutAccount.safeParse(input).data?.profile === undefined
      ? 'is required, unless the profile is that of a product without such an account'
      : 'is required: the product of this profile signs in with an account',
  // Told together with whatever else is wrong.
  when: () => true,
};

const WithoutApplication = z.object({
  profile: z.enum(profileIds).optional().catch(undefined),
  clientAppId: z.undefined().optional(),
});
const hasItsApplication = (target: unknown) => {
  const { success, data } = WithoutApplication.safeParse(target);
  return !success || (data.profile !== undefined && profile(data.profile).clientAppId !== undefined);
};
const applicationMissing = {
  path: ['clientAppId'],
  error: ({ input }: { input: unknown }) =>
    WithoutApplication.safeParse(input).data?.profile === undefined
      ? 'is required, unless the vendor of the profile publishes it'
      : 'is required: the vendor of this profile publishes no application id',
  // Told together with whatever else is wrong.
  when: () => true,
};

const Named = z.object({ profile: z.enum(profileIds), clientAppId: Guid });
/** The other way of the same vendor has another application: what that one is granted says nothing of this one. */
const isOfItsWay = (target: unknown) => {
  const { data } = Named.safeParse(target);
  return data === undefined || otherWayOf(data) === undefined;
};
const ofAnotherWay = {
  path: ['clientAppId'],
  error: ({ input }: { input: unknown }) => {
    const { data } = Named.safeParse(input);
    const other = data === undefined ? undefined : otherWayOf(data);
    return `is the application of the profile ${other ?? ''}: leave it out, or name that profile`;
  },
  when: () => true,
};
function otherWayOf({ profile: id, clientAppId }: z.infer<typeof Named>): ProfileId | undefined {
  if (profile(id).clientAppId === clientAppId) return undefined;
  return profileIds.find((other) => other !== id && profile(other).clientAppId === clientAppId);
}

/** What is put, with the application that the profile knows where none is named. */
const Given = Definition.partial({ clientAppId: true });

/** Fills in the application that the profile knows. @throws when it knows none: {@link Target} refuses that before. */
export function withApplication<T extends { profile: ProfileId; clientAppId?: string | undefined }>(
  target: T,
): T & { clientAppId: string } {
  const clientAppId = target.clientAppId ?? profile(target.profile).clientAppId;
  if (clientAppId === undefined) throw new Error(`The profile ${target.profile} knows no application.`);
  return { ...target, clientAppId };
}

/**
 * One watched integration: a tenant, a service account, the vendor's application, and the rooms it must reach.
 * Unknown properties are refused, so that a misspelt option cannot silently mean its default.
 */
export const Target = Given.refine(fits, tooLong)
  .refine(hasItsAccount, accountMissing)
  .refine(hasItsApplication, applicationMissing)
  .refine(isOfItsWay, ofAnotherWay)
  .transform(withApplication);
export type Target = z.infer<typeof Definition>;

/** A target as it is kept. What was accepted when it was put is not held against what is demanded today. */
export const KeptTarget = Definition.extend({ allowedExtraGrants: AnyGrants.optional() });

/** A target as it is put: its id stands in the address, and may be repeated in the body. */
export const TargetBody = Definition.partial({ targetId: true, clientAppId: true })
  .refine(fits, tooLong)
  .refine(hasItsAccount, accountMissing)
  .refine(hasItsApplication, applicationMissing)
  .refine(isOfItsWay, ofAnotherWay)
  .meta({ id: 'TargetBody', description: 'A target as it is put. What is left out gets its default.' });
export type TargetBody = z.infer<typeof TargetBody>;

/** A target as the API shows it. */
export const TargetView = Definition.extend({
  createdAt: time('When the target was first put.'),
  worstVerdict: z
    .enum(verdicts)
    .describe(
      'The worst verdict of all controls. A waived one counts as compliant, a control that never ran as unknown.',
    ),
}).meta({ id: 'Target', description: 'One watched integration.' });
export type TargetView = z.infer<typeof TargetView>;

/** What became of one target among many that were put at once. */
export const ImportedTarget = z.object({
  line: z.number().int().describe('Where it stands in what was sent, from 1.'),
  targetId: z.string(),
  outcome: z
    .enum(['created', 'replaced', 'unchanged'])
    .describe('What was done, or would be; `unchanged` writes nothing.'),
});
export type ImportedTarget = z.infer<typeof ImportedTarget>;

/** What Exchange's own test said of a room, and this evaluation otherwise: it stays in dispute until it is asked again. */
export const Dispute = z.object({
  /** Address in lower case. */
  room: z.string(),
  protocol: z.enum(['ews', 'graph']),
  /** What Exchange said: whether a role of the application reaches the room. */
  isInScope: z.boolean(),
});
export type Dispute = z.infer<typeof Dispute>;

/** A target as it is kept: with when it was made, and what was learnt about it. */
export interface StoredTarget extends Target {
  /** When the target was first put, ISO 8601 in UTC. */
  createdAt: string;
  /** When its definition was last put: a result that was collected under another definition is not recorded. */
  updatedAt: string;
  /** When it was paused no more, or became about something else: it is looked after from then on. Absent before the first time. */
  watchedFrom?: string;
  /** Object id of the service account, from the first successful reading: a UPN can be renamed. */
  serviceAccountId?: string;
  /** What its UPN was then: the target may name it by something else. */
  serviceAccountUpn?: string;
  /** What was in dispute when it was last read: not every room is asked about every night, and not every answer comes. */
  disputes?: readonly Dispute[];
  /** Of the row that it was read from; absent where it comes from no row. Whoever writes by it writes over nothing newer. */
  etag?: string;
}

/** What people know a target by. */
export type Names = Pick<Target, 'displayName' | 'customer' | 'tags'>;

/** As much of a target as is needed to tell how it stands, from what was found of it. */
export type Watched = Pick<StoredTarget, 'targetId' | 'tenantId' | 'paused' | 'createdAt' | 'watchedFrom'> &
  Names;

/**
 * A target that is there, and whose definition cannot be understood. It is watched as far as that goes: nobody can audit it. It
 * is paused only where its row says so all the same.
 */
export interface UnreadableTarget extends Watched {
  unreadable: Unreadable;
  /** What it is about, as {@link subjectOf} says it; undefined where that cannot be told. */
  subject: string | undefined;
}

/** A target as the table lists it. */
export type ListedTarget = StoredTarget | UnreadableTarget;

/** Whether the definition of a target was understood. */
export function isReadable(target: ListedTarget): target is StoredTarget {
  return !('unreadable' in target);
}

/** What people call a target, and whose it is; nothing of what else there is of it. */
export function namesOf({ displayName, customer, tags }: Names): Names {
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(customer === undefined ? {} : { customer }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** The definition alone, as the API shows it. */
export function definitionOf(stored: StoredTarget): Target {
  const {
    createdAt,
    updatedAt,
    watchedFrom,
    serviceAccountId,
    serviceAccountUpn,
    disputes,
    etag,
    ...definition
  } = stored;
  return definition;
}

/** What of a target tells what it is about. */
export const Subject = z.object({
  createdAt: z.iso.datetime(),
  tenantId: Guid,
  serviceAccount: z.string().optional(),
  clientAppId: Guid,
  profile: z.string(),
});
type Subject = Omit<z.infer<typeof Subject>, 'serviceAccount'> & { serviceAccount?: string | undefined };

/** What a target is about. Whatever was found or accepted about another subject says nothing about this one. */
export function subjectOf({ createdAt, tenantId, serviceAccount, clientAppId, profile }: Subject): string {
  // Deleted and made again, it is another one.
  return [createdAt, tenantId, serviceAccount?.toLowerCase() ?? '', clientAppId, profile].join('\n');
}

/** What the target calls its service account. @throws when it names none: only asked about products that have one. */
export function accountName({ targetId, serviceAccount }: Target): string {
  if (serviceAccount === undefined) throw new Error(`The target ${targetId} has no service account.`);
  return serviceAccount;
}

/** Whether the service account is named by its object id, and by no address. */
export function isObjectId(name: string): boolean {
  return new RegExp(`^${guid}$`).test(name);
}
