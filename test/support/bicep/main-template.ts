import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Template } from './compiler';
import { givenTo, snapshotFile, yaml } from './deployments';

/** A parameter of `main.bicep`. */
export interface Parameter {
  type: string;
  defaultValue?: unknown;
  allowedValues?: unknown[];
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
}

/** What `main.bicep` takes, puts out, and hands to its modules. */
export interface Main {
  parameters: Record<string, Parameter>;
  outputs: string[];
  /** Controls that may have a schedule of their own. */
  schedules: string[];
  /** With conditions and parameters as expressions of Azure Resource Manager. */
  modules: Record<string, { condition?: string; parameters: Record<string, unknown> }>;
}

/** The text that is kept of a template. */
export function mainOf(template: Template): string {
  const { parameters = {}, outputs = {}, resources = {}, definitions = {} } = template;
  const isModule = ([, { type }]: [string, Record<string, unknown>]) =>
    type === 'Microsoft.Resources/deployments';
  return yaml({
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, { metadata: _explained, ...parameter }]) => [name, parameter]),
    ),
    outputs: Object.keys(outputs),
    schedules: Object.keys(definitions.ScheduleOverrides?.properties ?? {}).sort(),
    modules: Object.fromEntries(
      Object.entries(resources)
        .filter(isModule)
        .map(([name, { condition }]) => [name, { condition, parameters: givenTo(template, name) }]),
    ),
  });
}

/** What is kept of `main.bicep`. */
export function main(): Main {
  return parse(readFileSync(snapshotFile('main'), 'utf8')) as Main;
}
