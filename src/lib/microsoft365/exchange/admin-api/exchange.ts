import pMap from 'p-map';
import type { StoredTarget } from '../../../model/target';
import { requestsAtOnce } from '../../admin-api/cmdlet';
import { exchangeManageAsApp } from '../../permissions';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import type { AccessPolicy } from '../access-policy';
import type { CountedRoles, ExchangeReader, Holders, RoleAssignment } from '../exchange';
import { readUnitMembers } from '../graph/members';
import { markPlaces } from '../graph/place-recipient';
import { PlaceIndex } from '../graph/places';
import { learnPlans } from '../graph/plans';
import type { GraphRecipient } from '../graph/recipient';
import type { Baseline, BaselineQuery, RoomList } from '../baseline';
import type { OpeningsReader } from '../openings';
import type { Recipient } from '../recipient';
import { type FilterScope, membersOf, type Scope, type ScopeContents, unresolved } from '../scope';
import { allOf, namedRooms, type TargetRooms } from '../target-rooms';
import { readAssignments, readExclusiveScopes } from './assignments';
import { readAuthorizations } from './authorizations';
import { readBaseline, readRole } from './baseline';
import { AdminApiOpenings } from './openings';
import { readAccessPolicies } from './policies';
import { readGroupMembers, readRoomLists, walkLists } from './room-lists';
import { type ExchangeRecipient, recipientProperties, RecipientRow } from './rows';

const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Exchange's own answers. Filters are evaluated and role groups expanded by Exchange itself. */
export class AdminApiExchange implements ExchangeReader {
  readonly openings: OpeningsReader;

  constructor(
    private readonly tenant: Tenant,
    private readonly target: StoredTarget,
  ) {
    this.openings = new AdminApiOpenings(tenant);
  }

  async rooms(): Promise<Read<TargetRooms>> {
    const { rooms } = this.target;
    switch (rooms.source) {
      case 'all':
        return this.allRooms(rooms.desks === 'include');
      case 'roomLists':
        return readOk(await walkLists(this.tenant, rooms.roomLists));
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

  baseline(query: BaselineQuery): Promise<Read<Baseline>> {
    return readBaseline(this.tenant, this.target, query);
  }

  role(name: string): Promise<Read<string | null>> {
    return readRole(this.tenant, name);
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
    return pMap(scopes, async (scope) => withOddResources(await this.contentsOf(scope)), {
      concurrency: requestsAtOnce,
    });
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
    const desks = rooms.value.filter(({ desk }) => desk !== undefined);
    markPlaces(
      members.value,
      new PlaceIndex(
        rooms.value.filter(({ desk }) => desk === undefined),
        desks,
      ),
    );
    const plans = await learnPlans(this.tenant, members.value);
    if (!plans.ok) return unresolved(plans.failure);
    const asked = await this.askExchange(members.value.filter(({ hasMailbox }) => hasMailbox === undefined));
    return asked.ok ? membersOf(members) : unresolved(asked.failure);
  }

  /** Finds out of users whether Exchange has a mailbox for them. */
  private async askExchange(users: readonly GraphRecipient[]): Promise<Read<void>> {
    if (users.length === 0) return readOk(undefined);
    const mailboxes = await this.otherMailboxes();
    if (!mailboxes.ok) return mailboxes;
    // By their ids: an address may also stand with somebody who has no mailbox.
    const ids = new Set(mailboxes.value.map(({ id }) => id));
    for (const user of users) user.isInExchange = ids.has(user.id);
    return readOk(undefined);
  }

  private async allRooms(withDesks: boolean): Promise<Read<TargetRooms>> {
    const rooms = await this.roomMailboxes();
    if (!rooms.ok) return rooms;
    const isMeant = ({ desk }: ExchangeRecipient) => desk === undefined || (withDesks && desk === 'yes');
    const odd = rooms.value.filter(({ desk }) => desk === 'unknown');
    return readOk({
      ...allOf(rooms.value.filter(isMeant).map((room) => ({ ...room, exists: true }))),
      gaps: odd.map((room) => ({ about: room.address, problem: oddResource(room) })),
    });
  }

  private roomMailboxes(): Promise<Read<ExchangeRecipient[]>> {
    return this.recipients({ RecipientTypeDetails: ['RoomMailbox'] }, 'the rooms of the tenant');
  }

  private async namedRooms(addresses: readonly string[]): Promise<Read<TargetRooms>> {
    const rooms = await this.roomMailboxes();
    if (!rooms.ok) return rooms;
    const found = namedRooms(addresses, rooms.value);
    if (found.every(({ exists }) => exists)) return readOk(allOf(found));
    const others = await this.otherMailboxes();
    return others.ok ? readOk(allOf(namedRooms(addresses, [...rooms.value, ...others.value]))) : others;
  }

  private otherMailboxes(): Promise<Read<ExchangeRecipient[]>> {
    return this.recipients(
      { RecipientTypeDetails: ['UserMailbox', 'SharedMailbox', 'EquipmentMailbox'] },
      'the mailboxes of the tenant',
    );
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

/** Says of whom it is not known whether they are desks. */
function withOddResources(contents: ScopeContents): ScopeContents {
  const [odd] = contents.inside === 'all' ? [] : contents.inside.filter(isOdd);
  return odd === undefined ? contents : { ...contents, problem: oddResource(odd) };
}

function isOdd(recipient: Recipient): recipient is ExchangeRecipient {
  return recipient.desk === 'unknown';
}

function oddResource({ address, oddResource: kind = '' }: ExchangeRecipient): string {
  return `Exchange calls the resource ${address} a "${kind}", which is neither a room nor a desk`;
}
