import * as z from 'zod';

/**
 * The registry of controls, in the order in which people read them: each is the folder of that name in `controls`. What
 * follows from a line here and that folder is written by `npm run generate`.
 */
export const controlIds = [
  'account',
  'sign-in',
  'password-expiry',
  'license',
  'consent',
  'impersonation',
  'rooms',
  'ews-access',
] as const;
export type ControlId = (typeof controlIds)[number];

/** How bad it is when a control is not compliant, the worst first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

/** Worst first: this is the order in which verdicts of several controls are summed up. */
export const verdicts = ['nonCompliant', 'unknown', 'compliant', 'notApplicable'] as const;
export type Verdict = (typeof verdicts)[number];

/** How much a reason weighs, the heaviest first. */
export const levels = ['violation', 'unknown', 'notice'] as const;
export type Level = (typeof levels)[number];

/** Why a finding has its verdict. Codes are part of the interface: scripts and alerts key on them. */
export const Reason = z
  .object({
    code: z.string().describe('What kind of reason it is, such as `license.none`.'),
    level: z
      .enum(levels)
      .describe(
        'Violations make a finding `nonCompliant`; without any, an `unknown` makes it `unknown`; notices change nothing.',
      ),
    // Dates and counters belong here or in the evidence, never in `actual`.
    message: z.string().describe('A sentence for an administrator.'),
    resource: z
      .string()
      .exactOptional()
      .describe('What it is about: an account, a permission, a room. Compared without regard to case.'),
    expected: z.string().exactOptional().describe('What would be right.'),
    actual: z
      .string()
      .exactOptional()
      .describe('The value found. A different value is a different violation.'),
  })
  .meta({ id: 'Reason', description: 'Why a finding has its verdict.' });
export type Reason = z.infer<typeof Reason>;

/** What a control found out about one room or mailbox. Rows are kept apart from the finding, which only counts them. */
export const ResourceRow = z
  .object({
    resource: z.string().describe('Address in lower case. Unique among the rows of one finding.'),
    kind: z.enum(['room', 'mailbox']).describe('A room of the target, or a mailbox that is none.'),
    displayName: z.string().describe('Its name in the directory.'),
    verdict: z.enum(verdicts).describe('Of this room or mailbox alone.'),
    codes: z.array(z.string()).describe('Codes of its violations and of what is unknown about it, sorted.'),
    path: z.string().exactOptional().describe('How it is reached: the role that is assigned.'),
    scope: z.string().exactOptional().describe('Within which scope it is reached.'),
    detail: z.string().exactOptional().describe('What there is to say about it beyond that, as a sentence.'),
  })
  .meta({ id: 'ResourceRow', description: 'What a control found out about one room or mailbox.' });
export type ResourceRow = z.infer<typeof ResourceRow>;
