import * as z from 'zod';
import { controlIds, ResourceRow } from '../../model/verdict';
import { findingKey, type ResourceTable } from '../../storage/resources';
import type { ExportedFinding } from './sources';

/** What a control found out about one room or mailbox of a target. */
export const ExportedRoom = ResourceRow.extend({ targetId: z.string(), control: z.enum(controlIds) });
export type ExportedRoom = z.infer<typeof ExportedRoom>;

/** As much of a finding as its rows are shown with. */
export type RoomsOf = Pick<
  ExportedFinding,
  'targetId' | 'tenantId' | 'control' | 'controlVersion' | 'severity' | 'verdict' | 'stale' | 'waived'
>;

/** So many findings have their rows asked for one by one; of more of them the whole table is read. */
const mostAskedFor = 40;

/** Collects the findings that have rows while they pass by, and reads the rows afterwards. */
export class RoomReader {
  private readonly findings = new Map<string, RoomsOf>();

  constructor(private readonly resources: ResourceTable) {}

  /** Notes that the rows of a finding are wanted. */
  note(finding: ExportedFinding): void {
    const { targetId, tenantId, control, controlVersion, severity, verdict, stale, waived, counts } = finding;
    if (counts.resources > 0) {
      const of = { targetId, tenantId, control, controlVersion, severity, verdict, stale, waived };
      this.findings.set(findingKey(targetId, control), of);
    }
  }

  /** The rows of all that were noted, finding by finding, each in the order of addresses. */
  async *rooms(): AsyncGenerator<{ of: RoomsOf; row: ResourceRow }> {
    if (this.findings.size > mostAskedFor) {
      for await (const { of: key, row } of this.resources.all()) {
        const of = this.findings.get(key);
        if (of !== undefined) yield { of, row };
      }
      return;
    }
    for (const of of this.findings.values())
      for await (const row of this.resources.rows(of.targetId, of.control)) yield { of, row };
  }
}
