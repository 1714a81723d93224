/** So many digests fit into an entity of 1 MiB, with room for the rest. */
export const mostPins = 100_000;

/** Bytes of a digest: 16 hex digits. */
const bytesPerPin = 8;

/** A binary property holds 64 KiB; whole digests, and a little in reserve. */
const pinsPerProperty = 8000;

/** Digests of 16 hex digits each, as binary properties `pins`, `pins1`, `pins2` …: text would take four times the room. */
export function packPins(pins: ReadonlySet<string>): Record<string, Uint8Array> {
  // Sorted, so that equal sets are kept as equal bytes.
  const sorted = [...pins].sort();
  const properties: Record<string, Uint8Array> = {};
  for (let start = 0; start < sorted.length; start += pinsPerProperty) {
    const part = sorted.slice(start, start + pinsPerProperty);
    properties[propertyName(start / pinsPerProperty)] = Buffer.from(part.join(''), 'hex');
  }
  return properties;
}

/** Reads what {@link packPins} wrote. */
export function unpackPins(entity: Readonly<Record<string, unknown>>): Set<string> {
  const pins = new Set<string>();
  for (let index = 0; ; index++) {
    const part = entity[propertyName(index)];
    if (!(part instanceof Uint8Array)) return pins;
    const hex = Buffer.from(part).toString('hex');
    for (let start = 0; start < hex.length; start += 2 * bytesPerPin) {
      pins.add(hex.slice(start, start + 2 * bytesPerPin));
    }
  }
}

function propertyName(index: number): string {
  return index === 0 ? 'pins' : `pins${index}`;
}
