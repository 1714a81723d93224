import * as z from 'zod';
import { Finding } from './finding';
import { Change, ManualStep } from './plan';
import { time } from './time';
import { controlIds } from './verdict';

/** Who asked for it. */
export const Author = z
  .object({
    objectId: z.string().describe('Object id of the user or service principal.'),
    name: z.string(),
    applicationId: z.string().nullable().describe('Application that was used; null when it is not told.'),
  })
  .meta({ id: 'Author', description: 'Who asked for it.' });
export type Author = z.infer<typeof Author>;

/** One change of a remediation, and how far it has come. */
export const AppliedChange = Change.extend({
  state: z
    .enum(['notSent', 'sent', 'made', 'failed', 'unknown'])
    .describe('`unknown`: it was sent, and whether it was made could not be found out.'),
  answeredAt: time('When it was answered.').exactOptional(),
  requestId: z.string().exactOptional().describe("Microsoft's id of the request, for a support case."),
  result: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe('What the answer told that undoing it needs.'),
  problem: z.string().exactOptional().describe('Why it failed; a sentence for an administrator.'),
}).meta({ id: 'AppliedChange', description: 'One change, and how far it has come.' });
export type AppliedChange = z.infer<typeof AppliedChange>;

/**
 * `running` until it has ended; `verified` when the tenant was seen to comply, `unverified` when nothing failed
 * and the tenant was not seen to comply, `failed` when something was not made.
 */
export const RemediationStatus = z.enum(['running', 'verified', 'unverified', 'failed']).meta({
  id: 'RemediationStatus',
  description:
    '`verified`: the tenant was seen to comply. `unverified`: nothing failed, and the tenant was not seen to comply: `problem` says why. `failed`: something was not made.',
});
export type RemediationStatus = z.infer<typeof RemediationStatus>;

/** A repair, or the undoing of one. Never changed any more once it is `verified` or `failed`. */
export const Remediation = z
  .object({
    remediationId: z.string(),
    targetId: z.string(),
    tenantId: z.string(),
    // Absent in what was kept before it was noted.
    subject: z
      .string()
      .exactOptional()
      .describe(
        'Stands for the tenant, account, application and vendor that the target was about. 64 hex digits.',
      ),
    control: z.enum(controlIds),
    controlVersion: z.number().int(),
    undoes: z.string().exactOptional().describe('The remediation that this one undoes.'),
    planHash: z.string(),
    status: RemediationStatus,
    by: Author,
    startedAt: time('When it began.'),
    endedAt: time('When it ended; null while it is at work.').nullable(),
    remindedAt: time(
      'When the watchdog announced it: it was still unverified a day later, or its process had died.',
    ).exactOptional(),
    changes: z.array(AppliedChange),
    manualSteps: z.array(ManualStep),
    problem: z
      .string()
      .exactOptional()
      .describe('What stood in the way, or what is left; a sentence for an administrator.'),
  })
  .meta({ id: 'Remediation', description: 'A repair, or the undoing of one.' });
export type Remediation = z.infer<typeof Remediation>;

/** What a repair came to. */
export const RepairResult = z
  .object({
    remediationId: z.string(),
    status: RemediationStatus,
    changes: z.array(AppliedChange),
    finding: Finding,
    problem: z
      .string()
      .exactOptional()
      .describe(
        'What stood in the way, or what is left; a sentence for an administrator. Absent when verified.',
      ),
    manualSteps: z
      .array(ManualStep)
      .exactOptional()
      .describe('What only a person can do, and was still to be done. Absent when there is nothing.'),
  })
  .meta({ id: 'RepairResult', description: 'What a repair, or the undoing of one, came to.' });
export type RepairResult = z.infer<typeof RepairResult>;

/** What is answered of a remediation that has ended, with where the finding stands. */
export function resultOf(
  { remediationId, status, changes, problem, manualSteps }: Remediation,
  finding: Finding,
): RepairResult {
  const isLeft = status !== 'verified' && manualSteps.length > 0;
  return {
    ...{ remediationId, status, changes, finding },
    ...(problem === undefined ? {} : { problem }),
    ...(isLeft ? { manualSteps } : {}),
  };
}
