import { compare, digestOf, reopened } from '../../../src/lib/audit/compare';
import { control } from '../../../src/lib/controls';
import type { Evaluation } from '../../../src/lib/controls/control';
import type { StoredFinding } from '../../../src/lib/storage/findings';
import { writeJson } from '../../../src/lib/storage/json';
import { at, evaluation, numbered, row, storedTarget, unreadable, violation } from '../../support/storage';
import { storedWaiver } from '../../support/waivers';

/** What a series of nightly runs comes to, each with its transition announced before the next. */
function nights(...evaluations: Evaluation[]): StoredFinding[] {
  let last: StoredFinding | undefined;
  return evaluations.map((of, night) => {
    const finding = { ...compare(run(of, night), last), etag: String(night) };
    last = { ...finding, pending: [] };
    return finding;
  });
}

function run(of: Evaluation, night = 0) {
  const target = storedTarget('contoso');
  const common = { target, control: control('license'), runId: `night-${night}`, requests: 2 };
  return { ...common, evaluation: of, checkedAt: at(night) };
}

const time = (hours: number) => at(hours).toISOString();
const fine = evaluation();
const broken = evaluation([violation('license.none', { resource: 'svc@contoso.com', actual: 'no licence' })]);
const unread = evaluation([unreadable]);

describe('a comparison', () => {
  it('takes the first finding for a transition from nothing', () => {
    const [first] = nights(fine);
    expect(first).toMatchObject({ verdict: 'compliant', since: time(0), verifiedAt: time(0) });
    expect(first?.pending).toMatchObject([{ previousVerdict: null, verdict: 'compliant', resumed: false }]);
  });

  it('finds nothing to tell in a second night like the first', () => {
    const [, second] = nights(broken, broken);
    expect(second).toMatchObject({ since: time(0), checkedAt: time(1), verifiedAt: time(1), pending: [] });
  });

  it('keeps in mind what was open while it cannot be read', () => {
    const open = nights(broken, unread, unread, fine, unread).map(({ openCodes }) => openCodes);
    expect(open).toEqual([['license.none'], ['license.none'], ['license.none'], [], []]);
  });

  it('sees a verdict that has changed', () => {
    const [, second] = nights(fine, broken);
    expect(second).toMatchObject({ since: time(1), counts: { violations: 1 } });
    expect(second?.pending).toMatchObject([
      { previousVerdict: 'compliant', verdict: 'nonCompliant', codes: ['license.none'], at: time(1) },
    ]);
  });

  it.each([
    ['another code', violation('license.grace', { resource: 'svc@contoso.com', actual: 'no licence' })],
    ['another resource', violation('license.none', { resource: 'other@contoso.com', actual: 'no licence' })],
    ['another value', violation('license.none', { resource: 'svc@contoso.com', actual: 'kiosk' })],
    ['no value', violation('license.none', { resource: 'svc@contoso.com' })],
  ])('sees a violation with %s', (_case, other) => {
    const [, second] = nights(broken, evaluation([other]));
    expect(second?.pending).toMatchObject([{ previousVerdict: 'nonCompliant', verdict: 'nonCompliant' }]);
  });

  it.each([
    [
      'the case of a resource',
      violation('license.none', { resource: 'SVC@Contoso.com', actual: 'no licence' }),
    ],
    [
      'a date in the message',
      violation('license.none', { resource: 'svc@contoso.com', actual: 'no licence', message: 'since 2026' }),
    ],
    [
      'what is expected',
      violation('license.none', { resource: 'svc@contoso.com', actual: 'no licence', expected: 'E1' }),
    ],
  ])('overlooks %s', (_case, other) => {
    const [, second] = nights(broken, evaluation([other]));
    expect(second).toMatchObject({ since: time(0), pending: [] });
  });

  it('overlooks notices, and the order of violations', () => {
    const [a, b] = [violation('license.a'), violation('license.b')];
    const notice = { code: 'license.grace', level: 'notice' as const, message: 'It ends.' };
    const [, second] = nights(evaluation([a, b]), evaluation([b, a, notice]));
    expect(second?.pending).toEqual([]);
  });

  it('keeps the evidence, and when it was verified, while nothing can be read', () => {
    const [, second] = nights(evaluation([], { evidence: { plan: 'E1' } }), unread);
    expect(second).toMatchObject({ verdict: 'unknown', evidence: { plan: 'E1' }, verifiedAt: time(0) });
  });

  it('keeps the digest and the count of rows that could not be read, and of no others', () => {
    const three = evaluation([], { resources: numbered(3) });
    const broke = evaluation([violation('rooms.denied')]);
    const found = nights(fine, three, unread, broke, evaluation([], { resources: numbered(2) }));
    expect(found.map(({ counts }) => counts.resources)).toEqual([0, 3, 3, 3, 2]);
    const [none, first, second, third, fourth] = found.map(({ resourcesDigest }) => resourcesDigest);
    expect(none).toBe('');
    expect([second, third]).toEqual([first, first]);
    expect(new Set(['', first, fourth]).size).toBe(3);
  });

  it('counts rows by verdict, and keeps the counts of those that could not be read', () => {
    const rows = [
      row('a', { verdict: 'nonCompliant' }),
      row('b'),
      // The worst of several about one resource is the one that is kept.
      row('B', { verdict: 'unknown' }),
      row('c', { kind: 'mailbox', verdict: 'nonCompliant' }),
    ];
    const found = nights(
      fine,
      evaluation([], { resources: rows }),
      unread,
      evaluation([], { resources: [] }),
    );
    const [never, read, kept, empty] = found.map(({ rowCounts }) => rowCounts);
    const zero = { nonCompliant: 0, unknown: 0, compliant: 0, notApplicable: 0 };
    expect(never).toBeNull();
    expect(read).toEqual({
      rooms: { ...zero, nonCompliant: 1, unknown: 1 },
      mailboxes: { ...zero, nonCompliant: 1 },
    });
    expect(kept).toEqual(read);
    expect(empty).toEqual({ rooms: zero, mailboxes: zero });
  });

  it('says when it changed last, which a night without changes leaves as it is', () => {
    const found = nights(fine, fine, broken, broken, unread, broken, broken);
    expect(found.map(({ changedAt }) => changedAt)).toEqual([0, 0, 2, 2, 4, 5, 5].map(time));
    expect(found.map(({ since }) => since)).toEqual([0, 0, 2, 2, 4, 2, 2].map(time));
  });

  it('has a digest for no rows, which is another than for rows that nobody knows', () => {
    const [none] = nights(evaluation([], { resources: [] }));
    expect(none).toMatchObject({
      counts: { resources: 0 },
      resourcesDigest: expect.stringMatching(/./) as string,
    });
  });

  it('keeps what little it has when nothing was ever read', () => {
    const [first] = nights(evaluation([unreadable], { evidence: { flags: [] } }));
    expect(first).toMatchObject({ evidence: { flags: [] }, verifiedAt: null });
  });

  it('lets the same violations resume after a spell of unknown, since they began', () => {
    const [, , , fourth] = nights(broken, unread, unread, broken);
    expect(fourth).toMatchObject({ verdict: 'nonCompliant', since: time(0), verifiedAt: time(3) });
    expect(fourth?.pending).toMatchObject([{ previousVerdict: 'unknown', resumed: true }]);
  });

  it('lets other violations begin anew after a spell of unknown', () => {
    const [, , third] = nights(broken, unread, evaluation([violation('license.suspended')]));
    expect(third).toMatchObject({ since: time(2) });
    expect(third?.pending).toMatchObject([{ previousVerdict: 'unknown', resumed: false }]);
  });

  it('says since when nothing could be read', () => {
    const [, second, third] = nights(broken, unread, unread);
    expect([second?.since, third?.since]).toEqual([time(1), time(1)]);
  });

  it('keeps 50 reasons of a code, and compares them all', () => {
    const rooms = (count: number) =>
      Array.from({ length: count }, (_room, number) => violation('license.none', { resource: `r${number}` }));
    const many = evaluation([...rooms(60), violation('license.suspended')]);
    const [first] = nights(many);
    expect(first?.reasons).toHaveLength(51);
    expect(first?.counts.violations).toBe(61);
    expect(digestOf(many.reasons)).not.toBe(
      digestOf(evaluation([...rooms(59), ...many.reasons.slice(60)]).reasons),
    );
  });

  it('cuts texts and evidence that are too long to keep', () => {
    const long = 'x'.repeat(5_000);
    const reasons = [
      violation('license.none', { message: long, resource: long, expected: long, actual: long }),
    ];
    const [first] = nights(evaluation(reasons, { evidence: { rows: Array(9_000).fill('12345') } }));
    const { message, resource, expected, actual } = first?.reasons[0] ?? {};
    for (const text of [message, resource, expected, actual]) expect(text).toHaveLength(2_000);
    expect(first?.evidence).toMatchObject({
      omitted: { rows: expect.stringMatching(/of 9000 items/) as string },
    });
  });

  it('keeps the reasons together below what an entity holds', () => {
    const long = 'x'.repeat(2_000);
    const reasons = Array.from({ length: 400 }, (_one, number) =>
      violation(`license.${number}`, { message: long }),
    );
    const [first] = nights(evaluation(reasons));
    expect(JSON.stringify(first?.reasons).length).toBeLessThan(120_001);
    expect(first?.counts.violations).toBe(400);
  });

  it('takes the same violation twice for one', () => {
    const [a, b] = [violation('license.a', { resource: 'x' }), violation('license.a', { resource: 'X' })];
    expect(digestOf([a, b])).toBe(digestOf([a]));
  });

  it('fits into one entity, also when nothing could be announced for long', () => {
    const long = '\u2603'.repeat(2_000);
    let last: StoredFinding | undefined;
    for (let night = 0; night < 120; night++) {
      const reasons = Array.from({ length: 60 }, (_one, number) =>
        violation(`license.${number}`, { message: long, actual: String(night) }),
      );
      const of = evaluation(reasons, { summary: long, evidence: { rows: Array(9_000).fill('12345') } });
      last = { ...compare(run(of, night), last), etag: '' };
    }
    expect(last?.pending).toHaveLength(50);
    // 1 MiB, at two bytes for each UTF-16 unit.
    expect(JSON.stringify(last).length * 2).toBeLessThan(1_000_000);
    expect(() => writeJson('pending', last?.pending)).not.toThrow();
  });

  it('keeps transitions that wait to be announced, without their reasons', () => {
    const before = { ...compare(run(broken), undefined), etag: '0' };
    const quiet = { ...compare(run(broken, 1), before), etag: '1' };
    expect(quiet.pending).toMatchObject([{ verdict: 'nonCompliant', reasons: [] }]);
    const after = compare(run(fine, 2), quiet);
    expect(after.pending.map(({ verdict }) => verdict)).toEqual(['nonCompliant', 'compliant']);
  });
});

