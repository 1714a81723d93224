import { isDeepStrictEqual } from 'node:util';
import { daysLeft } from '../../../src/lib/controls/ews-access/retirement';
import { controlIds } from '../../../src/lib/model/verdict';
import { dayToTell, readEnds, toldAt } from '../../../src/lib/notify/ends';
import { collectOverview, readTargets } from '../../../src/lib/report/overview';
import { rowOf } from '../../../src/lib/report/cells';
import type { ToldSoFar } from '../../../src/lib/storage/digests';
import { DigestNights } from '../../support/digest-nights';
import { damage } from '../../support/damage';
import { instantTime, type PostSink, startPostSink } from '../../support/post-sink';
import { at, evaluation, overdueAt, TestStorage, violation } from '../../support/storage';
import { storedWaiver } from '../../support/waivers';
import { Digest } from '../../../src/lib/notify/model';
import * as z from 'zod';

jest.setTimeout(120_000);

let storage: TestStorage;
let webhook: PostSink;
let nights: DigestNights;
beforeAll(async () => {
  storage = await TestStorage.start();
  webhook = await startPostSink();
});
beforeEach(() => {
  webhook.taken.splice(0);
  nights = new DigestNights(storage, { webhook }, instantTime());
});
afterEach(() => storage.clear());
afterAll(async () => {
  await storage.stop();
  await webhook.close();
});

const Event = z.object({ data: Digest });
/** What was said since this was last asked, by section. */
const said = () =>
  webhook.taken
    .splice(0)
    .map(({ body }) =>
      Event.parse(JSON.parse(body)).data.customers.flatMap(({ sections }) =>
        sections.flatMap(({ kind, items }) => items.map(({ about, says }) => `${kind} ${about}: ${says}`)),
      ),
    );

it.each([
  [200, undefined],
  [180.1, undefined],
  [180, 180],
  [91, 180],
  [90, 90],
  [30.5, 60],
  [14, 14],
  [1.5, 3],
  [1, 1],
  [0, 1],
])('tells of what ends in %d days as of what ends in %s', (days, expected) => {
  expect(dayToTell(days * 86_400_000)).toBe(expected);
  expect([...toldAt]).toEqual(toldAt.toSorted((a, b) => b - a));
});

const keysAndDays = (ends: readonly (readonly unknown[])[]) => ends.map((end) => end.slice(0, 2));

describe('what is about to end', () => {
  const ends = async (hours: number, exchangeEndpoint = 'https://outlook.office365.com') => {
    const services = storage.services(() => at(hours));
    const statuses = await readTargets(services, at(hours));
    const targets = statuses.map((status) => ({ row: rowOf(status, overdueAt(at(hours))), status }));
    const found = await readEnds({ ...services, settings: { exchangeEndpoint } }, targets, at(hours));
    return found.map(({ key, days, words }) => [key, days, words]);
  };

  it('are accepted risks of targets that are watched, from 14 days on', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b', { paused: true });
    const day = (days: number) => at(24 * days).toISOString();
    for (const targetId of ['a', 'b', 'gone'])
      await storage.waivers.put(storedWaiver([violation('x')], { targetId, expiresAt: day(20) }));
    await storage.waivers.put(
      storedWaiver([violation('x')], { targetId: 'a', control: 'rooms', expiresAt: day(30) }),
    );
    const waivers = async (hours: number) =>
      (await ends(hours)).filter(([key]) => String(key).startsWith('waiver'));
    expect(await waivers(5 * 24)).toEqual([]);
    expect(await waivers(7 * 24)).toEqual([
      ['waiver a license', 14, 'what was accepted ends on 2026-11-21.'],
    ]);
    expect(keysAndDays(await waivers(19.5 * 24))).toEqual([
      ['waiver a license', 1],
      ['waiver a rooms', 14],
    ]);
    expect(keysAndDays(await waivers(20 * 24))).toEqual([['waiver a rooms', 14]]);
  });

  it('is the last secret or certificate that an application of the tenant has', async () => {
    await storage.putTarget('a');
    const message = 'The last secret or certificate of Rooms ends on 2026-12-01, in 29 days.';
    const reason = { code: 'consent.credentialExpiring', level: 'notice', message } as const;
    const credential = {
      kind: 'secret',
      name: null,
      startsAt: null,
      endsAt: '2026-12-01T00:00:00Z',
    } as const;
    await storage.putFinding('a', 'consent', { reasons: [reason], evidence: { credentials: [credential] } });
    const credentials = async (hours: number) =>
      (await ends(hours)).filter(([key]) => String(key).startsWith('credential'));
    expect(await credentials(24)).toEqual([['credential a', 30, message]]);
    expect(keysAndDays(await credentials(24 * 28))).toEqual([['credential a', 3]]);
    // What cannot be told any more is said all the same.
    await damage(storage, 'SyncwardenFindings', ['a', 'consent'], { evidence: '{}' });
    expect(await credentials(24)).toEqual([['credential a', 180, message]]);
  });

  it('are Exchange Web Services, for products that use them, in a cloud that has a day', async () => {
    await storage.putTarget('a');
    await storage.putTarget('b', { profile: 'condeco-microsoft-365-integration' });
    await storage.putTarget('c', { paused: true });
    const left = daysLeft('worldwide', at(24));
    expect(await ends(24)).toEqual([
      ['ews a', 180, `Exchange Web Services end in Exchange Online on 2027-04-01, in ${left ?? ''} days`],
    ]);
    expect(await ends(24, 'https://outlook.office365.us')).toEqual([]);
    expect(await ends(24 * 151)).toEqual([]);
    expect(keysAndDays(await ends(24 * 150))).toEqual([['ews a', 1]]);
  });
});

