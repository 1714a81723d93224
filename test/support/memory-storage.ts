import type { TableClient } from '@azure/data-tables';
import type { QueueClient } from '@azure/storage-queue';
import { StorageConnection } from '../../src/lib/storage/connection';

type Entity = Record<string, unknown> & { partitionKey: string; rowKey: string };
type Change = [kind: string, entity: Entity, mode?: string, options?: { etag?: string }];

/** An error as storage gives it. */
class StorageFault extends Error {
  constructor(readonly statusCode: number) {
    super(`Storage answered ${statusCode}.`);
  }
}

/**
 * Tables and queues in memory, for histories of days that have to pass in a moment. They do what the product asks of storage,
 * and nothing else; what storage really does is tested with Azurite.
 */
export class MemoryStorage extends StorageConnection {
  private readonly tables = new Map<string, MemoryTable>();
  private readonly queues = new Map<string, MemoryQueue>();

  /**
   * @param answered is called with each answer of a table, which says what time it is there.
   * @param isBroken says which questions are not answered.
   */
  constructor(
    private readonly now: () => Date,
    private readonly answered: () => Promise<unknown> = () => Promise.resolve(),
    private readonly isBroken: (filter: string) => boolean = () => false,
  ) {
    super({ connectionString: '' });
  }

  override table(name: string): Promise<TableClient> {
    const table = this.tables.get(name) ?? new MemoryTable(this.answered, this.isBroken);
    this.tables.set(name, table);
    return Promise.resolve(table as unknown as TableClient);
  }

  override queue(name: string): Promise<QueueClient> {
    return Promise.resolve(this.messages(name) as unknown as QueueClient);
  }

  /** A queue as it is. */
  messages(name: string): MemoryQueue {
    const queue = this.queues.get(name) ?? new MemoryQueue(this.now);
    this.queues.set(name, queue);
    return queue;
  }
}

class MemoryTable {
  private readonly rows = new Map<string, Entity & { etag: string }>();
  private sorted: string[] | undefined;
  private writes = 0;

  constructor(
    private readonly answered: () => Promise<unknown>,
    private readonly isBroken: (filter: string) => boolean,
  ) {}

  getEntity(partitionKey: string, rowKey: string): Promise<Entity> {
    return this.promised(() => ({ ...this.found({ partitionKey, rowKey }) }));
  }

  createEntity(entity: Entity): Promise<{ etag: string }> {
    return this.promised(() => {
      if (this.rows.has(keyOf(entity))) throw new StorageFault(409);
      return this.write(entity);
    });
  }

  updateEntity(entity: Entity, mode: string, options: { etag?: string } = {}): Promise<{ etag: string }> {
    return this.promised(() => {
      const before = this.found(entity);
      requireEtag(before, options);
      return this.write(mode === 'Merge' ? { ...before, ...entity } : entity);
    });
  }

  upsertEntity(entity: Entity, mode: string): Promise<{ etag: string }> {
    return this.promised(() => {
      const before = this.rows.get(keyOf(entity));
      return this.write(mode === 'Merge' ? { ...before, ...entity } : entity);
    });
  }

  deleteEntity(partitionKey: string, rowKey: string, options: { etag?: string } = {}): Promise<void> {
    return this.promised(() => {
      requireEtag(this.found({ partitionKey, rowKey }), options);
      this.rows.delete(keyOf({ partitionKey, rowKey }));
      this.sorted = undefined;
    });
  }

  async submitTransaction(changes: Change[]): Promise<{ subResponses: { etag?: string }[] }> {
    const before = new Map(this.rows);
    try {
      const subResponses = [];
      for (const change of changes) subResponses.push(await this.make(change));
      return { subResponses };
    } catch (error) {
      this.rows.clear();
      for (const [key, row] of before) this.rows.set(key, row);
      this.sorted = undefined;
      throw error;
    }
  }

  listEntities({ queryOptions = {} }: { queryOptions?: { filter?: string } } = {}) {
    const found = () => {
      if (this.isBroken(queryOptions.filter ?? '')) throw new StorageFault(500);
      const fits = filterOf(queryOptions.filter ?? '');
      this.sorted ??= [...this.rows.keys()].sort();
      return this.sorted.flatMap((key) => {
        const row = this.rows.get(key);
        return row !== undefined && fits(row) ? [{ ...row }] : [];
      });
    };
    return {
      [Symbol.asyncIterator]: () => this.listed(found),
      byPage: ({ maxPageSize, continuationToken }: { maxPageSize: number; continuationToken?: string }) =>
        this.pages(found, maxPageSize, Number(continuationToken ?? 0)),
    };
  }

  private async *listed<T>(found: () => T[]) {
    yield* await this.promised(found);
  }

