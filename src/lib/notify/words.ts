import { counted, grouped } from '../counted';
import { utc } from '../report/page/time';
import type { CustomerPart, Digest, Section } from './model';

/** What stands above the news of a customer. */
export function customerTitle({ customer }: CustomerPart): string {
  return customer ?? 'No customer';
}

/** How much of a section was left out; empty for nothing. */
export function moreItems({ more }: Section): string {
  return more === 0 ? '' : `and ${grouped(more)} more`;
}

/** How many customers were left out; empty for none. */
export function moreCustomers({ moreCustomers: more }: Digest): string {
  return more === 0 ? '' : `And ${counted(more, 'more customer', 'more customers')}.`;
}

/** Which time a digest is about. */
export function periodOf({ from, until }: Digest): string {
  return from === null ? `All that is open on ${utc(until)}.` : `From ${utc(from)} to ${utc(until)}.`;
}

/** What was told before and is so still; empty for nothing. */
export function stillOpen({ counts: { stillOpen: count } }: Digest): string {
  if (count === 0) return '';
  return `${counted(count, 'finding')} that ${count === 1 ? 'was' : 'were'} told before still ${count === 1 ? 'needs' : 'need'} somebody.`;
}