it('is told at each step once, and not beside what broke by it', async () => {
  await storage.putTarget('a', { profile: 'condeco-microsoft-365-integration' });
  const ends = (days: number, level: 'notice' | 'violation') => {
    const message = `The last secret ends, in ${days} days.`;
    const reasons = [{ code: 'consent.credentialExpiring', level, message } as const];
    const credential = {
      kind: 'secret',
      name: null,
      startsAt: null,
      endsAt: at(24 * 33).toISOString(),
    } as const;
    const summary = level === 'violation' ? message : 'All is granted.';
    return { 'a consent': evaluation(reasons, { summary, evidence: { credentials: [credential] } }) };
  };
  await nights.night(1, ends(31, 'notice'));
  await nights.digest(1);
  expect(said()).toEqual([['ending a: The last secret ends, in 31 days. (consent)']]);
  await nights.night(2, ends(30, 'notice'));
  expect(await nights.digest(2)).toEqual({ webhook: 'silent' });
  await nights.night(3, ends(29, 'violation'));
  await nights.digest(3);
  expect(said()).toEqual([['broke a: The last secret ends, in 29 days. (consent, high)']]);
  await nights.night(4, ends(28, 'violation'));
  expect(await nights.digest(4)).toEqual({ webhook: 'silent' });
  await nights.night(19, ends(13, 'violation'));
  await nights.digest(19);
  expect(said()).toEqual([['ending a: The last secret ends, in 13 days. (consent)']]);
});

describe('once a week', () => {
  // The first of November 2026 is a Sunday.
  const broken = (id: string) => ({
    [`a ${id}`]: evaluation([violation(`${id}.any`)], { summary: `${id} broke.` }),
  });

  it('tells on Mondays what has happened since the last', async () => {
    await storage.putTarget('a', { profile: 'condeco-microsoft-365-integration' });
    nights.weekly = true;
    await nights.night(0);
    expect(await nights.digest(0)).toEqual({ webhook: 'notDue' });
    await nights.night(1, broken('license'));
    expect(await nights.digest(1)).toEqual({ webhook: 'sent' });
    expect(said()).toEqual([['broke a: license broke. (license, high)']]);
    await nights.night(3, broken('consent'));
    expect(await nights.digest(3)).toEqual({ webhook: 'notDue' });
    await nights.night(8, broken('account'));
    webhook.otherwise = { status: 503 };
    expect(await nights.digest(8)).toEqual({ webhook: 'failed' });
    webhook.otherwise = { status: 202 };
    // It does not wait for another week.
    await nights.night(9, broken('account'));
    expect(await nights.digest(9)).toEqual({ webhook: 'sent' });
    expect(said()).toEqual([
      [
        'broke a: account broke. (account, critical)',
        'better a: It is compliant. (license, high, was not compliant)',
        'passed a: consent broke. (consent, high, and is no longer so)',
      ],
    ]);
    await nights.night(10, broken('account'));
    expect(await nights.digest(10)).toEqual({ webhook: 'notDue' });
  });
});

