import { type HistoryServices, pageOfHistory } from '../api/history';
import type { BriefTransition } from '../model/finding';
import { isReadable, type Names, namesOf } from '../model/target';
import type { Unreadable } from '../model/unreadable';
import type { ControlId } from '../model/verdict';

/** One page of all that has changed on a target. */
export interface HistoryReport extends Names {
  generatedAt: string;
  targetId: string;
  /** Whether there is such a target now; its history outlives it. */
  isGone: boolean;
  /** Of one control only; of all of them where it is undefined. */
  control: ControlId | undefined;
  /** Newest first. */
  changes: readonly BriefTransition[];
  /** What belongs here and cannot be understood. */
  unreadable: readonly Unreadable[];
  /** Where older changes begin; undefined on the last page. */
  continuation: string | undefined;
}

/** Which part of the history is shown. */
export interface HistoryWanted {
  control?: ControlId | undefined;
  continuation?: string | undefined;
}

const changesPerPage = 100;

/** Reads a page of the history of a target. @throws {NotFoundError} for one that never was. */
export async function collectHistory(
  services: Pick<HistoryServices, 'targets' | 'history'>,
  targetId: string,
  { control, continuation }: HistoryWanted,
  now: Date,
): Promise<HistoryReport> {
  const [page, target] = await Promise.all([
    pageOfHistory(services, targetId, { control }, { continuation, limit: changesPerPage }),
    services.targets.look(targetId),
  ]);
  return {
    generatedAt: now.toISOString(),
    targetId,
    ...(target !== undefined && isReadable(target) ? namesOf(target) : {}),
    isGone: target === undefined,
    control,
    changes: page.items,
    unreadable: page.unreadable ?? [],
    continuation: page.continuation,
  };
}
