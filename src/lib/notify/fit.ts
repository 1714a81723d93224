import type { CustomerPart, Digest } from './model';

/** So many items of a section are told, as long as there is room; then fewer. */
const itemLimits = [100, 70, 50, 40, 30, 20, 15, 10, 7, 5, 3, 2, 1];

/**
 * Makes a message of a digest that is no longer than is allowed: first each section loses its end, then the last customers go, who are the least badly off. What is
 * left out is counted.
 * @param limit in bytes.
 */
export function fit(digest: Digest, limit: number, write: (digest: Digest) => string): string {
  const longest = Math.max(
    0,
    ...digest.customers.flatMap(({ sections }) => sections.map(({ items }) => items.length)),
  );
  for (const limitOfItems of itemLimits) {
    // The same as before: nothing is that long.
    if (limitOfItems !== itemLimits[0] && limitOfItems >= longest) continue;
    const message = write(shortened(digest, limitOfItems));
    if (Buffer.byteLength(message) <= limit) return message;
  }
  const shortest = shortened(digest, itemLimits.at(-1) ?? 1);
  const written = (customers: number) => write(withFirst(shortest, customers));
  // The most customers that fit, by halving.
  let [fits, tooMany] = [0, shortest.customers.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (Buffer.byteLength(written(middle)) <= limit) fits = middle;
    else tooMany = middle;
  }
  return written(fits);
}

function shortened(digest: Digest, most: number): Digest {
  return { ...digest, customers: digest.customers.map((part) => shortenedPart(part, most)) };
}

function shortenedPart(part: CustomerPart, most: number): CustomerPart {
  return {
    ...part,
    sections: part.sections.map(({ items, more, ...section }) => ({
      ...section,
      items: items.slice(0, most),
      more: more + Math.max(0, items.length - most),
    })),
  };
}

function withFirst(digest: Digest, customers: number): Digest {
  return {
    ...digest,
    customers: digest.customers.slice(0, customers),
    moreCustomers: digest.moreCustomers + digest.customers.length - customers,
  };
}
