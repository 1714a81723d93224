/**
 * What the controls of one invocation have read already. Only the end of a reading is kept, parsed: the pages that a
 * long list came in are let go of as soon as they have been read.
 */
export class Shared {
  private readonly results = new Map<string, Map<unknown, Promise<unknown>>>();

  /**
   * The result of `read`, or of an earlier one with the same key and schema. A schema is part of the key, because two
   * of them make different things of the same answer.
   */
  once<T>(key: string, schema: unknown, read: () => Promise<T>): Promise<T> {
    let bySchema = this.results.get(key);
    if (bySchema === undefined) this.results.set(key, (bySchema = new Map<unknown, Promise<unknown>>()));
    const known = bySchema.get(schema);
    if (known !== undefined) return known as Promise<T>;
    const result = read();
    bySchema.set(schema, result);
    return result;
  }
}
