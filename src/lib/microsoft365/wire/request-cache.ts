import { started } from '../../started';
import { noteDeferral, type Usage } from './retry-policy';

/** A reading that was begun, and what it costs. */
interface SharedReading {
  result: Promise<unknown>;
  usage: Usage;
  /** Who asked first, and pays. */
  payer: Usage;
  /** Who knows of its requests. */
  told: Set<Usage>;
}

/**
 * What the controls of one invocation have read already. Only the end of a reading is kept, parsed: the pages that a
 * long list came in are let go of as soon as they have been read.
 */
export class RequestCache {
  private readonly readings = new Map<string, Map<unknown, SharedReading>>();

  /**
   * The result of `read`, or of an earlier one with the same key and schema. A schema is part of the key, because two
   * of them make different things of the same answer. Whoever asks gets the ids of the requests, and the first one their
   * number.
   */
  async once<T>(key: string, schema: unknown, asker: Usage, read: (usage: Usage) => Promise<T>): Promise<T> {
    const reading = this.readings.get(key)?.get(schema) ?? this.begin(key, schema, asker, read);
    try {
      return (await reading.result) as T;
    } finally {
      tell(asker, reading);
    }
  }

  private begin(
    key: string,
    schema: unknown,
    payer: Usage,
    read: (usage: Usage) => Promise<unknown>,
  ): SharedReading {
    const usage: Usage = { requests: 0, requestIds: [] };
    const reading = { result: started(read(usage)), usage, payer, told: new Set<Usage>() };
    const bySchema = this.readings.get(key) ?? new Map<unknown, SharedReading>();
    this.readings.set(key, bySchema.set(schema, reading));
    return reading;
  }
}

function tell(asker: Usage, { usage, payer, told }: SharedReading): void {
  if (told.has(asker)) return;
  told.add(asker);
  // Several readings may have left in one batch.
  const known = new Set(asker.requestIds);
  asker.requestIds.push(...usage.requestIds.filter((id) => !known.has(id)));
  if (asker === payer) asker.requests += usage.requests;
  if (usage.deferMs !== undefined) noteDeferral(asker, usage.deferMs);
}
