import { sendTestAlert } from '../../../src/lib/watch/test-alert';
import { at, TestTelemetry } from '../../support/storage';

const services = (connectionString?: string) => ({
  settings: { address: 'https://syncwarden.contoso.com', telemetry: { connectionString } },
  now: () => at(1),
});

it('a test alert is something open that the rule of violations shows, and says that nothing is wrong', async () => {
  const telemetry = new TestTelemetry();
  await sendTestAlert(services('InstrumentationKey=…'), telemetry, 'Adele Vance');
  expect(telemetry.events).toHaveLength(1);
  expect(telemetry.named('ConditionOpen')).toEqual([
    expect.objectContaining({
      ...{ condition: 'noncompliant', targetId: 'test-alert', customerTenantId: 'test-alert', code: 'test' },
      ...{ at: at(1).toISOString(), since: at(1).toISOString() },
      text: 'test-alert: this is a test that Adele Vance has asked for, and nothing is wrong.',
    }),
  ]);
});

it('that cannot be sent is not called sent', async () => {
  const telemetry = new TestTelemetry();
  expect(await sendTestAlert(services(), telemetry, 'Adele Vance')).toMatch(/^No Application Insights/);
  telemetry.failures = 1;
  expect(await sendTestAlert(services('InstrumentationKey=…'), telemetry, 'Adele Vance')).toEqual(
    expect.any(String),
  );
});
