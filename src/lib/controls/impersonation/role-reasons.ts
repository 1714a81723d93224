import { grouped } from '../../counted';
import { type Misregistration, type RoleAssignment, scopeName } from '../../microsoft365/exchange';
import { accountName } from '../../model/target';
import { type Protocol, protocols, protocolNames } from '../../profiles/protocol';
import { protocolsOf } from '../../profiles/roles';
import type { Requirement } from '../control';
import { listOf } from '../evaluation';
import type { Reason } from './codes';
import { roleToAssign } from './protocols';

/** No role that counts is assigned at all. */
export function noRole(requirement: Requirement, tenantWide: readonly { name: string }[]): Reason {
  const role = roleToAssign(requirement) ?? '';
  return {
    code: 'impersonation.none',
    level: 'violation',
    message: `No role that reaches mailboxes is assigned to the application: ${role} is missing.${noReplacement(tenantWide)}`,
    resource: requirement.target.clientAppId,
    expected: role,
    actual: 'no role',
  };
}

/** Roles are assigned, and none of them opens the protocol that the product uses. */
export function noRoleOpens(
  requirement: Requirement,
  needed: Protocol,
  counted: readonly RoleAssignment[],
  tenantWide: readonly { name: string }[],
): Reason {
  const { profile, target } = requirement;
  const role = roleToAssign(requirement) ?? '';
  const roles = distinct(counted.map((assignment) => assignment.role));
  const opened = roles.map((each) => `${each} opens ${opening(each)}`).join(', ');
  return {
    code: 'impersonation.none',
    level: 'violation',
    message: `${profile.name} uses ${protocolNames[needed]}, and no role that is assigned opens it: ${opened}. ${role} is missing.${noReplacement(tenantWide)}`,
    resource: target.clientAppId,
    expected: role,
    actual: roles.join(', '),
  };
}

function noReplacement([grant]: readonly { name: string }[]): string {
  return grant === undefined
    ? ''
    : ` The tenant-wide permission ${grant.name} is granted, and does not replace the role.`;
}

/** Only the role is there that Exchange Online has retired. */
export function roleRetired(requirement: Requirement, old: RoleAssignment): Reason {
  const successor = roleToAssign(requirement) ?? '';
  const account = accountName(requirement.target);
  return {
    code: 'impersonation.roleRetired',
    level: 'violation',
    message: `${account} holds ${old.role}, which stopped working in Exchange Online in 2025. Its successor is ${successor}, assigned to the application.`,
    resource: account,
    expected: successor,
    actual: old.role,
  };
}

/** Exchange does not know the application, or knows it by an object id that leads nowhere. */
export function notRegistered(
  { target, profile }: Requirement,
  misregistered: readonly Misregistration[],
): Reason {
  const ids = listOf(misregistered.map(({ objectId }) => objectId));
  const isKnown = misregistered.length > 0;
  const what = isKnown
    ? `Exchange knows the application ${target.clientAppId} by the object id ${ids}, which is not that of the enterprise application`
    : `Exchange does not know the application ${target.clientAppId}`;
  return {
    code: 'impersonation.notRegistered',
    level: 'violation',
    message: `${what}: no role can let ${profile.name} into a room before it is registered there.`,
    resource: target.clientAppId,
    expected: 'registered in Exchange by the object id of the enterprise application',
    actual: isKnown ? `registered by ${ids}` : 'not registered',
  };
}

/** A role that neither the vendor asks for nor the target allows, however often it is assigned. */
export function excessRole(assignments: readonly RoleAssignment[]): Reason {
  const [role = ''] = distinct(assignments.map((assignment) => assignment.role));
  const scopes = distinct(assignments.map(({ scope }) => scopeName(scope)));
  const groups = distinct(assignments.flatMap(({ through }) => through ?? []));
  const through = groups.length === 0 ? '' : ` through ${groups.join(' and ')}`;
  return {
    code: 'impersonation.excessRole',
    level: 'violation',
    message: `${role} is assigned to the application${through}, for ${scopes.join(' and ')}: the vendor does not ask for it. Take it back, or allow it in the target's allowedExtraRoles.`,
    resource: role,
    expected: 'not assigned',
    actual: scopes.join(', '),
  };
}

/** A role that the application may hold, and that nobody asked for. */
export function doubtfulRole({ role, through, doubt, scope }: RoleAssignment): Reason {
  const holder = through === undefined ? '' : ` through ${through}`;
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Whether the application holds the role ${role}${holder} cannot be told: ${doubt ?? 'nobody knows'}.`,
    resource: `the role ${role}${holder}`,
    actual: scopeName(scope),
  };
}

/**
 * The rooms are reached by one protocol alone, and which one the product uses nobody has said.
 * @param rooms those that are reached so, with how.
 */
export function protocolUnconfirmed(
  { profile, target }: Requirement,
  rooms: readonly { by: Protocol; way: { path: string } }[],
): Reason {
  const parts = protocols.flatMap((protocol) => {
    const some = rooms.filter(({ by }) => by === protocol);
    const roles = distinct(some.map(({ way }) => way.path)).join(', ');
    return some.length === 0
      ? []
      : [{ protocol, text: `${counted(some.length)} by ${protocolNames[protocol]} alone (${roles})` }];
  });
  const [first, second] = parts;
  const found =
    second === undefined
      ? `${first?.text ?? ''}, and nobody has said whether ${profile.name} uses it`
      : `Whichever protocol ${profile.name} uses, some rooms are not reached: ${first?.text ?? ''}, ${second.text}`;
  return {
    code: 'impersonation.protocolUnconfirmed',
    level: 'unknown',
    message: `${capital(found)}. Ask the vendor, and set protocol in the target to ews or graph; or assign a role that opens the other one as well.`,
    resource: target.clientAppId,
    expected: 'a role that opens the protocol of the product',
    actual:
      second === undefined && first !== undefined
        ? `${protocolNames[first.protocol]} alone`
        : 'some rooms by each protocol',
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function counted(rooms: number): string {
  return rooms === 1 ? 'one room is reached' : `${grouped(rooms)} rooms are reached`;
}

function opening(role: string): string {
  const [first, ...others] = protocolsOf(role).map((protocol) => protocolNames[protocol]);
  return others.length > 0 ? `${first} and ${others.join(' and ')}` : `${first ?? 'something unknown'} alone`;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
