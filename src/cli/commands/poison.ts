import type { Command } from 'commander';
import * as z from 'zod';
import { counted } from '../../lib/counted';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import type { Done } from '../command';
import { type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';
import { jsonOption } from '../options';
import { printable, toJson } from '../show/printable';
import { tableLook, table } from '../show/table';

const PoisonMessages = z.object({
  items: z.array(
    z.object({
      messageId: z.string(),
      insertedAt: z.string(),
      visit: z.object({ targetId: z.string(), controls: z.array(z.string()), runId: z.string() }).nullable(),
      text: z.string(),
    }),
  ),
  count: z.number(),
});
type PoisonMessages = z.infer<typeof PoisonMessages>;

const Replayed = z.object({ replayed: z.number() });

interface ListOptions extends AppOptions {
  json?: boolean;
}

/** `syncwarden poison` */
export function addPoison(program: Command, io: Io, done: Done): void {
  const group = program.command('poison').description('Visits that failed five times at a deployed app.');
  addAppOptions(group.command('list').description('Shows the first 32 of them, and how many there are.'))
    .addOption(jsonOption())
    .action(async (options: ListOptions) => {
      done(await list(io, options));
    });
  addAppOptions(
    group.command('replay').description('Puts them back into the queue, to be tried again.'),
  ).action(async (options: AppOptions) => {
    done(await replay(io, options));
  });
}

async function list(io: Io, options: ListOptions): Promise<ExitCode> {
  const messages = await (await connect(io, options)).get('poison', PoisonMessages);
  if (options.json === true) io.out(toJson(messages));
  else io.out(messages.items.length === 0 ? 'No failed messages.' : messagesTable(io, messages));
  io.err(`About ${counted(messages.count, 'message')} failed.`);
  return exitCodes.compliant;
}

function messagesTable(io: Io, { items }: PoisonMessages): string {
  return table(
    tableLook(io),
    [
      ['since', 26],
      ['target', 28],
      ['controls', 17],
      ['message', 'rest'],
    ],
    items.map(({ insertedAt, visit, text }) => [
      printable(insertedAt),
      printable(visit?.targetId ?? '–'),
      printable(visit?.controls.join(', ') ?? '–'),
      printable(text),
    ]),
  );
}

async function replay(io: Io, options: AppOptions): Promise<ExitCode> {
  const app = await connect(io, options);
  const { replayed } = await app.call('POST', 'poison/replay', Replayed);
  io.out(`Put back: ${replayed}.`);
  return exitCodes.compliant;
}
