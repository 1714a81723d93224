import { isKept, keptEntity, sum, type Tables } from './backup-format';

export { BackupError, type EntityCounts, type Tables } from './backup-format';

/**
 * All entities of all tables, one line of JSON each, with a first line that says what this is and a last one that says how
 * many there were. Nothing is locked meanwhile: what changes during the backup may be in it or not.
 * @param counts is told how many entities of each table there are.
 */
export async function* backupLines(
  tables: Tables,
  now: Date,
  counts: Record<string, number>,
): AsyncGenerator<string> {
  yield JSON.stringify({ format: 'syncwarden-tables', version: 1, takenAt: now.toISOString() });
  for await (const name of tables.names()) {
    if (!isKept(name)) continue;
    counts[name] = 0;
    for await (const entity of tables.client(name).listEntities({ disableTypeConversion: true })) {
      yield JSON.stringify({ table: name, entity: keptEntity(entity) });
      counts[name]++;
    }
  }
  yield JSON.stringify({ end: true, entities: sum(counts) });
}
