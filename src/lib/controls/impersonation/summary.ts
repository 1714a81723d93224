import { counted, grouped } from '../../counted';
import { accountName } from '../../model/target';
import type { Evaluation } from '../control';
import { openingKind } from './openings';
import { asksForRoles, type Demand } from './protocols';
import type { TenantWide } from './tenant-wide';

interface Numbers {
  rooms: number;
  reached: number;
  strays: number;
}

/** When nothing is wrong. A tenant-wide permission is no violation here, and must not be hidden by a "nothing else". */
export function fineSummary({ rooms, reached }: Numbers, wide: TenantWide, demand: Demand): string {
  const all = rooms === 1 ? 'The only room is reached' : `All ${counted(rooms, 'room')} are reached`;
  if (openingKind(demand) !== undefined)
    return `${all} by ${accountName(demand.target)}. Which other mailboxes it may open is not known.`;
  if (!asksForRoles(demand)) return withoutRoles(all, reached, wide, demand);
  if (wide.held.length === 0 && !wide.isKnown)
    return `${all}, and the roles reach no other mailbox. Tenant-wide permissions could not be read.`;
  if (wide.held.length === 0) return `${all}, and no other mailbox is.`;
  return `${all}, and the roles reach no other mailbox. ${beyond(wide)}`;
}

function beyond({ held, beyondRooms }: TenantWide): string {
  const [more] = beyondRooms;
  const [grant] = held;
  return more === undefined
    ? `Application access policies leave the tenant-wide permission ${grant?.name ?? ''} nothing else.`
    : `The tenant-wide permission ${more.name} does.`;
}

/** For a product whose vendor asks for no role: what reaches the rooms is the permission of Microsoft Entra, or nothing. */
function withoutRoles(all: string, reached: number, wide: TenantWide, { profile, target }: Demand): string {
  if (reached === 0)
    return `${profile.name} needs no role of Exchange, and no permission is granted that reaches its rooms: see consent.`;
  const [more] = wide.beyondRooms;
  const also =
    more === undefined
      ? 'application access policies leave it nothing else'
      : 'it reaches every other mailbox too';
  const unseen =
    target.exchangeReader === 'graph'
      ? ' Whether an application access policy keeps it from some, Microsoft Graph does not show.'
      : '';
  const by = wide.held.map(({ name }) => name).join(' and ');
  return `${all} by the tenant-wide permission ${by}, and ${also}.${unseen}`;
}

/** Says in numbers what many violations come to; a single one says it best in its own words. */
export function withNumbers<Code extends string>(
  evaluation: Evaluation<Code>,
  { rooms, reached, strays }: Numbers,
): Evaluation<Code> {
  const violations = evaluation.reasons.filter(({ level }) => level === 'violation');
  const missed = violations.filter(({ code }) => code === 'impersonation.roomNotCovered').length;
  if (violations.length < 2 || missed + strays === 0) return evaluation;
  const parts = [
    missed === 0
      ? ''
      : `${grouped(missed)} of ${counted(rooms, 'room')} ${missed === 1 ? 'is' : 'are'} not reached`,
    strays === 0
      ? ''
      : `${counted(strays, 'mailbox that is no room is', 'mailboxes that are no rooms are')} within reach`,
    missed === 0 && reached === rooms
      ? rooms === 1
        ? 'the only room is reached'
        : `all ${counted(rooms, 'room')} are reached`
      : '',
  ].filter((part) => part !== '');
  const others = violations.length - missed - strays;
  return { ...evaluation, summary: `${parts.join(', and ')}${others > 0 ? ` (and ${others} more)` : ''}.` };
}
