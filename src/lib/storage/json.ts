import * as z from 'zod';

/** A string property holds 64 KiB, that is 32,768 UTF-16 units; a little is kept in reserve. */
export const longestString = 32_000;

/** No single text that is shown is kept longer than this, in characters. */
const longestText = 2000;

/** How many properties one value may fill: the whole entity must stay below 1 MiB. */
const mostParts = 12;

/** Writes JSON into as many properties as it needs: `name`, `name1`, `name2` … @throws when it is longer than that. */
export function writeJson(name: string, value: unknown): Record<string, string> {
  const json = JSON.stringify(value);
  const parts: Record<string, string> = {};
  let start = 0;
  for (let index = 0; start < json.length || index === 0; index++) {
    if (index === mostParts)
      throw new RangeError(`${name} is too long to be stored: ${json.length} characters.`);
    const end = wholeCharacters(json, start + longestString);
    parts[propertyOf(name, index)] = json.slice(start, end);
    start = end;
  }
  return parts;
}

/** Names of all properties that {@link writeJson} may fill. */
export function jsonProperties(name: string): string[] {
  return Array.from({ length: mostParts }, (_part, index) => propertyOf(name, index));
}

function propertyOf(name: string, index: number): string {
  return index === 0 ? name : `${name}${index}`;
}

/** Half a surrogate pair would not survive the way to the table. */
function wholeCharacters(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/** The text as far as it is kept; an ellipsis stands for what is left out. */
export function shorten(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, wholeCharacters(text, longestText - 1))}…`;
}

/** Reads what {@link writeJson} wrote; undefined when there is nothing. @throws {z.ZodError} when it is no JSON. */
export function readJson(entity: Readonly<Record<string, unknown>>, name: string): unknown {
  let json = '';
  for (let index = 0; ; index++) {
    const part = entity[propertyOf(name, index)];
    if (typeof part !== 'string') break;
    json += part;
  }
  return json === '' ? undefined : parse(json, name);
}

/** Parses what {@link writeJson} wrote. @throws {z.ZodError} that names the property in front of what is wrong. */
export function parseJson<S extends z.ZodType>(
  schema: S,
  entity: Readonly<Record<string, unknown>>,
  name: string,
): z.infer<S> {
  const parsed = schema.safeParse(readJson(entity, name), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new z.ZodError(parsed.error.issues.map((issue) => ({ ...issue, path: [name, ...issue.path] })));
}

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new z.ZodError([{ code: 'custom', path: [name], input: undefined, message: 'is no JSON' }]);
  }
}

/**
 * Cuts a record so that its JSON fits into one property. Long lists lose their end, other long values go altogether;
 * `omitted` says of each how much was left out (items of a list, characters of anything else).
 */
export function cutToFit(record: Record<string, unknown>, limit = longestString): Record<string, unknown> {
  if (JSON.stringify(record).length <= limit) return record;
  const cut: Record<string, unknown> = {};
  const omitted: Record<string, string> = {};
  const entries = Object.entries(record)
    .map(([key, value]) => ({ key, value, size: size(value) }))
    .sort((a, b) => a.size - b.size);
  for (const { key, value, size: full } of entries) {
    const room = () =>
      limit - size({ ...cut, omitted: { ...omitted, [key]: `${full} characters` } }) - key.length - 64;
    if (full <= room()) {
      cut[key] = value;
    } else if (Array.isArray(value)) {
      const kept = beginning(value, room());
      cut[key] = kept;
      omitted[key] = `${value.length - kept.length} of ${value.length} items`;
    } else {
      omitted[key] = `${full} characters`;
    }
  }
  return { ...cut, omitted };
}

function beginning(items: readonly unknown[], room: number): unknown[] {
  const kept: unknown[] = [];
  let used = 2;
  for (const item of items) {
    used += size(item) + 1;
    if (used > room) break;
    kept.push(item);
  }
  return kept;
}

function size(value: unknown): number {
  return (JSON.stringify(value) as string | undefined)?.length ?? 4;
}
