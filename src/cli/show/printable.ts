import { visible } from '../../lib/report/page/visible';

/** One line in which nothing commands the terminal: names in a tenant are chosen by others. */
export function printable(text: string): string {
  return visible(text);
}

/** The same for a text of several lines, which stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** JSON for people and programs. What would command a terminal is escaped, so that the value stays the same. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(/[^\n -~]/gu, (character) =>
    visible(character) === character ? character : character.split('').map(escaped).join(''),
  );
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A value as JSON on one line, cut to so many characters. */
export function brief(value: unknown, longest = 160): string {
  // What has no JSON of its own, `undefined` for one, is nothing.
  const json = (JSON.stringify(value) as string | undefined) ?? 'null';
  return printable(json.length <= longest ? json : `${json.slice(0, longest - 1)}…`);
}
