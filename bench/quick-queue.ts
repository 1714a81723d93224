import { createRequire } from 'node:module';

/** What of Azurite's store of messages is replaced. */
interface Store {
  default: { prototype: { clearExpiredMessages: () => void } };
}

// Azurite loads this before anything else. Whenever a message is taken or deleted, it looks for messages that have ended,
// and sorts the indices of all messages anew for that, also when it finds none: with ten thousand of them that takes fifty
// times as long as everything else. Azure does not, and no message of a bench ends.
const store = createRequire(__filename)('azurite/dist/src/queue/persistence/LokiQueueMetadataStore') as Store;
store.default.prototype.clearExpiredMessages = () => undefined;