it('says what the page says', async () => {
  await storage.putTarget('a', { displayName: 'Rooms of A' });
  await storage.putTarget('b');
  await nights.night(1, {
    'a license': evaluation([violation('license.none')], { summary: 'No licence.' }),
    'b rooms': evaluation([violation('rooms.notInRoomList')], { summary: 'A room is in no list.' }),
  });
  await nights.digest(1);
  const { concerns } = await collectOverview(
    storage.services(() => at(31)),
    at(31),
  );
  const ofPage = concerns.map(
    ({ sentence, targets: [row] }) => `${row?.displayName ?? row?.targetId ?? ''}: ${sentence}`,
  );
  const [lines = []] = said();
  const broke = lines
    .filter((line) => line.startsWith('broke'))
    .map((line) => line.replace(/^broke | \(.*/g, ''));
  expect(broke).toEqual(ofPage);
  expect(broke).toHaveLength(2);
});

it('tells again what it was told where nobody can read that, rather than nothing', async () => {
  await storage.putTarget('a', { profile: 'condeco-microsoft-365-integration' });
  const broken = { 'a license': evaluation([violation('license.none')], { summary: 'No licence.' }) };
  await nights.night(1, broken);
  await nights.digest(1);
  await damage(storage, 'SyncwardenDigests', ['sink', 'webhook'], { told0: new Uint8Array([1, 2, 3]) });
  await nights.night(2, broken);
  expect(await nights.digest(2)).toEqual({ webhook: 'sent' });
  expect(said()).toEqual(Array(2).fill(['broke a: No licence. (license, high)']));
  expect(storage.said).toEqual([
    'What a sink of the digest was told cannot be read, and is told again {"sink":"webhook"}',
  ]);
});

/** Numbers from 0 to 1 without order, the same ones each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** Everything that can be wrong with so many targets. */
function everythingOpen(count: number, kind: 'violation' | 'unknown', random: () => number) {
  return Array.from({ length: count }).flatMap((_target, index) => {
    const targetId = `rooms-${index}-${Math.floor(random() * 1e6)}`;
    const name = `Target ${Math.floor(random() * 1e6)}`;
    return controlIds.map((control) => {
      const time = at(random() * 2).toISOString();
      const violations = { codes: [`${control}.none`], since: time, changedAt: time };
      const nothing = { codes: [], since: null, changedAt: null };
      return {
        ...{ targetId, name, customer: `customer-${index % 500}` },
        ...{ control, kind, ...(kind === 'violation' ? violations : nothing) },
      };
    });
  });
}

/** To tell how so much differs would take hours. */
const isSame = (a: unknown, b: unknown) =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));

async function putAndGet(open: ToldSoFar['open']) {
  const told = { open, ends: [], poison: { count: 0, messageIds: [] }, blind: [] };
  const since = at(1).toISOString();
  const begun = { id: 'x', body: '{}', counts: {}, told, until: since };
  const state = { awaitedFrom: since, since, told, leasedUntil: undefined, begun };
  const { etag } = (await storage.digests.get('webhook', storage.log)) ?? {};
  expect(await storage.digests.put('webhook', state, etag)).toEqual(expect.any(String));
  return { state, kept: await storage.digests.get('webhook', storage.log) };
}

it('keeps in one row that nothing is known of ten thousand targets', async () => {
  const { state, kept } = await putAndGet(everythingOpen(10_000, 'unknown', randomOf(1)));
  expect(isSame(kept?.told, state.told)).toBe(true);
  expect(isSame(kept?.begun, state.begun)).toBe(true);
});

it('tells again what is too much for a row, and goes on', async () => {
  const { state, kept } = await putAndGet(everythingOpen(10_000, 'violation', randomOf(2)));
  const open = kept?.told?.open ?? [];
  expect(open.length).toBeGreaterThan(20_000);
  expect(open.length).toBeLessThan(state.told.open.length);
  expect(isSame(open, state.told.open.slice(0, open.length))).toBe(true);
  expect(isSame(kept?.begun?.told.open, open)).toBe(true);
});