  private async *pages<T>(found: () => T[], size: number, start: number) {
    const rows = await this.promised(found);
    for (let from = start; from === start || from < rows.length; from += size) {
      const continuationToken = from + size < rows.length ? String(from + size) : undefined;
      yield Object.assign(rows.slice(from, from + size), { continuationToken });
    }
  }

  private async make([kind, entity, mode = 'Replace', options]: Change): Promise<{ etag?: string }> {
    if (kind === 'create') return this.createEntity(entity);
    if (kind === 'update') return this.updateEntity(entity, mode, options);
    if (kind === 'upsert') return this.upsertEntity(entity, mode);
    await this.deleteEntity(entity.partitionKey, entity.rowKey);
    return {};
  }

  private found(key: Pick<Entity, 'partitionKey' | 'rowKey'>): Entity & { etag: string } {
    const row = this.rows.get(keyOf(key));
    if (row === undefined) throw new StorageFault(404);
    return row;
  }

  private write(entity: Entity): { etag: string } {
    const etag = `"${++this.writes}"`;
    const key = keyOf(entity);
    if (!this.rows.has(key)) this.sorted = undefined;
    const kept = Object.fromEntries(Object.entries(entity).filter(([, value]) => value !== undefined));
    this.rows.set(key, { ...(kept as Entity), etag });
    return { etag };
  }

  private async promised<T>(act: () => T): Promise<T> {
    await this.answered();
    return act();
  }
}

function keyOf({ partitionKey, rowKey }: Pick<Entity, 'partitionKey' | 'rowKey'>): string {
  return `${partitionKey}\n${rowKey}`;
}

function requireEtag(row: { etag: string }, { etag }: { etag?: string }): void {
  if (etag !== undefined && etag !== '*' && etag !== row.etag) throw new StorageFault(412);
}

type Fits = (row: Readonly<Record<string, unknown>>) => boolean;

const columnNames: Readonly<Record<string, string>> = { PartitionKey: 'partitionKey', RowKey: 'rowKey' };
const compared: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
};

/** As much of OData as the product uses: comparisons of a column with a text or a truth, joined by `and` and `or`. */
function filterOf(filter: string): Fits {
  if (filter === '') return () => true;
  const alternatives = filter.split(' or ').map((all) => {
    const conditions = all.split(' and ').map((one): Fits => {
      const [, column = '', operator = '', literal = ''] = /^(\w+) (\w\w) ('.*'|true|false)$/.exec(one) ?? [];
      const compare = compared[operator];
      if (compare === undefined) throw new Error(`Memory knows no filter ${filter}.`);
      const name = columnNames[column] ?? column;
      const value = literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : literal;
      // A row that lacks the column fits no comparison with it.
      return (row) => {
        const kept = row[name];
        return kept !== undefined && compare(typeof kept === 'string' ? kept : JSON.stringify(kept), value);
      };
    });
    return (row: Readonly<Record<string, unknown>>) => conditions.every((fits) => fits(row));
  });
  return (row) => alternatives.some((fits) => fits(row));
}

/** A message as it waits. */
export interface MemoryMessage {
  messageId: string;
  messageText: string;
  insertedOn: Date;
  expiresOn: Date;
  /** When it can be seen. */
  visibleFrom: Date;
}

const weekSeconds = 7 * 86_400;

/** A queue in memory. */
export class MemoryQueue {
  waiting: MemoryMessage[] = [];
  private count = 0;

  constructor(private readonly now: () => Date) {}

  sendMessage(
    messageText: string,
    { messageTimeToLive = weekSeconds, visibilityTimeout = 0 } = {},
  ): Promise<void> {
    const now = this.now();
    this.waiting.push({
      messageId: String(++this.count),
      messageText,
      insertedOn: now,
      expiresOn: new Date(now.getTime() + messageTimeToLive * 1000),
      visibleFrom: new Date(now.getTime() + visibilityTimeout * 1000),
    });
    return Promise.resolve();
  }

  peekMessages({ numberOfMessages = 1 } = {}): Promise<{ peekedMessageItems: MemoryMessage[] }> {
    return Promise.resolve({ peekedMessageItems: this.waiting.slice(0, numberOfMessages) });
  }

  getProperties(): Promise<{ approximateMessagesCount: number }> {
    return Promise.resolve({ approximateMessagesCount: this.waiting.length });
  }

  /** Takes out what can be seen. */
  take(): MemoryMessage[] {
    const now = this.now();
    const taken = this.waiting.filter(({ visibleFrom }) => visibleFrom <= now);
    this.waiting = this.waiting.filter((message) => !taken.includes(message));
    return taken;
  }
}
