import { control } from '../controls';
import type { Names } from '../model/target';
import type { ControlId, Verdict } from '../model/verdict';
import type { FindingStatus } from '../storage/findings';
import type { Telemetry } from '../telemetry/telemetry';

/** The conditions that alerts tell of. Each has a rule of this name in infra/alerts/rules.json. */
export type ConditionName = 'noncompliant' | 'unverified' | 'remediation' | 'poison' | 'waiver';

/**
 * Something that is open and that somebody has to look after. As long as it lasts everything but the finding stays the same:
 * an alert is one and the same by its words, and keeps its place by when it began.
 */
export interface Condition {
  condition: ConditionName;
  /** Empty where nobody can tell. */
  targetId: string;
  tenantId: string;
  control: ControlId | undefined;
  /** Where the finding stands. */
  finding: Pick<FindingStatus, 'verdict' | 'waived' | 'codes'> | undefined;
  /** When it began, ISO 8601 in UTC. */
  since: string;
  /** What it is, as it follows on the name of the target. */
  words: string;
  /** The code of a violation. */
  code?: string;
  /** The repair that it is about. */
  remediationId?: string;
  /** When the accepted risk ends that it is about. */
  expiresAt?: string;
}

/** Stands in for the finding of a control that never ran. */
export const never = { verdict: 'unknown' as Verdict, waived: false, codes: [] };

/**
 * Says of everything that is open that it is, in each round of the watchdog anew. Alert rules look back two days at most, and
 * know nothing of what was deleted, paused or accepted meanwhile: they show what the last rounds have said.
 * https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
 */
export class Conditions {
  /**
   * @param at when the round began: what arrives late is known by it.
   * @param address of the app, such as `https://syncwarden.contoso.com`; undefined where it does not know its own.
   */
  constructor(
    private readonly telemetry: Telemetry,
    private readonly at: Date,
    private readonly address: string | undefined,
  ) {}

  /** @param target that it is about, if it is there. */
  tell(open: Condition, target: Names | undefined): void {
    const { condition, targetId, tenantId, control: id, finding = never, since } = open;
    const { code = '', remediationId = '', expiresAt = '' } = open;
    const severity = id === undefined ? '' : control(id).severity;
    this.telemetry.event('ConditionOpen', {
      ...{ condition, targetId, customerTenantId: tenantId, control: id ?? '', severity },
      ...{ verdict: finding.verdict, waived: String(finding.waived), codes: finding.codes.join(',') },
      ...{ code, remediationId, expiresAt, since, at: this.at.toISOString() },
      displayName: target?.displayName ?? '',
      text: sentence(open),
      link: linkTo(this.address, targetId, id),
    });
  }
}

/**
 * Where the page shows something.
 * @param address of the app; undefined where it does not know its own: then the link is empty.
 * @param targetId empty for all targets.
 */
export function linkTo(address: string | undefined, targetId: string, id?: ControlId): string {
  if (address === undefined) return '';
  const target = targetId === '' ? '' : `?targetId=${encodeURIComponent(targetId)}`;
  return `${address}/api/report${target}${id === undefined ? '' : `#${id}`}`;
}

function sentence({ targetId, control: id, words }: Condition): string {
  const about = id === undefined ? '' : ` (${id}, ${control(id).severity})`;
  return `${targetId === '' ? '' : `${targetId}: `}${words}${about}.`;
}

/**
 * What was violated and not accepted when it was last verified, also where the tenant cannot be read any more. What is accepted
 * while it cannot be read is accepted all the same.
 */
export function openViolations(statuses: readonly FindingStatus[]): Condition[] {
  return statuses
    .filter(({ waived }) => !waived)
    .flatMap((finding) => {
      const { targetId, tenantId, control: id, openCodes, openSince, since } = finding;
      return openCodes.map((code): Condition => ({
        ...{ condition: 'noncompliant', targetId, tenantId, control: id, finding, code },
        since: openSince[code] ?? since,
        words: control(id).codes[code]?.title ?? code,
      }));
    });
}
