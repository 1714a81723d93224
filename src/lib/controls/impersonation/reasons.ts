import { counted } from '../../counted';
import {
  filterForm,
  type RoleAssignment,
  type Room,
  type Scope,
  scopeKey,
  scopeName,
} from '../../microsoft365/exchange';
import type { StoredTarget } from '../../model/target';
import { unreadable } from '../evaluation';
import type { Reason } from './codes';
import { fingerprint } from './fingerprint';
import type { OpenQuestion, Reservation, Stray } from './reach';

/** The target comes to no room at all, by its setting `rooms`. */
export function noRooms({ rooms, exchangeReader }: StoredTarget): Reason {
  const wrong = {
    all: `the tenant has none${exchangeReader === 'graph' ? ' that is in an address list' : ''}`,
    roomLists: 'the room lists are empty',
    mailboxes: 'none is named',
  };
  return {
    code: 'impersonation.noRooms',
    level: 'violation',
    message: `There is no room to sync: ${wrong[rooms.source]}. Check the setting rooms of the target.`,
    expected: 'at least one room',
    actual: 'no room',
  };
}

/** A room that nothing reaches, or one that does not exist. */
export function notCovered(room: Room): Reason {
  return {
    code: 'impersonation.roomNotCovered',
    level: 'violation',
    message: room.exists
      ? `${room.displayName} (${room.address}) is in no scope of the application's roles: its bookings are not synced.`
      : `There is no mailbox ${room.address} in Exchange Online: correct the setting rooms of the target, or the room list.`,
    resource: room.address,
    expected: 'within a scope',
    actual: room.exists ? 'in no scope' : 'no such mailbox',
  };
}

/** A mailbox within reach that is neither a room nor the service account. */
export function strayMailbox({ recipient, path, scope }: Stray): Reason {
  return {
    code: 'impersonation.strayMailbox',
    level: 'violation',
    message: `${recipient.displayName} (${recipient.address}) is no room of this target, and within reach of ${path} through ${scope}.`,
    resource: recipient.address,
    expected: 'out of reach',
    actual: 'within reach',
  };
}

/** An assignment without any scope. */
export function unscoped({ role, holder }: RoleAssignment): Reason {
  return {
    code: 'impersonation.unscoped',
    level: 'violation',
    message: `${role} is assigned to the ${holderName(holder)} for the whole organisation: it reaches every mailbox. Limit it to the rooms with a scope.`,
    resource: role,
    expected: 'a scope with the rooms',
    actual: 'the whole organisation',
  };
}

/** Something about a scope that this reader cannot resolve, or that could not be read. */
export function openScope({ assignment, problem, uncertain }: OpenQuestion): Reason {
  const { role, through, scope } = assignment;
  const resource = through === undefined ? scopeName(scope) : `the group or holder ${through}`;
  if (typeof problem !== 'string') return { ...unreadable(problem), resource };
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Who is reached by ${role} through ${resource} cannot be told: ${problem}.`,
    resource,
    // Not all who are undecided: with a property that nobody knows that is everybody, and changes with each who comes.
    actual: fingerprint('not known', [contentOf(scope), ...uncertain]),
  };
}

/** What decides who is within a scope, in the one form that all its spellings have in common. */
function contentOf(scope: Scope): string {
  return scope.kind === 'filter' ? `${filterForm(scope.filter)} ${scope.root ?? ''}` : scopeKey(scope);
}

/** A room of which the reader cannot tell whether it has a mailbox. */
export function doubtful({ displayName, address, doubt }: Room): Reason {
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Whether ${displayName} (${address}) has a mailbox cannot be told: ${doubt}.`,
    resource: address,
  };
}

/** An exclusive scope. Microsoft does not say whether one holds for applications, so that nothing is certain here. */
export function reserved({ scope, rooms, problem }: Reservation): Reason {
  const resource = scopeName(scope);
  if (problem !== undefined && typeof problem !== 'string') return { ...unreadable(problem), resource };
  const [first] = rooms;
  const which =
    rooms.length === 1 ? `${first?.displayName} (${first?.address})` : counted(rooms.length, 'room');
  const verb = `${problem === undefined ? '' : 'may be '}within`;
  const why = problem === undefined ? '' : ` Who is in it is not known: ${problem}.`;
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Whether ${which} can be reached cannot be told: ${verb} ${resource}, which is exclusive, and the role is not assigned with it.${why}`,
    resource,
    actual: fingerprint('exclusive', [contentOf(scope), ...rooms.map(({ address }) => address)]),
  };
}

function holderName(holder: RoleAssignment['holder']): string {
  return holder === 'application' ? 'application' : 'service account';
}
