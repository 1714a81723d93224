import type { TestStorage } from './storage';

type TableName = Parameters<TestStorage['table']>[0];
type Row = Record<string, unknown>;

/** Writes over properties of a row, as somebody with access to the account could, or another version; undefined takes one away. */
export async function damage(
  storage: TestStorage,
  name: TableName,
  [partitionKey, rowKey]: readonly [string, string],
  changes: Row,
): Promise<void> {
  const table = await storage.table(name);
  const { etag: _etag, timestamp: _timestamp, ...entity } = await table.getEntity<Row>(partitionKey, rowKey);
  const kept = Object.entries({ ...entity, ...changes }).filter(([, value]) => value !== undefined);
  await table.updateEntity({ ...Object.fromEntries(kept), partitionKey, rowKey }, 'Replace');
}

/** What stands in a property that holds JSON, with changes; undefined takes a property away. */
export async function jsonWith(
  storage: TestStorage,
  name: TableName,
  [partitionKey, rowKey]: readonly [string, string],
  property: string,
  changes: Row,
): Promise<Row> {
  const entity = await (await storage.table(name)).getEntity<Row>(partitionKey, rowKey);
  const value = JSON.parse(String(entity[property])) as Row;
  return { [property]: JSON.stringify({ ...value, ...changes }) };
}
