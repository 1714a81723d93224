import pMap from 'p-map';
import * as z from 'zod';
import { type CalendarSettingName, largest, processings } from '../../profiles/calendar-setting';
import type { Cmdlet } from '../admin-api';
import { largestBatch, requestsAtOnce } from '../admin-api/cmdlet';
import { exchangeManageAsApp } from '../permissions';
import type { Tenant } from '../tenant';
import { type Read, readOk } from '../wire/read';
import { readEveryRoomList } from './admin-api/room-lists';
import { ExchangeBoolean, recipientProperties, RecipientRow } from './admin-api/rows';
import type { Recipient, Room } from './recipient';

/** A setting as it was understood. Delegates are those that Exchange lists, in a fixed order. */
export type SettingValue = string | boolean | number | readonly string[];

/** Settings of one room. One that is missing was not asked for, or was not understood. */
export type CalendarProcessing = Readonly<Partial<Record<CalendarSettingName, SettingValue>>>;

/** Its values have no other case: Exchange takes and gives any. */
const Processing = z
  .string()
  .transform((text) => processings.find((each) => each.toLowerCase() === text.trim().toLowerCase()))
  .pipe(z.enum(processings));

/** Exchange gives numbers as such, or as PowerShell would print them. */
const WholeNumber = z
  .union([z.number(), z.stringFormat('digits', /^\s*\d{1,10}\s*$/).transform(Number)])
  .pipe(z.number().int().min(0));

/** Nobody is an empty list, or nothing. */
const Delegates = z
  .union([z.array(z.string()), z.string().transform((name) => [name])])
  .nullable()
  .transform((names) => [...new Set((names ?? []).map((name) => name.trim()))].filter(Boolean).sort());

function understood(name: CalendarSettingName): z.ZodType<SettingValue> {
  if (name === 'AutomateProcessing') return Processing;
  if (name === 'ResourceDelegates') return Delegates;
  return Object.hasOwn(largest, name) ? WholeNumber : ExchangeBoolean;
}

/**
 * The row of a room. A value that is not understood costs that setting, and not the others.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-calendarprocessing
 */
function rowOf(names: readonly CalendarSettingName[]): z.ZodType<CalendarProcessing> {
  return z.object(
    Object.fromEntries(names.map((name) => [name, understood(name).optional().catch(undefined)])),
  );
}

const permission = exchangeManageAsApp.name;

/** These calendar settings of rooms, by address. Exchange gives them one mailbox at a time: ten to a request. */
export async function readCalendarSettings(
  tenant: Tenant,
  rooms: readonly Room[],
  names: readonly CalendarSettingName[],
): Promise<Map<string, Read<CalendarProcessing>>> {
  const row = rowOf(names);
  const addresses = rooms.map(({ address }) => address);
  const batches = Array.from({ length: Math.ceil(addresses.length / largestBatch) }, (_, index) =>
    addresses.slice(index * largestBatch, (index + 1) * largestBatch),
  );
  const settings = await pMap(batches, (batch) => readBatch(tenant, batch, names, row), {
    concurrency: requestsAtOnce,
  });
  return new Map(settings.flat());
}

async function readBatch(
  tenant: Tenant,
  addresses: readonly string[],
  select: readonly CalendarSettingName[],
  row: z.ZodType<CalendarProcessing>,
) {
  const cmdlets = addresses.map((Identity): Cmdlet => ({
    name: 'Get-CalendarProcessing',
    parameters: { Identity },
    select,
  }));
  const reads = await tenant.adminApi.getEach(cmdlets, row, {
    what: 'the calendar settings of a room',
    permission,
  });
  return addresses.flatMap((address, index) => {
    const read = reads[index];
    return read === undefined ? [] : [[address, read] as const];
  });
}

/** Everybody who is in a room list. */
export async function readRoomListMembers(tenant: Tenant): Promise<Read<Recipient[]>> {
  const lists = await readEveryRoomList(tenant);
  if (!lists.ok) return lists;
  const reads = await pMap(
    lists.value,
    ({ PrimarySmtpAddress: Identity }) =>
      tenant.adminApi.list(
        {
          name: 'Get-DistributionGroupMember',
          parameters: { Identity, ResultSize: 'Unlimited' },
          select: recipientProperties,
        },
        RecipientRow,
        { what: `the members of the room list ${Identity}`, permission },
      ),
    { concurrency: requestsAtOnce },
  );
  const members: Recipient[] = [];
  for (const read of reads) {
    if (!read.ok) return read;
    members.push(...read.value);
  }
  return readOk(members);
}
