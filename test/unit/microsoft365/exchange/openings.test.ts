import {
  type Identification,
  type Names,
  openingOf,
  type RoomEntry,
} from '../../../../src/lib/microsoft365/exchange/openings';

const names = (certain: string[], possible: string[] = [], more: Partial<Names> = {}): Names => ({
  ...{ id: certain[0], certain: new Set(certain), possible: new Set(possible), ...more },
});
const account = names(['id-1', 'svc@contoso.com', 'svc-rooms'], ['room service'], { account: '$abc' });
const group = names(['id-2', 'room readers', 'readers@contoso.com'], ['readers']);

function known(changes: Partial<Identification> = {}): Identification {
  return { account, groups: [group], settled: new Map(), ...changes };
}

const entry = (who: string, changes: Partial<RoomEntry> = {}): RoomEntry => ({
  ...{ who, isDenied: false, isInherited: false, isWhole: true, ...changes },
});
const denied = { isDenied: true };
const inherited = { isInherited: true };
const self = entry('svc@contoso.com');

/** What stands in every list of Exchange Online. */
const always = [
  entry('NT AUTHORITY\\SELF'),
  entry('NT AUTHORITY\\SYSTEM', inherited),
  entry('EURPR05A004\\Organization Management', { ...denied, ...inherited }),
];

type Case = [what: string, entries: RoomEntry[], kind: string, who?: Identification];

const cases: Case[] = [
  ['nobody', [], 'shut'],
  ['the account, by its principal name', [self], 'open'],
  ['the account, in another case and with blanks', [entry(' SVC@Contoso.com ')], 'open'],
  ['the account, by its id', [entry('ID-1')], 'open'],
  ['the account, by the name that Exchange gives it', [entry('svc-rooms')], 'open'],
  ['the account, behind a domain', [entry('EURPR05A004\\$abc')], 'open'],
  ['somebody else', [entry('ada@contoso.com')], 'shut'],
  ['a group that the account is in', [entry('Room readers')], 'open'],
  ['a group that it is not in', [entry('Other readers')], 'shut'],
  ['somebody with the display name of the account', [entry('Room service')], 'undecided'],
  [
    'somebody with the display name of the account, who is the account',
    [entry('Room service')],
    'open',
    known({ settled: new Map([['room service', 'id-1']]) }),
  ],
  [
    'somebody with the display name of the account, who is not',
    [entry('Room service')],
    'shut',
    known({ settled: new Map([['room service', 'id-9']]) }),
  ],
  ['somebody with another name of a group of it', [entry('Readers')], 'undecided'],
  [
    'a group by another name, which is one of its groups',
    [entry('Readers')],
    'open',
    known({ settled: new Map([['readers', 'id-2']]) }),
  ],
  ['somebody else behind a domain, who may be a group of it', [entry('EURPR05A004\\readers1')], 'undecided'],
  [
    'somebody else behind a domain, and the account is in no group',
    [entry('EURPR05A004\\readers1')],
    'shut',
    known({ groups: [] }),
  ],
  [
    'somebody else, and nobody knows its groups',
    [entry('ada@contoso.com')],
    'undecided',
    known({ groups: 'unread' }),
  ],
  ['the account, and nobody knows its groups', [self, entry('x')], 'open', known({ groups: 'unread' })],
  [
    'the account, but not for everything in the mailbox',
    [entry('svc-rooms', { isWhole: false })],
    'undecided',
  ],
  ['the account, by an entry that is inherited', [entry('svc-rooms', inherited)], 'undecided'],
  ['the account, and denies it', [self, entry('svc-rooms', denied)], 'denied'],
  ['the account alone, and denies it', [entry('svc-rooms', denied)], 'denied'],
  ['the account, and denies a group of it', [self, entry('Room readers', denied)], 'denied'],
  ['a group of it, and denies the account', [entry('Room readers'), entry('svc-rooms', denied)], 'denied'],
  ['the account, and denies somebody else', [self, entry('ada@contoso.com', denied)], 'open'],
  ['the account, and denies one who may be it', [self, entry('Room service', denied)], 'undecided'],
  ['nobody, and denies one who may be it', [entry('Room service', denied)], 'undecided'],
  [
    'the account, and denies somebody, and nobody knows its groups',
    [self, entry('Some group', denied)],
    'undecided',
    known({ groups: 'unread' }),
  ],
  [
    'the account, and inherits a denial of it',
    [self, entry('svc@contoso.com', { ...denied, ...inherited })],
    'undecided',
  ],
];

describe('a room whose list names', () => {
  it.each(cases)('%s', (_what, entries, kind, who = known()) => {
    for (const list of [entries, entries.toReversed(), [...always, ...entries]])
      expect(openingOf(list, who).kind).toBe(kind);
  });

  it('says by which group it is open, and whom an entry denies it to', () => {
    expect(openingOf([entry('Room readers')], known())).toEqual({ kind: 'open', through: 'Room readers' });
    expect(openingOf([entry('Room readers'), self], known())).toEqual({ kind: 'open' });
    expect(openingOf([self, entry('Room readers', denied)], known())).toEqual({
      kind: 'denied',
      by: 'Room readers',
    });
  });
});
