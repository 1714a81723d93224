import type { Opening } from '../../profiles/access';
import type { Read } from '../wire/read';
import type { Room } from './recipient';

/** Somebody who stands in the list of those who may open a room, or are kept from it, or are its delegates. */
export interface RoomEntry {
  /** What Exchange calls him: the form is its choice. */
  who: string;
  isDenied: boolean;
  /** It comes from above the mailbox. */
  isInherited: boolean;
  /** It holds for everything in the mailbox. */
  isWhole: boolean;
}

/** What Exchange calls somebody. All in lower case. */
export interface Names {
  /** Object id in Microsoft Entra; undefined for a group where it is not known. */
  id: string | undefined;
  /** What nobody else goes by. */
  certain: ReadonlySet<string>;
  /** What somebody else may go by as well. */
  possible: ReadonlySet<string>;
  /** The name that stands behind a domain, as in `EURPR03A001\svc-rooms`. */
  account?: string;
  /** By which groups are found that he is in. */
  distinguishedName?: string;
}

/** What is known of who somebody is that stands in such a list. */
export interface Identification {
  account: Names;
  /** The groups that the account is in, also through others; `unread`: nobody knows. */
  groups: readonly Names[] | 'unread';
  /** Whose a name is that may be the account's: his object id. Not of one that is not settled. */
  settled: ReadonlyMap<string, string | undefined>;
}

/** How a room stands towards the account. */
export type RoomOpening =
  /** `through`: the group by which it is. */
  | { kind: 'open'; through?: string }
  /** `by`: whom the entry names that keeps the account from it. */
  | { kind: 'denied'; by: string }
  | { kind: 'shut' }
  /** `why`: the end of a sentence. */
  | { kind: 'undecided'; why: string };

/** Who may open rooms. What a reader of Exchange needs to tell it. */
export interface OpeningsReader {
  /** Who stands in the lists of these rooms, by address. */
  entries(kind: Opening, rooms: readonly Room[]): Promise<ReadonlyMap<string, Read<RoomEntry[]>>>;
  /** What Exchange calls the user with this object id. */
  namesOf(id: string): Promise<Read<Names>>;
  /** The groups that he is in, also through others. */
  groupsOf(names: Names): Promise<Read<Names[]>>;
  /** Whose each of these names is, by object id; a failure where there is not exactly one. */
  whose(names: readonly string[]): Promise<ReadonlyMap<string, Read<string | undefined>>>;
}

type Match = 'self' | 'group' | 'perhaps' | 'other';
type Matched = RoomEntry & { match: Match };

/**
 * How a room stands towards an account. As Microsoft says, what is set on the mailbox itself comes before what it inherits,
 * and a denial before a permission. Exchange Online has neither denials nor permissions of accounts that are inherited: what
 * such an entry would come to is not decided here.
 */
export function openingOf(entries: readonly RoomEntry[], known: Identification): RoomOpening {
  const matched = entries
    .filter((entry) => !isOfService(entry))
    .map((entry) => ({ ...entry, match: matchOf(entry.who, known) }));
  const mayBe = ({ match }: Matched) => match !== 'other';
  const isCertain = ({ match }: Matched) => match === 'self' || match === 'group';
  const denials = matched.filter((entry) => entry.isDenied && mayBe(entry));
  const permissions = matched.filter((entry) => !entry.isDenied && mayBe(entry));
  const denial = denials.find((entry) => !entry.isInherited && isCertain(entry));
  if (denial !== undefined) return { kind: 'denied', by: denial.who };
  // Also where nothing is permitted: whether a permission would be enough is not known.
  const [doubt] = denials;
  if (doubt !== undefined)
    return { kind: 'undecided', why: `${doubt.who} is denied it, ${doubtAbout(doubt)}` };
  if (permissions.length === 0) return { kind: 'shut' };
  const counting = permissions.filter((entry) => !entry.isInherited && entry.isWhole && isCertain(entry));
  const by = counting.find(({ match }) => match === 'self') ?? counting[0];
  if (by !== undefined) return by.match === 'self' ? { kind: 'open' } : { kind: 'open', through: by.who };
  const [first] = permissions;
  return {
    kind: 'undecided',
    why: `${first?.who ?? ''} may, ${first === undefined ? '' : doubtAbout(first)}`,
  };
}

/** Whether somebody else in the list may be a group that the account is in. */
export function mayNameGroup(entries: readonly RoomEntry[], known: Identification): boolean {
  return entries.some((entry) => !isOfService(entry) && matchOf(entry.who, known) !== 'self');
}

/** The names in a list that may be the account's, or a group's of it, or somebody else's. */
export function unsettledNames(entries: readonly RoomEntry[], known: Identification): string[] {
  return entries
    .filter((entry) => !isOfService(entry) && matchOf(entry.who, known) === 'perhaps')
    .map(({ who }) => who);
}

function doubtAbout({ match, isInherited, isWhole }: Matched): string {
  if (match === 'perhaps')
    return 'and whether that is the account, or a group that it is in, nobody can tell';
  if (isInherited) return 'by an entry that is inherited, of which it is not known whether it counts';
  return isWhole
    ? 'and that is all that is known'
    : 'by an entry that does not hold for everything in the mailbox';
}

/** Microsoft's own, of which every mailbox has a dozen: system accounts, and the roles of the service above the tenant. */
function isOfService({ who, isInherited }: RoomEntry): boolean {
  return /^nt authority\\/i.test(who.trim()) || (isInherited && who.includes('\\'));
}

function matchOf(who: string, { account, groups, settled }: Identification): Match {
  const name = who.trim().toLowerCase();
  const [, inDomain] = /^[^\\]+\\(.+)$/.exec(name) ?? [];
  if (account.certain.has(name)) return 'self';
  if (inDomain !== undefined && inDomain === account.account) return 'self';
  if (groups !== 'unread' && groups.some(({ certain }) => certain.has(name))) return 'group';
  if (settled.has(name)) return whoIs(settled.get(name), account, groups);
  if (account.possible.has(name) || groups === 'unread') return 'perhaps';
  const mayBeGroup = inDomain === undefined ? isCalled(name, groups) : groups.length > 0;
  return mayBeGroup ? 'perhaps' : 'other';
}

function whoIs(id: string | undefined, account: Names, groups: Identification['groups']): Match {
  if (id === undefined) return 'other';
  if (id === account.id) return 'self';
  if (groups === 'unread') return 'perhaps';
  return groups.some((group) => group.id === id) ? 'group' : 'other';
}

function isCalled(name: string, groups: readonly Names[]): boolean {
  return groups.some(({ possible }) => possible.has(name));
}
