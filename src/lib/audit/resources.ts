import type { FindingTable, StoredFinding } from '../storage/findings';
import type { ResourceTable } from '../storage/resources';
import type { AuditRun } from './audit-run';

/** So many writers at once would be a fault elsewhere. */
const mostAttempts = 5;

/**
 * The rows of one run, on their way into their table. Rows and finding cannot be written at once, so the digest in the
 * finding is emptied before the rows are touched, and set again together with what the run found. Whatever dies in
 * between leaves it empty, and the next run compares the rows again.
 */
export class RowsOfRun {
  /** Whether there may be rows of this run in the table. */
  private written = false;
  private readonly targetId: string;
  private readonly controlId: string;

  constructor(
    private readonly run: AuditRun,
    private readonly records: { findings: FindingTable; resources: ResourceTable },
  ) {
    this.targetId = run.target.targetId;
    this.controlId = run.control.id;
  }

  /**
   * Writes the rows, unless they are in the table already or could not be read. Takes the finding that is about to be
   * kept, and the last one. Gives what it is to replace, or `overtaken` when someone else has written the last one.
   */
  async write(
    next: Omit<StoredFinding, 'etag'>,
    last: StoredFinding | undefined,
  ): Promise<StoredFinding | undefined | 'overtaken'> {
    const rows = this.run.evaluation.resources;
    if (rows === undefined || next.resourcesDigest === last?.resourcesDigest) return last;
    const doubted = last && (await this.doubt(last));
    if (last !== undefined && doubted === undefined) return 'overtaken';
    const changes = await this.records.resources.replace(this.targetId, this.controlId, rows);
    if (changes > 0) this.written = true;
    return doubted;
  }

  /** Lets a later reading stand. Rows of this run may have come after its own, so the next run is to compare them again. */
  async giveWayTo(later: StoredFinding): Promise<StoredFinding> {
    let finding = later;
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      if (!this.written) return finding;
      const doubted = await this.doubt(finding);
      if (doubted !== undefined) return doubted;
      const current = await this.finding();
      if (current === undefined) return finding;
      finding = current;
    }
    return finding;
  }

  /** Takes back what was written about a target that is now gone, or another one. */
  async withdraw(): Promise<void> {
    if (!this.written) return;
    if ((await this.finding()) === undefined) {
      await this.records.resources.deleteAll(this.targetId, this.controlId);
    }
    // The finding of another run, which may have come just now: its rows may have been among these.
    const theirs = await this.finding();
    if (theirs !== undefined) await this.giveWayTo(theirs);
  }

  private finding(): Promise<StoredFinding | undefined> {
    return this.records.findings.get(this.targetId, this.controlId);
  }

  /** Says of a finding that its rows may be out of step. Gives it as it is then, or undefined when someone else has written it. */
  private async doubt(finding: StoredFinding): Promise<StoredFinding | undefined> {
    // Saying it again would make two runs that write rows at the same time start over for ever, each because of the other.
    if (finding.resourcesDigest === '') return finding;
    const doubted = { ...finding, resourcesDigest: '' };
    const etag = await this.records.findings.put(doubted, finding);
    return etag === undefined ? undefined : { ...doubted, etag };
  }
}
