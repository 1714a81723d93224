import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Permission } from '../microsoft365/permissions';
import { PlannedRequest, Change, type Plan, emptyPlan } from '../model/plan';
import type { OwnCode } from './codes';
import type { Evaluation } from './control';

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
