import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificates } from '../../../local/simulator/certificates';
import { lineLog } from '../../../src/lib/log';
import { openSender } from '../../../src/lib/telemetry/applicationinsights';
import { Outbox } from '../../../src/lib/telemetry/outbox';
import { recordTelemetry } from '../../../src/lib/telemetry/recorder';
import { deployedRules, mailsOf } from '../../support/alerts/azure';
import { component, type Told, World } from '../../support/alerts/world';
import { at } from '../../support/storage';
import { startTelemetrySink, type Envelope, type TelemetrySink } from '../../support/telemetry-sink';

jest.mock('../../../src/lib/audit/visit', () => ({ visit: jest.fn() }));

const silent = lineLog({ info: () => undefined, warn: () => undefined, error: () => undefined });
const doNotFake: (
  | 'hrtime'
  | 'nextTick'
  | 'performance'
  | 'queueMicrotask'
  | 'setTimeout'
  | 'clearTimeout'
  | 'setInterval'
  | 'clearInterval'
  | 'setImmediate'
  | 'clearImmediate'
)[] = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
  ...(['setImmediate', 'clearImmediate'] as const),
];
const trusted = getCACertificates('default');
let sink: TelemetrySink;

beforeAll(async () => {
  const certificates = await createCertificates();
  setDefaultCACertificates([...trusted, certificates.ca]);
  sink = await startTelemetrySink(certificates);
  // The SDK dates what it sends by the clock of the machine, and waits by timers that are real.
  jest.useFakeTimers({ now: at(0), doNotFake });
});
afterAll(async () => {
  jest.useRealTimers();
  await sink.close();
  setDefaultCACertificates(trusted);
});

/** What the workspace shows of an envelope, a minute after it was sent. */
function toldOf({ time, data }: Envelope): Told {
  const { name, properties = {}, measurements = {}, metrics = [] } = data.baseData;
  const TimeGenerated = new Date(time);
  const common = { TimeGenerated, ItemCount: 1, _ResourceId: component, Properties: properties };
  const arrivedAt = TimeGenerated.getTime() + 60_000;
  const [metric] = metrics;
  if (data.baseType === 'EventData')
    return {
      table: 'AppEvents',
      row: { ...common, Name: name ?? '', Measurements: measurements },
      arrivedAt,
    };
  const { name: metricName = '', value = 0 } = metric ?? {};
  return {
    table: 'AppMetrics',
    row: { ...common, Name: metricName, Sum: value, Min: value, Max: value },
    arrivedAt,
  };
}

it('two days of the app, by way of the SDK and over the wire, are mailed as they happened', async () => {
  const settings = { connectionString: sink.connectionString, authentication: undefined };
  const outbox = new Outbox(() => openSender(settings));
  const world = new World({}, () => recordTelemetry(outbox, silent, undefined));
  world.onTime = (time) => jest.setSystemTime(time);
  world
    .at(0.1, async () => {
      await world.put('a');
      world.break('a', 'license', 'license.none');
    })
    .at(20, () => world.unreadable.add('a'))
    .at(30, () => world.dead.add('watchdog'))
    .at(36, () => world.dead.delete('watchdog'))
    .at(40, () => {
      world.unreadable.delete('a');
      world.break('a', 'license');
      return world.audit('a');
    });
  await world.run(48);
  expect(sink.requests.every(({ items }) => items > 0)).toBe(true);
  const told = sink.envelopes.map(toldOf);
  const mails = deployedRules().flatMap((rule) => mailsOf(rule, told, 48));
  const lines = mails.map(({ hours, kind, rule, dimensions }) =>
    [hours, kind, rule, dimensions.control ?? ''].join(' ').trim(),
  );
  expect(lines.filter((line) => !line.includes('unverified'))).toEqual([
    '3 fires noncompliant license',
    '44 resolves noncompliant license',
    '34 fires silence',
    '38 resolves silence',
  ]);
  expect(lines.filter((line) => line.startsWith('29 fires unverified'))).toHaveLength(8);
  expect(lines.filter((line) => line.startsWith('44 resolves unverified'))).toHaveLength(8);
  const [fired] = mails;
  expect(fired?.dimensions).toMatchObject({
    text: expect.stringMatching(/^a: .+ \(license, high\)\.$/) as string,
    link: 'https://syncwarden.contoso.com/api/report?targetId=a#license',
  });
});
