import type { Command } from 'commander';
import { Transition } from '../../lib/model/finding';
import type { ControlId } from '../../lib/model/verdict';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import { pathOf } from '../app/repair';
import type { Done } from '../command';
import type { ExitCode } from '../exit';
import type { Io } from '../io';
import { controlOption, jsonOption } from '../options';
import { verdictMarks } from '../show/findings-table';
import { showList } from '../show/list';
import { printable } from '../show/printable';
import { table, tableLook } from '../show/table';

interface HistoryOptions extends AppOptions {
  target: string;
  control?: ControlId;
  from?: string;
  to?: string;
  json?: boolean;
}

/** `syncwarden history` */
export function addHistory(program: Command, io: Io, done: Done): void {
  const command = program
    .command('history')
    .description(
      'Shows what has changed on a target of a deployed app, newest first, also on one that was deleted.',
    )
    .requiredOption('--target <id>', 'id of the target at the app');
  addAppOptions(command)
    .addOption(controlOption().makeOptionMandatory(false))
    .option('--from <moment>', 'from this moment on: a day, like 2026-11-01, or a time with an offset')
    .option('--to <moment>', 'before this moment')
    .addOption(jsonOption())
    .action(async (options: HistoryOptions) => {
      done(await history(io, options));
    });
}

async function history(
  io: Io,
  { target, control, from, to, json, ...app }: HistoryOptions,
): Promise<ExitCode> {
  const client = await connect(io, app);
  const all = await client.list(pathOf(target, 'history'), Transition, {
    control,
    from,
    to,
  });
  return showList(io, all, json, (items) => historyTable(io, items));
}

function historyTable(io: Io, items: readonly Transition[]): string {
  const look = tableLook(io);
  return table(
    look,
    [
      ['at', 26],
      ['control', 17],
      ['verdict', 18],
      ['what was found', Math.max(24, io.columns - 26 - 17 - 18 - 6)],
    ],
    items.map(({ at, control, verdict, waived, summary }) => [
      printable(at),
      control,
      `${verdictMarks[verdict](look)}${waived ? ' (accepted)' : ''}`,
      printable(summary),
    ]),
  );
}
