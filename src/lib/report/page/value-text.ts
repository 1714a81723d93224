/** The longest value that is shown in full. */
const longestValue = 2000;

/** A value of a tenant as JSON; the end of a very long one is left out, and that is said. */
export function valueText(value: unknown): string {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)} … (shortened)`;
}
