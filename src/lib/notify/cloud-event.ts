import { fit } from './fit';
import type { Digest } from './model';
import { htmlOf, textOf } from './text';

/** What the digest is called among CloudEvents. */
export const eventType = 'com.syncwarden.digest.v1';

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#32-structured-content-mode */
export const eventContentType = 'application/cloudevents+json; charset=utf-8';

/**
 * In bytes: whoever passes events on has to take 64 KiB.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#size-limits
 */
const largestEvent = 64 * 1024;

/** Stands in for the address of an app that does not know its own. */
const nowhere = 'urn:syncwarden';

/**
 * A digest as a CloudEvent 1.0 in JSON.
 * @param id the same whenever this digest is sent again.
 * @param address of the app; undefined where it does not know its own.
 */
export function cloudEvent(digest: Digest, id: string, address: string | undefined): string {
  return fit(digest, largestEvent, (data) =>
    JSON.stringify({
      specversion: '1.0',
      id,
      source: address ?? nowhere,
      type: eventType,
      time: digest.until,
      datacontenttype: 'application/json',
      data: { ...data, text: textOf(data), html: htmlOf(data) },
    }),
  );
}
