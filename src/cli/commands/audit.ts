import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { controls } from '../../lib/controls';
import { counted } from '../../lib/counted';
import type { Finding } from '../../lib/model/finding';
import type { ControlId, Verdict } from '../../lib/model/verdict';
import type { Done } from '../command';
import { type ExitCode, exitCodeOf, usageError } from '../exit';
import { htmlReport } from '../html-report';
import { type Io, logOf, withProgress } from '../io';
import { azLoginOption, controlsOption, jsonOption } from '../options';
import { azLoginControls, readTarget } from '../reading';
import { findingsTable } from '../show/findings-table';
import { toJson } from '../show/printable';
import { tableLook } from '../show/table';
import { type SignIn, signInFrom, tokenFor } from '../sign-in';
import { addTargetOptions, asStored, type TargetFlags, targetFrom } from '../target-source';

interface AuditOptions extends TargetFlags {
  control?: ControlId[];
  azLogin?: boolean;
  json?: boolean;
  html?: string;
}

/** `syncwarden audit` */
export function addAudit(program: Command, io: Io, done: Done): void {
  addTargetOptions(
    program
      .command('audit')
      .summary('read a tenant now, and say what is wrong')
      .description(
        'Reads a tenant directly and says what is wrong, before anything is deployed. Keeps nothing, changes nothing.',
      ),
  )
    .addOption(controlsOption('which controls are to run; all unless told'))
    .addOption(azLoginOption())
    .addOption(jsonOption())
    .option('--html <file>', 'also write a report as one HTML file')
    .action(async (file: string | undefined, options: AuditOptions) => {
      done(await audit(io, file, options));
    });
}

async function audit(io: Io, file: string | undefined, options: AuditOptions): Promise<ExitCode> {
  const target = asStored(targetFrom(file, options), io.now());
  const signIn = signInFrom(io.env, options.azLogin === true);
  const chosen = controls.filter(({ id }) => options.control?.includes(id) ?? true);
  const readings = await withProgress(io, async (tell) => {
    tell(`Signing in to tenant ${target.tenantId}`);
    await tokenFor(signIn, target.tenantId, signIn.settings.graphEndpoint);
    tell(`Reading ${target.targetId} with ${counted(chosen.length, 'control')}`);
    return readTarget(signIn, target, chosen, io.now(), logOf(io), (finding) =>
      tell(`Read ${target.targetId}: ${finding.control} is ${finding.verdict}`),
    );
  });
  const findings = readings.map(({ finding }) => finding);
  io.out(options.json === true ? toJson({ findings }) : findingsTable(findings, tableLook(io)));
  remark(io, signIn, findings);
  if (options.html !== undefined) {
    write(options.html, await htmlReport(signIn, target, readings, io.now()));
    io.err(`Wrote ${options.html}.`);
  }
  return exitCodeOf(findings.map(({ verdict }) => verdict));
}

function remark(io: Io, { kind }: SignIn, findings: readonly Finding[]): void {
  const count = (wanted: Verdict) => findings.filter(({ verdict }) => verdict === wanted).length;
  const requests = findings.reduce((sum, finding) => sum + finding.requests, 0);
  io.err(
    `${counted(findings.length, 'control')} with ${counted(requests, 'request')}: ${count('nonCompliant')} not compliant, ${count('unknown')} unknown, ${count('compliant')} compliant, ${count('notApplicable')} not applicable.`,
  );
  if (kind === 'azLogin') {
    io.err(
      `Signed in through Azure CLI, which can read for these controls only: ${azLoginControls.join(', ')}.`,
    );
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw usageError(`The report cannot be written: ${(error as Error).message}`);
  }
}
