import * as z from 'zod';
import { Customer, Tag, TargetId } from '../model/target';
import { controlIds, severities, verdicts } from '../model/verdict';

/** The orders in which the page lists targets: worst first, by id, or first those that have been wrong the longest. */
export const gridSorts = ['worst', 'target', 'age'] as const;
export type GridSort = (typeof gridSorts)[number];

/** What targets are chosen by: their verdicts, and what is stale or accepted. */
export const gridVerdicts = [...verdicts, 'stale', 'accepted'] as const;
export type GridVerdict = (typeof gridVerdicts)[number];

/** A form sends every field, so that an empty one stands for none. */
function fieldOf<const V extends readonly string[]>(values: V) {
  return z
    .enum([...values, ''])
    .optional()
    .transform((value) => (value === '' ? undefined : (value as V[number] | undefined)));
}
const Search = z
  .string()
  .max(200)
  .optional()
  .transform((text) => text?.trim() || undefined);
const PageNumber = z.coerce.number().int().min(1).max(1_000_000).optional();

/** What chooses among all targets, and what among the rooms of one. */
const gridOptions = ['customer', 'verdict', 'control', 'severity', 'tag', 'sort', 'q', 'page'] as const;
const roomOptions = ['resources', 'rq', 'rpage'] as const;

/** Which page is shown, and what of it. What chooses on the other page would be passed over without a word. */
export const ReportQuery = z
  .strictObject({
    targetId: TargetId.optional().describe('One target; all of them without it.'),
    customer: Customer.or(z.literal(''))
      .optional()
      .transform((value) => value || undefined)
      .describe('Of one customer only: nothing of any other stands on the page.'),
    download: z.literal('1').optional().describe('As a file to hand out: without buttons, links and script.'),
    verdict: fieldOf(gridVerdicts).describe(
      'Targets whose worst verdict, or verdict of `control`, is this one; those with anything that is `stale` or `accepted`.',
    ),
    control: fieldOf(controlIds).describe('Targets to which this control applies.'),
    severity: fieldOf(severities).describe('Targets with something of this severity that needs somebody.'),
    tag: Tag.or(z.literal(''))
      .optional()
      .transform((value) => value || undefined)
      .describe('Targets with this tag.'),
    sort: fieldOf(gridSorts).describe(
      '`worst` first, by the id of the `target`, or by `age`, the longest first.',
    ),
    q: Search.describe('Text in the name, the ids, the customer or the tags of the target.'),
    page: PageNumber.describe('Page of targets, from 1.'),
    resources: fieldOf(verdicts).describe('Rooms of one target that have this verdict.'),
    rq: Search.describe('Text in the address or name of a room.'),
    rpage: PageNumber.describe('Page of rooms, from 1.'),
  })
  .superRefine((query, context) => {
    const [strange, message] =
      query.targetId === undefined
        ? [roomOptions, 'is about the rooms of one target: add targetId']
        : [gridOptions, 'is about all targets: leave it out, or targetId'];
    for (const option of strange) {
      if (query[option] !== undefined) context.addIssue({ code: 'custom', path: [option], message });
    }
  });
