import * as z from 'zod';

/** What of a finding the terminal shows. */
export const Finding = z.object({
  targetId: z.string(),
  control: z.string(),
  verdict: z.enum(['compliant', 'nonCompliant', 'unknown', 'notApplicable']),
  summary: z.string(),
  since: z.string(),
  checkedAt: z.string(),
  requests: z.number(),
  reasons: z.array(z.object({ code: z.string(), level: z.string() })),
});
export type Finding = z.infer<typeof Finding>;

const Problem = z.object({
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** Calls the app as anybody would. @throws with the problem's own words when it refuses. */
export async function call(url: string, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  const json = text === '' ? undefined : (JSON.parse(text) as unknown);
  if (response.ok) return json;
  const problem = Problem.safeParse(json);
  throw new Error(problem.success ? problem.data.detail : `${method} ${url} answered ${response.status}.`);
}

const Findings = z.object({ items: z.array(Finding) });
const Enqueued = z.object({ enqueued: z.number() });

/** Every finding; the laptop has few. */
export async function findings(api: string): Promise<Finding[]> {
  return Findings.parse(await call(`${api}/findings?limit=1000`, 'GET')).items;
}

/** Audits a target now, and gives what was found. */
export async function auditNow(api: string, targetId: string): Promise<Finding[]> {
  const path = `${api}/targets/${encodeURIComponent(targetId)}/audits`;
  return z.object({ findings: z.array(Finding) }).parse(await call(path, 'POST')).findings;
}

/** Puts a visit of every target that is not paused into the queue. Gives how many. */
export async function enqueueAudits(api: string): Promise<number> {
  return Enqueued.parse(await call(`${api}/audits`, 'POST')).enqueued;
}
