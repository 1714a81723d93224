/** What is wrong with one field of an input. */
export interface FieldError {
  /** Where: `rooms.mailboxes.3`, or empty for the whole. */
  path: string;
  /** What is wrong and what would be right. */
  message: string;
}

/** Input that cannot be used. Nothing was stored. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(readonly errors: readonly FieldError[]) {
    super(errors.map(({ path, message }) => `${path || 'the body'}: ${message}`).join('; '));
  }
}

/** An error in full, for the log. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Something that the caller names and that does not exist. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** The target was changed or deleted while it was being audited: the result would be about something else. */
export class TargetChangedError extends Error {
  override readonly name = 'TargetChangedError';

  constructor(targetId: string) {
    super(`The target ${targetId} was changed while it was being audited. Audit it again.`);
  }
}

/** Why a remediation, an undo or a waiver is refused; part of the interface. */
export type RefusalCode =
  | 'plan.stale'
  | 'plan.tooLarge'
  | 'remediation.disabled'
  | 'remediation.busy'
  | 'remediation.interrupted'
  | 'undo.changed'
  | 'undo.alreadyDone'
  | 'waiver.nothingToAccept';

/** Something that was asked for and is not done, for a reason that the caller can act on. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly code: RefusalCode,
    message: string,
    /** What the caller needs to go on: the new plan, for instance. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
