import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server that listens on loopback. */
export interface Listening {
  port: number;
  /** Ends it, with whatever hangs on it. */
  close: () => Promise<void>;
}

/** Has a server listen on a free port of loopback. */
export async function listening(server: Server | SecureServer): Promise<Listening> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
