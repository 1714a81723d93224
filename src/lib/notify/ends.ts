import { dayMs } from '../durations';
import { credentialsUntil } from '../controls/consent/credentials';
import { daysLeft, ending } from '../controls/ews-access/retirement';
import { cloudOf } from '../microsoft365/clouds';
import { isReadable } from '../model/target';
import type { ControlId } from '../model/verdict';
import { profile } from '../profiles';
import type { Row } from '../report/model';
import type { FindingTable } from '../storage/findings';
import { sayIn } from '../storage/unreadable';
import type { WaiverTable } from '../storage/waivers';
import type { Log } from '../log';
import type { TargetStatus } from '../watch/target-status';
import { endWords, noticeMs } from '../watch/waiver-watch';

/** Something of a target that ends soon. */
export interface End {
  /** The same for the same thing of the same target. */
  key: string;
  kind: 'waiver' | 'credential' | 'ews';
  row: Row;
  control: ControlId;
  /** The code of the finding that says so, where one does. */
  code?: string;
  /** As it follows on the name of the target; of `ews` a sentence of its own, without a stop. */
  words: string;
  /** At how many days before the end it is told: the last of these that has come. */
  days: number;
}

/** What it takes to tell what ends. */
export interface EndServices {
  findings: FindingTable;
  waivers: WaiverTable;
  settings: { exchangeEndpoint: string };
  log: Log;
}

type Watched = readonly { row: Row; status: TargetStatus }[];

/** So many days before its end something is told, each time once. */
export const toldAt = [180, 90, 60, 30, 14, 7, 3, 1] as const;

/** The last of these days that has come; undefined as long as none has. */
export function dayToTell(leftMs: number): number | undefined {
  return toldAt.findLast((days) => leftMs <= days * dayMs);
}

/** What ends soon of the targets that are watched: accepted risks, credentials, and Exchange Web Services. */
export async function readEnds(services: EndServices, targets: Watched, now: Date): Promise<End[]> {
  const watched = targets.filter(({ row }) => !row.paused);
  const rows = new Map(watched.map(({ row }) => [row.targetId, row]));
  const [waivers, credentials] = await Promise.all([
    waiverEnds(services, rows, now),
    credentialEnds(services, rows, now),
  ]);
  return [...waivers, ...credentials, ...ewsEnds(services, watched, now)];
}

async function waiverEnds(
  { waivers, log }: EndServices,
  rows: ReadonlyMap<string, Row>,
  now: Date,
): Promise<End[]> {
  const ends: End[] = [];
  const soon = new Date(now.getTime() + noticeMs);
  for await (const { targetId, control, expiresAt } of waivers.endingBetween(now, soon, sayIn(log))) {
    const row = rows.get(targetId);
    const days = dayToTell(Date.parse(expiresAt) - now.getTime());
    if (row === undefined || days === undefined) continue;
    const key = `waiver ${targetId} ${control}`;
    ends.push({ key, kind: 'waiver', row, control, words: `${endWords(expiresAt)}.`, days });
  }
  return ends;
}

const expiring = 'consent.credentialExpiring';

async function credentialEnds(
  { findings, log }: EndServices,
  rows: ReadonlyMap<string, Row>,
  now: Date,
): Promise<End[]> {
  const ends: End[] = [];
  for await (const { targetId, reasons, evidence } of findings.foundBy('consent', sayIn(log))) {
    const row = rows.get(targetId);
    const reason = reasons.find(({ code }) => code === expiring);
    if (row === undefined || reason === undefined) continue;
    const until = credentialsUntil(evidence, now);
    // What the finding says is said all the same where nobody can tell the day.
    const days = (until === undefined ? undefined : dayToTell(until - now.getTime())) ?? toldAt[0];
    const about = { kind: 'credential', row, control: 'consent', code: expiring } as const;
    ends.push({ key: `credential ${targetId}`, ...about, words: reason.message, days });
  }
  return ends;
}

/** Whatever was read: on that day there is nothing left that a switch could let in. Afterwards it is a finding. */
function ewsEnds({ settings }: EndServices, watched: Watched, now: Date): End[] {
  const left = daysLeft(cloudOf(settings.exchangeEndpoint), now);
  if (left === undefined || left <= 0) return [];
  const days = dayToTell(left * dayMs);
  if (days === undefined) return [];
  return watched.flatMap(({ row, status: { target } }): End[] => {
    if (!isReadable(target) || !profile(target.profile).usesEws) return [];
    const about = { kind: 'ews', row, control: 'ews-access' } as const;
    return [{ key: `ews ${row.targetId}`, ...about, words: ending(left), days }];
  });
}
