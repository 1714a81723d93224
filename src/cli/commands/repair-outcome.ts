import type { RepairResult } from '../../lib/model/remediation';
import { AgreedPlan } from '../../lib/remediation/plan';
import { AppRefusal } from '../app/client';
import { CliError, type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';
import { printedPlan } from '../show/plan-text';
import { tableLook } from '../show/table';

/** What a repair, or the undoing of one, ends with. `running` never comes as an answer; if it did, nothing would be known. */
export const exitCodeOfStatus: Record<RepairResult['status'], ExitCode> = {
  verified: exitCodes.compliant,
  failed: exitCodes.violations,
  unverified: exitCodes.unknown,
  running: exitCodes.unknown,
};

/** Nothing was changed when the app has said so; when it broke down, or there was no answer, that is not known. */
export function refusedRepair(io: Io, error: unknown): ExitCode {
  if (!(error instanceof CliError)) throw error;
  if (!(error instanceof AppRefusal) || error.problem.status >= 500) {
    throw new CliError(
      `${error.message}\nWhether anything was changed is not known: look at the remediations of the target.`,
    );
  }
  if (![409, 422].includes(error.problem.status)) throw error;
  io.err(error.message);
  const plan = AgreedPlan.safeParse(error.problem);
  if (plan.success) io.err(printedPlan(plan.data, tableLook(io)));
  return exitCodes.violations;
}
