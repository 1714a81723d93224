import { counted } from '../../counted';
import { isNotFound, type ReadFailure } from '../../microsoft365/wire/read';
import { accountName, type StoredTarget } from '../../model/target';
import type { Requirement } from '../control';
import { unreadable } from '../evaluation';
import type { Reason } from './codes';
import { errorWords } from './error-words';
import type { LogRow, SignInFacts } from './facts';
import { beginOf, isUnlicensed, mostRows, silentMs } from './log';

/** What the log says, and what of it goes on record. */
export interface LogVerdict {
  reasons: Reason[];
  evidence: Record<string, unknown>;
}

/** The rows of one who signs in. */
interface Log {
  /** What the target calls it. */
  resource: string;
  rows: readonly Row[];
  /** There may be older rows that were not read. */
  isCut: boolean;
}

interface Row {
  at: number;
  errorCode: number;
}

/** Judges whether sign-ins of late have worked. */
export function judgeLog(facts: SignInFacts, requirement: Requirement): LogVerdict {
  const failures = [facts.accountLog, facts.applicationLog].flatMap((log) =>
    log === undefined || log.ok ? [] : [log.failure],
  );
  const failure = failures.find((each) => !isUnlicensed(each)) ?? failures[0];
  if (failure !== undefined) return { reasons: withoutLog(failure, facts, requirement), evidence: {} };
  const logs = logsOf(facts, requirement);
  const lastSuccess = latest(logs, ({ errorCode }) => errorCode === 0);
  const evidence = {
    lastSuccess: timeOf(lastSuccess),
    lastFailure: timeOf(latest(logs, ({ errorCode }) => errorCode !== 0)),
    logCutAt: logs.some(({ isCut }) => isCut) ? mostRows : null,
  };
  // Whoever could not be looked at may have signed in.
  if (logs.length === 0 || !isComplete(facts)) return { reasons: [], evidence };
  const failed = logs.flatMap((log) => failing(log, logs, lastSuccess));
  const isSilent =
    lastSuccess === undefined || lastSuccess < requirement.now.getTime() - silentMs(requirement.target);
  // A success may stand among the rows that were not read.
  const isKnown = lastSuccess !== undefined || !logs.some(({ isCut }) => isCut);
  return { reasons: [...failed, ...(isSilent && isKnown ? [silent(requirement)] : [])], evidence };
}

function logsOf({ accountLog, applicationLog }: SignInFacts, { target, now }: Requirement): Log[] {
  const begin = beginOf(target, now.getTime());
  const toLog = (resource: string, read: readonly LogRow[]): Log => ({
    resource,
    rows: read
      .filter(({ appId }) => appId === undefined || appId === null || appId === target.clientAppId)
      .map(({ createdDateTime, status }) => ({ at: Date.parse(createdDateTime), ...status }))
      .filter(({ at }) => at >= begin)
      .sort((a, b) => b.at - a.at || a.errorCode - b.errorCode),
    isCut: read.length >= mostRows,
  });
  return [
    ...(accountLog?.ok === true ? [toLog(accountName(target), accountLog.value)] : []),
    ...(applicationLog?.ok === true ? [toLog(target.clientAppId, applicationLog.value)] : []),
  ];
}

/** Whether both who may sign in were looked at. An application that is not there does not sign in. */
function isComplete({ account, client, accountLog }: SignInFacts): boolean {
  const hasAccount = account === null || (account.ok && accountLog !== undefined);
  return hasAccount && (client.ok || isNotFound(client));
}

function latest(logs: readonly Log[], isMeant: (row: Row) => boolean): number | undefined {
  const times = logs.flatMap(({ rows }) => rows.filter(isMeant).map(({ at }) => at));
  return times.length === 0 ? undefined : Math.max(...times);
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

/** The failures of one after which nothing has succeeded, neither here nor in the other log. */
function failing({ resource, rows }: Log, all: readonly Log[], lastSuccess: number | undefined): Reason[] {
  // What stands before the rows that were read may be a success.
  const cuts = all.filter(({ isCut }) => isCut).map((log) => log.rows.at(-1)?.at ?? Infinity);
  const after = lastSuccess ?? Math.max(-Infinity, ...cuts.map((at) => at - 1));
  const failures = rows.filter(({ at, errorCode }) => errorCode !== 0 && at > after);
  const [newest, oldest] = [failures[0], failures.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const { errorCode } = newest;
  return [
    {
      code: 'signin.failing',
      level: 'violation',
      message: `The sign-ins of ${resource} have failed since ${new Date(oldest.at).toISOString().slice(0, 16)}Z, and none has succeeded after that: ${errorCode}, ${errorWords(errorCode)}.`,
      resource,
      expected: 'sign-ins that succeed',
      actual: String(errorCode),
    },
  ];
}

function silent({ target, profile, now }: Requirement): Reason {
  const days = counted(target.signInSilentDays, 'day');
  const isYoung = isYounger(target, now);
  const message = `${profile.name} has not signed in with success for ${days}, neither with its account nor as an application: it does no work.`;
  return {
    code: 'signin.silent',
    level: isYoung ? 'notice' : 'violation',
    message: isYoung ? `${message} The target is younger than that.` : message,
    resource: target.clientAppId,
    expected: `a sign-in within ${days}`,
    actual: 'none',
  };
}

/** Whether it has not been watched for so long that silence means something. */
function isYounger(target: StoredTarget, now: Date): boolean {
  return Date.parse(target.createdAt) > now.getTime() - silentMs(target);
}

/** Without the log there is only what Microsoft keeps at the account, for all applications together. */
function withoutLog(failure: ReadFailure, { activity }: SignInFacts, { target, now }: Requirement): Reason[] {
  if (isUnlicensed(failure))
    return [
      {
        code: 'signin.noLog',
        level: 'notice',
        message:
          'The tenant has no licence for the sign-in log (Microsoft Entra ID P1): whether sign-ins work cannot be seen here.',
      },
    ];
  const reasons: Reason[] = [unreadable(failure)];
  if (activity?.ok !== true) return reasons;
  const { lastSuccessfulSignInDateTime, lastNonInteractiveSignInDateTime } = activity.value ?? {};
  const last = lastSuccessfulSignInDateTime ?? lastNonInteractiveSignInDateTime ?? undefined;
  if (last !== undefined && Date.parse(last) >= now.getTime() - silentMs(target)) return reasons;
  const seen = last === undefined ? 'has never signed in' : `signed in last on ${last.slice(0, 10)}`;
  reasons.push({
    code: 'signin.silent',
    level: 'notice',
    message: `${accountName(target)} ${seen}, with whatever application: the log, which could not be read, would say more.`,
    resource: target.clientAppId,
  });
  return reasons;
}
