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
const targetOptions = ['resources', 'rq', 'rpage', 'history', 'continuation'] as const;

/** Which page is shown, and what of it. What chooses on the other page would be passed over without a word. */
export const ReportQuery = z
  .strictObject({
    targetId: TargetId.optional().describe('One target; all of them without it.'),
    // Stays empty where it is: what is handed out must not be about all because nobody was named.
    customer: Customer.or(z.literal(''))
      .optional()
      .describe(
        'Of one customer only: nothing of any other stands on the page. Never empty with `download`.',
      ),
    download: z.literal('1').optional().describe('As a file to hand out: without anything that acts.'),
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
    history: z.literal('all').optional().describe('`all`: everything that has changed on the target.'),
    continuation: z
      .string()
      .max(2000)
      .optional()
      .describe('Where older changes begin: from the page before, as it is.'),
    form: z
      .enum(['new', 'edit'])
      .optional()
      .describe('The form for a `new` target, or to `edit` the one that is named.'),
  })
  .superRefine((query, context) => {
    const [strange, message] = strangeTo(query);
    for (const option of strange) {
      if ((query[option] ?? '') !== '') context.addIssue({ code: 'custom', path: [option], message });
    }
    if (query.customer === '' && query.download !== undefined)
      context.addIssue({
        ...{ code: 'custom', path: ['customer'] },
        message:
          'must not be empty in a file to hand out: name the customer, or leave it out for all targets',
      });
    if (query.form === 'edit' && query.targetId === undefined)
      context.addIssue({ code: 'custom', path: ['targetId'], message: 'is required: which one is edited' });
  });

type Option = (typeof gridOptions)[number] | (typeof targetOptions)[number] | 'targetId' | 'download';

/** Which options say nothing on the page that is asked for, and why. */
function strangeTo({
  targetId,
  form,
  history,
}: {
  targetId?: string | undefined;
  form?: string | undefined;
  history?: string | undefined;
}): [readonly Option[], string] {
  if (form !== undefined) {
    const others: Option[] = [...gridOptions, ...targetOptions, 'download'];
    return [
      form === 'new' ? [...others, 'targetId'] : others,
      `is no part of the form: leave it out, or form`,
    ];
  }
  if (targetId === undefined) return [targetOptions, 'is about one target: add targetId'];
  if (history === undefined)
    return [
      [...gridOptions, 'continuation'],
      'is about all targets, or the history: leave it out, or targetId',
    ];
  const ofHistory: readonly Option[] = ['control', 'continuation', 'history'];
  const others: readonly Option[] = [...gridOptions, ...targetOptions, 'download'];
  return [
    others.filter((option) => !ofHistory.includes(option)),
    'is no part of the history: leave it out, or history',
  ];
}
