import type { ControlId, Verdict } from '../../model/verdict';
import type { Cell, Row } from '../model';

/**
 * How a verdict is to be taken: as it is, as an accepted risk, or as one that is too old to be relied on. Each has a
 * sign, a word and a colour; the sign comes from the style sheet.
 */
export type Look = Verdict | 'accepted' | 'stale';

/** The word of each, as a page says it. */
export const words: Readonly<Record<Look, string>> = {
  nonCompliant: 'Not compliant',
  unknown: 'Unknown',
  stale: 'Stale',
  accepted: 'Accepted',
  compliant: 'Compliant',
  notApplicable: 'Not applicable',
};

/** How one control's verdict is to be taken. One that is fine and stale is not fine: nobody has looked for too long. */
export function lookOfCell({ verdict, waived, stale }: Pick<Cell, 'verdict' | 'waived' | 'stale'>): Look {
  const isFine = waived || verdict === 'compliant' || verdict === 'notApplicable';
  if (isFine && stale) return 'stale';
  return waived ? 'accepted' : verdict;
}

/** Whether somebody has to look after it. */
export function needsAttention(look: Look): boolean {
  return look === 'nonCompliant' || look === 'unknown' || look === 'stale';
}

/** What a target is called: its name, else its id. */
export function titleOf({ displayName, targetId }: Pick<Row, 'displayName' | 'targetId'>): string {
  return displayName ?? targetId;
}

/** What the rows of a control are about, as the heading of their table. */
export const rowTitles: Partial<Record<ControlId, string>> = {
  impersonation: 'Which rooms are reached',
  rooms: 'How rooms are set up',
};
