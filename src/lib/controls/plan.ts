import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Permission } from '../microsoft365/permissions';
import type { OwnCode } from './codes';
import type { Evaluation } from './control';

/**
 * A request that changes a tenant. In a plan its address begins with the service's own path: `/v1.0/…` and `/beta/…`
 * are Microsoft Graph, `/adminapi/…` is Exchange; the gate puts the configured host in front.
 *
 * Where something is only known after another change was answered, it is written as {@link resultOf}.
 */
export const PlannedRequest = z
  .object({
    method: z.enum(['POST', 'PATCH', 'DELETE']),
    url: z.string(),
    body: z.unknown().exactOptional(),
  })
  .meta({
    id: 'PlannedRequest',
    description:
      'A request to Microsoft 365 that changes a tenant. `{{id.property}}` stands for what the answer to the change of that id tells.',
  });
export type PlannedRequest = z.infer<typeof PlannedRequest>;

/** One change of a tenant. */
export const Change = z
  .object({
    id: z
      .string()
      .describe(
        'Made from its content: equal for equal changes, and in the order in which they have to be made.',
      ),
    description: z.string().describe('A sentence for an administrator.'),
    request: PlannedRequest,
    // As `Control.observe` sees it.
    before: z.unknown().describe('What is there now.'),
    after: z.unknown().describe('What will be there.'),
    undo: PlannedRequest.exactOptional().describe('Puts `before` back; absent when that cannot be done.'),
    permission: z.string().describe('The permission that the writing identity needs for it.'),
  })
  .meta({ id: 'Change', description: 'One change of a tenant.' });
export type Change = z.infer<typeof Change>;

/** Something that only a person can do. */
export const ManualStep = z
  .object({
    description: z.string().describe('A sentence for an administrator.'),
    link: z.string().describe("Where it is done, or explained: a page of Microsoft's or of the vendor's."),
  })
  .meta({ id: 'ManualStep', description: 'Something that only a person can do.' });
export type ManualStep = z.infer<typeof ManualStep>;

/** What it takes to make a finding compliant. */
export interface Plan {
  changes: Change[];
  manualSteps: ManualStep[];
}

export const emptyPlan: Plan = { changes: [], manualSteps: [] };

/** What a plan holds for everything that was found with the codes that lead to it. */
export type Way<Context> = (context: Context) => Plan;

/** What leads out of each code that a control can give; `null` where nothing does that a plan could hold. */
export type Ways<Code extends string, Context> = Readonly<Record<OwnCode<Code>, Way<Context> | null>>;

/**
 * Puts a plan together from the ways out of what was found: each way once, in the order of `ways`, however many codes
 * and reasons lead to it. Empty for a finding that is fine. A change that would leave everything as it is, is none.
 */
export function planFor<Code extends string, Context>(
  { verdict, reasons }: Evaluation<Code>,
  ways: Ways<Code, Context>,
  context: Context,
): Plan {
  if (verdict === 'compliant' || verdict === 'notApplicable') return emptyPlan;
  const found = new Set<string>(reasons.map(({ code }) => code));
  const taken = new Set<Way<Context>>();
  for (const code of Object.keys(ways) as OwnCode<Code>[]) {
    const way = found.has(code) ? ways[code] : null;
    if (way !== null) taken.add(way);
  }
  const plans = [...taken].map((way) => way(context));
  return {
    changes: plans
      .flatMap(({ changes }) => changes)
      .filter(({ before, after }) => digest(before) !== digest(after)),
    manualSteps: plans.flatMap(({ manualSteps }) => manualSteps),
  };
}

/** A change without its id, and with when it has to be made. */
export interface ChangeDraft extends Omit<Change, 'id' | 'permission' | 'undo'> {
  /** Changes with a lower step are made first; one digit. */
  step: number;
  /** What kind of change it is, in lower case with hyphens: `enable-sign-in`. */
  name: string;
  permission: Permission;
  /** Gets the change's own id, for a request that needs its result. */
  undo?: (id: string) => PlannedRequest;
}

/** Gives a change its id: step, kind, and a digest of the request. */
export function toChange({ step, name, permission, undo, ...draft }: ChangeDraft): Change {
  const id = `${step}-${name}-${digest(draft.request).slice(0, 16)}`;
  return { id, ...draft, permission: permission.name, ...(undo === undefined ? {} : { undo: undo(id) }) };
}

/** Stands for a property of the answer to a change: the id of an object that it creates. May stand inside a text. */
export function resultOf(changeId: string, property: string): string {
  return `{{${changeId}.${property}}}`;
}

/** A request that runs a cmdlet of Exchange Online. */
export function cmdletRequest(
  tenantId: string,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): PlannedRequest {
  return {
    method: 'POST',
    url: `/adminapi/beta/${tenantId}/InvokeCommand`,
    body: { CmdletInput: { CmdletName: name, Parameters: parameters } },
  };
}

/** Lower-case hex SHA-256 over canonical JSON: https://www.rfc-editor.org/rfc/rfc8785 */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');
}
