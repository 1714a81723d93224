import type { StoredTarget } from '../../../src/lib/model/target';
import type { Draw } from './draw';

/** Others than the first one, that differ in what is asked of rooms, accounts, permissions and protocols, and in what is known of that. */
const others = [
  'planon-connect-for-calendars',
  'robin-full-access',
  'robin-delegate',
  'roomz-application',
  'zoom-rooms-account',
] as const;

/** One of several products. */
export function anyProduct(draw: Draw): Partial<StoredTarget> {
  return { profile: draw.rarely(3) ? draw.one(...others) : 'condeco-exchange-sync' };
}
