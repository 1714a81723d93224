import * as z from 'zod';
import { InputError } from '../errors';
import { planOptions } from '../model/plan';
import { Customer, Tag, type Target, type TargetBody, TargetId, withApplication } from '../model/target';
import { controlIds, severities, verdicts } from '../model/verdict';
import { largestPage } from '../storage/pages';

/** How many targets are put at once. */
export const ImportQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe('`true`: says what would be done, and does nothing.'),
});

/** Parts of addresses and queries that several routes share. */
export const TargetParams = z.object({ targetId: TargetId.describe('Id of the target.') });

/** In the address of a finding, and of what is done about one. */
export const ControlParams = TargetParams.extend({
  control: z.enum(controlIds).describe('Id of the control.'),
});

const Control = z.enum(controlIds).optional().describe('Of one control only.');

/** A part of a longer list. @default limit 100 */
export const PageQuery = z.strictObject({
  continuation: z
    .string()
    .max(2000)
    .optional()
    .describe('From the page before, as it is; with the same other parameters.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('The most items per page.'),
});
const Verdict = z.enum(verdicts).optional().describe('With this verdict only.');
const ofCustomer = Customer.optional().describe(
  'Of the targets of this customer only: nothing of any other.',
);
const TargetOnly = TargetId.optional().describe('Of one target only.');

/** A moment: a day stands for its beginning in UTC. */
const Moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error:
      'must be a day, like 2026-11-01, or a time with an offset, like 2026-11-01T08:00:00Z (in an address, + is written %2B)',
  })
  .transform((text) => new Date(text))
  .optional();

/**
 * Whether a span of time does not end before it begins; half of one always will do. `to` is no part of it, so that the year
 * 2026 lies between 2026-01-01 and 2027-01-01.
 */
function endsLater({ from, to }: { from?: Date | undefined; to?: Date | undefined }): boolean {
  return from === undefined || to === undefined || from < to;
}
const endsTooEarly = { path: ['to'], error: 'must be later than from' };

/** Which transitions are asked for, from the beginning of `from` to before `to`. */
export const HistoryQuery = PageQuery.extend({
  control: Control,
  verdict: Verdict,
  from: Moment.describe('From this moment on.'),
  to: Moment.describe('Before this moment.'),
}).refine(endsLater, endsTooEarly);

/** Which transitions of all targets are asked for. */
export const AllHistoryQuery = PageQuery.extend({
  since: Moment.describe('From this moment on; 7 days before the end unless told, and at most 92.'),
  until: Moment.describe('Before this moment; without it up to now.'),
  customer: ofCustomer,
  control: Control,
}).refine(({ since, until }) => endsLater({ from: since, to: until }), {
  path: ['until'],
  error: 'must be later than since',
});

/** Yes, no, or either. */
const Whether = z
  .enum(['true', 'false'], 'must be true or false, or be left out')
  .transform((value) => value === 'true')
  .optional();
const withTag = Tag.optional().describe('Of targets with this tag only.');
const Severity = z.enum(severities).optional().describe('Of controls of this severity only.');

/** Which findings are asked for, and which part of them. */
export const FindingsQuery = PageQuery.extend({
  targetId: TargetOnly,
  control: Control,
  verdict: Verdict,
  severity: Severity,
  waived: Whether.describe('`true`: only what is accepted. `false`: only what is not.'),
  stale: Whether.describe(
    '`true`: only what was not verified in time. `false`: only what was. A control that never ran has no finding, and is in neither.',
  ),
  changedSince: Moment.describe('Only what has changed at this moment or later.'),
  customer: ofCustomer,
  tag: withTag,
});

/** In the address of an export. */
export const ExportParams = z.object({
  format: z
    .enum(['csv', 'json', 'xlsx', 'md'], 'must be csv, json, xlsx or md')
    .describe('Form of the file.'),
});

