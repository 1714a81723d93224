import type { TenantWidePermission } from '../../profiles/profile';
import type { Evaluation } from '../control';

/** When nothing is wrong. A tenant-wide permission is no violation here, and must not be hidden by a "nothing else". */
export function fineSummary(
  rooms: number,
  tenantWide: readonly TenantWidePermission[],
  isKnown: boolean,
): string {
  const reached = rooms === 1 ? 'The only room is reached' : `All ${rooms} rooms are reached`;
  const [grant] = tenantWide;
  if (grant === undefined && !isKnown)
    return `${reached}, and the roles reach no other mailbox. Tenant-wide permissions could not be read.`;
  return grant === undefined
    ? `${reached}, and no other mailbox is.`
    : `${reached}, and the roles reach no other mailbox. The tenant-wide permission ${grant.name} does.`;
}

/** Says in numbers what many violations come to; a single one says it best in its own words. */
export function withNumbers<Code extends string>(
  evaluation: Evaluation<Code>,
  { rooms, reached, strays }: { rooms: number; reached: number; strays: number },
): Evaluation<Code> {
  const violations = evaluation.reasons.filter(({ level }) => level === 'violation');
  const missed = violations.filter(({ code }) => code === 'impersonation.roomNotCovered').length;
  if (violations.length < 2 || missed + strays === 0) return evaluation;
  const parts = [
    missed === 0 ? '' : `${missed} of ${rooms} rooms ${missed === 1 ? 'is' : 'are'} not reached`,
    strays === 0
      ? ''
      : `${strays} ${strays === 1 ? 'mailbox that is no room is' : 'mailboxes that are no rooms are'} within reach`,
    missed === 0 && reached === rooms ? `all ${rooms} rooms are reached` : '',
  ].filter((part) => part !== '');
  const others = violations.length - missed - strays;
  return { ...evaluation, summary: `${parts.join(', and ')}${others > 0 ? ` (and ${others} more)` : ''}.` };
}
