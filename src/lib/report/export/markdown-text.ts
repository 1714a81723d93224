import { unprintable } from './plain-text';

/**
 * Marks that mean something in Markdown, in HTML or in a table, also in its dialects: emphasis, links, code, entities, formulas,
 * and what begins an address that becomes a link by itself.
 */
const marks = /[\\`*_[\]{}<>&|~!#$^@]|:(?=[/\w])|(?<=www)\.|(?<=^\d+)[.)]|^[-+=]/giu;

/**
 * A text from a tenant as one line of Markdown that shows what it says, and does nothing.
 * Source: https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function markdownText(text: string): string {
  return text.trim().replace(unprintable, '\uFFFD').replace(/\s+/gu, ' ').replace(marks, '\\$&');
}
