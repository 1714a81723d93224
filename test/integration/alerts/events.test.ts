import { TableClient } from '@azure/data-tables';
import { demoTargets, homeTenantId } from '../../../local/simulator/demo';
import { controlIds, severities, verdicts } from '../../../src/lib/model/verdict';
import { poisonQueueName } from '../../../src/lib/storage/queue-names';
import { encodeKey } from '../../../src/lib/storage/keys';
import type { EventName } from '../../../src/lib/telemetry/telemetry';
import { ruleQueries, workbookQueries } from '../../support/alert-rules';
import { TestApp } from '../../support/app';
import { breakages } from '../../support/broken';
import { complaintsAboutQuery, type Sent, sentIn } from '../../support/kusto/sent';
import { analyze } from '../../support/kusto/service';
import { type PostSink, signature, startPostSink } from '../../support/post-sink';
import { root } from '../../support/simulated-tenant';
import { startTelemetrySink, type TelemetrySink } from '../../support/telemetry-sink';

jest.setTimeout(180_000);

const [contoso = {}, fabrikam = {}, woodgrove = {}] = demoTargets(root);
const eventNames: Record<EventName, true> = {
  AuditCompleted: true,
  ComplianceTransition: true,
  ConditionOpen: true,
  AuditStale: true,
  AuditPoisoned: true,
  NightDispatched: true,
  WaiverExpiring: true,
  RemediationCompleted: true,
  ChangeRequested: true,
  WatchdogCompleted: true,
  DigestSent: true,
};
const dayMs = 86_400_000;

let app: TestApp;
let sink: TelemetrySink;
let digests: PostSink;
let sent: Map<string, Sent>;

/** Makes the built app send everything that it can send. */
beforeAll(async () => {
  app = await TestApp.start();
  sink = await startTelemetrySink(app.stack.certificate);
  digests = await startPostSink(app.stack.certificate);
  await app.startHost({
    APPLICATIONINSIGHTS_CONNECTION_STRING: sink.connectionString,
    WEBSITE_HOSTNAME: 'syncwarden.contoso.com',
    NOTIFY_TEAMS_URL: digests.url,
  });
  for (const target of [contoso, fabrikam, woodgrove])
    expect(await app.call('PUT', `targets/${String(target.targetId)}`, target)).toMatchObject({
      status: 201,
    });
  // Woodgrove has been there for two days, and two of its controls cannot be read.
  await age(String(woodgrove.targetId));
  breakages.blockSignIn(app.stack.simulator.tenant(homeTenantId));
  for (const target of [contoso, fabrikam, woodgrove])
    expect(await app.call('POST', `targets/${String(target.targetId)}/audits`)).toMatchObject({
      status: 200,
    });

  const expiresAt = new Date(Date.now() + 3 * dayMs).toISOString();
  const waiver = { reason: 'The licence comes on Monday.', expiresAt };
  expect(await app.call('PUT', 'targets/fabrikam-rooms/waivers/license', waiver)).toMatchObject({
    status: 201,
  });

  app.stack.simulator.fail({ match: /PATCH/, status: 403, code: 'Authorization_RequestDenied', times: 1 });
  expect(await repair()).toMatchObject({ body: { status: 'failed' } });
  expect(await repair()).toMatchObject({ body: { status: 'verified' } });

  const poison = app.queue(poisonQueueName);
  await poison.createIfNotExists();
  const message = JSON.stringify({ targetId: 'fabrikam-rooms', control: 'rooms', runId: 'x' });
  for (const text of [message, 'not JSON']) await poison.sendMessage(Buffer.from(text).toString('base64'));
  await fetch(`${app.url}/admin/functions/nightly`, { method: 'POST', body: '{}' });
  await app.until('the night is dispatched', () => sentIn(sink.envelopes).has('NightDispatched'));
  await fetch(`${app.url}/admin/functions/watchdog`, { method: 'POST', body: '{}' });
  await app.until('the watchdog has reported', () => sentIn(sink.envelopes).has('WatchdogCompleted'));
  await fetch(`${app.url}/admin/functions/digest`, { method: 'POST', body: '{}' });
  await app.until('the digest was sent', () => sentIn(sink.envelopes).has('DigestSent'));
  sent = sentIn(sink.envelopes);
});
afterAll(async () => {
  await app.stop();
  await sink.close();
  await digests.close();
});

/** As if a target had been put two days ago. */
async function age(targetId: string): Promise<void> {
  const { connectionString } = app.stack.azurite;
  const table = TableClient.fromConnectionString(connectionString, 'SyncwardenTargets', {
    allowInsecureConnection: true,
  });
  const createdAt = new Date(Date.now() - 2 * dayMs).toISOString();
  await table.updateEntity({ partitionKey: 'target', rowKey: encodeKey(targetId), createdAt }, 'Merge');
}

async function repair() {
  const request = { control: 'account' };
  const route = 'targets/contoso-rooms/remediations';
  const { body } = await app.call('POST', route, { ...request, mode: 'plan' });
  const { planHash } = body as { planHash: string };
  return app.call('POST', route, { ...request, mode: 'apply', planHash });
}

const values = (event: EventName, property: string) =>
  [...new Set(sent.get(event)?.Properties.get(property))].sort();

