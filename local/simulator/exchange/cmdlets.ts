import { z } from 'zod';
import { badRequest, notFound } from './fault';
import { findNamed } from './names';
import { allRecipients, group, mailbox, matching, membersOf, recipient, shownGroup } from './recipients';
import { roleAssignments } from './roles';
import type { ExchangeState, Recipient } from './state';

/** Rows as they are sent. */
export type Row = Record<string, unknown>;

/** What a cmdlet gives. */
export interface Output {
  rows: readonly Row[];
  warnings: string[];
}

interface Cmdlet {
  /** @throws an `ExchangeFault` when the parameters are wrong, or what they name is not there. */
  run(state: ExchangeState, parameters: unknown): Output;
}

const Identity = z.string().min(1);
/** Exchange shows a thousand rows unless asked for more. */
const ResultSize = z
  .union([
    z.stringFormat('unlimited', /^unlimited$/i).transform(() => Infinity),
    z.coerce.number().int().min(1),
  ])
  .default(1000);
const Types = z.union([z.array(z.string()), z.string().transform((type) => [type])]);

/** Every cmdlet that is simulated, by its name in lower case. */
export const cmdlets: ReadonlyMap<string, Cmdlet> = new Map(
  Object.entries({
    'Get-Recipient': cmdlet(
      z.strictObject({
        Identity: Identity.optional(),
        RecipientTypeDetails: Types.optional(),
        Filter: z.string().optional(),
        ResultSize,
      }),
      (state, { Identity: identity, RecipientTypeDetails, Filter }) => {
        const all = identity === undefined ? allRecipients(state) : [recipient(state, identity)];
        const typed = ofTypes(all, RecipientTypeDetails);
        return Filter === undefined ? typed : matching(state, typed, Filter);
      },
    ),
    'Get-DistributionGroup': cmdlet(
      z.strictObject({ Identity: Identity.optional(), RecipientTypeDetails: Types.optional(), ResultSize }),
      (state, { Identity: identity, RecipientTypeDetails }) => {
        const all = identity === undefined ? state.distributionGroups : [group(state, identity)];
        return ofTypes(all, RecipientTypeDetails).map(shownGroup);
      },
    ),
    'Get-DistributionGroupMember': cmdlet(
      z.strictObject({ Identity, ResultSize }),
      (state, { Identity: identity }) => membersOf(state, group(state, identity)),
    ),
    'Get-CalendarProcessing': cmdlet(z.strictObject({ Identity }), (state, { Identity: identity }) => {
      const found = mailbox(state, identity);
      const own = findNamed(state.calendarProcessing, found.Identity);
      return [{ ...newCalendarProcessing(found), ...own }];
    }),
    'Get-CASMailbox': cmdlet(z.strictObject({ Identity }), (state, { Identity: identity }) => {
      const { Identity: name, PrimarySmtpAddress } = mailbox(state, identity);
      const own = findNamed(state.casMailboxes, name);
      return [{ Identity: name, PrimarySmtpAddress, EwsEnabled: true, ...own }];
    }),
    'Get-OrganizationConfig': cmdlet(
      z.strictObject({ RetrieveEwsOperationAccessPolicy: z.boolean().optional() }),
      ({ organizationConfig }, { RetrieveEwsOperationAccessPolicy }) => {
        const { EwsAllowedAppIDs, ...always } = organizationConfig;
        return [RetrieveEwsOperationAccessPolicy === true ? organizationConfig : always];
      },
    ),
    'Get-ServicePrincipal': cmdlet(
      z.strictObject({ Identity: Identity.optional() }),
      ({ servicePrincipals }, { Identity: identity }) => {
        if (identity === undefined) return servicePrincipals;
        const found = findNamed(servicePrincipals, identity);
        if (found === undefined) throw notFound(identity);
        return [found];
      },
    ),
    'Get-ManagementRoleAssignment': cmdlet(
      z.strictObject({
        RoleAssignee: Identity.optional(),
        Role: z.string().optional(),
        Delegating: z.boolean().optional(),
        Enabled: z.boolean().optional(),
      }),
      roleAssignments,
    ),
    'Get-ManagementScope': cmdlet(z.strictObject({}), ({ managementScopes }) => managementScopes),
  }).map(([name, each]) => [name.toLowerCase(), each]),
);

function cmdlet<P extends z.ZodObject>(
  parameters: P,
  rowsOf: (state: ExchangeState, parameters: z.infer<P>) => readonly Row[],
): Cmdlet {
  return {
    run(state, given) {
      const parsed = parameters.safeParse(given);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw badRequest(
          `A parameter cannot be bound: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
        );
      }
      const rows = rowsOf(state, parsed.data);
      const { ResultSize: most } = parsed.data as { ResultSize?: number };
      return most === undefined || rows.length <= most
        ? { rows, warnings: [] }
        : { rows: rows.slice(0, most), warnings: [thereAreMore] };
    },
  };
}

const thereAreMore =
  'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.';

function ofTypes<T extends { RecipientTypeDetails: string }>(
  rows: readonly T[],
  types?: readonly string[],
): readonly T[] {
  if (types === undefined) return rows;
  const wanted = new Set(types.map((type) => type.toLowerCase()));
  return rows.filter(({ RecipientTypeDetails }) => wanted.has(RecipientTypeDetails.toLowerCase()));
}

/** What Exchange gives to a new mailbox. https://learn.microsoft.com/powershell/module/exchange/set-calendarprocessing */
function newCalendarProcessing({ Identity: name, RecipientTypeDetails }: Recipient) {
  const isResource = /^(Room|Equipment)Mailbox$/i.test(RecipientTypeDetails);
  return {
    Identity: name,
    AutomateProcessing: isResource ? 'AutoAccept' : 'AutoUpdate',
    DeleteSubject: true,
    AllowRecurringMeetings: true,
    AddOrganizerToSubject: true,
    BookingWindowInDays: 180,
  };
}