describe('a comparison with a waiver', () => {
  const waiver = storedWaiver(broken.reasons);
  const accepted = { by: waiver.by, reason: waiver.reason, expiresAt: waiver.expiresAt };
  const open = { ...compare(run(broken), undefined), etag: '0' };
  const waived = { ...compare({ ...run(broken, 1), waiver }, open), etag: '1' };

  it('takes being accepted for a transition, and says by whom', () => {
    expect(waived).toMatchObject({ verdict: 'nonCompliant', waived: true, waiver: accepted, since: time(0) });
    expect(waived.pending.at(-1)).toMatchObject({ waived: true, waiver: accepted, resumed: false });
  });

  it('finds nothing to tell while it stays so, whoever accepts it', () => {
    const renewed = compare({ ...run(broken, 2), waiver: { ...waiver, by: 'Grace' } }, waived);
    expect(renewed).toMatchObject({ waived: true, waiver: { by: 'Grace' } });
    expect(renewed.pending).toHaveLength(waived.pending.length);
  });

  it('takes the end of it for a transition, in which the violations go on', () => {
    const over = compare({ ...run(broken, 100), waiver }, waived);
    expect(over).toMatchObject({ waived: false, waiver: null, since: time(0) });
    expect(over.pending.at(-1)).toMatchObject({
      ...{ previousVerdict: 'nonCompliant', previousWaived: true, waived: false },
    });
    expect(over.pending.at(-1)).not.toHaveProperty('waiver');
  });

  it('leaves nothing open that is accepted, nor while that cannot be read', () => {
    expect(waived.openCodes).toEqual([]);
    expect(compare({ ...run(unread, 2), waiver }, waived).openCodes).toEqual([]);
  });

  it('does not keep the words of a waiver with transitions that wait', () => {
    const next = compare({ ...run(broken, 2), waiver }, waived);
    expect(next.pending.at(-1)).not.toHaveProperty('waiver');
  });

  it('re-opens a finding as it was read, at a moment of its own', () => {
    const now = reopened(waived, at(1));
    const { pending, etag, ...rest } = waived;
    const changedAt = '2026-11-01T01:00:00.001Z';
    const open = { waived: false, waiver: null, openCodes: ['license.none'] };
    const changedFrom = { previousVerdict: 'nonCompliant', previousWaived: true, resumed: false };
    const openSince = { 'license.none': changedAt };
    expect(now).toEqual({ ...rest, ...open, openSince, changedAt, changedFrom, pending: now.pending });
    expect(now.pending).toHaveLength(pending.length + 1);
    expect(now.pending.at(-1)).toMatchObject({
      at: '2026-11-01T01:00:00.001Z',
      codes: ['license.none'],
      reasons: broken.reasons,
    });
    expect(new Set(now.pending.map(({ transitionId }) => transitionId)).size).toBe(now.pending.length);
    expect(reopened(waived, at(7)).pending.at(-1)).toMatchObject({ at: time(7) });
  });
});
