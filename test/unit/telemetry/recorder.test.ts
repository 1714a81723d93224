import { lineLog } from '../../../src/lib/log';
import { createTelemetry } from '../../../src/lib/telemetry/recorder';
import type { Item, SenderSettings } from '../../../src/lib/telemetry/sender';
import { findingProperties } from '../../../src/lib/telemetry/telemetry';

const sent: Item[][] = [];
const opened: SenderSettings[] = [];

// The module that loads the SDK, under the name that it has in dist/.
jest.mock(
  '../../../src/lib/telemetry/applicationinsights.js',
  () => ({
    openSender: (settings: SenderSettings) => {
      opened.push(settings);
      return Promise.resolve({
        send: (items: Item[]) => {
          sent.push(items);
          return Promise.resolve({ undelivered: [], problem: '' });
        },
      });
    },
  }),
  { virtual: true },
);

const lines: string[] = [];
const write = (line: string) => lines.push(line);
const log = lineLog({ info: write, warn: write, error: write });

beforeEach(() => {
  for (const list of [sent, opened, lines]) list.length = 0;
});

describe('telemetry of an invocation', () => {
  const settings = { connectionString: 'InstrumentationKey=1', authentication: undefined };

  it('notes events and scores in memory, and sends them with the flush', async () => {
    const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const telemetry = createTelemetry(settings, log, { traceParent });
    telemetry.event('AuditCompleted', { targetId: 'contoso' }, { requests: 3 });
    telemetry.event('AuditStale', { targetId: 'contoso' });
    telemetry.score(0.5, { targetId: 'contoso' });
    expect(opened).toEqual([]);
    await telemetry.flush();
    const properties = { targetId: 'contoso' };
    expect(sent).toEqual([
      [
        { kind: 'event', name: 'AuditCompleted', properties, measurements: { requests: 3 }, traceParent },
        { kind: 'event', name: 'AuditStale', properties, measurements: {}, traceParent },
        { kind: 'score', value: 0.5, properties },
      ],
    ]);
    await telemetry.flush();
    expect(sent).toHaveLength(1);
  });

  it('shares one sender between invocations, and has another for another destination', async () => {
    const shared = { connectionString: 'InstrumentationKey=2', authentication: undefined };
    for (const authentication of [undefined, undefined, 'Authorization=AAD']) {
      const telemetry = createTelemetry({ ...shared, authentication }, log);
      telemetry.event('AuditStale', {});
      await telemetry.flush();
    }
    expect(opened).toEqual([shared, { ...shared, authentication: 'Authorization=AAD' }]);
    expect(sent).toHaveLength(3);
  });

  it('goes to the log, one line an event, where there is no connection string', async () => {
    const telemetry = createTelemetry({ connectionString: undefined, authentication: undefined }, log);
    telemetry.event('AuditCompleted', { targetId: 'contoso\n' }, { requests: 3 });
    telemetry.event('AuditStale', {});
    telemetry.score(0.5, { targetId: 'contoso' });
    await telemetry.flush();
    expect(lines).toEqual([
      'Event {"name":"AuditCompleted","properties":{"targetId":"contoso\\n"},"measurements":{"requests":3}}',
      'Event {"name":"AuditStale","properties":{},"measurements":{}}',
      'Event {"name":"compliance.score","value":0.5,"properties":{"targetId":"contoso"}}',
    ]);
    expect(opened).toEqual([]);
  });
});

it('describes a finding with the properties that alert rules read', () => {
  const status = {
    targetId: 'contoso',
    tenantId: 'tenant',
    control: 'license',
    verdict: 'nonCompliant',
    severity: 'high',
    waived: false,
    codes: ['license.a', 'license.b'],
  } as const;
  expect(findingProperties({ ...status, codes: [...status.codes] })).toEqual({
    targetId: 'contoso',
    customerTenantId: 'tenant',
    control: 'license',
    verdict: 'nonCompliant',
    severity: 'high',
    waived: 'false',
    codes: 'license.a,license.b',
  });
});
