import pMap from 'p-map';
import * as z from 'zod';
import { requestsAtOnce } from '../../admin-api/cmdlet';
import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { isNotFound, type Read, readOk } from '../../wire/read';
import { type AccessPolicy, policyName } from '../access-policy';
import { type ScopeContents, unresolved } from '../scope';
import { isGroup, readGroupMembers } from './room-lists';
import { ExchangeBoolean, type ExchangeRecipient, recipientProperties, RecipientRow } from './rows';

/**
 * https://learn.microsoft.com/powershell/module/exchangepowershell/get-applicationaccesspolicy
 * `ScopeIdentityRaw` is a security id and an object id, with a semicolon between them.
 */
const PolicyRow = z.object({
  AppId: z.union([z.array(z.string()), z.string()]).transform((ids) => [ids].flat().flatMap(split)),
  AccessRight: z.string(),
  ScopeName: z.string().nullish(),
  ScopeIdentity: z.string().nullish(),
  ScopeIdentityRaw: z.string().nullish(),
  IsValid: ExchangeBoolean.nullish(),
});
type PolicyRow = z.infer<typeof PolicyRow>;

function split(ids: string): string[] {
  return ids.toLowerCase().split(/[\s,;]+/);
}

const permission = exchangeManageAsApp.name;

/** Reads the application access policies about an application, with whom they are about. */
export async function readAccessPolicies(tenant: Tenant, appId: string): Promise<Read<AccessPolicy[]>> {
  const rows = await tenant.adminApi.list(
    { name: 'Get-ApplicationAccessPolicy', parameters: {} },
    PolicyRow,
    { what: 'the application access policies of Exchange', permission },
  );
  if (!rows.ok) return rows;
  const own = rows.value.filter((row) => row.AppId.includes(appId.toLowerCase()));
  return readOk(await pMap(own, (row) => toPolicy(tenant, row), { concurrency: requestsAtOnce }));
}

async function toPolicy(tenant: Tenant, row: PolicyRow): Promise<AccessPolicy> {
  const { ScopeName, ScopeIdentity, ScopeIdentityRaw, AccessRight, IsValid } = row;
  const [, objectId] = (ScopeIdentityRaw ?? '').split(';');
  const group = objectId || ScopeIdentity || ScopeName || '';
  const name = ScopeName || group || 'a group without a name';
  const right = rights[AccessRight.trim().toLowerCase()] ?? 'other';
  if (IsValid === false) return { name, right: 'other', members: unresolved('Exchange calls it invalid') };
  return { name, right, members: await readMembers(tenant, name, group) };
}

const rights: Record<string, AccessPolicy['right']> = { restrictaccess: 'restrict', denyaccess: 'deny' };

/** A policy is about one mailbox, or about the members of a group, with the groups within it. */
async function readMembers(tenant: Tenant, name: string, group: string): Promise<ScopeContents> {
  if (group === '') return unresolved('Exchange does not say whom it is about');
  const members = await readEverybodyIn(tenant, group);
  if (isNotFound(members)) return readMailbox(tenant, name, group);
  if (!members.ok) return unresolved(members.failure);
  return members.value.length === 0
    ? unresolved('its group has no members')
    : { inside: members.value, undecided: [] };
}

/** The members of a group and of the groups within it, which may be within each other. */
async function readEverybodyIn(tenant: Tenant, group: string): Promise<Read<ExchangeRecipient[]>> {
  const found = new Map<string, ExchangeRecipient>();
  const seen = new Set([group.toLowerCase()]);
  for (let level = [group]; level.length > 0;) {
    const reads = await Promise.all(level.map((each) => readGroupMembers(tenant, each)));
    level = [];
    for (const read of reads) {
      if (!read.ok) return read;
      for (const member of read.value) {
        if (!isGroup(member)) found.set(member.address, member);
        else if (!seen.has(member.address)) level.push(member.address);
        seen.add(member.address);
      }
    }
  }
  return readOk([...found.values()]);
}

async function readMailbox(tenant: Tenant, name: string, identity: string): Promise<ScopeContents> {
  const read = await tenant.adminApi.get(
    { name: 'Get-Recipient', parameters: { Identity: identity }, select: recipientProperties },
    RecipientRow,
    { what: policyName({ name }), permission },
  );
  if (!read.ok) return isNotFound(read) ? unresolved('its group is not there') : unresolved(read.failure);
  return read.value.hasMailbox
    ? { inside: [read.value], undecided: [] }
    : unresolved('Exchange does not list the members of its group');
}
