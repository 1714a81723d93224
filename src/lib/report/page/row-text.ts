import type { ResourceRow } from '../../model/verdict';

/** What is shown of a row, as text: the server and the script in a browser say it in the same words. */

/** What a search looks at: address and name, in lower case. */
export function searchTextOf({
  resource,
  displayName,
}: Pick<ResourceRow, 'resource' | 'displayName'>): string {
  return `${resource} ${displayName}`.toLowerCase();
}

/** Said of a mailbox that is none of the target's rooms. */
export function kindOf({ kind }: Pick<ResourceRow, 'kind'>): string {
  return kind === 'mailbox' ? 'no room' : '';
}

/** By which role, and within which scope; empty for what is not reached, or where nobody asks for that. */
export function reachOf({ path, scope }: Pick<ResourceRow, 'path' | 'scope'>): string {
  return [path, scope].filter((part) => part !== undefined).join(', within ');
}
