/** `1 room`, `2 rooms`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Made when it is first asked for: to load what it knows of languages takes a tenth of the start of the app. */
let groups: Intl.NumberFormat | undefined;

/** `10,000`. */
export function grouped(count: number): string {
  groups ??= new Intl.NumberFormat('en');
  return groups.format(count);
}
