import pMap from 'p-map';
import * as z from 'zod';
import type { Opening } from '../../../profiles/access';
import type { Cmdlet } from '../../admin-api';
import { largestBatch, requestsAtOnce } from '../../admin-api/cmdlet';
import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readFailed, readOk } from '../../wire/read';
import { readCalendarSettings } from '../calendar-settings';
import type { Names, OpeningsReader, RoomEntry } from '../openings';
import type { Room } from '../recipient';
import { ExchangeBoolean } from './rows';

const permission = exchangeManageAsApp.name;

/** A switch of a cmdlet comes as a boolean, as a word, or as an object of PowerShell. */
const Switch = z.union([
  ExchangeBoolean,
  z.object({ IsPresent: z.boolean() }).transform(({ IsPresent }) => IsPresent),
]);

/** https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailboxpermission */
const PermissionRow = z.object({
  User: z.string().min(1),
  AccessRights: z.union([z.array(z.string()), z.string().transform((text) => text.split(','))]),
  Deny: Switch,
  IsInherited: Switch,
  InheritanceType: z.string().nullish(),
});
type PermissionRow = z.infer<typeof PermissionRow>;

const Text = z.string().nullish();

/** Whoever is no recipient is a user all the same. https://learn.microsoft.com/powershell/module/exchangepowershell/get-user */
const UserRow = z.object({
  Name: z.string().min(1),
  Identity: Text,
  DisplayName: Text,
  DistinguishedName: z.string().min(1),
  Guid: Text,
  ExternalDirectoryObjectId: Text,
  UserPrincipalName: Text,
  WindowsEmailAddress: Text,
  SamAccountName: Text,
  Sid: Text,
});

/** A group as a recipient. https://learn.microsoft.com/powershell/module/exchangepowershell/get-recipient */
const GroupRow = z.object({
  Name: z.string().min(1),
  Identity: Text,
  DisplayName: Text,
  Alias: Text,
  DistinguishedName: z.string().min(1),
  Guid: Text,
  ExternalDirectoryObjectId: Text,
  PrimarySmtpAddress: Text,
});

const Owner = z.object({ ExternalDirectoryObjectId: Text });

/** Groups within groups end somewhere, and so do those of an account. */
const mostGroups = 200;
/** Names in one filter, so that it does not grow too long. */
const namesPerFilter = 20;

/** Reads who may open rooms, as Exchange itself says it. */
export class AdminApiOpenings implements OpeningsReader {
  constructor(private readonly tenant: Tenant) {}

  async entries(kind: Opening, rooms: readonly Room[]): Promise<Map<string, Read<RoomEntry[]>>> {
    return kind === 'delegate' ? this.delegates(rooms) : this.permissions(rooms);
  }

  async namesOf(id: string): Promise<Read<Names>> {
    const read = await this.tenant.adminApi.get(
      { name: 'Get-User', parameters: { Identity: id }, select: Object.keys(UserRow.shape) },
      UserRow,
      { what: 'what Exchange calls the service account', permission },
    );
    if (!read.ok) return read;
    const { Name, Identity, DisplayName, DistinguishedName, Guid, SamAccountName, ...rest } = read.value;
    const { ExternalDirectoryObjectId, UserPrincipalName, WindowsEmailAddress, Sid } = rest;
    const own = lower(SamAccountName);
    return readOk({
      id: id.toLowerCase(),
      certain: setOf(
        ...[id, Name, Identity, DistinguishedName, Guid, ExternalDirectoryObjectId],
        ...[UserPrincipalName, WindowsEmailAddress, Sid],
      ),
      possible: setOf(DisplayName),
      distinguishedName: DistinguishedName,
      ...(own === undefined ? {} : { account: own }),
    });
  }

  /** Level by level: Exchange tells only who is in a group directly. */
  async groupsOf({ distinguishedName }: Names): Promise<Read<Names[]>> {
    const found = new Map<string, Names>();
    let level = distinguishedName === undefined ? [] : [distinguishedName];
    while (level.length > 0) {
      const filters = chunksOf(level, namesPerFilter).map((names) =>
        names.map((name) => `Members -eq '${name.replaceAll("'", "''")}'`).join(' -or '),
      );
      const reads = await pMap(filters, (filter) => this.groups(filter), { concurrency: requestsAtOnce });
      level = [];
      for (const read of reads) {
        if (!read.ok) return read;
        for (const group of read.value) {
          const name = group.DistinguishedName.toLowerCase();
          if (found.has(name)) continue;
          found.set(name, groupNames(group));
          level.push(group.DistinguishedName);
        }
      }
      if (found.size > mostGroups) return readFailed(tooManyGroups());
    }
    return readOk([...found.values()]);
  }

