import type { Command } from 'commander';
import { control as controlOf } from '../../lib/controls';
import type { Finding } from '../../lib/model/finding';
import type { PlanOption } from '../../lib/model/plan';
import type { ControlId } from '../../lib/model/verdict';
import type { AgreedPlan } from '../../lib/remediation/plan';
import { AppRefusal } from '../app/client';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import { auditAt, planAt, type Repair } from '../app/repair';
import type { Done } from '../command';
import { type ExitCode, exitCodeOf, exitCodes, usageError } from '../exit';
import { type Io, logOf, withProgress } from '../io';
import { controlOption, includeOption, jsonOption } from '../options';
import { planOfReading, readTarget } from '../reading';
import { findingLine } from '../show/findings-table';
import { printedPlan } from '../show/plan-text';
import { toJson } from '../show/printable';
import { tableLook } from '../show/table';
import { signInFrom, tokenFor } from '../sign-in';
import { addTargetOptions, asStored, describesTarget, type TargetFlags, targetFrom } from '../target-source';

interface PlanOptions extends TargetFlags, AppOptions {
  control: ControlId;
  include?: PlanOption[];
  json?: boolean;
}

/** `syncwarden plan` */
export function addPlan(program: Command, io: Io, done: Done): void {
  const command = program
    .command('plan')
    .summary('say what would repair a control; changes nothing')
    .description(
      'Reads a tenant and says what would repair one control, change by change. Reads directly with a target file or its options, or through a deployed app with --app and --target. Changes nothing.',
    );
  addAppOptions(addTargetOptions(command))
    .addOption(controlOption())
    .addOption(includeOption())
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: PlanOptions) => {
      const isDirect = file !== undefined || describesTarget(options);
      if (isDirect && options.app !== undefined) {
        throw usageError('Either --app with --target, or a file and what else describes a target: not both.');
      }
      const isAtApp = options.app !== undefined || (!isDirect && Boolean(io.env.SYNCWARDEN_APP));
      done(await (isAtApp ? planThroughApp(io, options) : planDirectly(io, file, options)));
    });
}

async function planDirectly(io: Io, file: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const target = asStored(targetFrom(file, options), io.now());
  const signIn = signInFrom(io.env, options.azLogin === true);
  const [reading] = await withProgress(io, async (tell) => {
    tell(`Reading ${target.targetId} for ${options.control}`);
    await tokenFor(signIn, target.tenantId, signIn.settings.graphEndpoint);
    return readTarget(signIn, target, [controlOf(options.control)], io.now(), logOf(io));
  });
  if (reading === undefined) throw new Error('A reading was lost.');
  say(io, options, reading.finding);
  // Without a reading there is no ground to plan on.
  if (reading.facts === undefined) return exitCodes.unknown;
  show(io, options, planOfReading(signIn, target, reading, options.include ?? []));
  return exitCodeOf([reading.finding.verdict]);
}

async function planThroughApp(io: Io, options: PlanOptions): Promise<ExitCode> {
  if (options.target === undefined)
    throw usageError('--target must say which target of the app it is about.');
  const repair = { target: options.target, control: options.control, include: options.include ?? [] };
  const app = await connect(io, options);
  const plan = await withProgress(io, (tell) => {
    tell(`The app reads ${repair.target} for ${repair.control}`);
    return planAt(app, repair);
  });
  show(io, options, plan);
  if (plan.changes.length > 0 || plan.manualSteps.length > 0) return exitCodes.violations;
  return exitCodeOfFinding(io, options, () => auditAt(app, repair), repair);
}

/**
 * How a control stands for which there is nothing to plan. That alone does not prove that all is well: what cannot be
 * read cannot be planned for either. So it is audited.
 */
export async function exitCodeOfFinding(
  io: Io,
  options: { json?: boolean },
  audit: () => Promise<Finding>,
  { control }: Repair,
): Promise<ExitCode> {
  try {
    const finding = await audit();
    say(io, options, finding);
    return exitCodeOf([finding.waived ? 'compliant' : finding.verdict]);
  } catch (error) {
    if (!(error instanceof AppRefusal) || error.problem.status !== 403) throw error;
    io.err(`Whether ${control} is compliant is not known: to audit it takes the role Syncwarden.Audit.`);
    return exitCodes.unknown;
  }
}

function say(io: Io, { json }: { json?: boolean }, finding: Finding): void {
  const line = findingLine(finding, tableLook(io));
  if (json === true) io.err(line);
  else io.out(line);
}

function show(io: Io, { json }: PlanOptions, plan: AgreedPlan): void {
  io.out(json === true ? toJson(plan) : printedPlan(plan, tableLook(io)));
}
