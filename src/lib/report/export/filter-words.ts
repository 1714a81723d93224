import type { ExportFilter } from './sources';

/** What was asked for, for people: what is named, or all targets. */
export function saidFilter({ targetId, customer, tag, control, severity, verdict }: ExportFilter): string {
  const parts = [
    ['target', targetId],
    ['customer', customer],
    ['tag', tag],
    ['control', control],
    ['severity', severity],
    ['verdict', verdict],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${String(name)} ${value}`]));
  return parts.length === 0 ? 'all targets' : parts.join(', ');
}
