/** `1 room`, `2 rooms`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

const groups = new Intl.NumberFormat('en');

/** `10,000`. */
export function grouped(count: number): string {
  return groups.format(count);
}
