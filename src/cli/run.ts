import { CommanderError } from 'commander';
import { ForeignTenantError } from '../lib/microsoft365/sign-in/credentials';
import { SettingsError } from '../lib/settings';
import { CliError, type ExitCode, exitCodes } from './exit';
import type { Io } from './io';
import { buildProgram } from './program';
import { printableLines } from './show/printable';

/** Runs a command line, without the name of the program. Gives what the process is to end with; nothing is thrown. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let ended: ExitCode = exitCodes.unknown;
  try {
    const program = buildProgram(io, (code) => (ended = code));
    await program.parseAsync(args, { from: 'user' });
    return ended;
  } catch (error) {
    return explain(error, io);
  }
}

/** Says what went wrong in one sentence, as far as it is known what that was. */
function explain(error: unknown, io: Io): ExitCode {
  // Commander has spoken already. Help that was asked for is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.compliant : exitCodes.usage;
  if (error instanceof CliError) {
    io.err(printableLines(error.message));
    return error.exitCode;
  }
  if (error instanceof SettingsError || error instanceof ForeignTenantError) {
    io.err(printableLines(error.message));
    return exitCodes.usage;
  }
  io.err(
    `Something went wrong that should not: ${printableLines(error instanceof Error ? error.message : String(error))}`,
  );
  return exitCodes.unknown;
}
