import * as z from 'zod';
import { findRole } from './assignments';
import { Identity, reading, ResultSize } from './cmdlet';
import { notFound } from './fault';
import { findNamed } from './names';
import {
  allRecipients,
  group,
  mailbox,
  matching,
  membersOf,
  recipientsCalled,
  shownGroup,
} from './recipients';
import { roleAssignments } from './roles';
import type { Recipient } from './state';

const Types = z.union([z.array(z.string()), z.string().transform((type) => [type])]);

/** Cmdlets that show something. */
export const readingCmdlets = {
  'Get-Recipient': reading(
    z.strictObject({
      Identity: Identity.optional(),
      RecipientTypeDetails: Types.optional(),
      Filter: z.string().optional(),
      ResultSize,
    }),
    (state, { Identity: identity, RecipientTypeDetails, Filter }) => {
      const all = identity === undefined ? allRecipients(state) : recipientsCalled(state, identity);
      const typed = ofTypes(all, RecipientTypeDetails);
      return Filter === undefined ? typed : matching(state, typed, Filter);
    },
  ),
  'Get-DistributionGroup': reading(
    z.strictObject({ Identity: Identity.optional(), RecipientTypeDetails: Types.optional(), ResultSize }),
    (state, { Identity: identity, RecipientTypeDetails }) => {
      const all = identity === undefined ? state.distributionGroups : [group(state, identity)];
      return ofTypes(all, RecipientTypeDetails).map(shownGroup);
    },
  ),
  'Get-DistributionGroupMember': reading(
    z.strictObject({ Identity, ResultSize }),
    (state, { Identity: identity }) => membersOf(state, group(state, identity)),
  ),
  'Get-CalendarProcessing': reading(z.strictObject({ Identity }), (state, { Identity: identity }) => {
    const found = mailbox(state, identity);
    const own = findNamed(state.calendarProcessing, found.Identity);
    return [{ ...newCalendarProcessing(found), ...own }];
  }),
  'Get-CASMailbox': reading(z.strictObject({ Identity }), (state, { Identity: identity }) => {
    const { Identity: name, PrimarySmtpAddress } = mailbox(state, identity);
    const own = findNamed(state.casMailboxes, name);
    return [{ Identity: name, PrimarySmtpAddress, ...newCasMailbox, ...own }];
  }),
  'Get-OrganizationConfig': reading(
    z.strictObject({ RetrieveEwsOperationAccessPolicy: z.boolean().optional() }),
    ({ organizationConfig }, { RetrieveEwsOperationAccessPolicy }) => {
      const { EwsAllowedAppIDs, ...always } = organizationConfig;
      return [RetrieveEwsOperationAccessPolicy === true ? organizationConfig : always];
    },
  ),
  'Get-ServicePrincipal': reading(
    z.strictObject({ Identity: Identity.optional() }),
    ({ servicePrincipals }, { Identity: identity }) => {
      const found = identity === undefined ? undefined : findNamed(servicePrincipals, identity);
      // Asked for one that it does not know, Exchange gives everybody.
      return found === undefined ? servicePrincipals : [found];
    },
  ),
  'Get-ApplicationAccessPolicy': reading(
    z.strictObject({}),
    ({ applicationAccessPolicies }) => applicationAccessPolicies,
  ),
  'Get-ManagementRoleAssignment': reading(
    z.strictObject({
      RoleAssignee: Identity.optional(),
      Role: z.string().optional(),
      Delegating: z.boolean().optional(),
      Enabled: z.boolean().optional(),
    }),
    roleAssignments,
  ),
  'Get-ManagementRole': reading(z.strictObject({ Identity }), (_state, { Identity: identity }, tenant) => {
    const role = findRole(tenant, identity);
    if (role === undefined) throw notFound(identity);
    return [{ Identity: role.name, Name: role.name, Guid: role.id }];
  }),
  'Get-ManagementScope': reading(z.strictObject({}), ({ managementScopes }) => managementScopes),
};

function ofTypes<T extends { RecipientTypeDetails: string }>(
  rows: readonly T[],
  types?: readonly string[],
): readonly T[] {
  if (types === undefined) return rows;
  const wanted = new Set(types.map((type) => type.toLowerCase()));
  return rows.filter(({ RecipientTypeDetails }) => wanted.has(RecipientTypeDetails.toLowerCase()));
}

/** What Exchange gives to a new mailbox. https://learn.microsoft.com/powershell/module/exchangepowershell/set-casmailbox */
const newCasMailbox = {
  EwsEnabled: true,
  EwsApplicationAccessPolicy: null,
  EwsAllowList: null,
  EwsBlockList: null,
};

/** What Exchange gives to a new mailbox. https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing */
function newCalendarProcessing({ Identity: name, RecipientTypeDetails }: Recipient) {
  const isResource = /^(Room|Equipment)Mailbox$/i.test(RecipientTypeDetails);
  return {
    Identity: name,
    AutomateProcessing: isResource ? 'AutoAccept' : 'AutoUpdate',
    AllBookInPolicy: true,
    AllRequestInPolicy: false,
    AllRequestOutOfPolicy: false,
    ResourceDelegates: [],
    ForwardRequestsToDelegates: true,
    AddOrganizerToSubject: true,
    DeleteSubject: true,
    DeleteComments: true,
    DeleteAttachments: true,
    RemovePrivateProperty: true,
    ProcessExternalMeetingMessages: false,
    AllowConflicts: false,
    AllowRecurringMeetings: true,
    BookingWindowInDays: 180,
    MaximumDurationInMinutes: 1440,
    ScheduleOnlyDuringWorkHours: false,
    EnforceSchedulingHorizon: true,
  };
}
