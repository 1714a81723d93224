import * as z from 'zod';
import { FindingWaiver, Transition } from '../model/finding';
import { Reason, ResourceRow } from '../model/verdict';

// These are kept as they are shown. Nothing in them may be asked for more strictly than it was when older rows were written.

/** Reasons as they are kept. */
export const Reasons = z.array(Reason);

/** What was found out about one room or mailbox, as it is kept. */
export const StoredResourceRow = ResourceRow;

/** An accepted risk, as it is kept with a finding and in the history. */
export const StoredFindingWaiver = FindingWaiver;

/** A transition as it is kept, with the finding until it is announced, and in the history. */
export const StoredTransition = Transition;
export type StoredTransition = z.infer<typeof StoredTransition>;

/** What was before a finding changed last, as it is kept with it. */
export const StoredChange = Transition.pick({ previousVerdict: true, previousWaived: true, resumed: true });
