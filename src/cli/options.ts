import { InvalidArgumentError, Option } from 'commander';
import { type PlanOption, planOptions } from '../lib/model/plan';
import { type ControlId, controlIds } from '../lib/model/verdict';

/** `--control license --control account`: some controls, each once. */
export function controlsOption(description: string): Option {
  return new Option('--control <control>', `${description}; may be repeated`)
    .choices(controlIds)
    .argParser((value: string, before: ControlId[] | undefined) => [
      ...new Set([...(before ?? []), oneOf(controlIds, value)]),
    ]);
}

/** `--control license`: one control, and it must be said. */
export function controlOption(description = 'which control is to be repaired'): Option {
  return new Option('--control <control>', description).choices(controlIds).makeOptionMandatory();
}

/** `--include revocations` */
export function includeOption(): Option {
  return new Option(
    '--include <what>',
    'what the plan takes on beside what is missing: revocations takes back what is not needed',
  )
    .choices(planOptions)
    .argParser((value: string) => [oneOf(planOptions, value)] satisfies PlanOption[]);
}

/** `--az-login` */
export function azLoginOption(): Option {
  return new Option('--az-login', 'sign in as the person of `az login`, whatever the environment says');
}

/** `--json` */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON, as the API gives it');
}

function oneOf<T extends string>(allowed: readonly T[], value: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${allowed.join(', ')}.`);
  return found;
}
