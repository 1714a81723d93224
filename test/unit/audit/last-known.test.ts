import fc from 'fast-check';
import { compare } from '../../../src/lib/audit/compare';
import { control } from '../../../src/lib/controls';
import type { Evaluation } from '../../../src/lib/controls/control';
import { verdictOf } from '../../../src/lib/controls/evaluation';
import type { Reason } from '../../../src/lib/model/verdict';
import type { StoredWaiver } from '../../../src/lib/model/waiver';
import type { StoredFinding } from '../../../src/lib/storage/findings';
import { at, evaluation, storedTarget, unreadable, violation } from '../../support/storage';
import { storedWaiver } from '../../support/waivers';

/** What a series of nightly runs comes to, each with its transition announced before the next. */
function nights(readings: readonly Evaluation[], waiver?: StoredWaiver): StoredFinding[] {
  let last: StoredFinding | undefined;
  return readings.map((reading, night) => {
    const common = { target: storedTarget('contoso'), control: control('license'), requests: 1 };
    const run = { ...common, evaluation: reading, runId: `night-${night}`, checkedAt: at(night), waiver };
    const finding = { ...compare(run, last), etag: String(night) };
    last = { ...finding, pending: [] };
    return finding;
  });
}

/** Which nights had something to tell. */
function told(found: readonly StoredFinding[]): number[] {
  return found.flatMap(({ pending }, night) => (pending.length > 0 ? [night] : []));
}

const time = (hours: number) => at(hours).toISOString();
const [a, b, c] = ['a', 'b', 'c'].map((resource) => violation('license.none', { resource })) as [
  Reason,
  Reason,
  Reason,
];
const other: Reason = { ...unreadable, message: 'Could not read something else.' };
const whole = evaluation([a, b]);

describe('a reading that sees less than the last one', () => {
  it('finds the same as long as it finds nothing else', () => {
    const found = nights([whole, evaluation([a, unreadable]), evaluation([b, other]), whole]);
    expect(told(found)).toEqual([0]);
    expect(found.map(({ since }) => since)).toEqual([0, 0, 0, 0].map(time));
    expect(found[1]?.reasons).toEqual([a, unreadable]);
  });

  it('tells what is new beside that, once, and forgets nothing over it', () => {
    const all = evaluation([a, b, c]);
    const found = nights([whole, evaluation([a, c, unreadable]), evaluation([c, unreadable]), all]);
    expect(told(found)).toEqual([0, 1]);
    expect(found.at(-1)).toMatchObject({ since: time(1) });
  });

  it('keeps open what it cannot see', () => {
    const two = evaluation([a, violation('license.suspended')]);
    const open = nights([two, evaluation([a, unreadable]), two]).map(({ openCodes }) => openCodes);
    expect(open).toEqual(Array(3).fill(['license.none', 'license.suspended']));
  });

  it('leaves a waiver in force, and does not let one cover what it does not name', () => {
    const spell = [whole, evaluation([a, unreadable]), evaluation([unreadable]), whole];
    expect(nights(spell, storedWaiver([a, b])).map(({ waived }) => waived)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(nights(spell, storedWaiver([a])).map(({ waived }) => waived)).toEqual(Array(4).fill(false));
    const more = [whole, evaluation([a, c, unreadable]), evaluation([a, unreadable])];
    expect(nights(more, storedWaiver([a])).map(({ waived }) => waived)).toEqual(Array(3).fill(false));
  });

  it('is accepted as it was seen when somebody accepts it meanwhile', () => {
    const [, partial] = nights([whole, evaluation([a, unreadable])]);
    const waiver = storedWaiver([a], { createdAt: time(2) });
    const run = { target: storedTarget('contoso'), control: control('license'), runId: 'x', requests: 1 };
    const later = (reasons: Reason[], night: number, last: StoredFinding) => ({
      ...compare({ ...run, evaluation: evaluation(reasons), checkedAt: at(night), waiver }, last),
      etag: '',
    });
    const accepted = later([a, unreadable], 2, partial as StoredFinding);
    expect(accepted.waived).toBe(true);
    expect(later([a, b], 3, accepted).waived).toBe(false);
  });
});

describe('what could never be read', () => {
  it('hides nothing of what can: it goes and comes as in any other tenant', () => {
    const blind = (...reasons: Reason[]) => evaluation([...reasons, unreadable]);
    const found = nights([blind(a, b), blind(a), blind(a), blind(a, b)]);
    expect(told(found)).toEqual([0, 1, 3]);
  });

  it('shows what it hid when it can be read', () => {
    expect(told(nights([evaluation([a, unreadable]), whole, whole]))).toEqual([0, 1]);
  });
});

describe('more violations than are kept one by one', () => {
  const many = Array.from({ length: 4001 }, (_one, number) =>
    violation('license.none', { resource: `r${number}` }),
  );

  it('are compared as a whole, and taken to be there while they cannot be seen', () => {
    const fewer = evaluation(many.slice(1));
    const found = nights([
      evaluation(many),
      evaluation([...many.slice(9), unreadable]),
      evaluation(many),
      fewer,
    ]);
    expect(told(found)).toEqual([0, 3]);
    expect(found[0]?.known).not.toHaveProperty('violations');
  });

  it('fit into one entity up to that number', () => {
    const [first] = nights([evaluation(many.slice(1))]);
    expect(first?.known?.violations).toHaveLength(4000);
    // 1 MiB, at two bytes for each UTF-16 unit.
    expect(JSON.stringify(first).length * 2).toBeLessThan(1_000_000);
  });
});

it('a spell of readings that see less tells nothing, and leaves `since`, waivers and what is known as they were', () => {
  const reasons = Array.from({ length: 6 }, (_one, number) =>
    violation('license.none', { resource: String(number) }),
  );
  const seen = fc.subarray(reasons).map((part) => evaluation([...part, unreadable]));
  const unreadTotally = fc.constant(evaluation([unreadable]));
  const spells = fc.array(fc.oneof(seen, unreadTotally), { maxLength: 5 });
  const state = fc.subarray(reasons, { minLength: 1 });
  fc.assert(
    fc.property(state, spells, fc.boolean(), (present, spell, isAccepted) => {
      const partial = spell.map((reading) => within(reading, present));
      const before = evaluation(present);
      const waiver = isAccepted ? storedWaiver(present) : undefined;
      const found = nights([before, ...partial, before], waiver);
      const [first, last] = [found[0], found.at(-1)];
      expect(last).toMatchObject({ since: first?.since, waived: isAccepted });
      expect(last?.known).toEqual(first?.known);
      // Verdicts that change are told, and nothing else is.
      const changes = found.filter(({ verdict }, night) => verdict !== found[night - 1]?.verdict);
      expect(told(found)).toHaveLength(changes.length);
    }),
    { numRuns: 500 },
  );
});

/** What of a reading was there to be seen. */
function within({ reasons }: Evaluation, present: readonly Reason[]): Evaluation {
  const left = reasons.filter((reason) => reason.level === 'unknown' || present.includes(reason));
  return { ...evaluation(left), verdict: verdictOf(left) };
}
