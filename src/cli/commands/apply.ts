import type { Command } from 'commander';
import { grouped } from '../../lib/counted';
import type { PlanOption } from '../../lib/model/plan';
import type { ControlId } from '../../lib/model/verdict';
import type { AppClient } from '../app/client';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import { applyAt, auditAt, planAt, type Repair } from '../app/repair';
import type { Done } from '../command';
import { type ExitCode, exitCodes, usageError } from '../exit';
import { type Io, withProgress } from '../io';
import { controlOption, includeOption, jsonOption } from '../options';
import { printedPlan } from '../show/plan-text';
import { toJson } from '../show/printable';
import { resultText } from '../show/result-text';
import { tableLook } from '../show/table';
import { exitCodeOfFinding } from './plan';
import { exitCodeOfStatus, refusedRepair } from './repair-outcome';

interface ApplyOptions extends AppOptions {
  target: string;
  control: ControlId;
  include?: PlanOption[];
  yes?: boolean;
  planHash?: string;
  json?: boolean;
}

/** `syncwarden apply` */
export function addApply(program: Command, io: Io, done: Done): void {
  const command = program
    .command('apply')
    .summary('have a deployed app repair a control, after it has shown what it would change')
    .description(
      'Shows what would repair a control, asks, has exactly that done, and says what it came to. Only through a deployed app: it holds the identity that writes, allows one repair of a target at a time, and keeps what was there before.',
    )
    .requiredOption('--target <id>', 'id of the target at the app');
  addAppOptions(command)
    .addOption(controlOption())
    .addOption(includeOption())
    .option('--yes', 'do not ask: the plan was agreed to before. Needs --plan-hash')
    .option('--plan-hash <hash>', 'the planHash of the plan that was agreed to. Needs --yes')
    .addOption(jsonOption())
    .action(async (options: ApplyOptions) => {
      done(await apply(io, options));
    });
}

async function apply(io: Io, options: ApplyOptions): Promise<ExitCode> {
  if ((options.yes === true) !== (options.planHash !== undefined)) {
    throw usageError(
      '--yes and --plan-hash go together: what is not looked at must have been agreed to before.',
    );
  }
  if (options.yes !== true && !io.isInteractive) {
    throw usageError(
      'Nobody can be asked here: look at the plan, and agree to it with --yes and --plan-hash.',
    );
  }
  const app = await connect(io, options);
  const repair = { target: options.target, control: options.control, include: options.include ?? [] };
  if (options.planHash !== undefined) return send(io, options, app, repair, options.planHash);

  const plan = await withProgress(io, (tell) => {
    tell(`The app reads ${repair.target} for ${repair.control}`);
    return planAt(app, repair);
  });
  // Beside data the plan is a remark.
  io[options.json === true ? 'err' : 'out'](printedPlan(plan, tableLook(io)));
  if (plan.changes.length === 0) {
    if (plan.manualSteps.length > 0) return exitCodes.violations;
    return exitCodeOfFinding(io, options, () => auditAt(app, repair), repair);
  }
  if (!(await io.confirm(`Make ${theseChanges(plan.changes.length)} in the tenant of ${repair.target}?`))) {
    io.err('Nothing was changed.');
    return exitCodes.violations;
  }
  return send(io, options, app, repair, plan.planHash);
}

async function send(
  io: Io,
  { json }: ApplyOptions,
  app: AppClient,
  repair: Repair,
  planHash: string,
): Promise<ExitCode> {
  try {
    const result = await withProgress(io, (tell) => {
      tell(`The app repairs ${repair.control} of ${repair.target}, and looks at what it came to`);
      return applyAt(app, repair, planHash);
    });
    io.out(json === true ? toJson(result) : resultText(result, tableLook(io), false));
    return exitCodeOfStatus[result.status];
  } catch (error) {
    return refusedRepair(io, error);
  }
}

function theseChanges(changes: number): string {
  return changes === 1 ? 'this change' : `these ${grouped(changes)} changes`;
}
