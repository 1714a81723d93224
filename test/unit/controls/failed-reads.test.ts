import fc from 'fast-check';
import { compare } from '../../../src/lib/audit/compare';
import { identityOf, isUnread } from '../../../src/lib/audit/pins';
import { control } from '../../../src/lib/controls';
import { levelsOf } from '../../../src/lib/controls/codes';
import type { Control, Evaluation } from '../../../src/lib/controls/control';
import { examine } from '../../../src/lib/controls/examine';
import type { Reply } from '../../../src/lib/microsoft365/wire/reply';
import { planOptions, type Change, emptyPlan, type Plan } from '../../../src/lib/model/plan';
import type { StoredTarget } from '../../../src/lib/model/target';
import { type ControlId, controlIds } from '../../../src/lib/model/verdict';
import type { StoredWaiver } from '../../../src/lib/model/waiver';
import { profile } from '../../../src/lib/profiles';
import type { StoredFinding } from '../../../src/lib/storage/findings';
import { Draw } from '../../support/generated/draw';
import { type Generated, generateTenant } from '../../support/generated/tenant';
import { InProcessTenant, type Spoil } from '../../support/in-process-tenant';
import { at } from '../../support/storage';
import { storedWaiver } from '../../support/waivers';

/** Tenants for each control. */
const tenants = Number(process.env.TENANTS ?? 2000);

/** The same tenants each time, so that which codes come up is no matter of luck; `SEED` gives others. */
const seed = Number(process.env.SEED ?? 1);

/** So many reads of each are made to fail, one at a time; more `TENANTS` try more of them. */
const failuresPerTenant = 1;

const days = ['2026-11-23T02:00:00Z', '2026-11-23T02:00:00Z', '2027-03-31T02:00:00Z', '2027-04-01T00:00:00Z'];

/** What one reading of a tenant comes to. */
interface Outcome {
  evaluation: Evaluation;
  /** All that a repair would do, taking back what is not needed as well. */
  plan: Plan;
}

async function read(
  control: Control<unknown>,
  tenant: InProcessTenant,
  { target, now }: Generated & { now: Date },
  spoil?: Spoil,
): Promise<Outcome> {
  const requirement = { profile: profile(target.profile), target, now };
  const { facts, evaluation } = await examine(control, tenant.open(spoil), requirement);
  return {
    evaluation,
    plan:
      (facts === null
        ? undefined
        : control.plan?.(facts, evaluation, { ...requirement, include: planOptions })) ?? emptyPlan,
  };
}

/**
 * Ways in which a read fails. A 404 that is Microsoft's own word for a missing object is no failure but another tenant;
 * one of a list below an object that is there is.
 */
const failures: Record<string, (read: string, honest: Reply) => Reply | undefined> = {
  'a missing permission': () => error(403, 'Authorization_RequestDenied'),
  'a 404 from something in between': () => ({ status: 404, headers: {}, body: '<html>' }),
  'a list that is not there': (read) =>
    /^GET .*\/(appRoleAssignments|oauth2PermissionGrants)\b/.test(read)
      ? error(404, 'Request_ResourceNotFound')
      : undefined,
  'an error of the service': () => error(500, 'UnknownError'),
  'an answer that is none': () => ({ status: 200, headers: {}, body: { rows: [] } }),
  'a row that is not as documented': (_read, { body }) => ({
    ...{ status: 200, headers: {} },
    body: isList(body) ? { value: [...body.value, { id: 7 }] } : { id: 7 },
  }),
};

function error(status: number, code: string): Reply {
  return { status, headers: {}, body: { error: { code, message: 'Simulated.' } } };
}

function isList(body: unknown): body is { value: unknown[] } {
  return typeof body === 'object' && body !== null && 'value' in body && Array.isArray(body.value);
}

function violationsOf({ reasons }: Evaluation): string[] {
  return reasons.filter(({ level }) => level === 'violation').map(identityOf);
}

/** What is wrong with a reading in which one read failed, beside the whole one. */
function complaints(whole: Outcome, partial: Outcome): string[] {
  const [given, found] = [violationsOf(partial.evaluation), violationsOf(whole.evaluation)];
  const replaced = given.filter((violation) => !found.includes(violation));
  const isLess = found.some((violation) => !given.includes(violation));
  const { verdict, reasons } = partial.evaluation;
  const isFine = (one: string) => one === 'compliant' || one === 'notApplicable';
  return [
    ...replaced.map((violation) => `gives ${violation}, which is not there`),
    ...(isFine(verdict) && verdict !== whole.evaluation.verdict ? [`is ${verdict}`] : []),
    ...(isLess && !reasons.some(isUnread)
      ? ['hides a violation, and does not say that it could not read']
      : []),
    ...partial.plan.changes
      .filter((change) => !whole.plan.changes.some((planned) => isPartOf(change, planned)))
      .map(({ description }) => `would change what needs no change: ${description}`),
  ];
}

