import { NotFoundError } from '../errors';
import type { Finding, Transition } from '../model/finding';
import type { ControlId, ResourceRow, Verdict } from '../model/verdict';
import { type FindingFilter, findingOf } from '../storage/findings';
import type { HistoryTable } from '../storage/history';
import type { HistoryFilter } from '../storage/history-rows';
import { hasAny, type Page, type PageRequest } from '../storage/pages';
import type { ResourceTable } from '../storage/resources';
import { asksForTargets, type ChoiceServices, pageOfChosen, type TargetChoice } from './chosen-findings';

/** What the routes about findings are answered from. */
export interface FindingServices extends ChoiceServices {
  history: HistoryTable;
  resources: ResourceTable;
}

/** Which of a finding's rows are asked for. */
export interface RowsRequest extends PageRequest {
  verdict?: Verdict | undefined;
}

/** A finding as the API shows it, with a page of its rows where they were asked for. */
export type FindingView = Finding & { resources?: Page<ResourceRow> };

/**
 * The latest findings that agree with the filter, at most `limit` of them.
 * @throws {InputError} for a continuation that is none of this API.
 */
export async function pageOfFindings(
  services: ChoiceServices,
  filter: FindingFilter & TargetChoice,
  request: PageRequest,
): Promise<Page<Finding>> {
  const page = asksForTargets(filter)
    ? await pageOfChosen(services, filter, request)
    : await services.findings.page(filter, request);
  return { ...page, items: page.items.map(findingOf) };
}

/**
 * One finding, with a page of its rows when `rows` asks for them.
 * @throws {NotFoundError} when the target does not exist, or the control has not run on it yet.
 */
export async function getFinding(
  { targets, findings, resources }: FindingServices,
  targetId: string,
  control: ControlId,
  rows?: RowsRequest,
): Promise<FindingView> {
  const stored = await findings.get(targetId, control);
  if (stored !== undefined) {
    if (rows === undefined) return findingOf(stored);
    return { ...findingOf(stored), resources: await resources.page(targetId, control, rows.verdict, rows) };
  }
  const exists = await targets.has(targetId);
  throw new NotFoundError(
    exists ? `${control} has not run on ${targetId} yet: audit it.` : `There is no target ${targetId}.`,
  );
}

/**
 * Transitions that pass the filter, newest first; also of a target that was deleted.
 * @throws {NotFoundError} for one that never was.
 */
export async function pageOfHistory(
  { targets, history }: Pick<FindingServices, 'targets' | 'history'>,
  targetId: string,
  filter: HistoryFilter,
  request: PageRequest,
): Promise<Page<Transition>> {
  const page = await history.page(targetId, filter, request);
  if (hasAny(page) || page.continuation !== undefined) return page;
  if (await targets.has(targetId)) return page;
  const any = await history.page(targetId, undefined, { limit: 1 });
  if (hasAny(any)) return page;
  throw new NotFoundError(`There is no target ${targetId}, and no history of one.`);
}
