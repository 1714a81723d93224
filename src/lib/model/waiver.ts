import * as z from 'zod';
import { time } from './time';
import { controlIds } from './verdict';

/** An accepted risk, as the API shows it. */
export const Waiver = z
  .object({
    targetId: z.string(),
    control: z.enum(controlIds),
    by: z.string().describe('Name of whoever accepted it.'),
    reason: z.string().describe('Why.'),
    createdAt: time('When the reading began of which this was accepted.'),
    expiresAt: time('From this second on it is no longer accepted.'),
    codes: z
      .array(z.string())
      .exactOptional()
      .describe('Only what has one of these codes was accepted. Absent when everything was.'),
    controlVersion: z
      .number()
      .int()
      .describe('A later version of the control may mean something else by the same code.'),
    pinned: z.number().int().describe('How many violations, or unknowns, are still accepted.'),
  })
  .meta({ id: 'Waiver', description: 'An accepted risk.' });
export type Waiver = z.infer<typeof Waiver>;

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
