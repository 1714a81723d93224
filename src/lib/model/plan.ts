import * as z from 'zod';

/** `revocations`: a plan also takes back what is granted and not needed. */
export const planOptions = ['revocations'] as const;
export type PlanOption = (typeof planOptions)[number];

/**
 * A request that changes a tenant. In a plan its address begins with the service's own path: `/v1.0/…` and `/beta/…`
 * are Microsoft Graph, `/adminapi/…` is Exchange; the gate puts the configured host in front.
 *
 * Where something is only known after another change was answered, it is written as {@link resultOf}.
 */
export const PlannedRequest = z
  .object({
    method: z.enum(['POST', 'PATCH', 'DELETE']),
    url: z.string(),
    body: z.unknown().exactOptional(),
  })
  .meta({
    id: 'PlannedRequest',
    description:
      'A request to Microsoft 365 that changes a tenant. `{{id.property}}` stands for what the answer to the change of that id tells.',
  });
export type PlannedRequest = z.infer<typeof PlannedRequest>;

/** One change of a tenant. */
export const Change = z
  .object({
    id: z
      .string()
      .describe(
        'Made from its content: equal for equal changes, and in the order in which they have to be made.',
      ),
    description: z.string().describe('A sentence for an administrator.'),
    request: PlannedRequest,
    // As `Control.observe` sees it.
    before: z.unknown().describe('What is there now.'),
    after: z.unknown().describe('What will be there.'),
    undo: PlannedRequest.exactOptional().describe('Puts `before` back; absent when that cannot be done.'),
    permission: z.string().describe('The permission that the writing identity needs for it.'),
  })
  .meta({ id: 'Change', description: 'One change of a tenant.' });
export type Change = z.infer<typeof Change>;

/** Something that only a person can do. */
export const ManualStep = z
  .object({
    description: z.string().describe('A sentence for an administrator.'),
    link: z.string().describe("Where it is done, or explained: a page of Microsoft's or of the vendor's."),
  })
  .meta({ id: 'ManualStep', description: 'Something that only a person can do.' });
export type ManualStep = z.infer<typeof ManualStep>;

/** What it takes to make a finding compliant. */
export interface Plan {
  changes: Change[];
  manualSteps: ManualStep[];
}

/** Nothing to change, and nothing for people to do. */
export const emptyPlan: Plan = { changes: [], manualSteps: [] };
