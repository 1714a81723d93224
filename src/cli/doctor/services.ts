import type { TokenCredential } from '@azure/identity';
import { innermostMessage } from '../../lib/microsoft365/wire/https';
import type { ReaderSettings } from '../../lib/settings';
import { printable } from '../show/printable';
import type { Check } from './checks';

/** A service that does not answer is not to hold up the rest. */
const retryOptions = { maxRetries: 1, tryTimeoutInMs: 10_000, maxTries: 2 };

/** Whether tables and queues can be listed. Nothing is created. */
export async function checkStorage(
  { storage }: ReaderSettings,
  credential: TokenCredential,
): Promise<Check[]> {
  if (storage === undefined) {
    return [{ name: 'storage', verdict: 'notApplicable', detail: 'AzureWebJobsStorage is not set' }];
  }
  // Loaded where there is something to look at.
  const [{ TableServiceClient }, { QueueServiceClient }] = await Promise.all([
    import('@azure/data-tables'),
    import('@azure/storage-queue'),
  ]);
  const isByKey = 'connectionString' in storage;
  const tables = () =>
    isByKey
      ? TableServiceClient.fromConnectionString(storage.connectionString, {
          allowInsecureConnection: true,
          retryOptions,
        })
      : new TableServiceClient(storage.tableServiceUri, credential, { retryOptions });
  const queues = () =>
    isByKey
      ? QueueServiceClient.fromConnectionString(storage.connectionString, { retryOptions })
      : new QueueServiceClient(storage.queueServiceUri, credential, { retryOptions });
  return Promise.all([
    answers('storage: tables', () => tables().listTables().byPage({ maxPageSize: 1 }).next()),
    answers('storage: queues', () => queues().listQueues().byPage({ maxPageSize: 1 }).next()),
  ]);
}

/** Where telemetry goes that does not say where. https://learn.microsoft.com/azure/azure-monitor/app/connection-strings */
const globalIngestion = 'https://dc.services.visualstudio.com';

/** Whether the place where telemetry goes can be reached. It is sent an empty list of events. */
export async function checkTelemetry({ telemetry }: ReaderSettings): Promise<Check> {
  const name = 'telemetry';
  if (telemetry.connectionString === undefined) {
    return { name, verdict: 'notApplicable', detail: 'APPLICATIONINSIGHTS_CONNECTION_STRING is not set' };
  }
  const given = /(?:^|;)IngestionEndpoint=([^;]+)/i.exec(telemetry.connectionString)?.[1];
  const url = URL.parse('/v2.1/track', given ?? globalIngestion);
  if (url?.protocol !== 'https:') {
    return {
      name,
      verdict: 'nonCompliant',
      detail: 'IngestionEndpoint of the connection string is no https address',
    };
  }
  const request = { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } };
  // Whatever is answered, something is there.
  return answers(
    name,
    () => fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(10_000) }),
    url.host,
  );
}

async function answers(name: string, ask: () => Promise<unknown>, where = ''): Promise<Check> {
  const who = where === '' ? '' : `${where} `;
  try {
    await ask();
    return { name, verdict: 'compliant', detail: `${who}answers` };
  } catch (error) {
    const why = printable(innermostMessage(error)).slice(0, 300);
    return { name, verdict: 'nonCompliant', detail: `${who}does not answer as it should: ${why}` };
  }
}
