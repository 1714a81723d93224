import type { DigestSettings } from '../settings';
import { started } from '../started';
import type { Telemetry } from '../telemetry/telemetry';
import { type Delivered, Delivery, type DeliverServices } from './deliver';
import type { PostTools } from './post';
import { type Present, type PresentServices, readPresent } from './present';
import { type Sink, sinksOf } from './sinks';

/** What the digest is made of, and kept in. */
export interface DigestServices extends PresentServices, DeliverServices {
  settings: PresentServices['settings'] & { digest: DigestSettings; address: string | undefined };
  history: PresentServices['history'];
}

/**
 * Tells each sink that is set what is new since it was last told. Each stands alone: one that is down is told with the next digest.
 * @param tools of tests, which have no time to wait.
 * @returns what became of each, by its name.
 * @throws when storage does not answer, after all sinks have had their turn.
 */
export async function sendDigests(
  services: DigestServices,
  telemetry: Telemetry,
  tools?: PostTools,
): Promise<Partial<Record<Sink['name'], Delivered>>> {
  const { digest, address } = services.settings;
  const sinks = sinksOf(digest, address);
  let read: Promise<Present> | undefined;
  const present = () => (read ??= started(readPresent(services, services.now())));
  const tell = async (sink: Sink) =>
    [sink.name, await new Delivery(services, telemetry, sink, present, tools).deliver()] as const;
  const outcomes = await Promise.allSettled(sinks.map(tell));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return Object.fromEntries(
    outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
  );
}
