import * as z from 'zod';
import { time } from '../model/time';
import { controlIds, severities } from '../model/verdict';

/** What a digest tells of, in the order in which it does. */
export const sectionKinds = ['broke', 'notKnown', 'ending', 'better', 'passed', 'unwatched'] as const;
export type SectionKind = (typeof sectionKinds)[number];

/** The heading of each. */
export const sectionTitles: Readonly<Record<SectionKind, string>> = {
  broke: 'Broke',
  notKnown: 'Could not be read or verified',
  ending: 'About to end',
  better: 'Got better',
  passed: 'Came and went',
  unwatched: 'No longer watched, and was not fine',
};

const link = z
  .url()
  .exactOptional()
  .describe('Where the page shows it. Absent where the app does not know its own address.');

/** One thing that a digest says. Names in it were chosen by others: whoever puts them into HTML or Markdown escapes them. */
export const Item = z.object({
  about: z.string().describe('The name of the target, or how many targets it is about.'),
  says: z.string().describe('What there is to say of it, as a sentence.'),
  targetIds: z.array(z.string()).describe('The targets that it is about, of many the first ten.'),
  count: z.number().int().describe('How many targets it is about.'),
  control: z.enum(controlIds).exactOptional().describe('Absent where it is about all controls alike.'),
  severity: z.enum(severities).exactOptional(),
  codes: z.array(z.string()).describe('Codes of the findings that it is about.'),
  since: time('Since when it is so, where that is known.').exactOptional(),
  link,
});
export type Item = z.infer<typeof Item>;

/** What a digest says of one kind. */
export const Section = z.object({
  kind: z.enum(sectionKinds),
  title: z.string(),
  items: z.array(Item),
  more: z
    .number()
    .int()
    .describe('How many items there are that were left out, so that the message is not too long.'),
});
export type Section = z.infer<typeof Section>;

/** What a digest says of one customer. */
export const CustomerPart = z.object({
  customer: z.string().nullable().describe('Null for the targets that belong to none.'),
  sections: z.array(Section).describe('Those that there is something to say of.'),
  link,
});
export type CustomerPart = z.infer<typeof CustomerPart>;

/** How much there is of each, however much of it was left out. */
export const Counts = z.object({
  broke: z.number().int(),
  notKnown: z.number().int(),
  ending: z.number().int(),
  better: z.number().int(),
  passed: z.number().int(),
  unwatched: z.number().int(),
  stillOpen: z.number().int().describe('Findings that were told before, and still need somebody.'),
});
export type Counts = z.infer<typeof Counts>;

/** A digest: what there is to say since the one before. */
export const Digest = z.object({
  from: time(
    'When the digest before this one was made, that arrived. Null for the first one, which tells what is open.',
  ).nullable(),
  until: time('When this one was made.'),
  headline: z.string().describe('All of it in one sentence.'),
  alarms: z
    .array(z.string())
    .describe('Why nobody is looking, or cannot: while this is not empty, silence means nothing.'),
  customers: z.array(CustomerPart),
  moreCustomers: z
    .number()
    .int()
    .describe('How many customers were left out, so that the message is not too long.'),
  counts: Counts,
  link,
});
export type Digest = z.infer<typeof Digest>;
