import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Permission } from '../microsoft365/permissions';

/**
 * A request that changes a tenant. In a plan its address begins with the service's own path: `/v1.0/…` and `/beta/…`
 * are Microsoft Graph, `/adminapi/…` is Exchange; the gate puts the configured host in front.
 *
 * Where something is only known after another change was answered, it is written as {@link resultOf}.
 */
export interface PlannedRequest {
  method: 'POST' | 'PATCH' | 'DELETE';
  url: string;
  body?: unknown;
}

/** One change of a tenant. */
export interface Change {
  /** Made from its content: equal for equal changes, and in the order in which changes have to be made. */
  id: string;
  /** A sentence for an administrator. */
  description: string;
  request: PlannedRequest;
  /** What is there now, as {@link Control.observe} sees it. */
  before: unknown;
  /** What will be there. */
  after: unknown;
  /** Puts `before` back; absent when that cannot be done. */
  undo?: PlannedRequest;
  /** The permission that the writing identity needs for it. */
  permission: string;
}

/** Something that only a person can do. */
export interface ManualStep {
  /** A sentence for an administrator. */
  description: string;
  /** Where it is done, or explained: a page of Microsoft's or of the vendor's. */
  link: string;
}

/** What it takes to make a finding compliant. */
export interface Plan {
  changes: Change[];
  manualSteps: ManualStep[];
}

export const emptyPlan: Plan = { changes: [], manualSteps: [] };

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
