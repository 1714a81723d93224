/** Text that is to be seen as it is: white space is a blank, and what has no shape or moves others is `\uFFFD`. */
export function visible(text: string): string {
  if (!unusual.test(text)) return text;
  return text.replaceAll(/[\t\n\r]+/g, ' ').replaceAll(unseen, '\uFFFD');
}

/** A page has thousands of texts, and hardly one of them has anything but the plain characters of ASCII. */
const unusual = /[^ -~]/;

/**
 * Control characters, halves of characters, marks and overrides of direction (https://www.unicode.org/reports/tr9/),
 * separators of lines, and characters without any width. Joiners stay: some scripts cannot be written without them.
 */
const unseen =
  /[\p{Cc}\p{Cs}\u{061C}\u{200B}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2060}-\u{206F}\u{FEFF}\u{FFF9}-\u{FFFB}\u{E0000}-\u{E007F}]/gu;
