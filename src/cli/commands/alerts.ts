import type { Command } from 'commander';
import * as z from 'zod';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import type { Done } from '../command';
import { type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';

/** `syncwarden alerts` */
export function addAlerts(program: Command, io: Io, done: Done): void {
  const group = program.command('alerts').description('The alerts of a deployed app.');
  addAppOptions(
    group
      .command('test')
      .description(
        'Sends a test alert, so that whoever is told of alerts sees that they arrive. It resolves by itself.',
      ),
  ).action(async (options: AppOptions) => {
    done(await test(io, options));
  });
}

async function test(io: Io, options: AppOptions): Promise<ExitCode> {
  await (await connect(io, options)).call('POST', 'alerts/test', z.object({ sent: z.literal(true) }));
  io.out('A test alert is on its way. Alerts are looked for once an hour: expect it within two hours.');
  return exitCodes.compliant;
}
