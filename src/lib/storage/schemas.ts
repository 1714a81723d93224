import { z } from 'zod';
import { controlIds, type Reason, type ResourceRow, severities, verdicts } from '../controls/control';
import type { FindingWaiver, Transition } from '../finding';

const StoredReason = z.object({
  code: z.string(),
  level: z.enum(['violation', 'notice', 'unknown']),
  message: z.string(),
  resource: z.string().exactOptional(),
  expected: z.string().exactOptional(),
  actual: z.string().exactOptional(),
}) satisfies z.ZodType<Reason>;

/** Reasons as they are kept. */
export const Reasons = z.array(StoredReason);

/** What was found out about one room or mailbox, as it is kept. */
export const StoredResourceRow = z.object({
  resource: z.string(),
  kind: z.enum(['room', 'mailbox']),
  displayName: z.string(),
  verdict: z.enum(verdicts),
  codes: z.array(z.string()),
  path: z.string().exactOptional(),
  scope: z.string().exactOptional(),
  detail: z.string().exactOptional(),
}) satisfies z.ZodType<ResourceRow>;

/** An accepted risk, as it is kept with a finding and in the history. */
export const StoredFindingWaiver = z.object({
  by: z.string(),
  reason: z.string(),
  expiresAt: z.string(),
}) satisfies z.ZodType<FindingWaiver>;

/** A transition as it is kept, with the finding until it is announced, and in the history. */
export const StoredTransition = z.object({
  transitionId: z.string(),
  targetId: z.string(),
  tenantId: z.string(),
  control: z.enum(controlIds),
  severity: z.enum(severities),
  previousVerdict: z.enum(verdicts).nullable(),
  verdict: z.enum(verdicts),
  waived: z.boolean(),
  waiver: StoredFindingWaiver.exactOptional(),
  resumed: z.boolean(),
  summary: z.string(),
  reasons: Reasons,
  codes: z.array(z.string()),
  at: z.string(),
  runId: z.string(),
}) satisfies z.ZodType<Transition>;
export type StoredTransition = z.infer<typeof StoredTransition>;
