import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { counted } from '../../lib/counted';
import { TargetView } from '../../lib/model/target';
import { sayUnreadable } from '../../lib/model/unreadable';
import { type AppClient, queryOf } from '../app/client';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import type { Done } from '../command';
import { type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';
import { writeNewFile } from '../new-file';
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
      new Option('--format <format>', 'rows for a spreadsheet, or JSON')
        .choices(['csv', 'json'])
        .default('csv'),
    )
    .option('--target <id>', 'of one target only')
    .option('--output <file>', 'into this file, which is not there yet; without it onto the screen')
    .action(async (options: ExportOptions) => {
      done(await exportFindings(io, options));
    });
}

async function report(io: Io, options: ReportOptions): Promise<ExitCode> {
  const { target: targetId, customer, allCustomers, output } = options;
  const app = await connect(io, options);
  if (allCustomers !== undefined) return reportEach(io, app, allCustomers);
  return give(io, await app.text(`report${queryOf({ targetId, customer, download: '1' })}`), output);
}

async function reportEach(io: Io, app: AppClient, folder: string): Promise<ExitCode> {
  const { items, unreadable } = await app.list('targets', TargetView);
  const customers = [...new Set(items.flatMap(({ customer }) => customer ?? []))].sort();
  mkdirSync(folder, { recursive: true });
  for (const customer of customers) {
    const file = path.join(folder, `${customer}.html`);
    await give(io, await app.text(`report${queryOf({ customer, download: '1' })}`), file);
  }
  const without = items.filter(({ customer }) => customer === undefined).length;
  if (without > 0)
    io.err(`${counted(without, 'target')} without a customer ${without === 1 ? 'is' : 'are'} in no file.`);
  for (const kept of unreadable) io.err(printable(sayUnreadable(kept)));
  return unreadable.length === 0 ? exitCodes.compliant : exitCodes.unknown;
}

async function exportFindings(
  io: Io,
  { format, target: targetId, output, ...options }: ExportOptions,
): Promise<ExitCode> {
  const app = await connect(io, options);
  return give(io, await app.text(`export/${format}${queryOf({ targetId })}`), output);
}

async function give(io: Io, text: string, output: string | undefined): Promise<ExitCode> {
  if (output === undefined) {
    io.out(text);
    return exitCodes.compliant;
  }
  await writeNewFile(output, Readable.from([text]));
  io.err(`Written: ${output}`);
  return exitCodes.compliant;
}
