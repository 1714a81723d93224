import {
  type CustomScope,
  type MissingList,
  type RoleAssignment,
  type Scope,
  scopeName,
} from '../../../microsoft365/exchange';
import type { ReadFailure } from '../../../microsoft365/wire/read';
import type { ManualStep } from '../../../model/plan';
import type { Requirement } from '../../control';
import { listOf } from '../../evaluation';
import type { Diagnosis, StraysOf } from './diagnosis';

const cmdlets = 'https://learn.microsoft.com/powershell/module/exchange';
const links = {
  roles: 'https://learn.microsoft.com/exchange/permissions-exo/application-rbac',
  groups: 'https://learn.microsoft.com/powershell/exchange/recipientfilter-properties',
  rooms: 'https://learn.microsoft.com/exchange/recipients-in-exchange-online/manage-room-mailboxes',
  addToUnit: 'https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-members-add',
  removeFromUnit:
    'https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-members-remove',
  permissions: 'https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions',
  register: `${cmdlets}/new-serviceprincipal`,
  scope: `${cmdlets}/set-managementscope`,
  assignment: `${cmdlets}/set-managementroleassignment`,
};

/** Consented to, or registered where the vendor asks for no permission. */
export function appMissing({ profile, target }: Requirement): ManualStep {
  return {
    description: `Have an administrator ${profile.permissions.length === 0 ? 'register' : 'consent to'} the application ${target.clientAppId} of ${profile.name} first: roles can only be assigned to an application that is there.`,
    link: profile.source,
  };
}

/** For room lists whose distinguished names are not known. @param addresses of the lists. */
export function unknownLists(addresses: readonly string[]): ManualStep {
  return {
    description: `Add the distinguished names of these room lists to scopeGroups in the target, or set its exchangeReader to admin-api: a scope can only name them so, and Microsoft Graph does not know it. ${listOf(addresses)}.`,
    link: links.groups,
  };
}

/** For rooms that no filter can name. @param addresses of the rooms. */
export function roomsWithoutId(addresses: readonly string[]): ManualStep {
  return {
    description: `Make a scope for the rooms by hand, or set rooms in the target to room lists: these rooms have no user in Microsoft Entra that a scope could name. ${listOf(addresses)}.`,
    link: links.roles,
  };
}

/**
 * For a filter that would grow too long.
 * @param count how many objects it would name.
 * @param most how many one filter names at the most.
 */
export function tooManyParts(count: number, most: number): ManualStep {
  return {
    description: `Put the rooms into one room list, and set rooms in the target to it: a scope would have to name ${count} objects, and more than ${most} are not put into one filter.`,
    link: links.rooms,
  };
}

/** For a scope of our name that was limited to a part of the organisation. */
export function limitedScope({ name, root = '' }: CustomScope): ManualStep {
  return {
    description: `Delete the scope ${name}, or give it another name: somebody has limited it to ${root}, which no request takes back.`,
    link: links.scope,
  };
}

/** For a role that every organisation should have. @param role its name. */
export function roleMissing(role: string): ManualStep {
  return {
    description: `Ask Microsoft why this organisation lacks the role ${role}: it is not among the roles of Exchange, so it cannot be assigned.`,
    link: links.roles,
  };
}

/** A scope without the role would be left behind, so nothing is changed before it is known. */
export function roleUnread(role: string, failure: ReadFailure | undefined): ManualStep {
  const why = failure === undefined ? '' : ` ${failure.message}`;
  return {
    description: `Make it readable whether this organisation has the role ${role}, and plan again: nothing is changed before that is known.${why}`,
    link: links.roles,
  };
}

