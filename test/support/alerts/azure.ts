import { deployed, type Rule, ruleQueries, rules } from '../alert-rules';
import { runQuery, type Workspace } from '../kusto/evaluate';
import { analyze, type KustoNode } from '../kusto/service';
import { type Row, textOf } from '../kusto/values';
import { at } from '../storage';
import { component, type Told } from './world';

const hourMs = 3_600_000;

/** Log search alerts look back so far, whatever the query says. */
const windowMs = 48 * hourMs;

/** So many series are told apart; beyond one more an evaluation fails. */
const allPlaces = 299;

/** So many evaluations in a row without its row resolve an alert of a rule that runs every hour. */
const healthyEvaluations = 2;

/** How alerts are deployed. */
export interface Deployment {
  isByTenant?: boolean;
  ruleCount?: number;
  /**
   * How many series a rule tells apart: fewer than it is deployed with, where the rest is what a history is about.
   * @default 299, as it stands in the queries
   */
  places?: number;
}

/** What was mailed: at which hour, and what fired or resolved. */
export interface Mail {
  hours: number;
  kind: 'fires' | 'resolves' | 'fails';
  rule: string;
  /** What the alert is about. */
  dimensions: Readonly<Record<string, string>>;
}

/** A rule as it is deployed: with its query, as a tree. */
export interface DeployedRule {
  rule: Rule;
  root: KustoNode;
  dimensions: readonly string[];
  places: number;
}

/** The rules of a deployment. */
export function deployedRules({
  isByTenant = false,
  ruleCount = 1,
  places = allPlaces,
}: Deployment = {}): DeployedRule[] {
  return rules.flatMap((rule) => {
    const stored = ruleQueries.find(({ name }) => name === rule.name)?.text ?? '';
    const text = stored.replace(`row_number() > ${allPlaces}`, `row_number() > ${places}`);
    const isForMany = rule.byTenant.length > 0;
    return Array.from({ length: isForMany && isByTenant ? ruleCount : 1 }, (_rule, number) => {
      const values = { applicationInsightsId: component, isByTenant: String(isByTenant) };
      const query = deployed(text, { ...values, ruleCount: String(ruleCount), number: String(number) });
      const dimensions = isForMany && isByTenant ? rule.byTenant : rule.byTarget;
      return { rule, root: analyze(query).root, dimensions, places };
    });
  });
}

/**
 * What a stateful rule mails in the course of a history: it is evaluated every hour, a row fires once, and its alert resolves
 * after two evaluations without it.
 * https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
 */
export function mailsOf(deployed: DeployedRule, told: readonly Told[], hours: number): Mail[] {
  return [...mailsByHour(deployed, told, hours)].flat();
}

/** The same, hour by hour. */
export function* mailsByHour(
  { rule, root, dimensions, places }: DeployedRule,
  told: readonly Told[],
  hours: number,
): Generator<Mail[]> {
  /** Alerts that stand, with how many evaluations they have been missing for. */
  const open = new Map<string, { dimensions: Mail['dimensions']; missing: number }>();
  for (let hour = 1; hour <= hours; hour++) {
    const mails: Mail[] = [];
    const mail = (kind: Mail['kind'], of: Mail['dimensions'] = {}) =>
      mails.push({ hours: hour, kind, rule: rule.name, dimensions: of });
    const found = seriesOf(rule, dimensions, runQuery(root, workspaceAt(told, hour)));
    if (found.size > places + 1) mail('fails');
    else {
      for (const [about, of] of found) {
        if (!open.has(about)) mail('fires', of);
        open.set(about, { dimensions: of, missing: 0 });
      }
      for (const [about, alert] of open) {
        if (found.has(about) || ++alert.missing < healthyEvaluations) continue;
        open.delete(about);
        mail('resolves', alert.dimensions);
      }
    }
    yield mails;
  }
}

/** What a workspace shows at an hour. */
export function workspaceAt(told: readonly Told[], hour: number, spanMs = windowMs): Workspace {
  const hours = seen.get(told) ?? new Map<string, Workspace>();
  seen.set(told, hours);
  const key = `${hour} ${spanMs}`;
  const workspace = hours.get(key) ?? shown(told, at(hour), spanMs);
  hours.set(key, workspace);
  return workspace;
}

/** The same few are asked for by every rule. */
const seen = new WeakMap<readonly Told[], Map<string, Workspace>>();

function shown(told: readonly Told[], now: Date, spanMs: number): Workspace {
  const tables: Record<Told['table'], Row[]> = { AppEvents: [], AppMetrics: [] };
  for (const { table, row, arrivedAt } of told) {
    const generatedAt = row.TimeGenerated.getTime();
    const isInSpan = generatedAt <= now.getTime() && generatedAt > now.getTime() - spanMs;
    if (isInSpan && arrivedAt <= now.getTime()) tables[table].push(row);
  }
  return { now, tables };
}

/** What fires, by what tells it apart. */
function seriesOf(
  rule: Rule,
  dimensions: readonly string[],
  rows: readonly Row[],
): Map<string, Mail['dimensions']> {
  if (rule.least !== '') {
    const least = Math.min(...rows.map((row) => Number(row[rule.least])));
    return new Map(least < 1 ? [['', {}]] : []);
  }
  return new Map(
    rows.map((row) => {
      const of = Object.fromEntries(dimensions.map((name) => [name, textOf(row[name] ?? null)]));
      return [JSON.stringify(of), of];
    }),
  );
}
