import type { Finding } from '../../model/finding';

/** As much of a finding as tells what is violated. */
type Violated = Pick<Finding, 'targetId' | 'reasons'>;

/** Targets with a violation that they have in common. */
export interface Acceptable {
  /** Those that have nothing else: accepting it is all that there is to do. */
  alone: string[];
  /** Those with other violations of the same control. What is accepted there takes the place of what was accepted, and is no end of it. */
  withOthers: string[];
}

/** Sorts targets with this violation. Those that are paused were not asked about. */
export function acceptableOf(
  findings: readonly Violated[],
  code: string,
  paused: ReadonlySet<string>,
): Acceptable {
  const found: Acceptable = { alone: [], withOthers: [] };
  for (const { targetId, reasons } of findings) {
    const codes = new Set(reasons.filter(({ level }) => level === 'violation').map((reason) => reason.code));
    if (!codes.has(code) || paused.has(targetId)) continue;
    (codes.size === 1 ? found.alone : found.withOthers).push(targetId);
  }
  return found;
}
