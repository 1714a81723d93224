import path from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { ImportedTarget, TargetView } from '../../lib/model/target';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import { AppRefusal } from '../app/client';
import type { Done } from '../command';
import { type ExitCode, exitCodes, usageError } from '../exit';
import type { Io } from '../io';
import { jsonOption } from '../options';
import { verdictMarks } from '../show/findings-table';
import { showList } from '../show/list';
import { printable } from '../show/printable';
import { tableLook, table } from '../show/table';
import { objectIn, parsedTarget, textIn } from '../target-source';

interface ListOptions extends AppOptions {
  json?: boolean;
}

interface ImportOptions extends AppOptions {
  dryRun?: boolean;
}

interface DeleteOptions extends AppOptions {
  yes?: boolean;
}

/** `syncwarden targets` */
export function addTargets(program: Command, io: Io, done: Done): void {
  const group = program.command('targets').description('The targets of a deployed app.');
  addAppOptions(group.command('list').description('Lists all targets, with the worst of their verdicts.'))
    .addOption(jsonOption())
    .action(async (options: ListOptions) => {
      done(await list(io, options));
    });
  addAppOptions(
    group
      .command('put')
      .description('Creates or replaces a target from a file. It is audited the next night.')
      .argument('<file>', 'target as JSON, with its targetId'),
  ).action(async (file: string, options: AppOptions) => {
    done(await put(io, file, options));
  });
  addAppOptions(
    group
      .command('import')
      .description(
        'Creates or replaces many targets from a file. All are checked before the first is written.',
      )
      .argument(
        '<file>',
        'CSV with a line of property names (.csv), or one JSON object on each line (.jsonl)',
      ),
  )
    .option('--dry-run', 'say what would be done, and do nothing')
    .action(async (file: string, options: ImportOptions) => {
      done(await importAll(io, file, options));
    });
  addAppOptions(
    group
      .command('delete')
      .description('Deletes a target with its findings and accepted risks, after asking. Its history stays.')
      .argument('<targetId>', 'id of the target'),
  )
    .option('--yes', 'do not ask')
    .action(async (targetId: string, options: DeleteOptions) => {
      done(await remove(io, targetId, options));
    });
}

async function list(io: Io, options: ListOptions): Promise<ExitCode> {
  const targets = await (await connect(io, options)).list('targets', TargetView);
  return showList(io, targets, options.json, (items) => targetsTable(io, items), 'No targets.');
}

function targetsTable(io: Io, targets: readonly TargetView[]): string {
  const look = tableLook(io);
  return table(
    look,
    [
      ['target', 28],
      ['worst verdict', 16],
      ['tenant', 38],
      ['service account', 'rest'],
    ],
    targets.map(({ targetId, worstVerdict, tenantId, serviceAccount, paused }) => [
      `${printable(targetId)}${paused ? ' (paused)' : ''}`,
      verdictMarks[worstVerdict](look),
      printable(tenantId),
      printable(serviceAccount ?? 'none'),
    ]),
  );
}

const Imported = z.object({ items: z.array(ImportedTarget) });

async function importAll(io: Io, file: string, options: ImportOptions): Promise<ExitCode> {
  const isDryRun = options.dryRun === true;
  const type = { '.csv': 'text/csv', '.jsonl': 'application/jsonl' }[path.extname(file).toLowerCase()];
  if (type === undefined) throw usageError(`${file} must end with .csv or .jsonl.`);
  const text = textIn(file);
  const client = await connect(io, options);
  try {
    const query = isDryRun ? '?dryRun=true' : '';
    const { items } = await client.call('POST', `targets/import${query}`, Imported, text, type);
    io.out(importTable(io, items));
    const count = (wanted: ImportedTarget['outcome']) =>
      items.filter(({ outcome }) => outcome === wanted).length;
    const [created, replaced, unchanged] = [count('created'), count('replaced'), count('unchanged')];
    const summary = `${created} created, ${replaced} replaced, ${unchanged} unchanged.`;
    io.out(isDryRun ? `Would be: ${summary} Nothing was written.` : summary);
    return exitCodes.compliant;
  } catch (error) {
    if (!(error instanceof AppRefusal) || error.problem.errors === undefined) throw error;
    const lines = error.problem.errors.map(
      ({ path: where, message }) => `  ${printable(`${where} ${message}`.trim())}`,
    );
    throw usageError(`${file} was not imported, and nothing was written:\n${lines.join('\n')}`);
  }
}

function importTable(io: Io, items: readonly ImportedTarget[]): string {
  return table(
    tableLook(io),
    [
      ['line', 6],
      ['target', 40],
      ['outcome', 12],
    ],
    items.map(({ line, targetId, outcome }) => [String(line), printable(targetId), outcome]),
  );
}

async function put(io: Io, file: string, options: AppOptions): Promise<ExitCode> {
  const description = objectIn(file);
  const { targetId } = parsedTarget(description, file);
  const app = await connect(io, options);
  await app.call('PUT', `targets/${targetId}`, TargetView, description);
  io.err(`${targetId} is watched from now on.`);
  return exitCodes.compliant;
}

async function remove(io: Io, targetId: string, options: DeleteOptions): Promise<ExitCode> {
  if (options.yes !== true && !io.isInteractive) {
    throw usageError('Nobody can be asked here: say --yes to delete without a question.');
  }
  const app = await connect(io, options);
  const question = `Delete ${printable(targetId)} with its findings and accepted risks?`;
  if (options.yes !== true && !(await io.confirm(question))) {
    io.err('Nothing was deleted.');
    return exitCodes.violations;
  }
  await app.call('DELETE', `targets/${encodeURIComponent(targetId)}`, z.undefined());
  io.err(`${printable(targetId)} is deleted.`);
  return exitCodes.compliant;
}
