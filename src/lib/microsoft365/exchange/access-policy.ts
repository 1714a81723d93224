import type { ScopeContents } from './scope';

/**
 * An application access policy of Exchange: what it keeps an application's permissions of Microsoft Entra from. Microsoft
 * calls these policies legacy. They say nothing about roles.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/new-applicationaccesspolicy
 */
export interface AccessPolicy {
  /** What the group that it is about is called. */
  name: string;
  /** `restrict`: into these mailboxes only; `deny`: not into these; `other`: something that this reader does not know. */
  right: 'restrict' | 'deny' | 'other';
  /** Whose mailboxes. A group without members lets nothing be said. */
  members: ScopeContents;
}

/** What a policy is called in messages. */
export function policyName({ name }: Pick<AccessPolicy, 'name'>): string {
  return `the application access policy for ${name}`;
}
