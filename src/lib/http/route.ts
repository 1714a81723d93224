import type { ReadableStream } from 'node:stream/web';
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as z from 'zod';
import { type BodyRequest, readJsonBody, readTextBody } from './body';
import type { Caller, CallerVerifier } from './caller';
import {
  challengeOf,
  httpStatus,
  type ProblemCode,
  ProblemError,
  problemResponse,
  toProblem,
} from './problem';
import type { Described } from './replies';
import { type AppRole, includesRole } from './roles';
import type { RouteAddress } from './routes';
import { describeError, type FieldError, InputError } from '../errors';
import { parseInput } from '../input';
import type { Log } from '../log';
import type { Telemetry } from '../telemetry/telemetry';

/** What a handler answers: JSON, or something else with its own headers. */
export interface Reply {
  status: 200 | 201 | 202 | 204 | 503;
  body?: unknown;
  content?: Content;
}

/** An answer that is not JSON, or too long to be made at once. */
export interface Content {
  /** With its charset: `text/html; charset=utf-8`. */
  type: string;
  /** A stream must not fail: what was begun to be sent cannot be taken back. */
  text: string | ReadableStream;
  headers?: Readonly<Record<string, string>>;
}

/** One invocation's means, beside the input. */
export interface Invocation {
  telemetry: Telemetry;
  log: Log;
}

/** One route of the HTTP API: its schemas both parse the input and describe it. */
export interface RouteDescription<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> extends RouteAddress {
  /** Name of the function. */
  name: string;
  /** The least app role that may call it. */
  role: AppRole | 'anonymous';
  /** What it does, as a sentence. */
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Where the body is text of these types, which {@link body} gets as a {@link TextBody}; without it the body is JSON. */
  bodyTypes?: readonly string[];
  /** What it answers when nothing is wrong, by status. */
  replies: Readonly<Partial<Record<Reply['status'], Described>>>;
  /** Problems that not every route has: those of input, sign-in and failure go without saying. */
  problems?: readonly ProblemCode[];
}

/** A route with what it does. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> extends RouteDescription<P, Q, B> {
  /** The same problem for somebody who looks at it in a browser; without it everybody gets JSON. */
  problemPage?: (problem: ProblemError) => Content;
  handle(
    input: { params: z.infer<P>; query: z.infer<Q>; body: z.infer<B>; caller: Caller | null },
    invocation: Invocation,
  ): Promise<Reply>;
}

/** What routes need of the app around them. */
export interface RouteServices {
  callers: CallerVerifier;
  /** Runs a handler with telemetry that belongs to its invocation, and flushes it before the invocation ends. */
  invoke<T>(context: InvocationContext, run: (invocation: Invocation) => Promise<T>): Promise<T>;
}

/** For a route without parameters in its query: one that is not known would be ignored without a word. */
const NoQuery = z.strictObject({});

/** What a route does, beside its name and address, which routes.ts has. */
export type Handled<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> = Omit<Route<P, Q, B>, 'name' | keyof RouteAddress>;

/** Takes what a route does as it is, and gives its handler the types that its schemas parse to. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  handled: Handled<P, Q, B>,
): Handled {
  return handled;
}

/** Checks the caller, then parses the input, then runs the handler; whatever goes wrong becomes a problem. */
export async function answer<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  route: Route<P, Q, B>,
  request: HttpRequest,
  callers: CallerVerifier,
  invocation: Invocation,
): Promise<HttpResponseInit> {
  const header = (name: string) => request.headers.get(name);
  try {
    const caller = await admit(route.role, { method: route.method, header }, callers);
    const given = route.body && (await readBody(route, { header, bytes: () => bytesOf(request) }));
    const parsed = parseTogether({
      params: () => route.params && parseInput(route.params, request.params),
      query: () => parseInput(route.query ?? NoQuery, Object.fromEntries(request.query)),
      body: () => route.body && parseInput(route.body, given),
    });
    const input = { caller, ...parsed };
    const reply = await route.handle(input as Parameters<typeof route.handle>[0], invocation);
    if (caller !== null && route.method !== 'GET') tellWho(caller, route, request, reply, invocation);
    return toResponse(reply);
  } catch (error) {
    const problem = toProblem(error);
    if (problem.code === 'internal') {
      invocation.log.error('A request failed', { route: route.name, error: describeError(error) });
    }
    if (route.problemPage === undefined || !wantsPage(header('accept'))) return problemResponse(problem);
    const page = route.problemPage(problem);
    const content = { ...page, headers: { ...page.headers, ...challengeOf(problem) } };
    return toResponse({ status: httpStatus(problem.code), content });
  }
}

/** Parses all of an input. @throws {InputError} with everything that is wrong with any of it, so that nobody mends it piece by piece. */
function parseTogether<T extends Readonly<Record<string, () => unknown>>>(
  parsers: T,
): Record<keyof T, unknown> {
  const errors: FieldError[] = [];
  const parsed = Object.entries(parsers).map(([part, parse]) => {
    try {
      return [part, parse()];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(...error.errors);
      return [part, undefined];
    }
  });
  if (errors.length > 0) throw new InputError(errors);
  return Object.fromEntries(parsed) as Record<keyof T, unknown>;
}

/** Whether a browser asks, and not a program: those take anything, or name JSON. */
function wantsPage(accept: string | null): boolean {
  return /\btext\/html\b/.test(accept ?? '');
}

function readBody({ bodyTypes }: RouteDescription, request: BodyRequest): Promise<unknown> {
  return bodyTypes === undefined ? readJsonBody(request) : readTextBody(request, bodyTypes);
}

/** Whoever pauses or deletes a target leaves nothing else behind that says so. */
function tellWho(
  { name: by, objectId: byId }: Caller,
  { name: route }: RouteDescription,
  { params: { targetId = '', control = '' } }: HttpRequest,
  { status }: Reply,
  { telemetry }: Invocation,
): void {
  telemetry.event('ChangeRequested', { route, targetId, control, status: String(status), by, byId });
}

async function admit(
  role: AppRole | 'anonymous',
  request: Parameters<CallerVerifier['verify']>[0],
  callers: CallerVerifier,
): Promise<Caller | null> {
  if (role === 'anonymous') return null;
  const caller = await callers.verify(request);
  if (!includesRole(caller.roles, role)) {
    throw new ProblemError('auth.forbidden', `The app role ${role} is needed.`);
  }
  return caller;
}

async function bytesOf(request: HttpRequest): Promise<Uint8Array> {
  return new Uint8Array(await request.arrayBuffer());
}

function toResponse({ status, body, content }: Omit<Reply, 'status'> & { status: number }): HttpResponseInit {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (content !== undefined) {
    return {
      status,
      headers: { ...headers, ...content.headers, 'content-type': content.type },
      body: content.text,
    };
  }
  if (body === undefined) return { status, headers };
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
