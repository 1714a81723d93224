import type { StoredTarget } from '../../../src/lib/model/target';
import type { Draw } from './draw';

/** One of two products whose rules about rooms and protocols differ. */
export function anyProduct(draw: Draw): Partial<StoredTarget> {
  return { profile: draw.rarely(3) ? 'planon-connect-for-calendars' : 'condeco-exchange-sync' };
}
