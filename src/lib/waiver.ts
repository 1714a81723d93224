import type { ControlId } from './controls/control';

/** An accepted risk, as the API shows it. Times are ISO 8601 in UTC. */
export interface Waiver {
  targetId: string;
  control: ControlId;
  /** Name of whoever accepted it. */
  by: string;
  reason: string;
  /** When the reading began of which this was accepted. */
  createdAt: string;
  /** From this second on it is no longer accepted. */
  expiresAt: string;
  /** Only what has one of these codes was accepted. Absent when everything was. */
  codes?: string[];
  /** A later version of the control may mean something else by the same code. */
  controlVersion: number;
  /** How many violations, or unknowns, are still accepted. */
  pinned: number;
}

/** A waiver as it is kept, without what it pins. */
export interface WaiverRecord extends Waiver {
  /** Object id of whoever accepted it: names change. */
  byObjectId: string;
  /** What the target was about; a target that is put again under the same id may be about something else. */
  subject: string;
  /** The day, in UTC, on which its end was last announced; empty before. */
  remindedOn: string;
  etag: string;
}

/** A waiver with exactly what it accepts. */
export interface StoredWaiver extends WaiverRecord {
  /**
   * Random, and never shown. Digests are short, and names in a tenant are chosen by others: without knowing the salt
   * nobody can look for a name that has the digest of an accepted one.
   */
  salt: string;
  /** Digests of what is accepted, of 16 hex digits each. */
  pins: ReadonlySet<string>;
}

/** The waiver as the API shows it. */
export function waiverOf(stored: WaiverRecord): Waiver {
  const { targetId, control, by, reason, createdAt, expiresAt, codes, controlVersion, pinned } = stored;
  const shown = { targetId, control, by, reason, createdAt, expiresAt, controlVersion, pinned };
  return codes === undefined ? shown : { ...shown, codes };
}

/** Whether a waiver has ended. Its last moment is the one before `expiresAt`. */
export function hasExpired({ expiresAt }: Pick<Waiver, 'expiresAt'>, now: Date): boolean {
  return now.getTime() >= Date.parse(expiresAt);
}