describe('what the app sends', () => {
  it('is every event there is, and the score', () => {
    expect([...sent.keys()].sort()).toEqual([...Object.keys(eventNames), 'compliance.score'].sort());
  });

  it('is a digest, and nothing of where it went', () => {
    expect(digests.taken).toMatchObject([{ contentType: 'application/json' }]);
    expect(app.said).toContain('A digest was sent {"sink":"teams"');
    expect(app.said + JSON.stringify(sink.envelopes)).not.toContain(signature);
  });

  it('tells all that a finding can be', () => {
    expect(values('AuditCompleted', 'verdict')).toEqual([...verdicts].sort());
    expect(values('AuditCompleted', 'waived')).toEqual(['false', 'true']);
    expect(values('AuditCompleted', 'control')).toEqual([...controlIds].sort());
    expect(severities).toEqual(expect.arrayContaining(values('AuditCompleted', 'severity')));
    expect(values('RemediationCompleted', 'status')).toEqual(['failed', 'verified']);
  });

  it('tells who asked for a change', () => {
    expect(values('ChangeRequested', 'route')).toEqual(
      expect.arrayContaining(['target-put', 'waiver-put', 'remediations-post']),
    );
    expect(values('ChangeRequested', 'by')).toEqual(['local developer']);
  });

  it('counts rooms where it looked at them', () => {
    const { Measurements } = sent.get('AuditCompleted') ?? {};
    const counts = Measurements?.get('rooms')?.map((rooms, index) => [
      rooms,
      Measurements.get('roomsCompliant')?.[index],
    ]);
    expect(counts).toEqual(expect.arrayContaining([[12, 12]]));
    expect(counts?.filter(([rooms = 0, compliant = 0]) => compliant < rooms)).not.toEqual([]);
  });

  it('says of everything that is open that it is, in words', () => {
    const { Properties: open } = sent.get('ConditionOpen') ?? {};
    const rows = (open?.get('condition') ?? []).map((condition, index) =>
      [condition, ...['targetId', 'control'].map((name) => open?.get(name)?.[index])].join(' ').trim(),
    );
    expect([...new Set(rows)].sort()).toEqual([
      'noncompliant fabrikam-rooms account',
      'noncompliant fabrikam-rooms consent',
      'noncompliant fabrikam-rooms impersonation',
      'noncompliant fabrikam-rooms password-expiry',
      'noncompliant woodgrove-rooms impersonation',
      'poison',
      'poison fabrikam-rooms rooms',
      'unverified woodgrove-rooms consent',
      'unverified woodgrove-rooms license',
      'unverified woodgrove-rooms sign-in',
      'waiver fabrikam-rooms license',
    ]);
    expect(open?.get('text')?.filter((text) => !/^[\w-]+: .+\.$|no message\.$/.test(text))).toEqual([]);
    expect(open?.get('link')?.filter((link) => !/^https:\/\/[^/]+\/api\/report/.test(link))).toEqual([]);
  });
});

describe.each([...ruleQueries, ...workbookQueries].map(({ name, text }) => [name, text] as const))(
  'the query %s',
  (_name, text) => {
    it('reads what the app has really sent', () => {
      expect(complaintsAboutQuery(analyze(text).root, sent)).toEqual([]);
    });
  },
);

describe('the comparison itself', () => {
  const complaints = (query: string) => complaintsAboutQuery(analyze(query).root, sent);
  const stale = 'AppEvents | where Name == "AuditStale"';

  it.each([
    [
      'an event',
      'AppEvents | where Name == "AuditsCompleted"',
      'Nothing was sent under the name AuditsCompleted.',
    ],
    [
      'a property',
      `${stale} | extend tenantId = tostring(Properties.tenantId)`,
      'AuditStale has no Properties.tenantId.',
    ],
    [
      'a property of another event',
      `${stale} | extend remediationId = tostring(Properties["remediationId"])`,
      'AuditStale has no Properties.remediationId.',
    ],
    [
      'a property that only one of two events has',
      'AppEvents | where Name in ("AuditStale", "AuditCompleted") | extend verifiedAt = tostring(Properties.verifiedAt)',
      'AuditCompleted has no Properties.verifiedAt.',
    ],
    [
      'a measurement that is a property',
      `${stale} | extend severity = tostring(Measurements.severity)`,
      'AuditStale has no Measurements.severity.',
    ],
    [
      'a type',
      `${stale} | extend control = todatetime(Properties.control)`,
      'Properties.control of AuditStale is no todatetime.',
    ],
    [
      'a missing type',
      `${stale} | extend control = Properties.control`,
      'Properties.control becomes a column of another name, or of no type.',
    ],
    [
      'a verdict',
      `${stale} | extend verdict = tostring(Properties.verdict) | where verdict != "Unknown"`,
      'verdict is never Unknown.',
    ],
    [
      'a table',
      'AppMetrics | where Name == "AuditStale" | extend control = tostring(Properties.control)',
      'AuditStale does not come in AppMetrics.',
    ],
    [
      'rows of any name',
      'AppEvents | extend control = tostring(Properties.control)',
      'Properties.control is read without saying of which event.',
    ],
  ])('finds %s that is wrong', (_what, query, complaint) => {
    expect(analyze(query).problems).toEqual([]);
    expect(complaints(query)).toEqual([complaint]);
  });

  it('follows a variable to its table', () => {
    const query = `let mine = ${stale}; mine | where Name == "AuditStale" | extend targets = tolong(Measurements.targets)`;
    expect(complaints(query)).toEqual(['AuditStale has no Measurements.targets.']);
  });
});
