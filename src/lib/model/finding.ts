import * as z from 'zod';
import { time } from './time';
import { controlIds, Reason, severities, verdicts } from './verdict';

/** An accepted risk, as a finding shows it. */
export const FindingWaiver = z
  .object({
    by: z.string().describe('Name of whoever accepted it.'),
    reason: z.string().describe('Why.'),
    expiresAt: time('From this second on it is no longer accepted.'),
  })
  .meta({ id: 'FindingWaiver', description: 'Who accepted it, why, and until when.' });
export type FindingWaiver = z.infer<typeof FindingWaiver>;

const Verdict = z
  .enum(verdicts)
  .meta({ id: 'Verdict', description: '`unknown` could not be read: it is never a guess.' });

/** The latest verdict of one control on one target. */
export const Finding = z
  .object({
    targetId: z.string(),
    tenantId: z.string(),
    control: z.enum(controlIds),
    controlVersion: z.number().int().describe('Raised when the same facts may get another verdict.'),
    severity: z.enum(severities),
    verdict: Verdict,
    waived: z.boolean().describe('Whether everything that was found is accepted.'),
    waiver: FindingWaiver.nullable(),
    summary: z.string().describe('One sentence for an administrator.'),
    reasons: z.array(Reason).describe('At most 50 per code; `counts` tells all.'),
    evidence: z
      .record(z.string(), z.unknown())
      .describe('What was read and matters; from the last good reading while the verdict is `unknown`.'),
    counts: z.object({
      resources: z.number().int().describe('Rooms and mailboxes that were looked at one by one.'),
      violations: z.number().int().describe('All violations, also those that are not among the reasons.'),
    }),
    checkedAt: time('When the last attempt began.'),
    verifiedAt: time('The last time with a verdict other than `unknown`; null if never.').nullable(),
    since: time(
      'When the present set of violations began; a spell of `unknown` in between does not reset it.',
    ),
    runId: z.string().describe('The UTC date of a nightly run, `manual-<ISO time>` for others.'),
    requests: z.number().int().describe('Requests that the last attempt sent to Microsoft 365.'),
  })
  .meta({ id: 'Finding', description: 'The latest verdict of one control on one target.' });
export type Finding = z.infer<typeof Finding>;

/** A change of a finding's verdict, of its set of violations, or of whether it is waived. */
export const Transition = z
  .object({
    transitionId: z.string(),
    targetId: z.string(),
    tenantId: z.string(),
    control: z.enum(controlIds),
    severity: z.enum(severities),
    previousVerdict: Verdict.nullable().describe('Null for the first finding.'),
    // Absent in what was kept before it was noted.
    previousWaived: z
      .boolean()
      .exactOptional()
      .describe('Whether it was waived before. Absent for the first finding.'),
    verdict: Verdict,
    waived: z.boolean(),
    waiver: FindingWaiver.exactOptional().describe('Present when it is waived.'),
    resumed: z.boolean().describe('The same violations came back after a spell of `unknown`.'),
    summary: z.string().describe('One sentence for an administrator.'),
    reasons: z.array(Reason).describe('At most 50.'),
    codes: z.array(z.string()).describe('Codes of the violations, sorted, each once.'),
    at: time('When the reading began that found it.'),
    statedAt: time(
      'Present when the clock that found it ran ahead: what that clock said. `at` is then when that was noticed.',
    ).exactOptional(),
    runId: z.string(),
    // Absent in what was kept before they were noted.
    controlVersion: z.number().int().exactOptional().describe('Version of the control that found it.'),
    requestIds: z
      .array(z.string())
      .exactOptional()
      .describe("Microsoft's ids of the requests that it was found by; the first 20."),
  })
  .meta({
    id: 'Transition',
    description: "A change of a finding's verdict, of its set of violations, or of whether it is waived.",
  });
export type Transition = z.infer<typeof Transition>;

/** What was before a finding changed last. */
export type ChangedFrom = Pick<Transition, 'previousVerdict' | 'previousWaived' | 'resumed'>;

/** A transition without its reasons, of which there may be many: enough for a line of a list. */
export type BriefTransition = Pick<
  Transition,
  | 'targetId'
  | 'control'
  | 'severity'
  | 'previousVerdict'
  | 'previousWaived'
  | 'verdict'
  | 'waived'
  | 'resumed'
  | 'summary'
  | 'codes'
  | 'at'
>;

/** Codes of the violations, sorted, each once: what alerts split by. */
export function violationCodes(reasons: readonly Reason[]): string[] {
  return codesOf(reasons, 'violation');
}

/** Codes of what could not be read, sorted, each once. */
export function unknownCodes(reasons: readonly Reason[]): string[] {
  return codesOf(reasons, 'unknown');
}

function codesOf(reasons: readonly Reason[], level: Reason['level']): string[] {
  return [...new Set(reasons.filter((reason) => reason.level === level).map(({ code }) => code))].sort();
}
