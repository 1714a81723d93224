/**
 * Finds objects by name in lists that may be long and may be changed at any time. Where an object stands is remembered,
 * and believed only after a look at what stands there now.
 */
export class Lookup<T extends object> {
  private readonly remembered = new WeakMap<readonly T[], { length: number; places: Map<string, number> }>();

  /** @param namesOf what an object can be called by, in lower case. */
  constructor(private readonly namesOf: (object: T) => readonly string[]) {}

  /** The object that goes by this name, in whatever case. */
  find(objects: readonly T[], name: string): T | undefined {
    const wanted = name.toLowerCase();
    const isWanted = (object: T) => this.namesOf(object).includes(wanted);
    const found = objects[this.placesIn(objects).get(wanted) ?? -1];
    return found !== undefined && isWanted(found) ? found : objects.find(isWanted);
  }

  private placesIn(objects: readonly T[]): Map<string, number> {
    const last = this.remembered.get(objects);
    if (last?.length === objects.length) return last.places;
    const places = new Map<string, number>();
    for (const [place, object] of objects.entries()) {
      for (const name of this.namesOf(object)) if (!places.has(name)) places.set(name, place);
    }
    this.remembered.set(objects, { length: objects.length, places });
    return places;
  }
}
