import type { Truth } from '../opath';

/** Somebody with an address in Exchange, as far as rooms and scopes are compared. */
export interface Recipient {
  /** Primary address in lower case. */
  address: string;
  displayName: string;
  /** Every id and address that it goes by, in lower case. Two recipients are the same one when they share any. */
  keys: readonly string[];
  /**
   * Whether there is a mailbox in Exchange Online behind it, which an application could open; undefined where the reader
   * cannot tell.
   */
  hasMailbox: Truth;
  /** `yes` for a desk, `unknown` for one that may be a desk; absent for anybody else. Desks are kept as rooms. */
  desk?: 'yes' | 'unknown' | undefined;
  /** A projector or a car, for instance; only where the reader knows. */
  equipment?: true | undefined;
  /** Object id in Microsoft Entra, in lower case, where that is known. It is among the keys too. */
  id?: string | undefined;
  /** When it was made, in ISO 8601, where the reader knows. */
  created?: string | undefined;
}

/** A room of a target. */
export interface Room extends Recipient {
  /** False for one that the target means and that has no mailbox in this tenant. */
  exists: boolean;
  /** Why it may not exist, where the reader cannot tell; the end of a sentence. */
  doubt?: string;
}

/** Whether it may or may not be a mailbox that ought to be out of reach. */
export function isUncertain({ hasMailbox, desk }: Recipient): boolean {
  return desk !== 'yes' && (hasMailbox === undefined || (hasMailbox && desk === 'unknown'));
}