/** Microsoft Graph cannot see whether Exchange knows the application. */
export function registerFirst({ facts, requirement }: Diagnosis): ManualStep[] {
  const { profile, target } = requirement;
  if (!facts.client.ok) return [];
  const { id, displayName } = facts.client.value;
  // PowerShell takes the typographic forms for quotes as well.
  const name = (displayName ?? profile.name).replaceAll(/['\u2018-\u201b]/g, '$&$&');
  return [
    {
      description: `If Exchange does not know the application yet, the role cannot be assigned. An administrator makes it known in Exchange Online PowerShell: New-ServicePrincipal -AppId ${target.clientAppId} -ObjectId ${id} -DisplayName '${name}'`,
      link: links.register,
    },
  ];
}

/** For a target that comes to no room. */
export function noRooms(): ManualStep {
  return {
    description: 'Create the rooms, or correct the setting rooms of the target: it comes to no room at all.',
    link: links.rooms,
  };
}

/** One step for lists that do not exist, and one for groups that are no room lists; none where there are none. */
export function listsAbsent(lists: readonly MissingList[]): ManualStep[] {
  const addresses = (areGroups: boolean) =>
    lists.flatMap(({ address, instead }) => ((instead !== undefined) === areGroups ? address : []));
  const steps = [
    {
      which: addresses(false),
      what: 'Make these room lists again, or correct the setting rooms of the target: the tenant has no such lists.',
    },
    {
      which: addresses(true),
      what: 'Make room lists of these groups (Set-DistributionGroup with RoomList, or a new list in place of a security group), or correct the setting rooms of the target: they are groups of another kind.',
    },
  ];
  return steps
    .filter(({ which }) => which.length > 0)
    .map(({ which, what }) => ({ description: `${what} ${listOf(which)}.`, link: links.rooms }));
}

/** For rooms without a mailbox. @param addresses of the rooms. */
export function roomsAbsent(addresses: readonly string[]): ManualStep {
  return {
    description: `Correct the setting rooms of the target, or create these rooms: the tenant has no such mailboxes. ${listOf(addresses)}.`,
    link: links.rooms,
  };
}

/** @param isInstead whether the changes of the plan do the same in another way. */
export function widen(scope: Scope, addresses: readonly string[], isInstead: boolean): ManualStep[] {
  const how = howTo(scope);
  if (how === undefined) return [];
  const reason = isInstead
    ? 'In place of the changes of this plan you may'
    : 'So that these rooms are reached,';
  return [{ description: `${reason} ${how.widen}: ${listOf(addresses)}.`, link: how.widenLink }];
}

/** For mailboxes within the scope of somebody else: which scopes those are for is for people to say. */
export function narrow({ assignment, addresses }: StraysOf): ManualStep {
  const { scope } = assignment;
  const how = howTo(scope);
  const found = listOf(addresses);
  if (how === undefined) {
    const description = `Remove ${assignmentName(assignment)} with ${scopeName(scope)}: it reaches ${found}, which is no room of this target.`;
    return { description, link: links.assignment };
  }
  return {
    description: `So that these mailboxes are out of reach, ${how.narrow}: ${found}.`,
    link: how.narrowLink,
  };
}

/** @param filter the one that a scope of the rooms has, where it is known. */
export function limit(assignment: RoleAssignment, filter: string | undefined): ManualStep {
  const such = filter === undefined ? '' : `, for example one with the recipient filter ${filter}`;
  return {
    description: `Limit ${assignmentName(assignment)} to a scope with the rooms${such}: it holds for the whole organisation.`,
    link: links.assignment,
  };
}

/** @param permission its name, with the resource. */
export function withdraw(permission: string): ManualStep {
  return {
    description: `Revoke ${permission} only after the role of the application reaches the rooms. Before that it may be all that lets the application in.`,
    link: links.permissions,
  };
}

function assignmentName({ role, holder, name, through }: RoleAssignment): string {
  const to = through ?? (holder === 'application' ? 'the application' : 'the service account');
  return `the assignment ${name === undefined ? '' : `${name} `}of ${role} to ${to}`;
}

/** What to do with a scope, and the page about that. */
interface HowTo {
  widen: string;
  widenLink: string;
  narrow: string;
  narrowLink: string;
}

/** What to do with a scope so that it holds more, or less; undefined where it holds one user, or is not known. */
function howTo(scope: Scope): HowTo | undefined {
  const name = scopeName(scope);
  switch (scope.kind) {
    case 'filter':
      return {
        widen: `change the filter of ${name} so that it matches these rooms too`,
        narrow: `change the filter of ${name} so that it does not match them`,
        widenLink: links.scope,
        narrowLink: links.scope,
      };
    case 'group':
    case 'administrativeUnit': {
      const isGroup = scope.kind === 'group';
      return {
        widen: `add these rooms to ${name}`,
        narrow: `take them out of ${name}`,
        widenLink: isGroup ? links.rooms : links.addToUnit,
        narrowLink: isGroup ? links.rooms : links.removeFromUnit,
      };
    }
    default:
      return undefined;
  }
}
