import { filterForm, namedLists, type RoomList } from '../../../../../src/lib/microsoft365/exchange';
import { parseFilter } from '../../../../../src/lib/microsoft365/opath';
import { readOk } from '../../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../../src/lib/model/target';
import { refused, reversed } from '../../../../support/planning';
import { cmdletOf, custom, exchangeBaseline, factsOf, idOf, namesOf, planned, room } from './exchange-facts';

const adminApi = { exchangeReader: 'admin-api' } as const;
const inLists: Partial<StoredTarget> = { ...adminApi, rooms: { source: 'roomLists', roomLists: ['x@y.z'] } };
const named: Partial<StoredTarget> = { ...adminApi, rooms: { source: 'mailboxes', mailboxes: ['x@y.z'] } };
const list = (distinguishedName: string | null, address = 'rooms@contoso.com'): RoomList => ({
  ...{ address, distinguishedName },
});
const lists = (...roomLists: RoomList[]) =>
  planned(factsOf([], exchangeBaseline(), { roomLists: readOk(roomLists) }), inLists);
const mailboxes = (count: number) =>
  Array.from({ length: count }, (_, index) => room(`r${index}`, 200 + index));
const mailboxPlan = (rooms: ReturnType<typeof room>[], options = named) =>
  planned(factsOf([], exchangeBaseline(), { rooms: readOk(rooms) }), options);
const filterOf = ({ changes }: ReturnType<typeof planned>) =>
  String(cmdletOf(changes[0]).RecipientRestrictionFilter);

describe('the filter for room lists', () => {
  it('names one list, or any of several', () => {
    expect(filterOf(lists(list('CN=B')))).toBe("MemberOfGroup -eq 'CN=B'");
    const several = lists(list('CN=B'), list('CN=A', 'a@contoso.com'), list('CN=B'));
    expect(filterOf(several)).toBe("(MemberOfGroup -eq 'CN=A' -or MemberOfGroup -eq 'CN=B')");
  });

  it('doubles quotes', () => {
    const filter = filterOf(lists(list("CN=O'Hare' -or City -ne '")));
    expect(filter).toBe("MemberOfGroup -eq 'CN=O''Hare'' -or City -ne '''");
    expect(parseFilter(filter)).toMatchObject({ ok: true, filter: { kind: 'comparison' } });
  });

  it('is not made while a list is not known by its distinguished name', () => {
    const found = lists(list('CN=A'), list(null, 'b@contoso.com'));
    expect(found.changes).toEqual([]);
    expect(found.manualSteps[0]?.description).toMatch(/scopeGroups.*b@contoso\.com\.$/);
  });

  it.each([
    ['could not be read', { roomLists: refused }],
    ['were not read', {}],
  ])('is not made when the lists %s', (_case, changes) => {
    expect(planned(factsOf([], exchangeBaseline(), changes), inLists).changes).toEqual([]);
  });

  it('has the name that the target gives for a list, through Microsoft Graph', () => {
    const scopeGroups = {
      'CN=Old': 'ROOMS@contoso.com',
      'CN=New': 'rooms@contoso.com',
      'CN=X': 'x@contoso.com',
    };
    expect(namedLists(['Rooms@Contoso.com', 'y@contoso.com'], scopeGroups)).toEqual([
      list('CN=New'),
      list(null, 'y@contoso.com'),
    ]);
  });
});

