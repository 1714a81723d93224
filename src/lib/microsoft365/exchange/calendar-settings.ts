import pMap from 'p-map';
import { z } from 'zod';
import type { Cmdlet } from '../admin-api';
import { largestBatch, requestsAtOnce } from '../admin-api/cmdlet';
import { exchangeManageAsApp } from '../permissions';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import { ExchangeBoolean, recipientProperties, RecipientRow } from './admin-api-rows';
import type { Recipient, Room } from './exchange';

/** https://learn.microsoft.com/powershell/module/exchange/get-calendarprocessing */
const CalendarProcessing = z.object({
  AutomateProcessing: z.string(),
  DeleteSubject: ExchangeBoolean,
  AllowRecurringMeetings: ExchangeBoolean,
});
export type CalendarProcessing = z.infer<typeof CalendarProcessing>;

const select = Object.keys(CalendarProcessing.shape);

const permission = exchangeManageAsApp.name;

/** The calendar settings of rooms, by address. Exchange gives them one mailbox at a time: ten to a request. */
export async function readCalendarSettings(
  tenant: Tenant,
  rooms: readonly Room[],
): Promise<Map<string, Read<CalendarProcessing>>> {
  const addresses = rooms.map(({ address }) => address);
  const batches = Array.from({ length: Math.ceil(addresses.length / largestBatch) }, (_, index) =>
    addresses.slice(index * largestBatch, (index + 1) * largestBatch),
  );
  const settings = await pMap(batches, (batch) => readBatch(tenant, batch), { concurrency: requestsAtOnce });
  return new Map(settings.flat());
}

async function readBatch(tenant: Tenant, addresses: readonly string[]) {
  const cmdlets = addresses.map((Identity): Cmdlet => ({
    name: 'Get-CalendarProcessing',
    parameters: { Identity },
    select,
  }));
  const reads = await tenant.adminApi.getEach(cmdlets, CalendarProcessing, {
    what: 'the calendar settings of a room',
    permission,
  });
  return addresses.flatMap((address, index) => {
    const read = reads[index];
    return read === undefined ? [] : [[address, read] as const];
  });
}

const RoomList = z.object({ PrimarySmtpAddress: z.string() });

/** Everybody who is in a room list. */
export async function readRoomListMembers(tenant: Tenant): Promise<Read<Recipient[]>> {
  const lists = await tenant.adminApi.list(
    {
      name: 'Get-DistributionGroup',
      parameters: { RecipientTypeDetails: ['RoomList'], ResultSize: 'Unlimited' },
      select: Object.keys(RoomList.shape),
    },
    RoomList,
    { what: 'the room lists of the tenant', permission },
  );
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
