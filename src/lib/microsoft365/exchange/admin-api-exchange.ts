import pMap from 'p-map';
import type { StoredTarget } from '../../target';
import { requestsAtOnce } from '../admin-api/cmdlet';
import { exchangeManageAsApp } from '../permissions';
import { type Read, readOk } from '../read';
import type { Tenant } from '../tenant';
import { readAssignments, readExclusiveScopes } from './admin-api-assignments';
import { readAuthorizations } from './admin-api-authorizations';
import { readGround } from './admin-api-ground';
import { readAccessPolicies } from './admin-api-policies';
import { readGroupMembers, readRoomLists, roomsIn, walkLists } from './admin-api-room-lists';
import { type ExchangeRecipient, recipientProperties, RecipientRow } from './admin-api-rows';
import type { AccessPolicy } from './access-policy';
import {
  type CountedRoles,
  type ExchangeReader,
  type FilterScope,
  type Holders,
  membersOf,
  namedRooms,
  type Recipient,
  type RoleAssignment,
  type Room,
  type Scope,
  type ScopeContents,
  unresolved,
} from './exchange';
import { readUnitMembers } from './graph-members';
import { learnPlans } from './graph-plans';
import { markRooms } from './graph-recipient';
import type { Ground, GroundQuery, RoomList } from './ground';

const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Exchange's own answers. Filters are evaluated and role groups expanded by Exchange itself. */
export class AdminApiExchange implements ExchangeReader {
  constructor(
    private readonly tenant: Tenant,
    private readonly target: StoredTarget,
  ) {}

  async rooms(): Promise<Read<Room[]>> {
    const { rooms } = this.target;
    switch (rooms.source) {
      case 'all':
        return toRooms(await this.roomMailboxes());
      case 'roomLists':
        return toRooms(roomsIn(await walkLists(this.tenant, rooms.roomLists)));
      case 'mailboxes':
        return this.namedRooms(rooms.mailboxes);
    }
  }

  assignments(holders: Holders, roles: CountedRoles): Promise<Read<RoleAssignment[]>> {
    return readAssignments(this.tenant, this.target, holders, roles);
  }

  exclusiveScopes(): Promise<Read<FilterScope[]>> {
    return readExclusiveScopes(this.tenant);
  }

  ground(query: GroundQuery): Promise<Read<Ground>> {
    return readGround(this.tenant, this.target, query);
  }

  accessPolicies(appId: string): Promise<Read<AccessPolicy[]>> {
    return readAccessPolicies(this.tenant, appId);
  }

  async mailboxes(): Promise<Read<Recipient[]>> {
    const [rooms, others] = await Promise.all([this.roomMailboxes(), this.otherMailboxes()]);
    if (!rooms.ok) return rooms;
    return others.ok ? readOk([...rooms.value, ...others.value]) : others;
  }

  authorizations(application: string, addresses: readonly string[]) {
    return readAuthorizations(this.tenant, application, addresses);
  }

  async roomLists(): Promise<Read<RoomList[]>> {
    const { rooms } = this.target;
    return rooms.source === 'roomLists' ? readRoomLists(this.tenant, rooms.roomLists) : readOk([]);
  }

  contents(scopes: readonly Scope[]): Promise<ScopeContents[]> {
    return pMap(scopes, (scope) => this.contentsOf(scope), { concurrency: requestsAtOnce });
  }

  private async contentsOf(scope: Scope): Promise<ScopeContents> {
    switch (scope.kind) {
      case 'organization':
        return { inside: 'all', undecided: [] };
      case 'filter':
        return known(
          await this.recipients(filterParameters(scope), `the recipients in the scope ${scope.name}`),
        );
      case 'user':
        return membersOf(await this.recipients({ Identity: scope.id }, `the user ${scope.id}`));
      case 'group': {
        const members = await readGroupMembers(this.tenant, scope.id);
        // Only some kinds of groups have members here, so that this is no proof of an empty one.
        return members.ok ? membersOf(members) : unresolved(members.failure);
      }
      case 'administrativeUnit':
        return this.unitContents(scope.id);
      case 'other':
        return unresolved(scope.why);
    }
  }

  /** Administrative units belong to Microsoft Entra, and no cmdlet lists who is in one. */
  private async unitContents(id: string): Promise<ScopeContents> {
    if (!isGuid.test(id)) return unresolved(`Exchange gives no id for the administrative unit ${id}`);
    const [members, rooms] = await Promise.all([readUnitMembers(this.tenant, id), this.roomMailboxes()]);
    if (!rooms.ok) return unresolved(rooms.failure);
    if (!members.ok) return membersOf(members);
    markRooms(members.value, new Set(rooms.value.map(({ address }) => address)));
    const plans = await learnPlans(this.tenant, members.value);
    return plans.ok ? membersOf(members) : unresolved(plans.failure);
  }

  private roomMailboxes(): Promise<Read<ExchangeRecipient[]>> {
    return this.recipients({ RecipientTypeDetails: ['RoomMailbox'] }, 'the rooms of the tenant');
  }

  private otherMailboxes(): Promise<Read<ExchangeRecipient[]>> {
    return this.recipients(
      { RecipientTypeDetails: ['UserMailbox', 'SharedMailbox', 'EquipmentMailbox'] },
      'the mailboxes of the tenant',
    );
  }

  private async namedRooms(addresses: readonly string[]): Promise<Read<Room[]>> {
    const rooms = await this.roomMailboxes();
    if (!rooms.ok) return rooms;
    const found = namedRooms(addresses, rooms.value);
    if (found.every(({ exists }) => exists)) return readOk(found);
    const others = await this.otherMailboxes();
    return others.ok ? readOk(namedRooms(addresses, [...rooms.value, ...others.value])) : others;
  }

  private recipients(parameters: Record<string, unknown>, what: string): Promise<Read<ExchangeRecipient[]>> {
    return this.tenant.adminApi.list(
      {
        name: 'Get-Recipient',
        parameters: { ...parameters, ResultSize: 'Unlimited' },
        select: recipientProperties,
      },
      RecipientRow,
      { what, permission: exchangeManageAsApp.name },
    );
  }
}

/** Something that a filter names may be missing, which is no proof of an empty scope. */
function known(read: Read<ExchangeRecipient[]>): ScopeContents {
  return read.ok ? membersOf(read) : unresolved(read.failure);
}

function filterParameters({ filter, root }: FilterScope): Record<string, unknown> {
  return root === undefined ? { Filter: filter } : { Filter: filter, OrganizationalUnit: root };
}

function toRooms(read: Read<ExchangeRecipient[]>): Read<Room[]> {
  if (!read.ok) return read;
  // A room list may hold rooms on a server of the customer's, or somebody without a mailbox.
  return readOk(read.value.map((recipient) => ({ ...recipient, exists: recipient.hasMailbox })));
}
