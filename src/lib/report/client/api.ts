/** What a call came to: the answer, or the problem in words. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Why a call was refused. https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  /** One of the API's codes, or `none` where nothing was answered. */
  code: string;
  detail: string;
  /** The whole problem: some codes have further members. */
  body: Readonly<Record<string, unknown>>;
}

/** Asks the app for JSON. `path` is below `/api/`. */
export function get<T>(path: string): Promise<Outcome<T>> {
  return send<T>(path, { headers: { accept: 'application/json' } });
}

/** Posts JSON to the app, with the person's own sign-in. `path` is below `/api/`. */
export function post<T>(path: string, body?: unknown): Promise<Outcome<T>> {
  return change<T>('POST', path, body);
}

/** Puts or deletes something, likewise. What is deleted has no answer. */
export function change<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Outcome<T>> {
  return send<T>(path, {
    method,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      // Another site cannot set it, so that it cannot act with the cookie of whoever is signed in.
      'x-requested-with': 'fetch',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Where a target is at the API. */
export function targetPath(targetId: string): string {
  return `targets/${encodeURIComponent(targetId)}`;
}

async function send<T>(path: string, init: RequestInit): Promise<Outcome<T>> {
  let response: Response;
  try {
    // A sign-in that has ended is answered with a redirect to another site.
    response = await fetch(path, { ...init, redirect: 'manual', cache: 'no-store' });
  } catch {
    return refused('none', 'The app could not be reached.');
  }
  if (response.type === 'opaqueredirect' || response.status === 401) {
    return refused('auth.required', 'Your sign-in has ended.');
  }
  if (response.status === 204) return { ok: true, value: undefined as T };
  const body = await bodyOf(response);
  if (response.ok && body !== undefined) return { ok: true, value: body as T };
  const detail =
    typeof body?.detail === 'string' ? body.detail : `The app answered with status ${response.status}.`;
  return refused(typeof body?.code === 'string' ? body.code : 'none', detail, body);
}

async function bodyOf(response: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refused(
  code: string,
  detail: string,
  body: Record<string, unknown> = {},
): { ok: false; problem: Problem } {
  return { ok: false, problem: { code, detail, body } };
}
