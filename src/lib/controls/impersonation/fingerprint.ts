import { digest } from '../plan';

/**
 * A value found that is too long to be shown, or is not known: another text for another value, and the same one in
 * whatever order its parts come. Who has accepted the one has not accepted the other.
 */
export function fingerprint(what: string, parts: readonly string[]): string {
  return `${what} (${digest([...parts].sort()).slice(0, 12)})`;
}
