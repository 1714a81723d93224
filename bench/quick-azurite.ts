import { createRequire } from 'node:module';

type Prototype = Record<string, (...given: unknown[]) => unknown>;

/** A list of LokiJS, as far as it is used here. */
interface Collection {
  /** The first and the last place in the index of a property. */
  calculateRange(operator: '$eq', property: string, value: unknown): [first: number, last: number];
}

/** The methods of a class of Azurite, which a module of its own gives. */
function classOf(module: string): Prototype {
  return (load(`azurite/dist/src/queue/${module}`) as { default: { prototype: Prototype } }).default
    .prototype;
}

// Azurite loads this before anything else. It keeps its messages in lists of LokiJS, whose indices are sorted anew, as a whole,
// whenever messages are taken, whenever Azurite looks for messages that have ended (each time that one is taken or deleted,
// also when there are none), and for each message whose text it clears away (once a minute). With ten thousand messages that
// takes fifty times as long as everything else, and brings it to a stop for minutes. Azure does nothing of the kind.
const load = createRequire(__filename);

// One after the other, as LokiJS does it for a single object: each finds its own place in the indices.
const { prototype: collection } = (load('lokijs') as { Collection: { prototype: Prototype } }).Collection;
const { update } = collection;
collection.update = function (this: unknown, changed) {
  for (const one of Array.isArray(changed) ? (changed as unknown[]) : [changed]) update?.call(this, one);
};

// An entity is looked for by its row key first and then by its partition, one by one: that is how ten thousand targets have
// one row key for each control. By whichever key fewer have it takes as long as with a hundred.
const { findOne } = collection;
collection.findOne = function (this: Collection, query) {
  const { PartitionKey, RowKey } = query as Record<string, unknown>;
  if (PartitionKey === undefined || RowKey === undefined) return findOne?.call(this, query);
  const count = (key: string, value: unknown) => {
    const [first, last] = this.calculateRange('$eq', key, value);
    return last - first;
  };
  const isByPartition = count('PartitionKey', PartitionKey) <= count('RowKey', RowKey);
  return findOne?.call(this, isByPartition ? { PartitionKey, RowKey } : { RowKey, PartitionKey });
};

// A bench needs neither: no message of it ends, and the texts are short.
classOf('persistence/LokiQueueMetadataStore').clearExpiredMessages = () => undefined;
const cleaner = classOf('gc/QueueGCManager');
cleaner.start = () => Promise.resolve();
cleaner.close = () => Promise.resolve();
