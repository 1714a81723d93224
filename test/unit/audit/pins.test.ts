import fc from 'fast-check';
import type { AuditRun } from '../../../src/lib/audit/audit-run';
import { acceptableUnknowns, judge, pinsOf } from '../../../src/lib/audit/pins';
import { control } from '../../../src/lib/controls';
import type { Reason } from '../../../src/lib/model/verdict';
import type { StoredWaiver } from '../../../src/lib/model/waiver';
import { at, evaluation, storedTarget, unreadable, violation } from '../../support/storage';
import { storedWaiver } from '../../support/waivers';

const target = storedTarget('contoso');

function run(reasons: readonly Reason[], more: Partial<AuditRun> = {}): AuditRun {
  const common = { target, control: control('license'), runId: 'run', requests: 1 };
  return { ...common, evaluation: evaluation(reasons), checkedAt: at(1), ...more };
}

/** What a run leaves of a waiver, as reasons among these. */
function leftOf(waiver: StoredWaiver, of: AuditRun, among: readonly Reason[]): Reason[] {
  const { left } = judge(waiver, of);
  return among.filter((reason) => [...pinsOf([reason], waiver.salt)].every((pin) => left.has(pin)));
}

const unknown = (code: string, resource = 'a'): Reason => ({
  code,
  level: 'unknown',
  message: '?',
  resource,
});
const federated = unknown('password.managedElsewhere');
const unresolved = unknown('impersonation.scopeUnresolved');
const [a, b, c] = ['a', 'b', 'c'].map((resource) => violation('license.none', { resource })) as [
  Reason,
  Reason,
  Reason,
];

/** Few enough of everything that sets meet often. */
const reasons = fc.uniqueArray(
  fc.record({
    code: fc.constantFrom('license.none', 'license.suspended', 'license.grace'),
    resource: fc.constantFrom('a@contoso.com', 'b@contoso.com'),
    actual: fc.constantFrom('', '1'),
  }),
  { selector: (one) => JSON.stringify(one) },
);
const violations = (ones: { code: string; resource: string; actual: string }[]) =>
  ones.map(({ code, ...more }) => violation(code, more));
const key = ({ code, resource, actual }: Reason) => `${code} ${String(resource)} ${String(actual)}`;

describe('a waiver', () => {
  it('accepts any part of what was pinned, and nothing else', () => {
    fc.assert(
      fc.property(reasons, reasons, (pinned, present) => {
        const [then, now] = [violations(pinned), violations(present)];
        const known = new Set(then.map(key));
        const { waived } = judge(storedWaiver(then), run(now));
        expect(waived).toBe(now.length > 0 && now.every((reason) => known.has(key(reason))));
      }),
    );
  });

  it('keeps of what was pinned what is still there, whatever came beside it', () => {
    fc.assert(
      fc.property(reasons, reasons, (pinned, present) => {
        const [then, now] = [violations(pinned), violations(present)];
        const both = new Set(now.map(key));
        const left = leftOf(storedWaiver(then), run(now), then).map(key);
        expect(left).toEqual(then.map(key).filter((one) => both.has(one)));
      }),
    );
  });

  it('stays accepted from night to night while things only get better, and not once one comes back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(20), { minLength: 2 }), fc.nat(), (numbers, gone) => {
        const all = numbers.map((number) => violation('license.none', { resource: `r${number}` }));
        const fewer = all.filter((_one, index) => index !== gone % all.length);
        const waiver = storedWaiver(all);
        const better = judge(waiver, run(fewer));
        expect(better.waived).toBe(true);
        const shrunk = { ...waiver, pins: better.left };
        expect(judge(shrunk, run(fewer))).toEqual({ waived: true, left: shrunk.pins });
        expect(judge(shrunk, run(all)).waived).toBe(false);
      }),
    );
  });

  it('takes a resource for the same in any case, and an order for no difference', () => {
    const upper = { ...a, resource: 'A', message: 'It ends tomorrow.', expected: 'E1' };
    expect(judge(storedWaiver([a, b]), run([b, upper]))).toMatchObject({ waived: true });
    expect(judge(storedWaiver([a]), run([a, upper]))).toMatchObject({ waived: true });
  });

  it.each<[string, Reason]>([
    ['another value', { ...a, actual: 'kiosk' }],
    ['another code', { ...a, code: 'license.suspended' }],
    ['another resource', b],
  ])('does not hide a violation with %s', (_case, other) => {
    const waiver = storedWaiver([a]);
    expect(judge(waiver, run([other]))).toEqual({ waived: false, left: new Set() });
    expect(judge(waiver, run([a, other]))).toEqual({ waived: false, left: waiver.pins });
  });

  it('gives the unchanged pins themselves, so that nothing has to be written', () => {
    const waiver = storedWaiver([a, b]);
    expect(judge(waiver, run([a, b])).left).toBe(waiver.pins);
    expect(judge(waiver, run([a, b, c])).left).toBe(waiver.pins);
  });

  it.each([
    ['a moment before it ends', -1, true],
    ['when it ends', 0, false],
    ['a second later', 1000, false],
  ])('by its date: %s', (_case, milliseconds, waived) => {
    const waiver = storedWaiver([a], { expiresAt: at(5).toISOString() });
    const checkedAt = new Date(at(5).getTime() + milliseconds);
    expect(judge(waiver, run([a], { checkedAt }))).toEqual({ waived, left: waiver.pins });
  });

  it('is for one version of the control, and waits for that one to come back', () => {
    const next = { ...control('license'), version: control('license').version + 1 };
    const waiver = storedWaiver([a, b]);
    expect(judge(waiver, run([a, b], { control: next }))).toEqual({ waived: false, left: waiver.pins });
    expect(judge(waiver, run([a], { control: next })).left).toBe(waiver.pins);
    expect(judge(waiver, run([], { control: next })).left.size).toBe(0);
  });

  it.each([
    ['another account', { serviceAccount: 'other@contoso.com' }],
    ['another application', { clientAppId: '0e0e0e0e-0000-4000-8000-000000000001' }],
    ['another tenant', { tenantId: '0f0f0f0f-0000-4000-8000-000000000001' }],
    ['a target that was deleted and made again', { createdAt: at(0.5).toISOString() }],
  ])('says nothing about %s', (_case, change) => {
    const other = { ...target, ...change };
    expect(judge(storedWaiver([a]), run([a], { target: other }))).toEqual({ waived: false, left: new Set() });
  });

  it('holds through a change of options', () => {
    const other = { ...target, paused: true, updatedAt: at(0.5).toISOString() };
    expect(judge(storedWaiver([a]), run([a], { target: other })).waived).toBe(true);
  });

  it.each(['compliant', 'notApplicable'] as const)('has nothing left when the verdict is %s', (verdict) => {
    const good = evaluation([], { verdict });
    const judged = judge(storedWaiver([a]), run([], { evaluation: good }));
    expect(judged).toEqual({ waived: false, left: new Set() });
  });

  it('is neither shrunk nor ended by a reading that began before it', () => {
    const waiver = storedWaiver([a, b], { createdAt: at(2).toISOString() });
    expect(judge(waiver, run([]))).toEqual({ waived: false, left: waiver.pins });
    expect(judge(waiver, run([a]))).toEqual({ waived: true, left: waiver.pins });
  });

  it('does not depend on notices', () => {
    const notice: Reason = { code: 'license.grace', level: 'notice', message: 'It ends.' };
    const waiver = storedWaiver([a]);
    expect(judge(waiver, run([a, notice]))).toEqual({ waived: true, left: waiver.pins });
  });
});