/** Whether a change does nothing that the other one does not do: one grant may hold several scopes. */
function isPartOf(part: Change, whole: Change): boolean {
  const [some, all] = [scopesIn(part), scopesIn(whole)];
  if (some === undefined || all === undefined) return isEqual(part.request, whole.request);
  return (
    isEqual(some.grant, all.grant) &&
    some.given.every((scope) => all.given.includes(scope)) &&
    some.taken.every((scope) => all.taken.includes(scope))
  );
}

/** The grant that a change is about, and the scopes that it gives and takes; undefined if it is about no grant. */
function scopesIn({ request: { method, url, body }, before, after }: Change) {
  if (!url.includes('/oauth2PermissionGrants')) return undefined;
  const [old, next] = [before as string[], after as string[]];
  return {
    // A new one has no address yet.
    grant: method === 'POST' ? { ...(body as object), scope: '' } : url,
    given: next.filter((scope) => !old.includes(scope)),
    taken: old.filter((scope) => !next.includes(scope)),
  };
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What is wrong with a reading whatever the tenant is. */
function flaws({ codes }: Control<unknown>, { evaluation, plan }: Outcome): string[] {
  return [
    ...evaluation.reasons.flatMap(({ code, level }) => {
      const known = codes[code];
      const levels = code.startsWith('unreadable.')
        ? ['unknown']
        : known === undefined
          ? []
          : levelsOf(known);
      return levels.includes(level) ? [] : [`gives ${code} as ${level}`];
    }),
    ...plan.changes
      .filter(({ before, after }) => JSON.stringify(before) === JSON.stringify(after))
      .map(({ description }) => `changes nothing: ${description}`),
    ...(evaluation.verdict === 'compliant' && plan.changes.length > 0 ? ['mends what is fine'] : []),
  ];
}

/** Rows have no say in what is known and accepted, and take long to count. */
function withoutRows({ resources: _, ...evaluation }: Evaluation): Evaluation {
  return evaluation;
}

/** Nights on end, with and without a waiver for what the first one found. */
class Spell {
  private readonly whole: Evaluation;
  private readonly begun: { waiver?: StoredWaiver; first: StoredFinding }[];

  constructor(
    private readonly id: ControlId,
    private readonly target: StoredTarget,
    whole: Evaluation,
  ) {
    this.whole = withoutRows(whole);
    const pinned = whole.reasons.filter(({ level }) => level !== 'notice');
    const subject = { targetId: target.targetId, control: id };
    const accepted = storedWaiver(pinned, { ...subject, subject: '' });
    this.begun = [
      { first: this.night(0, this.whole) },
      { waiver: accepted, first: this.night(0, this.whole, accepted) },
    ];
  }

  /** What is wrong after a night that could not read everything, and one that could. */
  after(partial: Evaluation): string[] {
    return this.begun.flatMap(({ waiver, first }) => {
      const second = this.night(1, withoutRows(partial), waiver, first);
      const third = this.night(2, this.whole, waiver, second);
      const isSame = first.since === third.since && first.waived === third.waived;
      return isSame ? [] : ['does not survive the spell'];
    });
  }

  private night(
    night: number,
    evaluation: Evaluation,
    waiver?: StoredWaiver,
    last?: StoredFinding,
  ): StoredFinding {
    const asked = { target: this.target, control: control(this.id), requests: 0, runId: '', waiver };
    return { ...compare({ ...asked, checkedAt: at(night), evaluation }, last), etag: '' };
  }
}

it.each(controlIds)(
  '%s: a read that fails takes violations away, and never gives another or calls it fine',
  async (id) => {
    const asked = control(id);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (generate) => {
        const draw = new Draw(generate);
        const now = new Date(draw.one(...days));
        const generated = { ...generateTenant(draw, id), now };
        const tenant = new InProcessTenant(generated.state, now);
        const whole = await read(asked, tenant, generated);
        for (const { code } of whole.evaluation.reasons) seen.add(code);
        const wrong = flaws(asked, whole);
        const spell = new Spell(id, generated.target, whole.evaluation);
        for (const failing of draw.few(tenant.reads, failuresPerTenant)) {
          const [how, fail] = draw.one(...Object.entries(failures));
          const partial = await read(asked, tenant, generated, (one, honest) =>
            one === failing ? fail(one, honest) : undefined,
          );
          const problems = [
            ...complaints(whole, partial),
            ...flaws(asked, partial),
            ...spell.after(partial.evaluation),
          ];
          wrong.push(...problems.map((problem) => `${how} at ${failing}: ${problem}`));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: tenants, seed },
    );
    // Whatever never came up was never put to the test.
    const never = Object.keys(asked.codes).filter((code) => !seen.has(code));
    expect([id, never]).toEqual([id, []]);
  },
  // How long it takes is for the bench to say.
  10 * 60_000,
);
