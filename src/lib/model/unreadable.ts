import * as z from 'zod';

/**
 * Something that is kept, and cannot be understood: by another version than the one that kept it, or because it was changed by
 * hand or damaged. It is there all the same: nothing may be said as if it were not.
 */
export const Unreadable = z
  .object({
    targetId: z.string(),
    control: z.string().exactOptional().describe('The control, where it belongs to one.'),
    what: z.string().describe('What it is, as the beginning of a sentence.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .describe('What is wrong with which field.'),
    remedy: z.string().describe('What puts it right.'),
  })
  .meta({ id: 'Unreadable', description: 'Something that is kept and cannot be understood.' });
export type Unreadable = z.infer<typeof Unreadable>;

/** What was asked for is kept, and cannot be understood. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';

  constructor(readonly kept: Unreadable) {
    super(sayUnreadable(kept));
  }
}

/** What cannot be read, why, and what to do, as sentences. */
export function sayUnreadable({ what, errors, remedy }: Unreadable): string {
  const why = errors.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
  return `${what} cannot be read: ${why}. ${remedy}`;
}
