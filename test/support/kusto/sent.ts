import { RemediationStatus } from '../../../src/lib/model/remediation';
import { controlIds, severities, verdicts } from '../../../src/lib/model/verdict';
import type { Envelope } from '../telemetry-sink';
import type { KustoNode } from './service';
import { comparisonsIn, type Use, usesIn } from './usage';

/** What was sent under one name: the values of each property and measurement, one for each envelope that has it. */
export interface Sent {
  table: string;
  count: number;
  Properties: Map<string, string[]>;
  Measurements: Map<string, number[]>;
}

/** What was sent, by the name of the event or metric. */
export function sentIn(envelopes: readonly Envelope[]): Map<string, Sent> {
  const sent = new Map<string, Sent>();
  for (const { data } of envelopes) {
    const { name, metrics, properties = {}, measurements = {} } = data.baseData;
    const key = name ?? metrics?.[0]?.name ?? '';
    const table = data.baseType === 'EventData' ? 'AppEvents' : 'AppMetrics';
    const entry = sent.get(key) ?? nothing(table);
    sent.set(key, entry);
    entry.count++;
    for (const [property, value] of Object.entries(properties)) append(entry.Properties, property, value);
    for (const [measurement, value] of Object.entries(measurements))
      append(entry.Measurements, measurement, value);
  }
  return sent;
}

function nothing(table: string): Sent {
  return { table, count: 0, Properties: new Map(), Measurements: new Map() };
}

function append<T>(values: Map<string, T[]>, name: string, value: T): void {
  values.set(name, [...(values.get(name) ?? []), value]);
}

/** The values of properties that are one of a few. */
const vocabulary: Readonly<Record<string, readonly string[]>> = {
  control: controlIds,
  verdict: verdicts,
  severity: severities,
  waived: ['true', 'false'],
  status: RemediationStatus.options,
};

/** What is wrong with a query, measured against what was really sent. */
export function complaintsAboutQuery(root: KustoNode, sent: ReadonlyMap<string, Sent>): string[] {
  const comparisons = comparisonsIn(root).flatMap(({ column, value }) => {
    if (column === 'Name') return sent.has(value) ? [] : [`Nothing was sent under the name ${value}.`];
    return vocabulary[column]?.includes(value) === false ? [`${column} is never ${value}.`] : [];
  });
  return [...comparisons, ...usesIn(root).flatMap((use) => complaintsAboutUse(use, sent))];
}

function complaintsAboutUse(use: Use, sent: ReadonlyMap<string, Sent>): string[] {
  const what = `${use.bag}.${use.name}`;
  if (use.events.length === 0) return [`${what} is read without saying of which event.`];
  if (use.column !== use.name) return [`${what} becomes a column of another name, or of no type.`];
  return use.events.flatMap((event) => {
    const entry = sent.get(event);
    if (entry === undefined) return [];
    if (entry.table !== use.table) return [`${event} does not come in ${use.table}.`];
    const values = entry[use.bag].get(use.name) ?? [];
    // A measurement may be absent where there is nothing to count; a property is always there.
    if (values.length < (use.bag === 'Properties' ? entry.count : 1)) return [`${event} has no ${what}.`];
    return values.every((value) => fits(value, use.conversion))
      ? []
      : [`${what} of ${event} is no ${use.conversion}.`];
  });
}

/** Whether a value survives its conversion: what does not becomes null, silently. */
function fits(value: string | number, conversion: string): boolean {
  if (conversion === 'tostring') return typeof value === 'string';
  if (conversion === 'todatetime') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value));
  if (conversion === 'tolong') return Number.isInteger(value);
  return conversion === 'toreal' && typeof value === 'number';
}
