import * as z from 'zod';
import { Finding } from '../../lib/model/finding';
import type { PlanOption } from '../../lib/model/plan';
import { RepairResult } from '../../lib/model/remediation';
import type { ControlId } from '../../lib/model/verdict';
import { AgreedPlan } from '../../lib/remediation/plan';
import { type AppClient, pathOf } from './client';

/** What a repair is about, at an app. */
export interface Repair {
  target: string;
  control: ControlId;
  include: readonly PlanOption[];
}

/** Asks the app what it would take. It reads the tenant for that, and changes nothing. */
export function planAt(app: AppClient, { target, control, include }: Repair): Promise<AgreedPlan> {
  return app.call('POST', pathOf(target, 'remediations'), AgreedPlan, { control, include, mode: 'plan' });
}

/** Has the app make exactly the changes that the hash stands for. */
export function applyAt(
  app: AppClient,
  { target, control, include }: Repair,
  planHash: string,
): Promise<RepairResult> {
  const body = { control, include, mode: 'apply', planHash };
  return app.call('POST', pathOf(target, 'remediations'), RepairResult, body);
}

/** Has the app audit one control now. */
export async function auditAt(app: AppClient, { target, control }: Repair): Promise<Finding> {
  const Findings = z.object({ findings: z.tuple([Finding]) });
  const answer = await app.call('POST', pathOf(target, 'audits'), Findings, { controls: [control] });
  return answer.findings[0];
}

/** Has the app put back what a remediation has changed. */
export function undoAt(app: AppClient, target: string, remediationId: string): Promise<RepairResult> {
  return app.call(
    'POST',
    pathOf(target, `remediations/${encodeURIComponent(remediationId)}/undo`),
    RepairResult,
  );
}
