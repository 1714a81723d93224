import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { root } from './simulated-tenant';

const folder = path.join(root, 'infra/alerts');

const Rule = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  severity: z.number().int().min(0).max(4),
  /** The column of which the least value is compared with 1; empty for a rule that counts rows. */
  least: z.string(),
  byTarget: z.array(z.string()),
  /** Empty for a rule that has few rows however many targets there are. */
  byTenant: z.array(z.string()),
});
export type Rule = z.infer<typeof Rule>;

/** A query with where it stands. */
export interface StoredQuery {
  name: string;
  text: string;
}

/** The alert rules that Bicep makes of `rules.json`. */
export const rules = z.array(Rule).parse(JSON.parse(readFileSync(path.join(folder, 'rules.json'), 'utf8')));

/** The text of `alerts.bicep`. */
export const bicep = readFileSync(path.join(folder, 'alerts.bicep'), 'utf8');

/** The queries of the alert rules, by name. */
export const ruleQueries: StoredQuery[] = readdirSync(path.join(folder, 'queries')).map((file) => ({
  name: path.basename(file, '.kql'),
  text: readFileSync(path.join(folder, 'queries', file), 'utf8'),
}));

const Item = z.object({ name: z.string(), type: z.number(), content: z.record(z.string(), z.unknown()) });
export type WorkbookItem = z.infer<typeof Item>;

/** The steps of the workbook. */
export const workbookItems = z
  .object({ version: z.literal('Notebook/1.0'), items: z.array(Item) })
  .parse(JSON.parse(readFileSync(path.join(folder, 'workbook.json'), 'utf8'))).items;

/** The queries of the workbook, by the step that they are in. */
export const workbookQueries: StoredQuery[] = workbookItems
  .filter(({ type }) => type === 3)
  .map(({ name, content }) => ({ name, text: z.string().parse(content.query) }));

/**
 * A query as Bicep deploys it: with every literal replaced that Bicep replaces, and no other.
 * @param values what the parameters of `alerts.bicep` are.
 */
export function deployed(query: string, values: Readonly<Record<string, string>>): string {
  return replacements().reduce(
    (text, [literal, template]) => text.replaceAll(literal, filled(template, values)),
    query,
  );
}

/** The literals that Bicep replaces, each with what comes in its place. */
export function replacements(): [literal: string, template: string][] {
  const pair = /^ *\['([^']+)', (?:(\w+)|'(.*)')\]$/gm;
  return [...bicep.matchAll(pair)].map(([, literal = '', name, template]) => [
    literal,
    template ?? `\${${name ?? ''}}`,
  ]);
}

/** Fills `${name}`, and `${name ? 'true' : 'false'}`. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{(\w+)( \? 'true' : 'false')?\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Nothing is known of ${name}.`);
    return value;
  });
}
