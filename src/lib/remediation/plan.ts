import * as z from 'zod';
import type { Control, Evaluation, Requirement } from '../controls/control';
import { compareText } from '../controls/evaluation';
import { digest } from '../controls/plan';
import { Change, emptyPlan, ManualStep, type PlannedRequest } from '../model/plan';
import type { ControlId } from '../model/verdict';

/** A plan as it is shown and agreed to. */
export const AgreedPlan = z
  .object({
    planHash: z
      .string()
      .describe('Stands for exactly these changes: whoever repeats it has agreed to them. 64 hex digits.'),
    changes: z.array(Change).describe('In the order in which they are made.'),
    manualSteps: z.array(ManualStep).describe('What only a person can do.'),
  })
  .meta({ id: 'Plan', description: 'What it would take to make a finding compliant.' });
export type AgreedPlan = z.infer<typeof AgreedPlan>;

/** Where the services of a tenant are. */
export interface Endpoints {
  graphEndpoint: string;
  exchangeEndpoint: string;
}

/** What a control has read of a target, and what it makes of that. */
export interface EvaluatedFacts {
  facts: unknown;
  evaluation: Evaluation;
}

/** What it takes to make a finding compliant, in the order in which it has to be done, with addresses in full. */
export function planOf(
  control: Control<unknown>,
  { facts, evaluation }: EvaluatedFacts,
  requirement: Requirement,
  endpoints: Endpoints,
): AgreedPlan {
  const isApplicable = evaluation.verdict !== 'notApplicable';
  const plan = (isApplicable ? control.plan?.(facts, evaluation, requirement) : undefined) ?? emptyPlan;
  const changes = plan.changes
    .map((change) => inFull(change, endpoints))
    .sort((a, b) => compareText(a.id, b.id));
  const manualSteps = [...plan.manualSteps].sort((a, b) => compareText(a.description, b.description));
  return {
    planHash: hashOf(requirement.target.targetId, control.id, control.version, changes),
    changes,
    manualSteps,
  };
}

function hashOf(targetId: string, control: ControlId, controlVersion: number, changes: Change[]): string {
  // Through JSON, so that what is hashed is what is shown.
  return digest(JSON.parse(JSON.stringify({ targetId, control, controlVersion, changes })));
}

function inFull(change: Change, endpoints: Endpoints): Change {
  const { undo, request } = change;
  return {
    ...change,
    request: addressed(request, endpoints),
    ...(undo === undefined ? {} : { undo: addressed(undo, endpoints) }),
  };
}

function addressed(request: PlannedRequest, { graphEndpoint, exchangeEndpoint }: Endpoints): PlannedRequest {
  const host = request.url.startsWith('/adminapi/') ? exchangeEndpoint : graphEndpoint;
  return { ...request, url: host + request.url };
}

/** Results of changes that were made, by the change's id. */
export type Results = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Fills in what only the answers to earlier changes tell. Undefined when one of them did not tell it. */
export function filledIn(request: PlannedRequest, results: Results): PlannedRequest | undefined {
  const missing: string[] = [];
  const fill = (text: string) =>
    text.replaceAll(/\{\{([a-z0-9-]+)\.([a-z]+)\}\}/gi, (reference, id: string, property: string) => {
      const value = results.get(id)?.[property];
      if (value === undefined) missing.push(reference);
      return value ?? reference;
    });
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return fill(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  const filled: PlannedRequest = { ...request, url: fill(request.url) };
  if (request.body !== undefined) filled.body = walk(request.body);
  return missing.length === 0 ? filled : undefined;
}
