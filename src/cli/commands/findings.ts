import { type Command, Option } from 'commander';
import * as z from 'zod';
import { Finding } from '../../lib/model/finding';
import type { Unreadable } from '../../lib/model/unreadable';
import {
  type ControlId,
  controlIds,
  severities,
  type Severity,
  type Verdict,
  verdicts,
} from '../../lib/model/verdict';
import type { AppClient } from '../app/client';
import { addAppOptions, type AppOptions, connect } from '../app/connect';
import { inOptions } from '../app/option-names';
import type { Done } from '../command';
import type { ExitCode } from '../exit';
import type { Io } from '../io';
import { jsonOption } from '../options';
import { nameOf, openFindingsTable, worstFirst } from '../show/open-findings';
import { type AppList, showList } from '../show/list';
import { tableLook } from '../show/table';

interface FindingsOptions extends AppOptions {
  target?: string;
  control?: ControlId;
  verdict?: Verdict;
  severity?: Severity;
  customer?: string;
  tag?: string;
  stale?: boolean;
  json?: boolean;
}

/** `syncwarden findings` */
export function addFindings(program: Command, io: Io, done: Done): void {
  const command = program
    .command('findings')
    .description(
      'Shows what is wrong at a deployed app, what could not be read, and what was not verified in time: since when, worst first.',
    )
    .option('--target <id>', 'of one target only')
    .addOption(new Option('--control <control>', 'of one control only').choices(controlIds))
    .addOption(
      new Option('--verdict <verdict>', 'with this verdict only, also what is accepted').choices(verdicts),
    )
    .addOption(new Option('--severity <severity>', 'of controls of this severity only').choices(severities))
    .option('--customer <id>', 'of the targets of one customer only')
    .option('--tag <tag>', 'of targets with this tag only')
    .option('--stale', 'only what was not verified in time, whatever its verdict');
  addAppOptions(command)
    .addOption(jsonOption())
    .action(async (options: FindingsOptions) => {
      done(await findings(io, options));
    });
}

const optionNames = {
  targetId: '--target',
  control: '--control',
  verdict: '--verdict',
  severity: '--severity',
  customer: '--customer',
  tag: '--tag',
};

type Filter = Readonly<Record<string, string | undefined>>;

async function findings(io: Io, options: FindingsOptions): Promise<ExitCode> {
  const { target: targetId, control, severity, customer, tag, verdict, stale, json } = options;
  const app = await connect(io, options);
  const chosen: Filter = { targetId, control, severity, customer, tag };
  const isAll = verdict === undefined && stale !== true;
  const asked: Filter[] = isAll ? needingSomebody : [{ verdict, stale: stale === true ? 'true' : undefined }];
  const lists = asked.map((each) => ({ ...chosen, ...each }));
  const { items, unreadable, stale: old } = await inOptions(optionNames, () => readEach(app, lists));
  // An id with a slip has no findings either, and would look as if nothing were wrong.
  if (targetId !== undefined && items.length + unreadable.length === 0)
    await app.get(`targets/${encodeURIComponent(targetId)}`, z.unknown());
  const none = isAll
    ? 'Nothing that was found needs somebody. What never ran has no finding: syncwarden targets list shows it as unknown.'
    : 'No such findings.';
  const textOf = (shown: readonly Finding[]) => openFindingsTable(shown, old, tableLook(io));
  return showList(io, { items: worstFirst(items), unreadable }, json, textOf, none);
}

/** What is not as it should be, and of what nobody knows: also what was fine, and was not looked at in time. */
const needingSomebody: Filter[] = [
  { verdict: 'nonCompliant', waived: 'false' },
  { verdict: 'unknown', waived: 'false' },
  { stale: 'true' },
];

/** What stands in any of these lists, once, and which of it is known to be stale. */
async function readEach(
  app: AppClient,
  filters: readonly Filter[],
): Promise<AppList<Finding> & { stale: ReadonlySet<string> }> {
  const found = new Map<string, Finding>();
  const unreadable = new Map<string, Unreadable>();
  const stale = new Set<string>();
  for (const filter of filters) {
    const list = await app.list('findings', Finding, filter);
    for (const item of list.items) {
      found.set(nameOf(item), item);
      if (filter.stale === 'true') stale.add(nameOf(item));
    }
    for (const kept of list.unreadable) unreadable.set(JSON.stringify(kept), kept);
  }
  return { items: [...found.values()], unreadable: [...unreadable.values()], stale };
}
