import { app } from '@azure/functions';
import { outliveLostPromises } from '../lib/last-resort';
import { lineLog } from '../lib/log';
import { type RouteName, routes } from '../lib/http/routes';
import { readSettings } from '../lib/settings';
import { started } from '../lib/started';
import { auditQueueName } from '../lib/storage/queue-names';
import type { App } from './app';

// Outside of invocations: the host takes what a worker writes into its log.
const write = (line: string) => process.stderr.write(`${line}\n`);
outliveLostPromises(process, lineLog({ info: write, warn: write, error: write }));

// A bad setting stops the app here, with one line that names it.
const settings = readSettings(process.env);

let loaded: Promise<App> | undefined;
/** All that the functions do is loaded at the first invocation, so that an instance registers them fast. */
const theApp = () => (loaded ??= started(load()));

async function load(): Promise<App> {
  try {
    const { createApp } = await import('./app.js');
    return createApp(settings);
  } catch (error) {
    // What failed once, as reading a file may, must not fail as long as the process lives.
    loaded = undefined;
    throw error;
  }
}

for (const [name, { method, path }] of Object.entries(routes)) {
  app.http(name, {
    methods: [method],
    route: path,
    // Who may call is decided inside, by app role; function keys carry no caller.
    authLevel: 'anonymous',
    handler: async (request, context) => (await theApp()).answer(name as RouteName, request, context),
  });
}

for (const night of settings.nights) {
  app.timer(night.name, {
    schedule: night.schedule,
    handler: async (_timer, context) => (await theApp()).dispatch(night, context),
  });
}

app.storageQueue('audit-worker', {
  queueName: auditQueueName,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => (await theApp()).work(message, context),
});

app.timer('watchdog', {
  schedule: '0 30 * * * *',
  handler: async (_timer, context) => (await theApp()).watch(context),
});

app.timer('digest', {
  schedule: settings.digest.schedule,
  handler: async (_timer, context) => (await theApp()).digest(context),
});

app.timer('retention', {
  schedule: '0 15 4 * * *',
  handler: async (_timer, context) => (await theApp()).retain(context),
});
