import * as z from 'zod';
import { dayMs } from '../../durations';
import { counted } from '../../counted';
import type { Cloud } from '../../microsoft365/clouds';
import type { Profile } from '../../profiles';
import dates from './retirement.json';

/**
 * When Microsoft ends Exchange Web Services in Exchange Online, and where it says so. All days are in UTC, and hold in the
 * worldwide cloud: the others have none yet.
 */
export const retirement = z
  .strictObject({
    source: z.url(),
    switchedOffFrom: z.iso.date(),
    listNeededFrom: z.iso.date(),
    endsOn: z.iso.date(),
  })
  .parse(dates);

/** How many days are left, none or fewer once they have ended; undefined where no day is known. */
export function daysLeft(cloud: Cloud, now: Date): number | undefined {
  if (cloud === 'national') return undefined;
  return Math.ceil((Date.parse(retirement.endsOn) - now.getTime()) / dayMs);
}

/** That Exchange Web Services end, and when, as the beginning of a sentence. @param left how many days are left; undefined where no day is known. */
export function ending(left: number | undefined): string {
  const when =
    left === undefined
      ? 'in the worldwide cloud, and have no date in this one yet'
      : `in ${counted(left, 'day')}`;
  return `Exchange Web Services end in Exchange Online on ${retirement.endsOn}, ${when}`;
}

/** Where the way out of Exchange Web Services leads, as a sentence. */
export function wayOut({ successor }: Profile): string {
  return successor === undefined
    ? 'Ask the vendor for the way to Microsoft Graph.'
    : `The vendor offers ${successor.name} in its place: ${successor.source}`;
}
