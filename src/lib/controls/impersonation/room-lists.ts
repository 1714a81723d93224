import type { MissingList, RoomGap } from '../../microsoft365/exchange';
import { unreadable } from '../evaluation';
import type { Reason } from './codes';
import type { ImpersonationFacts } from './facts';
import { fingerprint } from './fingerprint';

/** What is known of who is a room of the target. */
export type WhoIsARoom = Pick<ImpersonationFacts, 'rooms' | 'missingLists' | 'roomGaps'>;

/** Whether nobody else is a room. Only then can it be said of anybody that he is none. */
export function areAllRoomsKnown({ rooms, missingLists, roomGaps }: WhoIsARoom): boolean {
  return rooms.ok && missingLists.length === 0 && roomGaps.length === 0;
}

/** Whether something about rooms could not be read, so that their rows are not all there are. */
export function isAnyRoomUnread({ rooms, roomGaps }: WhoIsARoom): boolean {
  return !rooms.ok || roomGaps.some(({ problem }) => typeof problem !== 'string');
}

/** What there is to say about room lists, and about what else may be a room. */
export function roomListReasons({ missingLists, roomGaps }: WhoIsARoom): Reason[] {
  return [...missingLists.map(missing), ...roomGaps.map(open)];
}

function missing({ address, instead }: MissingList): Reason {
  const why =
    instead === undefined
      ? 'it was deleted or renamed, or the setting rooms is wrong'
      : `what has this address is ${instead}, which is no room list, and nobody in it is a room because of that`;
  return {
    code: 'impersonation.roomListMissing',
    level: 'violation',
    message: `There is no room list ${address}, which the target names: ${why}. Which rooms it stands for is not known.`,
    resource: address,
    expected: 'a room list',
    actual: instead === undefined ? 'no such list' : 'a group that is no room list',
  };
}

function open({ about, problem }: RoomGap): Reason {
  const resource = about === undefined ? {} : { resource: about };
  if (typeof problem !== 'string') return { ...unreadable(problem), ...resource };
  return {
    code: 'impersonation.scopeUnresolved',
    level: 'unknown',
    message: `Not all rooms of the target are known, because of ${about ?? 'what it names'}: ${problem}.`,
    ...resource,
    actual: fingerprint('not known', [problem]),
  };
}