/** What is exported. The history is part of `json` alone, and so is the span that chooses from it. */
export const ExportQuery = z
  .strictObject({
    targetId: TargetOnly,
    control: Control,
    verdict: Verdict,
    severity: Severity,
    customer: ofCustomer,
    tag: withTag,
    resources: z
      .literal('all', 'must be all, or be left out')
      .optional()
      .describe('`all`: adds a row for each room and mailbox.'),
    from: Moment.describe('The history from this moment on; only with `json`.'),
    to: Moment.describe('The history before this moment; only with `json`.'),
  })
  .refine(endsLater, endsTooEarly);

const rowOptions = ['verdict', 'limit', 'continuation'] as const;

/** What a single finding is shown with. What chooses among its rows says nothing without them. */
export const FindingQuery = z
  .strictObject({
    resources: z
      .literal('all', 'must be all, or be left out')
      .optional()
      .describe('`all`: adds a page of rows, one for each room and mailbox.'),
    verdict: z.enum(verdicts).optional().describe('Rows with this verdict only.'),
    continuation: PageQuery.shape.continuation,
    limit: PageQuery.shape.limit.unwrap().optional().describe('The most rows per page; 1000 unless told.'),
  })
  .superRefine((query, context) => {
    if (query.resources !== undefined) return;
    for (const option of rowOptions) {
      if (query[option] === undefined) continue;
      context.addIssue({ code: 'custom', path: [option], message: 'is about rows: add resources=all' });
    }
  })
  .transform(({ resources, limit = largestPage, ...chosen }) =>
    resources === undefined ? {} : { rows: { ...chosen, limit } },
  );

/** The target that was put. @throws {InputError} when its id in the body is another than in the address. */
export function toTarget(targetId: string, body: TargetBody): Target {
  if (body.targetId !== undefined && body.targetId !== targetId) {
    throw new InputError([
      { path: 'targetId', message: `must equal the one in the address (${targetId}), or be left out` },
    ]);
  }
  return { ...withApplication(body), targetId };
}

/** Which controls are to run; no body stands for all of them. */
export const AuditBody = z
  .strictObject({
    controls: z
      .array(z.enum(controlIds))
      .min(1, 'must name at least one control; leave it out for all')
      .optional()
      .describe('All controls without it.'),
  })
  .optional();

/** For routes that ask for nothing more than their address says: no body, or an empty object. */
export const NoBody = z.strictObject({}).optional();

/** In the address of a remediation. */
export const RemediationParams = TargetParams.extend({
  remediationId: z
    .string()
    .regex(/^[0-9A-Za-z-]{1,100}$/, 'must be the id of a remediation: letters, digits and hyphens')
    .describe('Id of the remediation.'),
});

const repair = {
  control: z.enum(controlIds),
  include: z
    .array(z.enum(planOptions))
    .default([])
    .describe('`revocations`: also take back what is granted and not needed.'),
};

/** A plan is asked for, or exactly that plan is agreed to. */
export const RemediationBody = z.discriminatedUnion(
  'mode',
  [
    z.strictObject({ ...repair, mode: z.literal('plan') }),
    z.strictObject({
      ...repair,
      mode: z.literal('apply'),
      planHash: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/, 'must be the planHash of the plan that you agree to: 64 hex digits')
        .describe('Of the plan that is agreed to.'),
    }),
  ],
  { error: 'must be plan or apply' },
);

const Code = z
  .string()
  .regex(/^[a-z]+\.[A-Za-z]+$/, 'must be a code of a reason, like consent.excess')
  .max(100);

/** What is accepted: why, until when, and of which kind. How late it may end is a matter of the time, not of the form. */
export const WaiverBody = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(10, 'must say why in at least 10 characters')
    .max(2000, 'must be at most 2000 characters long')
    .describe('Why it is accepted.'),
  expiresAt: z.iso
    .datetime({
      offset: true,
      error: (issue) =>
        issue.input === undefined
          ? undefined
          : 'must be a time with an offset, like 2027-01-31T00:00:00Z or 2027-01-31T00:00:00+01:00',
    })
    .describe('Until when; at most 366 days from now.'),
  codes: z
    .array(Code)
    .min(1, 'must name at least one code; leave it out to accept everything that is found')
    .max(100)
    .optional()
    .describe('Only violations with these codes; everything that is found without it.'),
});
