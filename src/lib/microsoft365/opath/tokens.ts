import type { Value } from './filter';

/** The smallest part of a filter that means something, with its place in the text. */
export type Token = { position: number; end: number } & (
  | { kind: 'mark'; mark: string }
  /** In lower case and without its hyphen: `eq`, `and`, or something that is no operator at all. */
  | { kind: 'operator'; operator: string }
  | { kind: 'property'; name: string }
  | { kind: 'value'; value: Value }
  /** Not part of the language. `wanted` says what it should have been, where that is plain. */
  | { kind: 'unreadable'; wanted?: string; found?: string }
  | { kind: 'end' }
);

const marks = '(){}';
const quotes = `'"`;
const constants = new Map<string, Value>([
  ['$null', null],
  ['$true', true],
  ['$false', false],
]);

/** Longer words mean nothing, and are not read to their end. */
const longestWord = 100;

/** More digits than these would not survive as a number of JavaScript. */
const mostDigits = 15;

/** Reads the token that begins at `start` or behind white space there. Takes time by the length of the token only. */
export function readToken(text: string, start: number): Token {
  let position = start;
  while (position < text.length && isSpace(text.charAt(position))) position++;
  if (position === text.length) return { kind: 'end', position, end: position };
  const character = text.charAt(position);
  if (marks.includes(character)) return { kind: 'mark', mark: character, position, end: position + 1 };
  if (quotes.includes(character)) return readText(text, position, character);
  return readWord(text, position);
}

/** Text goes from a quote to the next one of its kind; two in a row stand for one within the text. */
function readText(text: string, position: number, quote: string): Token {
  let closing = text.indexOf(quote, position + 1);
  while (closing !== -1 && text.charAt(closing + 1) === quote) closing = text.indexOf(quote, closing + 2);
  if (closing === -1) {
    const wanted = `a closing ${quote} for the text that begins here`;
    return { kind: 'unreadable', wanted, found: 'the end of the filter', position, end: text.length };
  }
  const value = text.slice(position + 1, closing).replaceAll(quote + quote, quote);
  return { kind: 'value', value, position, end: closing + 1 };
}

/** A word goes up to white space, a mark or a quote: `Name-eq` is one word, and no property. */
function readWord(text: string, position: number): Token {
  const limit = Math.min(text.length, position + longestWord + 1);
  let end = position + 1;
  while (end < limit && !isDelimiter(text.charAt(end))) end++;
  const place = { position, end };
  if (end - position > longestWord) return { kind: 'unreadable', ...place };
  const word = text.slice(position, end);
  const constant = constants.get(word.toLowerCase());
  if (constant !== undefined) return { kind: 'value', value: constant, ...place };
  if (/^-[a-z]+$/i.test(word)) return { kind: 'operator', operator: word.slice(1).toLowerCase(), ...place };
  if (/^-?\d+$/.test(word)) return { ...readNumber(word), ...place };
  if (/^[a-z_]\w*$/i.test(word)) return { kind: 'property', name: word, ...place };
  return { kind: 'unreadable', ...place };
}

function readNumber(word: string) {
  const wanted = `a whole number of at most ${mostDigits} digits`;
  if (word.replace('-', '').length > mostDigits) return { kind: 'unreadable', wanted } as const;
  // Adding zero turns -0 into 0.
  return { kind: 'value', value: Number(word) + 0 } as const;
}

function isDelimiter(character: string): boolean {
  return marks.includes(character) || quotes.includes(character) || isSpace(character);
}

function isSpace(character: string): boolean {
  return character.trim() === '';
}
