import type { Read, ReadFailure } from '../wire/read';
import { type Recipient, isUncertain } from './recipient';

/** Where the holder of a role may use it. https://learn.microsoft.com/exchange/permissions-exo/application-rbac */
export type Scope =
  | { kind: 'organization' }
  /** `id` is the object id in Microsoft Entra; the name of the group where only that is known. */
  | { kind: 'administrativeUnit' | 'group' | 'user'; id: string; name?: string }
  /** `exclusive`: what is in it is kept from roles that are assigned with another scope. */
  | { kind: 'filter'; name: string; filter: string; root?: string; exclusive?: true }
  /** Something that this reader does not know; `why` is the end of a sentence. */
  | { kind: 'other'; name: string; why: string };

/** A management scope with a recipient filter. */
export type FilterScope = Extract<Scope, { kind: 'filter' }>;

/** Who is inside a scope. What could not be found out is said rather than left out. */
export interface ScopeContents {
  /** `all`: the whole organisation. */
  inside: 'all' | readonly Recipient[];
  /** Of whom it is not known whether they are inside; `any`: of nobody outside `inside` is it known. */
  undecided: 'any' | readonly Recipient[];
  /** Why something is undecided: a reading that failed, or a sentence about what this reader cannot resolve. */
  problem?: ReadFailure | string;
}

/** The exclusive ones among these. */
export function exclusiveOf(scopes: readonly (FilterScope | undefined)[]): FilterScope[] {
  return scopes.flatMap((scope) => (scope?.exclusive === true ? [scope] : []));
}

/** Tells two scopes apart. */
export function scopeKey(scope: Scope): string {
  return JSON.stringify(scope).toLowerCase();
}

/** What a scope is called in messages. */
export function scopeName(scope: Scope): string {
  switch (scope.kind) {
    case 'organization':
      return 'the whole organisation';
    case 'administrativeUnit':
      return `the administrative unit ${scope.name ?? scope.id}`;
    case 'group':
      return `the group ${scope.name ?? scope.id}`;
    case 'user':
      return `the user ${scope.name ?? scope.id}`;
    case 'filter':
    case 'other':
      return `the scope ${scope.name}`;
  }
}

/** A scope of which nothing is known. */
export function unresolved(problem: ReadFailure | string): ScopeContents {
  return { inside: [], undecided: 'any', problem };
}

/** A list of members as contents; who does not exist contains nobody. */
export function membersOf(read: Read<readonly Recipient[]>): ScopeContents {
  if (read.ok) return { inside: read.value, undecided: [] };
  return read.failure.cause === 'notFound' ? { inside: [], undecided: [] } : unresolved(read.failure);
}

/** Those in a scope, or perhaps in it, of whom the reader does not know what they are. */
export function uncertainIn({ inside, undecided }: ScopeContents): Recipient[] {
  const all = [...(inside === 'all' ? [] : inside), ...(undecided === 'any' ? [] : undecided)];
  return all.filter(isUncertain);
}
