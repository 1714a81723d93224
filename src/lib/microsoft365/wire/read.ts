/** Why something could not be read; the second half of an `unreadable.<cause>` code. */
export type UnreadableCause = 'permission' | 'throttled' | 'unavailable' | 'malformed' | 'notFound';

/** A reading that failed. It says nothing about the tenant, except for `notFound` from the service itself. */
export interface ReadFailure {
  cause: UnreadableCause;
  /** A sentence for an administrator: what could not be read, why, and what to do. */
  message: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** The service's own error code, e.g. `Authorization_RequestDenied`. */
  code?: string;
  /** Microsoft's id of the request, for a support case. */
  requestId?: string;
  /** The permission that was probably missing. */
  permission?: string;
}

/** What a read gives: the parsed value, or a typed failure. There is no third way, and no exception. */
export type Read<T> = { ok: true; value: T } | { ok: false; failure: ReadFailure };

/** A reading that has given a value. */
export function readOk<T>(value: T): Read<T> {
  return { ok: true, value };
}

/** A reading that has given nothing, and why. */
export function readFailed(failure: ReadFailure): Read<never> {
  return { ok: false, failure };
}

/** The service itself said that there is no such object: unlike every other failure this is a fact about the tenant. */
export function isNotFound<T>(read: Read<T>): boolean {
  return !read.ok && read.failure.cause === 'notFound';
}
