import type { Telemetry, TelemetrySettings } from '../telemetry/telemetry';
import { Conditions } from './conditions';

/** What it takes to try the alerts. */
export interface TestAlertServices {
  settings: { address: string | undefined; telemetry: Pick<TelemetrySettings, 'connectionString'> };
  now: () => Date;
}

/** What a test alert is about, in the place of a target and its tenant. */
const testName = 'test-alert';

/**
 * Says that something is open that is not, so that whoever is told of alerts sees that they arrive: by the way of all others,
 * from the app to the mail. It resolves by itself.
 * @param by who has asked for it.
 * @returns why it could not be sent; undefined when it was.
 */
export async function sendTestAlert(
  { settings, now }: TestAlertServices,
  telemetry: Telemetry,
  by: string,
): Promise<string | undefined> {
  if (settings.telemetry.connectionString === undefined)
    return 'No Application Insights is connected, so no alert can be sent.';
  const at = now();
  new Conditions(telemetry, at, settings.address).tell(
    {
      ...{ condition: 'noncompliant', targetId: testName, tenantId: testName, control: undefined },
      ...{ finding: undefined, since: at.toISOString(), code: 'test' },
      words: `this is a test that ${by} has asked for, and nothing is wrong`,
    },
    undefined,
  );
  try {
    await telemetry.flush();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
