import { createRequire } from 'node:module';

/** A class of Azurite, as its modules give it. */
interface Module {
  default: { prototype: Record<string, () => unknown> };
}

// Azurite loads this before anything else. It keeps its messages in lists whose indices it sorts anew, as a whole, whenever
// it looks for messages that have ended (each time that one is taken or deleted, also when there are none) and for each
// message whose text it clears away (once a minute). With ten thousand messages that takes fifty times as long as everything
// else, and brings it to a stop for minutes. Azure does nothing of the kind, and a bench needs neither of the two.
const load = createRequire(__filename);
const { prototype: store } = (load('azurite/dist/src/queue/persistence/LokiQueueMetadataStore') as Module)
  .default;
store.clearExpiredMessages = () => undefined;
const { prototype: cleaner } = (load('azurite/dist/src/queue/gc/QueueGCManager') as Module).default;
cleaner.start = () => Promise.resolve();
cleaner.close = () => Promise.resolve();
