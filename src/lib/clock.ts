/**
 * How far ahead of now a time may lie, in milliseconds, and still be one of a clock that is right: 15 minutes, which is also
 * as far as Azure Storage lets the clock of a client be off. Measured against the hours and days in which ages are counted
 * here, that much does no harm.
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key#specifying-the-date-header
 */
const ordinarySkewMs = 15 * 60_000;

/** The last moment that is still believed: a time after it comes from a clock that runs ahead. */
export function latestBelieved(now: Date): Date {
  return new Date(now.getTime() + ordinarySkewMs);
}

/** Whether a time (ISO 8601) lies so far ahead that the clock that it comes from must have been wrong. Nothing is counted from it. */
export function isAhead(time: string, now: Date): boolean {
  return isAfter(time, latestBelieved(now));
}

/** Stands in for a time that nobody knows: before everything. */
export const unknownTime = new Date(0).toISOString();

/** Whether a time (ISO 8601) is later than that moment. */
export function isAfter(time: string, moment: Date): boolean {
  return Date.parse(time) > moment.getTime();
}
