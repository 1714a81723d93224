import { z } from 'zod';
import { controlIds, planOptions, verdicts } from '../controls/control';
import { InputError } from '../errors';
import { largestPage } from '../storage/pages';
import { type Target, type TargetBody, TargetId } from '../target';

/** Parts of addresses and queries that several routes share. */
export const TargetParams = z.object({ targetId: TargetId });
export const ControlParams = TargetParams.extend({ control: z.enum(controlIds) });

const Control = z.enum(controlIds).optional();

export const PageQuery = z.strictObject({
  continuation: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const HistoryQuery = PageQuery.extend({ control: Control });
export const FindingsQuery = PageQuery.extend({
  targetId: TargetId.optional(),
  control: Control,
  verdict: z.enum(verdicts).optional(),
});

const rowOptions = ['verdict', 'limit', 'continuation'] as const;

/** What a single finding is shown with. What chooses among its rows says nothing without them. */
export const FindingQuery = z
  .strictObject({
    resources: z.literal('all', 'must be all, or be left out').optional(),
    verdict: z.enum(verdicts).optional(),
    continuation: PageQuery.shape.continuation,
    limit: PageQuery.shape.limit.unwrap().optional(),
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
  return { ...body, targetId };
}

export const AuditBody = z
  .strictObject({
    controls: z
      .array(z.enum(controlIds))
      .min(1, 'must name at least one control; leave it out for all')
      .optional(),
  })
  .optional();

export const NoBody = z.strictObject({}).optional();

export const RemediationParams = TargetParams.extend({ remediationId: z.string().min(1).max(100) });

const repair = {
  control: z.enum(controlIds),
  include: z.array(z.enum(planOptions)).default([]),
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
        .regex(/^[0-9a-f]{64}$/i, 'must be the planHash of the plan that you agree to: 64 hex digits'),
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
    .max(2000, 'must be at most 2000 characters long'),
  expiresAt: z.iso.datetime({
    offset: true,
    error: (issue) =>
      issue.input === undefined
        ? undefined
        : 'must be a time with an offset, like 2027-01-31T00:00:00Z or 2027-01-31T00:00:00+01:00',
  }),
  codes: z
    .array(Code)
    .min(1, 'must name at least one code; leave it out to accept everything that is found')
    .max(100)
    .optional(),
});
