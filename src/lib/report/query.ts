import * as z from 'zod';
import { TargetId } from '../model/target';
import { controlIds, verdicts } from '../model/verdict';

/** The orders in which the page lists targets: worst first, by id, or first those that have been wrong the longest. */
export const gridSorts = ['worst', 'target', 'age'] as const;
export type GridSort = (typeof gridSorts)[number];

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
const gridOptions = ['verdict', 'control', 'sort', 'q', 'page'] as const;
const roomOptions = ['resources', 'rq', 'rpage'] as const;

/** Which page is shown, and what of it. What chooses on the other page would be passed over without a word. */
export const ReportQuery = z
  .strictObject({
    targetId: TargetId.optional().describe('One target; all of them without it.'),
    verdict: fieldOf(verdicts).describe('Targets whose worst verdict, or verdict of `control`, is this one.'),
    control: fieldOf(controlIds).describe('Targets to which this control applies.'),
    sort: fieldOf(gridSorts).describe(
      '`worst` first, by the id of the `target`, or by `age`, the longest first.',
    ),
    q: Search.describe('Text in the id of the target or of its tenant.'),
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
