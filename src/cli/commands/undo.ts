import type { Command } from 'commander';
import { counted } from '../../lib/counted';
import { Remediation } from '../../lib/model/remediation';
import { pathOf } from '../app/client';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import { undoAt } from '../app/repair';
import type { Done } from '../command';
import { type ExitCode, exitCodes, usageError } from '../exit';
import { type Io, withProgress } from '../io';
import { jsonOption } from '../options';
import { showList } from '../show/list';
import { printable, toJson } from '../show/printable';
import { resultText } from '../show/result-text';
import { table, tableLook } from '../show/table';
import { exitCodeOfStatus, refusedRepair } from './repair-outcome';

interface UndoOptions extends AppOptions {
  target: string;
  remediation?: string;
  yes?: boolean;
  json?: boolean;
}

/** `syncwarden undo` */
export function addUndo(program: Command, io: Io, done: Done): void {
  const command = program
    .command('undo')
    .description(
      'Puts back what a repair has changed, after asking. Without --remediation it lists the repairs of a target, and changes nothing.',
    )
    .requiredOption('--target <id>', 'id of the target at the app');
  addAppOptions(command)
    .option('--remediation <id>', 'which repair')
    .option('--yes', 'do not ask')
    .addOption(jsonOption())
    .action(async (options: UndoOptions) => {
      done(await undo(io, options));
    });
}

async function undo(io: Io, { target, remediation, yes, json, ...options }: UndoOptions): Promise<ExitCode> {
  if (remediation !== undefined && yes !== true && !io.isInteractive)
    throw usageError('Nobody can be asked here: agree to it with --yes.');
  const app = await connect(io, options);
  if (remediation === undefined) {
    const all = await app.list(pathOf(target, 'remediations'), Remediation);
    return showList(io, all, json, (items) => remediationsTable(io, items), 'No repairs.');
  }
  const question = `Put back what the repair ${printable(remediation)} of ${printable(target)} has changed?`;
  if (yes !== true && !(await io.confirm(question))) {
    io.err('Nothing was changed.');
    return exitCodes.violations;
  }
  try {
    const result = await withProgress(io, (tell) => {
      tell(`The app puts back what was changed on ${target}, and looks at what it came to`);
      return undoAt(app, target, remediation);
    });
    io.out(json === true ? toJson(result) : resultText(result, tableLook(io), true));
    return exitCodeOfStatus[result.status];
  } catch (error) {
    return refusedRepair(io, error);
  }
}

function remediationsTable(io: Io, items: readonly Remediation[]): string {
  return table(
    tableLook(io),
    [
      ['remediation', 38],
      ['control', 17],
      ['status', 12],
      ['what', 'rest'],
    ],
    items.map(({ remediationId, control, status, undoes, changes }) => [
      printable(remediationId),
      control,
      status,
      undoes === undefined ? counted(changes.length, 'change') : `undoes ${printable(undoes)}`,
    ]),
  );
}
