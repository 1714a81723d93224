import { NotFoundError } from '../errors';
import type { Remediation } from '../model/remediation';
import { hasAny, type Page, type PageRequest } from '../storage/pages';
import type { RemediationServices } from './gate';

type ListServices = Pick<RemediationServices, 'targets' | 'remediations'>;

/** What was done to a target, newest first; also to one that was deleted. @throws {NotFoundError} for one that never was. */
export async function pageOfRemediations(
  { targets, remediations }: ListServices,
  targetId: string,
  request: PageRequest,
): Promise<Page<Remediation>> {
  const page = await remediations.page(targetId, request);
  if (!hasAny(page) && request.continuation === undefined) {
    if (!(await targets.has(targetId)))
      throw new NotFoundError(`There is no target ${targetId}, and nothing was ever done to one.`);
  }
  return page;
}

/** @throws {NotFoundError} */
export async function getRemediation(
  { remediations }: ListServices,
  targetId: string,
  remediationId: string,
): Promise<Remediation> {
  const found = await remediations.get(targetId, remediationId);
  if (found === undefined)
    throw new NotFoundError(`There is no remediation ${remediationId} of ${targetId}.`);
  return found;
}
