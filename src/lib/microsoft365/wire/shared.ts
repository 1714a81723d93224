import { started } from '../../started';
import { noteHeldUp, type Tally } from './patience';

/** A reading that was begun, and what it costs. */
interface SharedReading {
  result: Promise<unknown>;
  tally: Tally;
  /** Who asked first, and pays. */
  payer: Tally;
  /** Who knows of its requests. */
  told: Set<Tally>;
}

/**
 * What the controls of one invocation have read already. Only the end of a reading is kept, parsed: the pages that a
 * long list came in are let go of as soon as they have been read.
 */
export class Shared {
  private readonly readings = new Map<string, Map<unknown, SharedReading>>();

  /**
   * The result of `read`, or of an earlier one with the same key and schema. A schema is part of the key, because two
   * of them make different things of the same answer. Whoever asks gets the ids of the requests, and the first one their
   * number.
   */
  async once<T>(key: string, schema: unknown, asker: Tally, read: (tally: Tally) => Promise<T>): Promise<T> {
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
    payer: Tally,
    read: (tally: Tally) => Promise<unknown>,
  ): SharedReading {
    const tally: Tally = { requests: 0, requestIds: [] };
    const reading = { result: started(read(tally)), tally, payer, told: new Set<Tally>() };
    const bySchema = this.readings.get(key) ?? new Map<unknown, SharedReading>();
    this.readings.set(key, bySchema.set(schema, reading));
    return reading;
  }
}

function tell(asker: Tally, { tally, payer, told }: SharedReading): void {
  if (told.has(asker)) return;
  told.add(asker);
  // Several readings may have left in one batch.
  const known = new Set(asker.requestIds);
  asker.requestIds.push(...tally.requestIds.filter((id) => !known.has(id)));
  if (asker === payer) asker.requests += tally.requests;
  if (tally.heldUpMs !== undefined) noteHeldUp(asker, tally.heldUpMs);
}