describe('what could not be read', () => {
  it('is not accepted, and leaves the waiver as it is', () => {
    const waiver = storedWaiver([a, b]);
    expect(judge(waiver, run([unreadable]))).toEqual({ waived: false, left: waiver.pins });
    expect(judge(waiver, run([federated, unreadable]))).toEqual({ waived: false, left: waiver.pins });
  });

  it('changes nothing about violations that are accepted, and those that are missing have not gone', () => {
    const waiver = storedWaiver([a, b]);
    expect(judge(waiver, run([a, unreadable]))).toEqual({ waived: true, left: waiver.pins });
    expect(judge(waiver, run([c, unreadable]))).toEqual({ waived: false, left: waiver.pins });
  });
});

describe('an unknown that is a state of the tenant', () => {
  it.each([...acceptableUnknowns])('may be accepted: %s', (code) => {
    const [one, other] = [unknown(code), unknown(code, 'b')];
    expect(judge(storedWaiver([one]), run([one])).waived).toBe(true);
    expect(judge(storedWaiver([one]), run([one, other])).waived).toBe(false);
    expect(leftOf(storedWaiver([one, other]), run([one]), [one, other])).toEqual([one]);
  });

  it('is not taken along by violations, and outlasts them', () => {
    const waiver = storedWaiver([unresolved]);
    expect(judge(waiver, run([a, unresolved]))).toEqual({ waived: false, left: waiver.pins });
    // Of a finding that is nonCompliant the violations alone have to be accepted.
    expect(judge(storedWaiver([a]), run([a, unresolved])).waived).toBe(true);
  });
});

describe('pins', () => {
  it('are short digests, each once, and different for every waiver', () => {
    const pins = [...pinsOf([a, { ...a, resource: 'A' }, b], 'salt')];
    expect(pins).toHaveLength(2);
    for (const pin of pins) expect(pin).toMatch(/^[0-9a-f]{16}$/);
    expect([...pinsOf([a, b], 'pepper')].some((pin) => pins.includes(pin))).toBe(false);
  });

  it('tell a value from a missing one, and a code from a resource', () => {
    const likes = [
      violation('x'),
      violation('x', { resource: '' }),
      violation('x', { actual: '' }),
      violation('x","y'),
      violation('x', { resource: 'y' }),
    ];
    expect(pinsOf(likes, '').size).toBe(likes.length);
  });
});
