import type { z } from 'zod';
import { counted } from './counted';

/** What zod calls a type, as a person would. */
const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'left out',
};

/** Forms of texts for which a schema has no words of its own. */
const forms: Readonly<Record<string, string>> = {
  datetime: 'a time with an offset, like 2026-11-01T08:00:00Z',
  date: 'a day, like 2026-11-01',
  url: 'an address like https://example.com',
  email: 'an address like svc-condeco@contoso.com',
  uuid: 'a GUID like 00000000-0000-0000-0000-000000000000',
  guid: 'a GUID like 00000000-0000-0000-0000-000000000000',
};

/** What would be right, where a schema does not say it itself. Undefined for what nobody has thought of: zod's own words. */
export function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (isMissing(issue)) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${types[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${atLeast(issue)}`;
    case 'too_big':
      return `must ${atMost(issue)}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return `must be ${forms[issue.format] ?? 'of another form'}`;
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? `must be one of ${issue.options.map(String).join(', ')}`
        : 'has none of the forms that it may have';
    case 'invalid_key':
    case 'invalid_element':
      return 'has none of the forms that it may have';
    default:
      return undefined;
  }
}

/** Whether nothing was there at all, so that no other fault is worth telling. */
export function isMissing({ code, input }: { code: string; input?: unknown }): boolean {
  return input === undefined && ['invalid_type', 'invalid_value', 'invalid_union'].includes(code);
}

interface Bound {
  origin: string;
  inclusive?: boolean | undefined;
}

function atLeast({ origin, minimum, inclusive }: Bound & { minimum: number | bigint }): string {
  if (isCounted(origin) && Number(minimum) === 1) return 'not be empty';
  if (isCounted(origin)) return `have at least ${sized(origin, minimum)}`;
  return inclusive === false ? `be more than ${minimum}` : `be at least ${minimum}`;
}

function atMost({ origin, maximum, inclusive }: Bound & { maximum: number | bigint }): string {
  if (isCounted(origin)) return `have at most ${sized(origin, maximum)}`;
  return inclusive === false ? `be less than ${maximum}` : `be at most ${maximum}`;
}

function isCounted(origin: string): boolean {
  return ['string', 'array', 'set', 'map', 'object'].includes(origin);
}

function sized(origin: string, count: number | bigint): string {
  return counted(
    Number(count),
    origin === 'string' ? 'character' : 'entry',
    origin === 'string' ? 'characters' : 'entries',
  );
}
