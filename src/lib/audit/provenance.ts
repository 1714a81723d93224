import { z } from 'zod';
import type { Control } from '../controls/control';
import type { Tally } from '../microsoft365/patience';

/** So many ids are kept with the evidence. A list of ten thousand rooms takes hundreds of requests. */
const mostRequestIds = 100;

/**
 * Where evidence comes from, so that it can be followed to its source: which version of the control collected it and when,
 * and Microsoft's ids of the requests that were answered. Evidence of earlier versions lacks some of it.
 */
export const Provenance = z.object({
  controlVersion: z.number().nullable().catch(null),
  /** When the reading began, ISO 8601 in UTC; empty when it is not known. */
  collectedAt: z.string().catch(''),
  /** The first hundred. */
  requestIds: z.array(z.string()).catch([]),
  /** How many there are in all. */
  requestIdCount: z.number().catch(0),
});
export type Provenance = z.infer<typeof Provenance>;

/** The provenance of what a control has read, as a part of its evidence. */
export function provenanceOf(control: Control<unknown>, tally: Tally, collectedAt: Date): Provenance {
  const ids = [...new Set(tally.requestIds)];
  return {
    controlVersion: control.version,
    collectedAt: collectedAt.toISOString(),
    requestIds: ids.slice(0, mostRequestIds),
    requestIdCount: ids.length,
  };
}