describe('the filter for mailboxes', () => {
  it('names them by their ids, in a fixed order', () => {
    const rooms = mailboxes(2);
    const filter = `(ExternalDirectoryObjectId -eq '${idOf(200)}' -or ExternalDirectoryObjectId -eq '${idOf(201)}')`;
    expect(filterOf(mailboxPlan(rooms))).toBe(filter);
    expect(mailboxPlan(reversed(rooms))).toEqual(mailboxPlan(rooms));
  });

  it('names fifty, and leaves more to a room list', () => {
    expect(namesOf(mailboxPlan(mailboxes(50)))).toEqual(['1-create-scope', '2-assign-role']);
    const found = mailboxPlan(mailboxes(51));
    expect(found.changes).toEqual([]);
    expect(found.manualSteps).toHaveLength(1);
    expect(found.manualSteps[0]?.description).toContain('51 objects');
  });

  it('leaves out those that the tenant does not have, and says so where others are reached', () => {
    const absent = room('gone', 1, { exists: false, id: undefined });
    expect(filterOf(mailboxPlan([...mailboxes(1), absent]))).toBe(
      `ExternalDirectoryObjectId -eq '${idOf(200)}'`,
    );
    const rooms = readOk([...mailboxes(1), absent]);
    const found = planned(factsOf([{ inside: mailboxes(1) }], exchangeBaseline(), { rooms }), named);
    expect(found.changes).toEqual([]);
    expect(found.manualSteps.map(({ description }) => description)).toEqual([
      expect.stringContaining('no such mailboxes. gone@contoso.com.'),
    ]);
  });

  it('is not made where a room has no id that a filter could name', () => {
    const found = mailboxPlan([...mailboxes(1), room('place', 1, { id: undefined })]);
    expect(found.changes).toEqual([]);
    expect(found.manualSteps[0]?.description).toContain('place@contoso.com');
  });

  it('is changed when a room is no longer named', () => {
    const both = `ExternalDirectoryObjectId -eq '${idOf(201)}' -or ExternalDirectoryObjectId -eq '${idOf(200)}'`;
    const scope = { kind: 'filter', name: 'Syncwarden-contoso-rooms', filter: both } as const;
    const held = [{ scope, inside: mailboxes(2) }];
    const baseline = exchangeBaseline({ scope: custom(both) });
    const found = planned(factsOf(held, baseline, { rooms: readOk(mailboxes(1)) }), named);
    expect(namesOf(found)).toEqual(['1-change-scope']);
    expect(found.manualSteps).toEqual([]);
    expect(planned(factsOf(held, baseline, { rooms: readOk(mailboxes(2)) }), named).changes).toEqual([]);
  });
});

describe('the form of a filter', () => {
  it.each([
    ["City -eq 'Rome'", "( city  -EQ 'ROME' )"],
    ['A -eq 1 -or B -eq 2 -or C -eq 3', '((C -eq 3) -or (B -eq 2)) -or (A -eq 1)'],
    ['A -eq 1', '(A -eq 1) -and (A -eq 1)'],
    ["-not (City -eq 'Rome' -and A -eq 1)", "-not ((A -eq 1) -and (City -eq 'rome'))"],
    ["MemberOfGroup -eq 'CN=A,OU=B'", "MemberOfGroup -eq 'cn=a, ou=b'"],
    ['(A -eq 1 -or B -eq 2) -and C -eq 3', 'C -eq 3 -and (B -eq 2 -or A -eq 1)'],
  ])('is the same for %s and %s', (one, other) => {
    expect(filterForm(one)).toBe(filterForm(other));
  });

  it.each([
    ["City -eq 'Rome'", "City -ne 'Rome'"],
    ["City -eq 'Rome'", "-not (City -eq 'Rome')"],
    ['A -eq 1 -or B -eq 2', 'A -eq 1 -and B -eq 2'],
    ['A -eq 1 -and (B -eq 2 -or C -eq 3)', '(A -eq 1 -and B -eq 2) -or C -eq 3'],
    ["MemberOfGroup -eq 'CN=A\\, OU=B'", "MemberOfGroup -eq 'CN=A\\,OU=B'"],
    ["City -eq 'a, b'", "City -eq 'a,b'"],
    ['A -eq 1 -and B -eq 2 -or C -eq 3', 'C -eq 3 -or B -eq 2 -and A -eq 1'],
  ])('is not the same for %s and %s', (one, other) => {
    expect(filterForm(one)).not.toBe(filterForm(other));
  });

  it('is a filter itself, and its own form', () => {
    const form = filterForm("(A -eq 'x''y' -or -not (B -like 'z*')) -and C -eq $null");
    expect(parseFilter(form).ok).toBe(true);
    expect(filterForm(form)).toBe(form);
  });

  it('of something that is no filter is that', () => {
    expect(filterForm('City is Rome')).toBe('City is Rome');
  });
});
