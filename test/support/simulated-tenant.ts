import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Simulator, startSimulator, type TenantState } from '../../local/simulator';
import { createCertificates } from '../../local/simulator/certificates';
import { homeTenantId, identityClientId, tenantsFolder } from '../../local/simulator/demo';
import { control } from '../../src/lib/controls';
import type { Evaluation } from '../../src/lib/controls/control';
import { examine } from '../../src/lib/controls/examine';
import { Credentials } from '../../src/lib/microsoft365/sign-in/credentials';
import { Tenants, type TenantSettings } from '../../src/lib/microsoft365/tenant';
import type { Timers } from '../../src/lib/microsoft365/wire/retry';
import { type StoredTarget, Target } from '../../src/lib/model/target';
import type { ControlId } from '../../src/lib/model/verdict';
import { profile } from '../../src/lib/profiles';
import { complaintsAbout } from './contract';

export const root = path.resolve(__dirname, '../..');
const identityHeader = 'identity-header-of-the-test';

/** The time of every audit, and of the simulated tenant's own clock. */
const auditedAt = '2026-11-23T02:00:00Z';

/** What one control said of the simulated tenant, and what it asked for. */
export interface Audit extends Evaluation {
  /** Requests over the wire. */
  requests: number;
  /** Codes with their levels, in the order given: `violation account.deleted`. */
  codes: string[];
}

/** The healthy demo tenant Contoso: real tokens and real https, and waiting costs no time. */
export class SimulatedTenant {
  private readonly trusted = getCACertificates('default');
  private readonly complaints: string[] = [];

  private constructor(readonly simulator: Simulator) {}

  static async start(): Promise<SimulatedTenant> {
    const certificate = await createCertificates();
    const options = { tenantsFolder: tenantsFolder(root), certificate, homeTenantId, identityHeader };
    const tenant = new SimulatedTenant(await startSimulator(options));
    setDefaultCACertificates([...tenant.trusted, certificate.ca]);
    process.env.IDENTITY_ENDPOINT = tenant.simulator.identityEndpoint;
    process.env.IDENTITY_HEADER = identityHeader;
    tenant.setClock();
    return tenant;
  }

  get state(): TenantState {
    return this.simulator.tenant(homeTenantId);
  }

  /** The healthy target, with other options where the test wants them. */
  target(options: Partial<StoredTarget> = {}): StoredTarget {
    const times = { createdAt: '2026-11-01T00:00:00.000Z', updatedAt: '2026-11-01T00:00:00.000Z' };
    return { ...Target.parse(this.state.target), ...times, ...options };
  }

  /** Access to the simulated tenant as the app has it, with a clock that every wait moves on. */
  tenants(changes: Partial<TenantSettings> = {}): Tenants {
    const { url: graphEndpoint, exchangeUrl: exchangeEndpoint } = this.simulator;
    const credentials = new Credentials({
      authorityHost: this.simulator.authorityUrl,
      clientId: identityClientId,
      federatedAppClientId: undefined,
      homeTenantId,
      kind: 'managedIdentity',
    });
    const timers = movedByWaits(Date.parse(auditedAt));
    return new Tenants(credentials, { graphEndpoint, exchangeEndpoint, timers, ...changes });
  }

  /** Runs one control, where it applies: collect, then evaluate. */
  async audit(id: ControlId, options: Partial<StoredTarget> = {}): Promise<Audit> {
    const target = this.target(options);
    const tenant = this.tenants().open(target.tenantId)();
    const now = new Date(auditedAt);
    const requirement = { profile: profile(target.profile), target, now };
    const { evaluation } = await examine(control(id), tenant, requirement);
    const codes = evaluation.reasons.map(({ level, code }) => `${level} ${code}`);
    return { ...evaluation, requests: tenant.usage.requests, codes };
  }

  /** Back to the healthy tenant. */
  reset(): void {
    this.complaints.push(...complaintsAbout(this.simulator.requests.filter(({ status }) => status < 400)));
    this.simulator.reset();
    this.setClock();
  }

  private setClock(): void {
    this.simulator.now = () => Date.parse(auditedAt);
  }

  /** Ends the tenant. @throws when anything asked or answered was not as Microsoft describes it. */
  async close(): Promise<void> {
    this.reset();
    setDefaultCACertificates(this.trusted);
    await this.simulator.close();
    if (this.complaints.length > 0) throw new Error(this.complaints.join('\n'));
  }
}

function movedByWaits(began: number): Timers {
  let now = began;
  return {
    now: () => now,
    sleep: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

/** The same answer without a property, at any depth. */
export function without(body: unknown, property: string): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => (key === property ? undefined : value));
}
