import type { Command } from 'commander';
import { profile, profileIds } from '../../lib/profiles';
import { needsOf, titleOf } from '../../lib/profiles/needs';
import type { Profile } from '../../lib/profiles/profile';
import type { Done } from '../command';
import { type ExitCode, exitCodes } from '../exit';
import type { Io } from '../io';
import { jsonOption } from '../options';
import { needsText } from '../show/needs-text';
import { toJson } from '../show/printable';
import { table, tableLook } from '../show/table';

/** `syncwarden profiles` */
export function addProfiles(program: Command, io: Io, done: Done): void {
  program
    .command('profiles')
    .summary('list the products that are known, with what each needs')
    .description(
      'Lists the profiles of products, one for each way where a vendor leaves the choice, with what each needs of a tenant and what its vendor does not say. Asks nobody.',
    )
    .addOption(jsonOption())
    .action(({ json }: { json?: boolean }) => {
      done(print(io, json === true));
    });
}

function print(io: Io, isJson: boolean): ExitCode {
  const profiles = profileIds.map(profile);
  io.out(isJson ? toJson(profiles.map(shown)) : listed(io, profiles));
  return exitCodes.compliant;
}

function shown(each: Profile) {
  const { id, name, way, source, clientAppId, notKnown } = each;
  return { profile: id, name, way, source, clientAppId, needs: needsOf(each), notKnown };
}

function listed(io: Io, profiles: readonly Profile[]): string {
  const look = tableLook(io);
  const rest = Math.max(60, look.columns - 36 - 30 - 4);
  return table(
    look,
    [
      ['profile', 36],
      ['product', 30],
      ['needs', rest],
    ],
    profiles.map((each) => [each.id, titleOf(each), needsText(each).join('\n')]),
    { hasRules: true },
  );
}
