import type { UserAgentRules } from '../../microsoft365/exchange/ews';

/** What rules on user agents mean for a product. */
export type Admission =
  | { kind: 'open' }
  /** `rules`: what they say, in words. */
  | { kind: 'refused' | 'unclear'; rules: string; entries: readonly string[] }
  /** The answer of Exchange lacks this property, or has it in a form that is not understood. */
  | { kind: 'unread'; property: keyof UserAgentRules };

const open: Admission = { kind: 'open' };

/**
 * Judges the rules of an organisation or of a mailbox. Entries are compared without regard to case, and `*` stands for
 * any text.
 * @param agents what the product sends, which may hold `*` as well; empty where nobody knows.
 */
export function admit(rules: UserAgentRules, agents: readonly string[]): Admission {
  const { EwsApplicationAccessPolicy: policy } = rules;
  if (policy === undefined) return { kind: 'unread', property: 'EwsApplicationAccessPolicy' };
  switch (policy?.toLowerCase()) {
    case undefined:
      return open;
    case 'enforceallowlist':
      return judge(rules, 'EwsAllowList', (entries) => allowed(entries, agents));
    case 'enforceblocklist':
      return judge(rules, 'EwsBlockList', (entries) => blocked(entries, agents));
    default:
      return { kind: 'unclear', rules: `${policy}, which is not known`, entries: [] };
  }
}

type Verdict = Admission['kind'];

function judge(
  rules: UserAgentRules,
  property: 'EwsAllowList' | 'EwsBlockList',
  verdictOn: (entries: readonly string[]) => Exclude<Verdict, 'unread'>,
): Admission {
  const entries = rules[property];
  if (entries === undefined) return { kind: 'unread', property };
  const kind = verdictOn(entries);
  if (kind === 'open') return open;
  const policy = property === 'EwsAllowList' ? 'EnforceAllowList' : 'EnforceBlockList';
  const list = entries.length === 0 ? 'nobody on the list' : `${entries.length} on the list`;
  return { kind, rules: `${policy} with ${list}`, entries };
}

function allowed(entries: readonly string[], agents: readonly string[]) {
  if (entries.length === 0) return 'refused';
  if (entries.some(isEverybody)) return 'open';
  if (agents.length === 0) return 'unclear';
  if (agents.some((agent) => !entries.some((entry) => mayName(entry, agent)))) return 'refused';
  return agents.every((agent) => entries.some((entry) => names(entry, agent))) ? 'open' : 'unclear';
}

function blocked(entries: readonly string[], agents: readonly string[]) {
  if (entries.length === 0) return 'open';
  if (entries.some(isEverybody)) return 'refused';
  if (agents.length === 0) return 'unclear';
  if (agents.some((agent) => entries.some((entry) => names(entry, agent)))) return 'refused';
  return agents.some((agent) => entries.some((entry) => mayName(entry, agent))) ? 'unclear' : 'open';
}

function isEverybody(entry: string): boolean {
  return /^\*+$/.test(entry);
}

/** Stands for the `*` of an agent, which nothing but the `*` of an entry takes in. */
const anything = '\u0000';

/** Whether an entry takes in everything that an agent may be. */
function names(entry: string, agent: string): boolean {
  return canBeSame(entry, agent.replaceAll('*', anything));
}

/**
 * Whether an entry may take in something that an agent may be. What is not documented counts here: that one with a comma
 * is several, and that `?` is a wildcard as well.
 */
function mayName(entry: string, agent: string): boolean {
  return [entry, ...entry.split(',')].some((each) => canBeSame(each.trim().replaceAll('?', '*'), agent));
}

/** Whether two patterns have a text in common. By a table of their rests, so that no pattern can take long. */
function canBeSame(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  // Whether what is left of `a` and each rest of `b` have a text in common; the longest rest first.
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      const canSkipA = a[i] === '*' && (below[j] === true || (j < b.length && row[j + 1] === true));
      const canSkipB = b[j] === '*' && (row[j + 1] === true || (i < a.length && below[j] === true));
      const isStep = i < a.length && a[i] === b[j] && below[j + 1] === true;
      row[j] = (i === a.length && j === b.length) || canSkipA || canSkipB || isStep;
    }
    below = row;
  }
  return below[0] === true;
}
