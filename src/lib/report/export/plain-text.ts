/** What makes a spreadsheet take a cell for a formula, with the full-width forms that some take for the same. */
const starters = '=+\\-@＝＋－＠';

/**
 * At the beginning of a cell, or of what becomes one where semicolons part cells, which depends on the reader's region.
 * There a quotation mark at the beginning does not count.
 */
const formula = new RegExp(`(^|;)([\\s"]*)(?=[${starters}])`, 'gu');

/** Control characters, line and paragraph separators, marks that change the direction of writing, and halves of characters. */
export const unprintable = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+|\p{Cs}/gu;

/**
 * A text from a tenant as one line that a spreadsheet shows and does not calculate. What cannot be printed becomes `�`,
 * and an apostrophe is put in front of what looks like a formula, negative numbers included.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function plainText(text: string): string {
  return text.replace(unprintable, '\uFFFD').replace(formula, "$1$2'");
}
