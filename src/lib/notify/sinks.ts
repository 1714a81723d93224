import type { DigestSettings } from '../settings';
import { cardMessage } from './card';
import { cloudEvent, eventContentType } from './cloud-event';
import type { Digest } from './model';

/** Where a digest goes, and in which form. */
export interface Sink {
  /** By which it is known in storage, the log and telemetry. */
  name: 'webhook' | 'teams';
  /** A secret. */
  url: string;
  contentType: string;
  write(digest: Digest, id: string): string;
}

/**
 * The sinks that are set.
 * @param address of the app; undefined where it does not know its own.
 */
export function sinksOf({ webhookUrl, teamsUrl }: DigestSettings, address: string | undefined): Sink[] {
  const sinks: Sink[] = [];
  if (webhookUrl !== undefined)
    sinks.push({
      ...{ name: 'webhook', url: webhookUrl, contentType: eventContentType },
      write: (digest, id) => cloudEvent(digest, id, address),
    });
  if (teamsUrl !== undefined)
    sinks.push({ name: 'teams', url: teamsUrl, contentType: 'application/json', write: cardMessage });
  return sinks;
}
