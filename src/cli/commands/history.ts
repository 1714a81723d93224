import { type Command, Option } from 'commander';
import { Transition } from '../../lib/model/finding';
import type { ControlId } from '../../lib/model/verdict';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import { pathOf } from '../app/client';
import { inOptions } from '../app/option-names';
import type { Done } from '../command';
import type { ExitCode } from '../exit';
import type { Io } from '../io';
import { controlOption, jsonOption } from '../options';
import { verdictMarks } from '../show/findings-table';
import { showList } from '../show/list';
import { printable } from '../show/printable';
import { table, tableLook } from '../show/table';

interface HistoryOptions extends AppOptions {
  target?: string;
  customer?: string;
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
      'Shows what has changed at a deployed app, newest first: on one target or on all, also on those that were deleted.',
    )
    .addOption(new Option('--target <id>', 'of one target only').conflicts('customer'))
    .option('--customer <id>', 'of the targets of one customer only');
  addAppOptions(command)
    .addOption(controlOption('of one control only').makeOptionMandatory(false))
    .option(
      '--from <moment>',
      'from this moment on: a day, like 2026-11-01, or a time with an offset; of all targets the last 7 days unless told',
    )
    .option('--to <moment>', 'before this moment')
    .addOption(jsonOption())
    .action(async (options: HistoryOptions) => {
      done(await history(io, options));
    });
}

async function history(
  io: Io,
  { target, customer, control, from, to, json, ...app }: HistoryOptions,
): Promise<ExitCode> {
  const client = await connect(io, app);
  const all = await inOptions(optionNames, () =>
    target === undefined
      ? client.list('history', Transition, { customer, control, since: from, until: to })
      : client.list(pathOf(target, 'history'), Transition, { control, from, to }),
  );
  return showList(io, all, json, (items) => historyTable(io, items, target === undefined), 'No changes.');
}

/** The routes have names of their own for the same span. */
const optionNames = {
  ...{ targetId: '--target', customer: '--customer', control: '--control' },
  ...{ since: '--from', from: '--from', until: '--to', to: '--to' },
};

function historyTable(io: Io, items: readonly Transition[], isOfAll: boolean): string {
  const look = tableLook(io);
  return table(
    look,
    [
      ['at', 26],
      ...(isOfAll ? [['target', 20] as const] : []),
      ['control', 17],
      ['verdict', 18],
      ['what was found', 'rest'],
    ],
    items.map(({ at, targetId, control, verdict, waived, summary }) => [
      printable(at),
      ...(isOfAll ? [printable(targetId)] : []),
      control,
      `${verdictMarks[verdict](look)}${waived ? ' (accepted)' : ''}`,
      printable(summary),
    ]),
  );
}
