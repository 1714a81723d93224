import { checkClock, checkCloud } from '../../../src/cli/doctor/checks';
import { checkTelemetry } from '../../../src/cli/doctor/services';
import { readReaderSettings } from '../../../src/lib/settings';

const cloud = (authority: string, graph: string, exchange: string) =>
  checkCloud(
    readReaderSettings({
      AZURE_AUTHORITY_HOST: `https://${authority}`,
      GRAPH_ENDPOINT: `https://${graph}`,
      EXCHANGE_ENDPOINT: `https://${exchange}`,
    }),
  );

describe('the cloud', () => {
  it('is the global one unless told', () => {
    expect(checkCloud(readReaderSettings({}))).toMatchObject({
      verdict: 'compliant',
      detail: expect.stringContaining('the global service') as string,
    });
  });

  it.each([
    ['login.microsoftonline.us', 'graph.microsoft.us', 'outlook.office365.us', 'GCC High'],
    ['login.microsoftonline.us', 'dod-graph.microsoft.us', 'webmail.apps.mil', 'DoD'],
    ['login.partner.microsoftonline.cn', 'microsoftgraph.chinacloudapi.cn', 'partner.outlook.cn', '21Vianet'],
  ])('of %s is that of %s and %s', (authority, graph, exchange, name) => {
    const check = cloud(authority, graph, exchange);
    expect(check.verdict).toBe('compliant');
    expect(check.detail).toContain(name);
  });

  it('is wrong when the hosts are of several', () => {
    const check = cloud('login.microsoftonline.us', 'graph.microsoft.us', 'outlook.office365.com');
    expect(check.verdict).toBe('nonCompliant');
    expect(check.detail).toContain('EXCHANGE_ENDPOINT');
    expect(cloud('login.microsoftonline.com', 'graph.microsoft.com', 'localhost').verdict).toBe(
      'nonCompliant',
    );
  });

  it('is not looked at where the hosts are not of Microsoft', () => {
    expect(cloud('localhost', 'localhost', 'localhost').verdict).toBe('notApplicable');
  });
});

describe('the clock', () => {
  const now = new Date('2026-11-24T08:00:00Z');
  const answered = (date?: string) => ({
    status: 200,
    headers: date === undefined ? {} : { date },
    body: undefined,
  });

  it('is fine within five minutes, either way', () => {
    expect(checkClock(answered('Tue, 24 Nov 2026 07:55:01 GMT'), now)).toMatchObject({
      verdict: 'compliant',
      detail: '299 s ahead of Microsoft Graph',
    });
    expect(checkClock(answered('Tue, 24 Nov 2026 08:04:00 GMT'), now)).toMatchObject({
      verdict: 'compliant',
      detail: '240 s behind Microsoft Graph',
    });
  });

  it('is wrong beyond that', () => {
    expect(checkClock(answered('Tue, 24 Nov 2026 07:54:00 GMT'), now).verdict).toBe('nonCompliant');
    expect(checkClock(answered('Tue, 24 Nov 2026 08:06:00 GMT'), now).verdict).toBe('nonCompliant');
  });

  it('is not known when nobody told the time', () => {
    expect(checkClock({ cause: 'unavailable', problem: 'no answer' }, now).verdict).toBe('unknown');
    expect(checkClock(answered(), now).verdict).toBe('unknown');
    expect(checkClock(answered('yesterday'), now).verdict).toBe('unknown');
  });
});

describe('telemetry', () => {
  const check = (connectionString: string) =>
    checkTelemetry(readReaderSettings({ APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString }));

  it('is not looked at where it is not set', async () => {
    expect(await check('')).toMatchObject({ verdict: 'notApplicable' });
  });

  it('is wrong where it cannot be reached, and its key is not shown', async () => {
    const key = '00000000-0000-0000-0000-00000000beef';
    const found = await check(`InstrumentationKey=${key};IngestionEndpoint=https://localhost:1/`);
    expect(found).toMatchObject({ name: 'telemetry', verdict: 'nonCompliant' });
    expect(found.detail).toContain('localhost:1');
    expect(JSON.stringify(found)).not.toContain('beef');
  });

  it('is wrong where it is to be sent without encryption', async () => {
    const key = '00000000-0000-0000-0000-00000000beef';
    expect(await check(`InstrumentationKey=${key};IngestionEndpoint=http://localhost/`)).toMatchObject({
      verdict: 'nonCompliant',
    });
  });
});
