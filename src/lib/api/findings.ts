import { NotFoundError } from '../errors';
import type { Finding } from '../model/finding';
import type { ControlId, ResourceRow, Verdict } from '../model/verdict';
import { type FindingFilter, findingOf } from '../storage/findings';
import type { Page, PageRequest } from '../storage/pages';
import type { ResourceTable } from '../storage/resources';
import { type ChoiceServices, pageOfChosen } from './chosen-findings';
import { asksForTargets, type TargetChoice } from './target-choice';

/** What the routes about findings are answered from. */
export interface FindingServices extends ChoiceServices {
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