  async whose(names: readonly string[]): Promise<Map<string, Read<string | undefined>>> {
    const distinct = [...new Set(names.map((name) => name.trim().toLowerCase()))].sort();
    const reads = await this.ask(
      distinct.map((Identity) => ({
        name: 'Get-Recipient',
        parameters: { Identity },
        select: Object.keys(Owner.shape),
      })),
      (cmdlets) =>
        this.tenant.adminApi.getEach(cmdlets, Owner, { what: 'whose a name in a list is', permission }),
    );
    return new Map(
      distinct.flatMap((name, index) => {
        const read = reads[index];
        if (read === undefined) return [];
        return [[name, read.ok ? readOk(lower(read.value.ExternalDirectoryObjectId)) : read] as const];
      }),
    );
  }

  private async permissions(rooms: readonly Room[]): Promise<Map<string, Read<RoomEntry[]>>> {
    const reads = await this.ask(
      rooms.map(({ address: Identity }) => ({
        name: 'Get-MailboxPermission',
        parameters: { Identity, ResultSize: 'Unlimited' },
        select: Object.keys(PermissionRow.shape),
      })),
      (cmdlets) =>
        this.tenant.adminApi.listEach(cmdlets, PermissionRow, {
          what: 'who may open a room',
          permission,
        }),
    );
    return new Map(
      rooms.flatMap(({ address }, index) => {
        const read = reads[index];
        if (read === undefined) return [];
        return [[address, read.ok ? readOk(read.value.filter(isFullAccess).map(entryOf)) : read] as const];
      }),
    );
  }

  private async delegates(rooms: readonly Room[]): Promise<Map<string, Read<RoomEntry[]>>> {
    const settings = await readCalendarSettings(this.tenant, rooms, ['ResourceDelegates']);
    return new Map(
      [...settings].map(([address, read]) => {
        if (!read.ok) return [address, read] as const;
        const names = read.value.ResourceDelegates;
        return [address, Array.isArray(names) ? readOk(names.map(delegate)) : notUnderstood()] as const;
      }),
    );
  }

  /** Ten to a request. */
  private async ask<T>(
    cmdlets: readonly Cmdlet[],
    read: (batch: readonly Cmdlet[]) => Promise<Read<T>[]>,
  ): Promise<Read<T>[]> {
    const answers = await pMap(chunksOf(cmdlets, largestBatch), read, { concurrency: requestsAtOnce });
    return answers.flat();
  }

  private groups(Filter: string): Promise<Read<z.infer<typeof GroupRow>[]>> {
    return this.tenant.adminApi.list(
      {
        name: 'Get-Recipient',
        parameters: { Filter, ResultSize: 'Unlimited' },
        select: Object.keys(GroupRow.shape),
      },
      GroupRow,
      { what: 'the groups that the service account is in', permission },
    );
  }
}

function isFullAccess({ AccessRights }: PermissionRow): boolean {
  return AccessRights.some((right) => right.trim().toLowerCase() === 'fullaccess');
}

function entryOf({ User, Deny, IsInherited, InheritanceType }: PermissionRow): RoomEntry {
  const isWhole = InheritanceType?.trim().toLowerCase() === 'all';
  return { who: User, isDenied: Deny, isInherited: IsInherited, isWhole };
}

function delegate(who: string): RoomEntry {
  return { who, isDenied: false, isInherited: false, isWhole: true };
}

function groupNames(group: z.infer<typeof GroupRow>): Names {
  const { Name, Identity, DistinguishedName, Guid, ExternalDirectoryObjectId, PrimarySmtpAddress } = group;
  return {
    id: lower(ExternalDirectoryObjectId),
    certain: setOf(Name, Identity, DistinguishedName, Guid, ExternalDirectoryObjectId, PrimarySmtpAddress),
    possible: setOf(group.DisplayName, group.Alias),
  };
}

function notUnderstood(): Read<RoomEntry[]> {
  return readFailed({
    cause: 'malformed',
    message: 'Could not read the delegates of a room: Exchange gives nothing that can be compared.',
  });
}

function tooManyGroups() {
  return {
    cause: 'unavailable',
    message: `Could not read the groups that the service account is in: they are more than ${mostGroups}.`,
  } as const;
}

function setOf(...names: (string | null | undefined)[]): Set<string> {
  return new Set(names.flatMap((name) => lower(name) ?? []));
}

function lower(name: string | null | undefined): string | undefined {
  return name?.trim().toLowerCase() || undefined;
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
