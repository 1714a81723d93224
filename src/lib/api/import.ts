import { isDeepStrictEqual } from 'node:util';
import pMap from 'p-map';
import { counted } from '../counted';
import { type FieldError, InputError } from '../errors';
import { parseInput } from '../input';
import { definitionOf, type ImportedTarget, isReadable, type ListedTarget, Target } from '../model/target';
import { type ImportRow, mostRows } from './import-format';
import { putTarget, requireReachable, type TargetServices } from './targets';

/** So many are written at once. */
const atOnce = 8;

/**
 * Puts many targets. All of them are checked before the first is written, and what is there already as it should be is left
 * alone, so that doing it again changes nothing. Targets that are not named stay.
 * @param isDryRun says what would be done, and does nothing.
 * @throws {InputError} that names every line and field that is wrong: then nothing was written.
 */
export async function importTargets(
  services: TargetServices,
  rows: readonly ImportRow[],
  isDryRun: boolean,
): Promise<ImportedTarget[]> {
  const wanted = checked(services, rows);
  const present = new Map<string, ListedTarget>();
  for await (const page of services.targets.all())
    for (const target of page) present.set(target.targetId, target);
  const items = wanted.map(({ line, target }) => {
    const outcome = outcomeOf(target, present.get(target.targetId));
    return { target, item: { line, targetId: target.targetId, outcome } };
  });
  if (!isDryRun) {
    const changed = items.filter(({ item }) => item.outcome !== 'unchanged');
    await pMap(changed, ({ target }) => putTarget(services, target), { concurrency: atOnce });
  }
  return items.map(({ item }) => item);
}

function outcomeOf(target: Target, present: ListedTarget | undefined): ImportedTarget['outcome'] {
  if (present === undefined) return 'created';
  return isReadable(present) && isDeepStrictEqual(definitionOf(present), target) ? 'unchanged' : 'replaced';
}

interface Wanted {
  line: number;
  target: Target;
}

function checked(services: TargetServices, rows: readonly ImportRow[]): Wanted[] {
  if (rows.length > mostRows) {
    const message = `has ${counted(rows.length, 'target')}, and ${mostRows} is the most: send them in several parts`;
    throw new InputError([{ path: '', message }]);
  }
  if (rows.length === 0) throw new InputError([{ path: '', message: 'has no targets' }]);
  const errors: FieldError[] = [];
  const lines = new Map<string, number>();
  const wanted = rows.flatMap(({ line, value }): Wanted[] => {
    try {
      const target = parseInput(Target, value);
      requireReachable(services, target);
      const first = lines.get(target.targetId);
      if (first !== undefined)
        throw new InputError([{ path: 'targetId', message: `stands in line ${first} already` }]);
      lines.set(target.targetId, line);
      return [{ line, target }];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(...error.errors.map(({ path, message }) => ({ path: placeOf(line, path), message })));
      return [];
    }
  });
  if (errors.length > 0) throw new InputError(errors);
  return wanted;
}

function placeOf(line: number, path: string): string {
  return path === '' ? `line ${line}` : `line ${line}, ${path}`;
}
