import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { counted } from '../../lib/counted';
import { TargetView } from '../../lib/model/target';
import { sayUnreadable } from '../../lib/model/unreadable';
import { controlIds, severities, verdicts } from '../../lib/model/verdict';
import { type AppClient, queryOf, textOf } from '../app/client';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import type { Done } from '../command';
import { type ExitCode, exitCodes, usageError } from '../exit';
import type { Io } from '../io';
import { inOptions } from '../app/option-names';
import { writeNewBytes } from '../new-file';
import { printable } from '../show/printable';

interface ReportOptions extends AppOptions {
  target?: string;
  customer?: string;
  allCustomers?: string;
  output?: string;
}

interface ExportOptions extends AppOptions {
  format: string;
  target?: string;
  customer?: string;
  tag?: string;
  control?: string;
  severity?: string;
  verdict?: string;
  resources?: string;
  from?: string;
  to?: string;
  output?: string;
}

/** `syncwarden report` and `syncwarden export` */
export function addReport(program: Command, io: Io, done: Done): void {
  addAppOptions(
    program
      .command('report')
      .description(
        'Makes a page of a deployed app a file to hand out: all targets, those of one customer, or one target. It holds nothing of any other, and no buttons.',
      ),
  )
    .addOption(new Option('--target <id>', 'one target').conflicts(['customer', 'allCustomers']))
    .addOption(new Option('--customer <id>', 'the targets of one customer').conflicts('allCustomers'))
    .option('--all-customers <folder>', 'a file for each customer, into this folder')
    .option('--output <file>', 'into this file, which is not there yet; without it onto the screen')
    .action(async (options: ReportOptions) => {
      done(await report(io, options));
    });
  addAppOptions(
    program.command('export').description('Gets findings of a deployed app as a file, for auditors.'),
  )
    .addOption(
      new Option('--format <format>', 'rows for a spreadsheet, JSON, a workbook, or a report in Markdown')
        .choices(['csv', 'json', 'xlsx', 'md'])
        .default('csv'),
    )
    .option('--target <id>', 'of one target only')
    .option('--customer <id>', 'of the targets of one customer only')
    .option('--tag <tag>', 'of targets with this tag only')
    .addOption(new Option('--control <control>', 'of one control only').choices(controlIds))
    .addOption(new Option('--severity <severity>', 'of controls of this severity only').choices(severities))
    .addOption(new Option('--verdict <verdict>', 'with this verdict only').choices(verdicts))
    .addOption(new Option('--resources <which>', 'all adds a row for each room and mailbox').choices(['all']))
    .option('--from <moment>', 'the history from this moment on; only with json')
    .option('--to <moment>', 'the history before this moment; only with json')
    .option('--output <file>', 'into this file, which is not there yet; without it onto the screen')
    .action(async (options: ExportOptions) => {
      done(await exportFindings(io, options));
    });
}

async function report(io: Io, options: ReportOptions): Promise<ExitCode> {
  const { target: targetId, customer, allCustomers, output } = options;
  const app = await connect(io, options);
  if (allCustomers !== undefined) return reportEach(io, app, allCustomers);
  const get = () => app.bytes(`report${queryOf({ targetId, customer, download: '1' })}`);
  return give(io, await inOptions(optionNames, get), output);
}

const optionNames = { targetId: '--target', customer: '--customer', tag: '--tag' };

async function reportEach(io: Io, app: AppClient, folder: string): Promise<ExitCode> {
  const { items, unreadable } = await app.list('targets', TargetView);
  const customers = [...new Set(items.flatMap(({ customer }) => customer ?? []))].sort();
  mkdirSync(folder, { recursive: true });
  for (const customer of customers) {
    const file = path.join(folder, `${customer}.html`);
    await give(io, await app.bytes(`report${queryOf({ customer, download: '1' })}`), file);
  }
  if (customers.length === 0) io.err('No target has a customer, so that there is no file to write.');
  const without = items.filter(({ customer }) => customer === undefined).length;
  if (without > 0)
    io.err(`${counted(without, 'target')} without a customer ${without === 1 ? 'is' : 'are'} in no file.`);
  for (const kept of unreadable) io.err(printable(sayUnreadable(kept)));
  return unreadable.length === 0 ? exitCodes.compliant : exitCodes.unknown;
}

async function exportFindings(io: Io, options: ExportOptions): Promise<ExitCode> {
  const { format, target: targetId, output, customer, tag, control, severity, verdict } = options;
  if (format === 'xlsx' && output === undefined)
    throw usageError('A workbook is no text: name a file for it with --output.');
  const { resources, from, to, ...app } = options;
  const client = await connect(io, app);
  const query = { targetId, customer, tag, control, severity, verdict, resources, from, to };
  const get = () => client.bytes(`export/${format}${queryOf(query)}`);
  return give(io, await inOptions({ ...optionNames, from: '--from', to: '--to' }, get), output);
}

async function give(io: Io, file: Buffer, output: string | undefined): Promise<ExitCode> {
  if (output === undefined) {
    io.out(textOf(file));
    return exitCodes.compliant;
  }
  await writeNewBytes(output, Readable.from([file]));
  io.err(`Written: ${output}`);
  return exitCodes.compliant;
}
