import { z } from 'zod';
import { addTo } from '../lists';
import { type Cmdlet, Identity, writing } from './cmdlet';
import { findNamed } from './names';
import { mailbox } from './recipients';

const Confirm = z.boolean().optional();

/** Settings of a calendar that are simulated. https://learn.microsoft.com/powershell/module/exchange/set-calendarprocessing */
const CalendarSettings = z.strictObject({
  Identity,
  AutomateProcessing: z.enum(['None', 'AutoUpdate', 'AutoAccept']).optional(),
  DeleteSubject: z.boolean().optional(),
  AllowRecurringMeetings: z.boolean().optional(),
  AddOrganizerToSubject: z.boolean().optional(),
  BookingWindowInDays: z.number().int().min(0).max(1080).optional(),
  Confirm,
});

/** A list, or one text with commas; Exchange shows what was given. */
const AppIds = z.union([
  z.array(z.guid()),
  z.string().refine((text) => text.split(',').every((id) => z.guid().safeParse(id.trim()).success)),
]);

/** Cmdlets that change settings. */
export const settingCmdlets: Record<string, Cmdlet> = {
  'Set-CalendarProcessing': writing(
    'recipients',
    CalendarSettings,
    ({ tenant, write }, { Identity: identity, Confirm: _, ...settings }) => {
      const { Identity: name } = mailbox(tenant.exchange, identity);
      if (isSame(findNamed(tenant.exchange.calendarProcessing, name), settings)) return unchanged(name);
      write(({ exchange }) => set(exchange.calendarProcessing, name, settings));
      return {};
    },
  ),
  'Set-CASMailbox': writing(
    'recipients',
    z.strictObject({ Identity, EwsEnabled: z.boolean().nullable(), Confirm }),
    ({ tenant, write }, { Identity: identity, EwsEnabled }) => {
      const { Identity: name } = mailbox(tenant.exchange, identity);
      if (isSame(findNamed(tenant.exchange.casMailboxes, name), { EwsEnabled })) return unchanged(name);
      write(({ exchange }) => set(exchange.casMailboxes, name, { EwsEnabled }));
      return {};
    },
  ),
  'Set-OrganizationConfig': writing(
    'organization',
    z.strictObject({
      EwsEnabled: z.boolean().nullable().optional(),
      // Replaces the whole list; null clears it.
      EwsAllowedAppIDs: AppIds.nullable().optional(),
      Confirm,
    }),
    ({ tenant, write }, { Confirm: _, ...settings }) => {
      const { organizationConfig } = tenant.exchange;
      if (isSame(organizationConfig, settings)) return unchanged(organizationConfig.Identity);
      write(({ exchange }) => Object.assign(exchange.organizationConfig, structuredClone(settings)));
      return {};
    },
  ),
};

type Settings = Readonly<Record<string, unknown>>;
type Named = { Identity: string } & Record<string, unknown>;

function isSame(own: Settings | undefined, wanted: Settings): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => JSON.stringify(own?.[name]) === JSON.stringify(value),
  );
}

/** Nothing is written, and it is no error either. */
function unchanged(name: string) {
  return {
    warning: `The command completed successfully but no settings of '${name}' have been modified.`,
  };
}

/** Changes the settings of one mailbox, of which none may stand there yet. */
function set(list: Named[], name: string, settings: Settings): void {
  const own = list.find(({ Identity: each }) => each === name);
  if (own === undefined) addTo(list, { Identity: name, ...settings });
  else Object.assign(own, settings);
}
