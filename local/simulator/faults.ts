import type { RequestRecord } from './log';

/** An answer that is an error in Graph's form. */
export class GraphFault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What is known of a request before it is answered. */
export type FaultRequest = Pick<
  RequestRecord,
  'service' | 'method' | 'url' | 'cmdlet' | 'tenantId' | 'requestBody'
>;

/** A failure to be shown on request. */
export interface Fault {
  /** Which requests: by `METHOD /path?query`, for Exchange followed by the cmdlet, or by a test of one's own. */
  match: RegExp | ((request: FaultRequest) => boolean);
  /** Answers with this status, in the form of the service that was asked. */
  status?: number;
  code?: string;
  message?: string;
  /** Seconds, as a Retry-After header. */
  retryAfter?: number;
  /** How often; for ever unless told. */
  times?: number;
  /** Destroys the connection instead of answering. */
  drop?: boolean;
  /** Fails only after the request was carried out: what was to be written is written, and its answer is lost. */
  after?: boolean;
  /** Waits before it answers. */
  delayMs?: number;
  /** Changes the answer that would have been given. */
  change?: (body: unknown) => unknown;
}

/** The faults in force. */
export class Faults {
  private readonly active: { fault: Fault; left: number }[] = [];

  /** Adds a fault; call what comes back to take it away. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.active.push(entry);
    return () => {
      entry.left = 0;
    };
  }

  clear(): void {
    this.active.length = 0;
  }

  /** The fault for a request, which is used up by it. */
  take(request: FaultRequest): Fault | undefined {
    const entry = this.active.find(({ fault: { match }, left }) => {
      if (left <= 0) return false;
      return match instanceof RegExp ? match.test(textOf(request)) : match(request);
    });
    if (entry !== undefined) entry.left--;
    return entry?.fault;
  }
}

function textOf({ method, url, cmdlet }: FaultRequest): string {
  return [method, url, ...(cmdlet === undefined ? [] : [cmdlet])].join(' ');
}
