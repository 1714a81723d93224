import * as z from 'zod';
import type { Room } from '../../../microsoft365/exchange';
import { openingOf, type RoomEntry } from '../../../microsoft365/exchange/openings';
import { exchangeManageAsApp as permission } from '../../../microsoft365/permissions';
import type { Change, ManualStep, Plan } from '../../../model/plan';
import type { Opening } from '../../../profiles/access';
import { compareText, listOf } from '../../evaluation';
import { cmdletRequest, toChange } from '../../plan';
import type { ImpersonationFacts } from '../facts';
import { identificationOf, openingKind } from '../openings';
import type { Diagnosis } from './diagnosis';

/** Cmdlets that take something away wait for a confirmation unless told. */
const Confirm = false;

/** What there is of the account among those who may open a room: the form of `before` and `after`, and of what observe gives. */
const states = { fullAccess: { with: 'full access', without: 'no full access' } } as const;

/** One change for each room that is not open to the account. What keeps it out is left to people: somebody wanted that. */
export function openRooms({ facts, requirement, missed }: Diagnosis): Plan {
  const kind = openingKind(requirement);
  const { account, openings } = facts;
  if (kind === undefined || account?.ok !== true || openings?.ok !== true)
    return { changes: [], manualSteps: [] };
  const known = identificationOf(openings.value, account.value);
  const rooms = [...missed].sort((a, b) => compareText(a.address, b.address));
  const lists = rooms.flatMap((room) => {
    const read = openings.value.entries.get(room.address);
    return read?.ok === true ? [{ room, entries: read.value, state: openingOf(read.value, known).kind }] : [];
  });
  const denied = lists.filter(({ state }) => state === 'denied').map(({ room }) => room.address);
  const { tenantId } = requirement.target;
  const upn = account.value.userPrincipalName;
  return {
    changes: lists
      .filter(({ state }) => state === 'shut')
      .map(({ room, entries }) => changeOf(kind, { tenantId, upn, room, entries })),
    manualSteps: denied.length === 0 ? [] : [undeny(upn, denied)],
  };
}

interface Wanted {
  tenantId: string;
  upn: string;
  room: Room;
  entries: readonly RoomEntry[];
}

function changeOf(kind: Opening, wanted: Wanted): Change {
  return kind === 'delegate' ? addDelegate(wanted) : grantFullAccess(wanted);
}

/** https://learn.microsoft.com/powershell/module/exchangepowershell/add-mailboxpermission */
function grantFullAccess({ tenantId, upn, room }: Wanted): Change {
  const parameters = {
    ...{ Identity: room.address, User: upn, AccessRights: ['FullAccess'], InheritanceType: 'All' },
  };
  return toChange({
    step: 1,
    name: 'open-room',
    description: `Give ${upn} full access to ${room.displayName} (${room.address}).`,
    // Nobody opens the account in Outlook, where the room would appear by itself.
    request: cmdletRequest(tenantId, 'Add-MailboxPermission', { ...parameters, AutoMapping: false }),
    undo: () => cmdletRequest(tenantId, 'Remove-MailboxPermission', { ...parameters, Confirm }),
    before: states.fullAccess.without,
    after: states.fullAccess.with,
    permission,
  });
}

/** Writing replaces the whole list: those who are delegates stay. */
function addDelegate({ tenantId, upn, room, entries }: Wanted): Change {
  const others = entries.map(({ who }) => who).sort(compareText);
  const set = (ResourceDelegates: readonly string[]) =>
    cmdletRequest(tenantId, 'Set-CalendarProcessing', {
      Identity: room.address,
      ResourceDelegates: ResourceDelegates.length === 0 ? null : ResourceDelegates,
    });
  return toChange({
    step: 1,
    name: 'add-delegate',
    description: `Make ${upn} a delegate of ${room.displayName} (${room.address})${others.length === 0 ? '' : `, beside ${listOf(others)}`}.`,
    request: set([...others, upn]),
    undo: () => set(others),
    before: delegateState(others, false),
    after: delegateState(others, true),
    permission,
  });
}

/** Exchange calls the account by a name of its choice, so that it stands apart. */
function delegateState(others: readonly string[], isDelegate: boolean) {
  return { delegates: [...others], account: isDelegate };
}

function undeny(account: string, rooms: readonly string[]): ManualStep {
  return {
    description: `Find out why entries of these rooms deny full access to ${account}, or to a group that it is in, and remove them (Remove-MailboxPermission with -Deny): ${listOf(rooms)}.`,
    link: 'https://learn.microsoft.com/powershell/module/exchangepowershell/remove-mailboxpermission',
  };
}

const OfRoom = z.object({ CmdletInput: z.object({ Parameters: z.object({ Identity: z.string() }) }) });

/** What there is now of a room that a change opens; undefined where that could not be read. */
export function observeOpening(
  { account, openings }: ImpersonationFacts,
  { request }: Change,
  kind: Opening,
): unknown {
  const address = OfRoom.safeParse(request.body).data?.CmdletInput.Parameters.Identity;
  if (address === undefined || account?.ok !== true || openings?.ok !== true) return undefined;
  const read = openings.value.entries.get(address);
  if (read?.ok !== true) return undefined;
  const known = identificationOf(openings.value, account.value);
  const { kind: state } = openingOf(read.value, known);
  if (kind === 'fullAccess') {
    if (state === 'undecided') return undefined;
    return state === 'open' ? states.fullAccess.with : states.fullAccess.without;
  }
  const isOwn = (entry: RoomEntry) => openingOf([entry], known).kind === 'open';
  if (read.value.some((entry) => openingOf([entry], known).kind === 'undecided')) return undefined;
  const others = read.value.filter((entry) => !isOwn(entry)).map(({ who }) => who);
  return delegateState(others.sort(compareText), read.value.some(isOwn));
}
