/** Takes objects out of a list, which stays the same list. */
export function removeFrom<T>(list: T[], isUnwanted: (object: T) => boolean): void {
  const kept = list.filter((object) => !isUnwanted(object));
  list.length = 0;
  for (const object of kept) list.push(object);
}

/** Puts a copy into a list: what stands in one copy of a tenant must not stand in another. */
export function addTo<T>(list: T[], object: T): void {
  list.push(structuredClone(object));
}
