import type { Command } from 'commander';
import * as z from 'zod';
import type { ControlId } from '../../lib/model/verdict';
import { Waiver } from '../../lib/model/waiver';
import { AppRefusal, pathOf } from '../app/client';
import { inOptions } from '../app/option-names';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import type { Done } from '../command';
import { type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';
import { controlOption, jsonOption } from '../options';
import { showList } from '../show/list';
import { printable } from '../show/printable';
import { table, tableLook } from '../show/table';

interface ListOptions extends AppOptions {
  target: string;
  json?: boolean;
}

interface ControlOptions extends AppOptions {
  target: string;
  control: ControlId;
}

interface AcceptOptions extends ControlOptions {
  reason: string;
  until: string;
  code?: string[];
}

/** `syncwarden waivers` */
export function addWaivers(program: Command, io: Io, done: Done): void {
  const group = program.command('waivers').description('Risks that were accepted at a deployed app.');
  const about = (command: Command) =>
    addAppOptions(command.requiredOption('--target <id>', 'id of the target at the app'));
  about(
    group.command('list').description('Lists the accepted risks of a target, also those that have ended.'),
  )
    .addOption(jsonOption())
    .action(async (options: ListOptions) => {
      done(await list(io, options));
    });
  about(
    group
      .command('accept')
      .description(
        'Accepts the risk of what a control finds on a target now, in place of what was accepted before.',
      ),
  )
    .addOption(controlOption('of which control the risk is accepted'))
    .requiredOption('--reason <text>', 'why, in 10 to 2,000 characters')
    .requiredOption(
      '--until <time>',
      'until when: a day to its end in UTC, like 2027-03-31, or a time with an offset',
    )
    .option('--code <code...>', 'only violations with these codes; without it all that is found')
    .action(async (options: AcceptOptions) => {
      done(await accept(io, options));
    });
  about(group.command('revoke').description('Takes an acceptance back: the finding is open again at once.'))
    .addOption(controlOption('of which control the acceptance is taken back'))
    .action(async (options: ControlOptions) => {
      done(await revoke(io, options));
    });
}

async function list(io: Io, { target, json, ...app }: ListOptions): Promise<ExitCode> {
  const waivers = await (await connect(io, app)).list(pathOf(target, 'waivers'), Waiver);
  return showList(io, waivers, json, (items) => waiversTable(io, items), 'No accepted risks.');
}

function waiversTable(io: Io, items: readonly Waiver[]): string {
  return table(
    tableLook(io),
    [
      ['control', 17],
      ['until', 26],
      ['by', 24],
      ['why', 'rest'],
    ],
    items.map(({ control, expiresAt, by, reason }) => [
      control,
      printable(expiresAt),
      printable(by),
      printable(reason),
    ]),
  );
}

async function accept(
  io: Io,
  { target, control, reason, until, code, ...app }: AcceptOptions,
): Promise<ExitCode> {
  const body = { reason, expiresAt: endOf(until), ...(code === undefined ? {} : { codes: code }) };
  const client = await connect(io, app);
  let waiver: Waiver;
  try {
    waiver = await inOptions(optionNames, () =>
      client.call('PUT', pathOf(target, `waivers/${control}`), Waiver, body),
    );
  } catch (error) {
    if (!(error instanceof AppRefusal) || error.problem.status !== 409) throw error;
    io.err(error.message);
    return exitCodes.violations;
  }
  io.out(
    `Accepted: ${waiver.control} of ${printable(waiver.targetId)}, until ${printable(waiver.expiresAt)}.`,
  );
  return exitCodes.compliant;
}

const optionNames = { targetId: '--target', reason: '--reason', expiresAt: '--until', codes: '--code' };

/** A day lasts to its end, as on the page; a time is for the app to judge. */
function endOf(until: string): string {
  return z.iso.date().safeParse(until).success ? `${until}T23:59:59Z` : until;
}

async function revoke(io: Io, { target, control, ...app }: ControlOptions): Promise<ExitCode> {
  await (await connect(io, app)).call('DELETE', pathOf(target, `waivers/${control}`), z.undefined());
  io.out(`No longer accepted: ${control} of ${printable(target)}.`);
  return exitCodes.compliant;
}
