import {
  compileFilter,
  type PropertyValue,
  type Recipient as FilterRecipient,
  unreliableWildcards,
} from '../../opath/evaluate';
import { comparisonsOf, type Filter } from '../../opath/filter';
import type { ParsedFilter } from '../../opath/parse';
import type { Tenant } from '../../tenant';
import { type Read, readOk } from '../../wire/read';
import type { Recipient } from '../recipient';
import { type ScopeContents, unresolved } from '../scope';
import { readGroupMembersByAddress } from './members';
import type { PlaceRecipient } from './place-recipient';
import type { GraphRecipient } from './recipient';

/** Object ids of the members of groups, by the group's distinguished name in lower case. */
type Memberships = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Who of these is inside a scope with a recipient filter. Those of whom that cannot be told are undecided, with the
 * reason why.
 * @param scopeGroups the target's: distinguished name of a group → its address.
 */
export async function filterContents(
  tenant: Tenant,
  parsed: ParsedFilter,
  recipients: readonly (GraphRecipient | PlaceRecipient)[],
  scopeGroups: Readonly<Record<string, string>>,
): Promise<ScopeContents> {
  if (!parsed.ok) {
    const { message, position } = parsed.error;
    return unresolved(`its filter cannot be understood at character ${position + 1}: ${message}`);
  }
  const groups = groupsOf(parsed.filter);
  const memberships = await readMemberships(tenant, groups, scopeGroups);
  if (!memberships.ok) return unresolved(memberships.failure);

  const decide = compileFilter(parsed.filter);
  const inside: Recipient[] = [];
  const undecided: Recipient[] = [];
  const open: FilterRecipient[] = [];
  for (const recipient of recipients) {
    const answer = decide(groups.length === 0 ? recipient : new Candidate(recipient, memberships.value));
    if (answer === true) inside.push(recipient);
    if (answer === undefined) {
      undecided.push(recipient);
      if (open.length < mostAskedWhy) open.push(new Candidate(recipient, memberships.value));
    }
  }
  if (undecided.length === 0) return { inside, undecided };
  return { inside, undecided, problem: whyUndecided(parsed.filter, memberships.value, open) };
}

/** So many are enough to find out what stands in the way. */
const mostAskedWhy = 100;

/** A recipient, with the groups that a filter asks about. */
class Candidate implements FilterRecipient {
  constructor(
    private readonly recipient: GraphRecipient | PlaceRecipient,
    private readonly memberships: Memberships,
  ) {}

  property(name: string): PropertyValue | undefined {
    const { id } = this.recipient;
    if (name !== 'memberofgroup') return this.recipient.property(name);
    if (id === undefined) return undefined;
    // What Exchange makes of -like is not documented, also where the text is the whole name of a group.
    return ({ operator, value, isLike }) =>
      operator === 'eq' && !isLike ? this.memberships.get(value)?.has(id) : undefined;
  }
}

/** The distinguished names that a filter says MemberOfGroup is equal to, or is not, in lower case. */
function groupsOf(filter: Filter): string[] {
  const equal = comparisonsOf(filter, 'MemberOfGroup').filter(({ operator }) =>
    ['eq', 'ne'].includes(operator),
  );
  return [...new Set(equal.map(({ value }) => String(value).toLowerCase()))];
}

/** The direct members of those groups for which the target names an address. */
async function readMemberships(
  tenant: Tenant,
  names: readonly string[],
  scopeGroups: Readonly<Record<string, string>>,
): Promise<Read<Memberships>> {
  const addresses = new Map(
    Object.entries(scopeGroups).map(([name, address]) => [name.toLowerCase(), address]),
  );
  const memberships = new Map<string, ReadonlySet<string>>();
  const known = names.flatMap((name) => {
    const address = addresses.get(name);
    return address === undefined ? [] : [{ name, address }];
  });
  const reads = await Promise.all(known.map(({ address }) => readGroupMembersByAddress(tenant, address)));
  for (const [index, read] of reads.entries()) {
    if (!read.ok) return read;
    memberships.set(known[index]?.name ?? '', new Set(read.value.map(({ id }) => id)));
  }
  return readOk(memberships);
}

/** Whether a comparison by itself is the reason why nothing can be said of one of these. */
function isUndecided(comparison: Filter, candidates: readonly FilterRecipient[]): boolean {
  const decide = compileFilter(comparison);
  return candidates.some((candidate) => decide(candidate) === undefined);
}

/** What stands in the way of a decision, as the end of a sentence. */
function whyUndecided(
  filter: Filter,
  memberships: Memberships,
  candidates: readonly FilterRecipient[],
): string {
  const [group] = groupsOf(filter).filter((name) => !memberships.has(name));
  if (group !== undefined) {
    return `Microsoft Graph does not know the group "${group}" by its distinguished name. Add it to scopeGroups in the target with its address, or set exchangeReader to admin-api`;
  }
  const [wildcard] = unreliableWildcards(filter);
  if (wildcard !== undefined) {
    return `"${String(wildcard.value)}" has a wildcard that is not at its end, which Exchange Online does not honour reliably`;
  }
  const unknown = comparisonsOf(filter).find((comparison) => isUndecided(comparison, candidates));
  if (unknown !== undefined) {
    return `Microsoft Graph cannot decide "${unknown.property} -${unknown.operator} ${String(unknown.value)}". Set exchangeReader to admin-api`;
  }
  return 'it mixes -and and -or without parentheses, and the two ways to read that disagree. Set the parentheses';
}
