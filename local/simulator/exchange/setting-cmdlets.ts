import * as z from 'zod';
import { addTo } from '../lists';
import { type Cmdlet, Identity, writing } from './cmdlet';
import { findNamed } from './names';
import { mailbox, recipient } from './recipients';
import { CalendarSettings, type ExchangeState } from './state';

const Confirm = z.boolean().optional();

/** A list of people; null is nobody. Exchange shows them by the names that it knows them by. */
const Delegates = z
  .array(z.string())
  .nullable()
  .transform((names) => names ?? []);

/** A list, or one text with commas; Exchange shows what was given. */
const AppIds = z.union([
  z.array(z.guid()),
  z.string().refine((text) => text.split(',').every((id) => z.guid().safeParse(id.trim()).success)),
]);

/** Cmdlets that change settings. */
export const settingCmdlets: Record<string, Cmdlet> = {
  'Set-CalendarProcessing': writing(
    'recipients',
    z.strictObject({
      Identity,
      ...CalendarSettings.shape,
      ResourceDelegates: Delegates.optional(),
      Confirm,
    }),
    ({ tenant, write }, { Identity: identity, Confirm: _, ...given }) => {
      const { Identity: name } = mailbox(tenant.exchange, identity);
      const settings = withNames(tenant.exchange, given);
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

/** Delegates have to be there, and are shown by their names whatever they were given by. */
function withNames(
  exchange: ExchangeState,
  settings: { ResourceDelegates?: readonly string[] | undefined },
): Settings {
  const { ResourceDelegates: given } = settings;
  if (given === undefined) return settings;
  return { ...settings, ResourceDelegates: given.map((each) => recipient(exchange, each).Identity) };
}

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
