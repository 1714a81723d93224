import { createReadStream } from 'node:fs';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import type { Command } from 'commander';
import { backupLines, type EntityCounts, type Tables } from '../../lib/storage/backup';
import { restore } from '../../lib/storage/restore';
import type { Done } from '../command';
import { type ExitCode, exitCodes, usageError } from '../exit';
import { type Io, withProgress } from '../io';
import { writeNewFile } from '../new-file';
import { azLoginOption } from '../options';
import { printable } from '../show/printable';
import { homeCredential, signInFrom } from '../sign-in';
import { tablesFailure } from '../tables-failure';

interface TablesOptions {
  account?: string;
  azLogin?: boolean;
}

/** `syncwarden tables` */
export function addTables(program: Command, io: Io, done: Done): void {
  const group = program
    .command('tables')
    .description('The data of a deployed app: targets, findings, history, accepted risks, repairs.');
  addAccount(
    group
      .command('backup <file>')
      .description(
        'Writes all of it into a new file. Needs the role Storage Table Data Reader on the account.',
      ),
  ).action(async (file: string, options: TablesOptions) => {
    done(await backUp(io, file, options));
  });
  addAccount(
    group
      .command('restore <file>')
      .description(
        'Puts a backup into an account without such data. One that was interrupted can be run again. Stop the app first. Needs Storage Table Data Contributor.',
      ),
  ).action(async (file: string, options: TablesOptions) => {
    done(await putBack(io, file, options));
  });
}

function addAccount(command: Command): Command {
  return command
    .option(
      '--account <account>',
      'storage account of the tables: its name, or the https address of its Table service; without it the connection string in AzureWebJobsStorage',
    )
    .addOption(azLoginOption());
}

async function backUp(io: Io, file: string, options: TablesOptions): Promise<ExitCode> {
  const tables = tablesOf(io, options);
  const counts: Record<string, number> = {};
  await withProgress(io, async (tell) => {
    tell('Reading the tables');
    // A file that is there may be the only backup.
    await writeNewFile(file, backupLines(tables, io.now(), counts)).catch(fail(file));
  });
  io.out(countsText(counts));
  io.err(`Wrote ${file}. It holds names of people and rooms: keep it as you keep those.`);
  return exitCodes.compliant;
}

async function putBack(io: Io, file: string, options: TablesOptions): Promise<ExitCode> {
  const tables = tablesOf(io, options);
  const found: Record<string, number> = {};
  const counts = await withProgress(io, async (tell) => {
    tell('Writing the tables');
    return restore(tables, () => createReadStream(file), found).catch(fail(file));
  });
  io.out(countsText(counts));
  const there = Object.values(found).reduce((total, count) => total + count, 0);
  if (there > 0)
    io.err(`${there} of these were there already, as they are in the file, and were left alone.`);
  return exitCodes.compliant;
}

/** @throws {CliError} when nothing says where the tables are. */
function tablesOf(io: Io, { account, azLogin }: TablesOptions): Tables {
  const connectionString = io.env.AzureWebJobsStorage;
  if (account === undefined) {
    if (!connectionString) throw usageError('--account must say where the tables are.');
    const settings = { allowInsecureConnection: true };
    return madeOf(serviceOf(connectionString, settings), (name) =>
      TableClient.fromConnectionString(connectionString, name, settings),
    );
  }
  const address = addressOf(account);
  const credential = homeCredential(signInFrom(io.env, azLogin === true));
  return madeOf(
    new TableServiceClient(address, credential),
    (name) => new TableClient(address, name, credential),
  );
}

function serviceOf(
  connectionString: string,
  settings: { allowInsecureConnection: boolean },
): TableServiceClient {
  try {
    return TableServiceClient.fromConnectionString(connectionString, settings);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usageError(`The connection string in AzureWebJobsStorage cannot be used: ${printable(why)}`);
  }
}

function addressOf(account: string): string {
  if (/^[a-z\d]{3,24}$/.test(account)) return `https://${account}.table.core.windows.net`;
  const url = URL.parse(account);
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url.origin;
  throw usageError(
    '--account must be the name of a storage account, or the https address of its Table service.',
  );
}

function madeOf(service: TableServiceClient, client: Tables['client']): Tables {
  return {
    client,
    async *names() {
      for await (const { name } of service.listTables()) if (name !== undefined) yield name;
    },
  };
}

function countsText(counts: EntityCounts): string {
  const rows = Object.entries(counts).map(([name, count]) => `${name}: ${count}`);
  return rows.length === 0 ? 'There are no tables of Syncwarden.' : rows.join('\n');
}

function fail(file: string): (error: unknown) => never {
  return (error) => {
    throw tablesFailure(error, file);
  };
}
