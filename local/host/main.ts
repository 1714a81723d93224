import type { Server } from 'node:http';
import { mainFile, readHostJson } from './config';
import { loadApp } from './core-module';
import { createHttpServer } from './http';
import { Invocations } from './invocation';
import { oneLine, write } from './log';
import { QueueListener } from './queues';
import { Routes } from './routes';
import { Timers } from './timers';

/** How long running invocations may go on after the host was told to end. */
const timeoutMs = 10_000;
const portsTried = 20;
const served = ['httpTrigger', 'timerTrigger', 'queueTrigger'];

async function main(): Promise<void> {
  const root = process.cwd();
  const config = readHostJson(root);
  const app = loadApp(mainFile(root));
  await app.model.getCapabilities?.({});
  for (const { metadata, trigger } of app.functions) {
    if (!served.includes(trigger.type ?? '')) {
      throw new Error(
        `The function ${metadata.name} has a trigger of type ${trigger.type ?? '?'}: this host serves none.`,
      );
    }
  }
  await app.runHooks('appStart', { hookData: {} });

  const invocations = new Invocations(app);
  const routes = new Routes(app.functions, config.http.routePrefix);
  const timers = new Timers(app.functions, invocations);
  const listeners = new Map(
    app.functions
      .filter(({ trigger }) => trigger.type === 'queueTrigger')
      .map((target) => [target.metadata.name, new QueueListener(target, config.queues, invocations)]),
  );
  const trigger = (name: string, input: unknown) => {
    const listener = listeners.get(name);
    if (listener === undefined) return timers.trigger(name);
    void listener.put(input);
    return true;
  };
  const server = createHttpServer({ routes, invocations, functions: app.functions, trigger });
  const port = await listen(server, Number(process.env.PORT ?? 7071));
  for (const listener of listeners.values()) await listener.start();

  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    timers.stop();
    for (const listener of listeners.values()) listener.stop();
    server.close();
    await invocations.settle(timeoutMs);
    await app.runHooks('appTerminate', { hookData: {} });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => void end());

  console.log(`Functions host ready on http://127.0.0.1:${port}`);
  process.send?.({ type: 'ready', port });
}

/** Listens on loopback alone; where the port is taken, on the next free one. */
async function listen(server: Server, wanted: number): Promise<number> {
  for (let port = wanted; ; port++) {
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(port, '127.0.0.1', () => resolve(undefined));
    });
    server.removeAllListeners('error');
    const address = server.address();
    if (error === undefined && typeof address === 'object' && address !== null) return address.port;
    if (error?.code !== 'EADDRINUSE' || port >= wanted + portsTried)
      throw error ?? new Error('No port to listen on.');
    write('warning', 'host', `Port ${port} is in use: trying ${port + 1}.`);
  }
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Syncwarden cannot start: ${oneLine(message)}\n`);
  process.exit(1);
});
