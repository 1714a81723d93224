import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type AppHost, startAppHost } from './app-host';
import { type Azurite, startAzurite } from './azurite';
import { type Certificates, createCertificates } from './simulator/certificates';
import {
  federatedAppId,
  federatedRemediationAppId,
  homeTenantId,
  identityClientId,
  remediationClientId,
  tenantsFolder,
} from './simulator/demo';
import { type Simulator, startSimulator } from './simulator';

/** Everything that the app needs, on one machine: storage, a Microsoft 365, and a Functions host. */
export interface Stack {
  root: string;
  azurite: Azurite;
  simulator: Simulator;
  /** What the simulator's https stands on; others that the app has to trust may use it too. */
  certificate: Certificates;
  /** File with the authority that the certificate comes from. */
  caFile: string;
  /** The settings that the app gets. */
  env: Record<string, string>;
  startHost(options?: {
    port?: number;
    env?: Record<string, string>;
    heapMb?: number;
    output?: (text: string) => void;
  }): Promise<AppHost>;
  stop(): Promise<void>;
}

/** Proves to the simulated identity endpoint that the caller is the app. Not a secret: it never leaves this machine. */
const identityHeader = 'local-identity-header';

/**
 * Starts storage and the simulated Microsoft 365; hosts are started from what comes back.
 * @param storagePreload a script that the storage emulator loads first.
 */
export async function startStack(root: string, storagePreload?: string): Promise<Stack> {
  const certificate = await createCertificates();
  const folder = path.join(root, '.local');
  mkdirSync(folder, { recursive: true });
  // One file per process: several stacks may run side by side, each with an authority of its own.
  const caFile = path.join(folder, `ca-${process.pid}.pem`);
  writeFileSync(caFile, certificate.ca);
  const [azurite, simulator] = await Promise.all([
    startAzurite(storagePreload),
    startSimulator({ tenantsFolder: tenantsFolder(root), certificate, homeTenantId, identityHeader }),
  ]);
  const env = {
    AzureWebJobsStorage: azurite.connectionString,
    AUTH_MODE: 'local',
    GRAPH_ENDPOINT: simulator.url,
    EXCHANGE_ENDPOINT: simulator.exchangeUrl,
    AZURE_AUTHORITY_HOST: simulator.authorityUrl,
    IDENTITY_ENDPOINT: simulator.identityEndpoint,
    IDENTITY_HEADER: identityHeader,
    AZURE_CLIENT_ID: identityClientId,
    REMEDIATION_CLIENT_ID: remediationClientId,
    HOME_TENANT_ID: homeTenantId,
    FEDERATED_APP_CLIENT_ID: federatedAppId,
    FEDERATED_REMEDIATION_APP_CLIENT_ID: federatedRemediationAppId,
  };
  const hosts: AppHost[] = [];
  return {
    root,
    azurite,
    simulator,
    certificate,
    caFile,
    env,
    async startHost({ port = 0, env: more = {}, heapMb, output } = {}) {
      const host = await startAppHost({
        root,
        port,
        env: { ...env, ...more },
        caFile,
        heapMb,
        ...(output === undefined ? {} : { output }),
      });
      hosts.push(host);
      return host;
    },
    async stop() {
      await Promise.all(hosts.map((host) => host.stop()));
      await Promise.all([azurite.stop(), simulator.close()]);
      rmSync(caFile, { force: true });
    },
  };
}
