import { TableClient } from '@azure/data-tables';
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { QueueClient } from '@azure/storage-queue';
import { started } from '../started';
import type { SharedClock } from './shared-clock';

/** How to reach the storage account: a connection string, or addresses with the app's identity. */
export type StorageSettings =
  | { connectionString: string }
  | { tableServiceUri: string; queueServiceUri: string; clientId: string | undefined };

/** Makes clients for tables and queues, and creates what is not there yet, once per process. */
export class StorageConnection {
  private readonly credential: TokenCredential | undefined;
  private readonly clients = new Map<string, Promise<unknown>>();

  /** @param clock is told what time it is there, if there is one. */
  constructor(
    private readonly settings: StorageSettings,
    private readonly clock?: SharedClock,
  ) {
    if ('connectionString' in settings) return;
    const { clientId } = settings;
    this.credential = new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
  }

  /** The table of this name; created when it is not there. */
  async table(name: string): Promise<TableClient> {
    return this.once(`table ${name}`, async () => {
      const client = this.tableClient(name);
      await client.createTable();
      return client;
    });
  }

  /** The queue of this name; created when it is not there. */
  async queue(name: string): Promise<QueueClient> {
    return this.once(`queue ${name}`, async () => {
      const client = this.queueClient(name);
      await client.createIfNotExists();
      return client;
    });
  }

  private tableClient(name: string): TableClient {
    const { settings, credential, clock } = this;
    const additionalPolicies =
      clock === undefined ? [] : [{ policy: clock.policy, position: 'perRetry' as const }];
    if ('connectionString' in settings) {
      // Azurite speaks http; a connection string for Azure names https itself.
      return TableClient.fromConnectionString(settings.connectionString, name, {
        allowInsecureConnection: true,
        additionalPolicies,
      });
    }
    if (credential === undefined) throw new Error('There is no identity for the storage account.');
    return new TableClient(settings.tableServiceUri, name, credential, { additionalPolicies });
  }

  private queueClient(name: string): QueueClient {
    const { settings, credential } = this;
    if ('connectionString' in settings) return new QueueClient(settings.connectionString, name);
    return new QueueClient(`${settings.queueServiceUri.replace(/\/$/, '')}/${name}`, credential);
  }

  private once<T>(key: string, create: () => Promise<T>): Promise<T> {
    const made = this.clients.get(key);
    if (made !== undefined) return made as Promise<T>;
    const client = started(create());
    this.clients.set(key, client);
    // A failure must not be remembered, or the process would never recover from an outage.
    client.catch(() => this.clients.delete(key));
    return client;
  }
}
