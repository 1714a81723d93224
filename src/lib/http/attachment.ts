import { dayOf } from '../watch/day-score';

/**
 * The header of an answer that is kept as a file: `syncwarden-contoso-2026-11-30.csv`.
 * @param about whose it is, as an id; undefined where it is about all there is.
 */
export function attachment(
  about: string | undefined,
  at: Date,
  extension: string,
): Readonly<Record<string, string>> {
  const name = ['syncwarden', ...(about === undefined ? [] : [about]), dayOf(at)].join('-');
  return { 'content-disposition': `attachment; filename="${name}.${extension}"` };
}
