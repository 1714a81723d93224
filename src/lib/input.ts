import type { z } from 'zod';
import { type FieldError, InputError } from './errors';
import { isMissing, wordsFor } from './input-words';

/**
 * Parses foreign input: bodies, parts of addresses, files, messages. What is no well-formed Unicode is refused here and not by
 * the schemas, so that none of them can forget it.
 * @throws {InputError} that names every field and what would be right.
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, prefix = ''): z.infer<S> {
  const illFormed = illFormedIn(value).map((path) => ({ path: join(prefix, path), message: notUnicode }));
  if (illFormed.length > 0) throw new InputError(illFormed);
  // Without its input an issue does not tell a missing value from a wrong one.
  const parsed = schema.safeParse(value, { reportInput: true, error: wordsFor });
  if (parsed.success) return parsed.data;
  throw new InputError(fieldErrorsOf(parsed.error, prefix));
}

/** What is wrong, field by field. Needs the input in the issues to tell what is missing from what is wrong. */
export function fieldErrorsOf({ issues }: z.ZodError, prefix = ''): FieldError[] {
  return issues.flatMap((issue) => fieldErrors(issue, prefix));
}

function fieldErrors(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const at = (...more: PropertyKey[]) => join(prefix, [...issue.path, ...more]);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: at(key), message: 'is not a known property: remove it' }));
  }
  return [{ path: at(), message: isMissing(issue) ? 'is required' : issue.message }];
}

function join(prefix: string, path: readonly PropertyKey[]): string {
  return [...(prefix ? [prefix] : []), ...path].map((key) => String(key).toWellFormed()).join('.');
}

const notUnicode =
  'must be well-formed Unicode: it holds half of a character (a surrogate without its other half)';

/** So many are named. */
const mostNamed = 20;

/** No schema goes deeper; what lies deeper is named by where it begins. */
const deepest = 10;

/**
 * Where a value of JSON holds text, or the name of a property, that is no well-formed Unicode. JSON can say such text
 * (`"\ud800"`), and neither an address nor a row of a table can hold it.
 */
function illFormedIn(input: unknown): PropertyKey[][] {
  const found: PropertyKey[][] = [];
  // A body may be nested a hundred thousand times, so nothing here calls itself.
  const waiting: { value: unknown; path: PropertyKey[] }[] = [{ value: input, path: [] }];
  for (let next = waiting.pop(); next !== undefined && found.length < mostNamed; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && !value.isWellFormed()) found.push(path);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value).reverse()) {
      const at = path.length < deepest ? [...path, key] : path;
      if (key.isWellFormed()) waiting.push({ value: inner, path: at });
      else found.push(at);
    }
  }
  return found;
}
