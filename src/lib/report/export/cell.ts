import { plainText } from './plain-text';

/** What Excel takes in a cell: https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3 */
const longestCell = 32_767;

/** What XML cannot hold, beside what is replaced in every text. */
const notInXml = /[\uFFFE\uFFFF]/g;

/** `_x0041_` stands for a character in texts of a workbook; so it would be shown as that. */
const escaped = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** A text from a tenant as the text of a cell: one line, never a formula, and cut where a cell holds no more. */
export function cellText(text: string): string {
  const plain = plainText(text).replace(notInXml, '\uFFFD').replace(escaped, '_x005F_');
  return plain.length <= longestCell ? plain : `${plain.slice(0, longestCell - 1).replace(/\p{Cs}$/u, '')}…`;
}
