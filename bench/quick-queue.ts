import { createRequire } from 'node:module';

type Prototype = Record<string, (...given: unknown[]) => unknown>;

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

// A bench needs neither: no message of it ends, and the texts are short.
classOf('persistence/LokiQueueMetadataStore').clearExpiredMessages = () => undefined;
const cleaner = classOf('gc/QueueGCManager');
cleaner.start = () => Promise.resolve();
cleaner.close = () => Promise.resolve();
