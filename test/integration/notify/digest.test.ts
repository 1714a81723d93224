import * as z from 'zod';
import type { Evaluation } from '../../../src/lib/controls/control';
import { deleteTarget } from '../../../src/lib/api/targets';
import { Digest } from '../../../src/lib/notify/model';
import type { DigestTable } from '../../../src/lib/storage/digests';
import { damage } from '../../support/damage';
import { DigestNights } from '../../support/digest-nights';
import { instantTime, type Posted, type PostSink, signature, startPostSink } from '../../support/post-sink';
import { address, at, evaluation, TestStorage, unreadable, violation } from '../../support/storage';

jest.setTimeout(120_000);

let storage: TestStorage;
let webhook: PostSink;
let teams: PostSink;
let time: ReturnType<typeof instantTime>;
let nights: DigestNights;
beforeAll(async () => {
  storage = await TestStorage.start();
});
beforeEach(async () => {
  webhook = await startPostSink();
  teams = await startPostSink();
  time = instantTime();
  nights = new DigestNights(storage, { webhook, teams }, time);
});
afterEach(async () => {
  // Whatever has happened: who reads a log, an event or a table learns nothing to post with.
  const told = JSON.stringify([storage.said, nights.telemetry.events]);
  await webhook.close();
  await teams.close();
  await storage.clear();
  expect(told).not.toContain(signature);
  expect(told).not.toContain('127.0.0.1');
});
afterAll(() => storage.stop());

const Event = z.object({ id: z.string(), data: Digest.extend({ text: z.string() }) });
const eventIn = ({ body }: Posted) => Event.parse(JSON.parse(body));
const Card = z.object({
  attachments: z.tuple([
    z.object({
      content: z.object({ body: z.array(z.object({ inlines: z.array(z.object({ text: z.string() })) })) }),
    }),
  ]),
});
const cardIn = ({ body }: Posted) =>
  Card.parse(JSON.parse(body)).attachments[0].content.body.map(({ inlines }) =>
    inlines.map(({ text }) => text).join(''),
  );
/** What was sent since the last time that this was asked: texts of the events, and lines of the cards. */
const sent = () => ({
  webhook: webhook.taken.splice(0).map((posted) => eventIn(posted).data.text.split('\n')),
  teams: teams.taken.splice(0).map(cardIn),
});
/** The same, without links, headlines and periods: what was said of whom. */
const said = () =>
  sent().webhook.map((lines) =>
    lines.filter((line) => /^[-!=]/.test(line)).map((line) => line.replace(/ https:.*/, '')),
  );

const found = (code: string, message: string): Evaluation =>
  evaluation([violation(code, { message })], { summary: message });
const noLicence = found('license.none', 'No licence is assigned to svc@contoso.com.');
const blocked = found('account.signInBlocked', 'Sign-in of svc@fabrikam.com is blocked.');
const busy = evaluation([unreadable], { summary: unreadable.message });

async function putTargets(): Promise<void> {
  await storage.putTarget('london', { customer: 'contoso', displayName: 'Contoso, London' });
  await storage.putTarget('paris', { customer: 'contoso' });
  await storage.putTarget('fabrikam');
}
/** The app is in use: the first digest is behind it. */
async function begin(): Promise<void> {
  await putTargets();
  await nights.night(1);
  expect(await nights.digest(1)).toEqual({ webhook: 'sent', teams: 'sent' });
  sent();
}
const link = (place: string) => `${address}/api/report?targetId=${place}`;

describe('three nights', () => {
  it('are told each for itself, to both sinks; the one in which nothing happens is not', async () => {
    await putTargets();
    await nights.night(1, { 'london license': noLicence });
    expect(await nights.digest(1)).toEqual({ webhook: 'sent', teams: 'sent' });
    const ews = 'Exchange Web Services end in Exchange Online on 2027-04-01, in 150 days';
    expect(sent()).toEqual({
      webhook: [
        [
          '1 broke, 3 end soon.',
          'All that is open on 2026-11-02 07:00:00 UTC.',
          '',
          '== contoso',
          'Broke:',
          `- Contoso, London: No licence is assigned to svc@contoso.com. (license, high) ${link('london#license')}`,
          'About to end:',
          `- 2 of 2 targets: ${ews}, and their products use them: Contoso, London, paris. ${address}/api/report`,
          '',
          '== No customer',
          'About to end:',
          `- fabrikam: ${ews}, and its product uses them. ${link('fabrikam#ews-access')}`,
          '',
          `${address}/api/report`,
        ],
      ],
      teams: [
        [
          '1 broke, 3 end soon.',
          'All that is open on 2026-11-02 07:00:00 UTC.',
          'contoso',
          'Broke',
          'Contoso, London: No licence is assigned to svc@contoso.com. (license, high)',
          'About to end',
          `2 of 2 targets: ${ews}, and their products use them: Contoso, London, paris.`,
          'No customer',
          'About to end',
          `fabrikam: ${ews}, and its product uses them.`,
        ],
      ],
    });

    await nights.night(2, {
      'london license': noLicence,
      'paris consent': busy,
      'fabrikam account': blocked,
    });
    expect(await nights.digest(2)).toEqual({ webhook: 'sent', teams: 'sent' });
    expect(sent()).toEqual({
      webhook: [
        [
          '1 broke, 1 could not be read or verified.',
          'From 2026-11-02 07:00:00 UTC to 2026-11-03 07:00:00 UTC.',
          '',
          '== No customer',
          'Broke:',
          `- fabrikam: Sign-in of svc@fabrikam.com is blocked. (account, critical) ${link('fabrikam#account')}`,
          '',
          '== contoso',
          'Could not be read or verified:',
          `- paris: Microsoft 365 was busy. (consent, high) ${link('paris#consent')}`,
          '',
          '1 finding that was told before still needs somebody.',
          '',
          `${address}/api/report`,
        ],
      ],
      teams: [
        [
          '1 broke, 1 could not be read or verified.',
          'From 2026-11-02 07:00:00 UTC to 2026-11-03 07:00:00 UTC.',
          'No customer',
          'Broke',
          'fabrikam: Sign-in of svc@fabrikam.com is blocked. (account, critical)',
          'contoso',
          'Could not be read or verified',
          'paris: Microsoft 365 was busy. (consent, high)',
          '1 finding that was told before still needs somebody.',
        ],
      ],
    });

    await nights.night(3, {
      'london license': noLicence,
      'paris consent': busy,
      'fabrikam account': blocked,
    });
    expect(await nights.digest(3)).toEqual({ webhook: 'silent', teams: 'silent' });
    expect(sent()).toEqual({ webhook: [], teams: [] });

    await nights.night(4, { 'paris consent': busy });
    expect(await nights.digest(4)).toEqual({ webhook: 'sent', teams: 'sent' });
    expect(sent().webhook).toEqual([
      [
        '2 got better.',
        // Up to the night in which there was nothing to say.
        'From 2026-11-04 07:00:00 UTC to 2026-11-05 07:00:00 UTC.',
        '',
        '== contoso',
        'Got better:',
        `- Contoso, London: It is compliant. (license, high, was not compliant) ${link('london#license')}`,
        '',
        '== No customer',
        'Got better:',
        `- fabrikam: It is compliant. (account, critical, was not compliant) ${link('fabrikam#account')}`,
        '',
        '1 finding that was told before still needs somebody.',
        '',
        `${address}/api/report`,
      ],
    ]);
    expect(storage.said).toEqual([]);
    await nights.telemetry.flush();
    const events = nights.telemetry.named('DigestSent').map(({ sink, at: until }) => `${until} ${sink}`);
    const expected = [31, 55, 103].flatMap((hours) =>
      ['teams', 'webhook'].map((sink) => `${at(hours).toISOString()} ${sink}`),
    );
    expect(events.sort()).toEqual(expected);
  });
});

describe('a sink that is down', () => {
  const down = { status: 503 };

  it('for a night, as the other one is, is told in the log, and then of both nights exactly once', async () => {
    await begin();
    Object.assign(webhook, { otherwise: down });
    Object.assign(teams, { otherwise: 'break' });
    await nights.night(2, { 'london license': noLicence });
    expect(await nights.digest(2)).toEqual({ webhook: 'failed', teams: 'failed' });
    expect([webhook.posted.length, teams.posted.length]).toEqual([6, 6]);
    expect(storage.said.sort()).toEqual([
      `A digest could not be sent {"sink":"teams","problem":"UND_ERR_SOCKET","attempts":5,"since":"${at(31).toISOString()}"}`,
      `A digest could not be sent {"sink":"webhook","problem":"status 503","attempts":5,"since":"${at(31).toISOString()}"}`,
    ]);
    expect(sent()).toEqual({ webhook: [], teams: [] });

    for (const sink of [webhook, teams]) Object.assign(sink, { otherwise: { status: 202 } });
    await nights.night(3, { 'london license': noLicence, 'fabrikam account': blocked });
    expect(await nights.digest(3)).toEqual({ webhook: 'sent', teams: 'sent' });
    const both = sent();
    expect(both.webhook).toHaveLength(1);
    expect(both.webhook[0]?.slice(0, 2)).toEqual([
      '2 broke.',
      'From 2026-11-02 07:00:00 UTC to 2026-11-04 07:00:00 UTC.',
    ]);
    for (const lines of [both.webhook.flat(), both.teams.flat()])
      for (const words of [
        'Sign-in of svc@fabrikam.com is blocked.',
        'No licence is assigned to svc@contoso.com.',
      ])
        expect(lines.filter((line) => line.includes(words))).toHaveLength(1);

    await nights.night(4, { 'london license': noLicence, 'fabrikam account': blocked });
    expect(await nights.digest(4)).toEqual({ webhook: 'silent', teams: 'silent' });
  });

  it('keeps the other one from nothing', async () => {
    await begin();
    Object.assign(teams, { otherwise: { status: 404 } });
    await nights.night(2, { 'london license': noLicence });
    expect(await nights.digest(2)).toEqual({ webhook: 'sent', teams: 'failed' });
    Object.assign(teams, { otherwise: { status: 202 } });
    await nights.night(3, { 'london license': noLicence });
    expect(await nights.digest(3)).toEqual({ webhook: 'silent', teams: 'sent' });
    expect(sent()).toMatchObject({ webhook: [{}], teams: [{}] });
  });

  it('for a moment is asked again', async () => {
    await begin();
    webhook.treatments.push(down, { status: 429, headers: { 'retry-after': '60' } });
    await nights.night(2, { 'london license': noLicence });
    expect(await nights.digest(2)).toEqual({ webhook: 'sent', teams: 'sent' });
    expect(time.waits).toEqual([4000, 60_000]);
    expect(webhook.posted.slice(-3).map(({ body }) => body)).toEqual(Array(3).fill(webhook.taken[0]?.body));
    expect(storage.said).toEqual([]);
  });

  it('tells of what came and went while it was', async () => {
    await begin();
    for (const sink of [webhook, teams]) Object.assign(sink, { otherwise: down });
    await nights.night(2, { 'london license': noLicence });
    await nights.digest(2);
    for (const sink of [webhook, teams]) Object.assign(sink, { otherwise: { status: 202 } });
    await nights.night(3);
    expect(await nights.digest(3)).toEqual({ webhook: 'sent', teams: 'sent' });
    expect(said()).toEqual([
      [
        '== contoso',
        '- Contoso, London: No licence is assigned to svc@contoso.com. (license, high, and is no longer so)',
      ],
    ]);
  });
});

describe('never twice for the same night', () => {
  it('when the timer runs twice, one after the other', async () => {
    await begin();
    await nights.night(2, { 'london license': noLicence });
    expect(await nights.digest(2)).toEqual({ webhook: 'sent', teams: 'sent' });
    nights.hours += 0.1;
    expect(await nights.send()).toEqual({ webhook: 'silent', teams: 'silent' });
    expect(sent()).toMatchObject({ webhook: [{}], teams: [{}] });
  });

  it('when it runs several times at once', async () => {
    await begin();
    await nights.night(2, { 'london license': noLicence });
    nights.hours = 55;
    const runs = await Promise.all(Array.from({ length: 5 }, () => nights.send()));
    expect(runs.filter(({ webhook: became }) => became === 'sent')).toHaveLength(1);
    expect(runs.filter(({ teams: became }) => became === 'sent')).toHaveLength(1);
    expect([webhook.posted.length, teams.posted.length]).toEqual([2, 2]);
  });

  it('when it runs while it is being sent', async () => {
    await begin();
    await nights.night(2, { 'london license': noLicence });
    const others: object[] = [];
    webhook.onPost = async () => others.push(await nights.send());
    expect(await nights.digest(2)).toMatchObject({ webhook: 'sent' });
    expect(others).toMatchObject([{ webhook: 'busy' }]);
    expect(webhook.posted).toHaveLength(2);
  });
});

describe('a process that dies', () => {
  /** Services whose process dies when it writes what was told for the nth time. */
  const dyingAt = (nth: number) => {
    let writes = 0;
    const put: typeof storage.digests.put = (...given) =>
      ++writes < nth ? storage.digests.put(...given) : Promise.reject(new Error('The process is gone.'));
    return {
      ...nights.services(),
      digests: Object.assign(Object.create(storage.digests) as DigestTable, { put }),
    };
  };
  beforeEach(() => {
    nights = new DigestNights(storage, { webhook }, time);
  });
  const ids = () => webhook.taken.map((posted) => eventIn(posted).id);

  it('before it sends has told nothing, and the next one tells it', async () => {
    await putTargets();
    await nights.night(1, { 'london license': noLicence });
    nights.hours = 31;
    await expect(nights.send(dyingAt(1))).rejects.toThrow('The process is gone.');
    expect(webhook.posted).toEqual([]);
    expect(await nights.send()).toEqual({ webhook: 'sent' });
  });

  it('after it has sent is followed by one that sends the same, under the same id; then what is new', async () => {
    await putTargets();
    await nights.night(1, { 'london license': noLicence });
    nights.hours = 31;
    await expect(nights.send(dyingAt(2))).rejects.toThrow('The process is gone.');
    expect(ids()).toEqual([`/${at(31).toISOString()}`]);
    // It may be at work all the same.
    nights.hours = 31.05;
    expect(await nights.send()).toEqual({ webhook: 'busy' });

    await nights.night(2, { 'london license': noLicence, 'fabrikam account': blocked });
    expect(await nights.digest(2)).toEqual({ webhook: 'sent' });
    const [first, again, second, ...more] = webhook.taken;
    expect(more).toEqual([]);
    expect(again?.body).toBe(first?.body);
    expect(ids()).toEqual([
      `/${at(31).toISOString()}`,
      `/${at(31).toISOString()}`,
      `${at(31).toISOString()}/${at(55).toISOString()}`,
    ]);
    expect(second?.body).toContain('Sign-in of svc@fabrikam.com is blocked.');
    expect(second?.body).not.toContain('No licence is assigned to svc@contoso.com.');
    expect(storage.said).toEqual([
      `A digest that was begun is sent again {"sink":"webhook","id":"/${at(31).toISOString()}"}`,
    ]);
    nights.hours += 1;
    expect(await nights.send()).toEqual({ webhook: 'silent' });
  });
});

describe('silence', () => {
  it('is not fine: that nobody is looking is said each day', async () => {
    await begin();
    // No night comes, and nobody has looked.
    expect(await nights.digest(3)).toEqual({ webhook: 'sent', teams: 'sent' });
    const names = 'account, consent, ews-access, impersonation, license, password-expiry, rooms, sign-in';
    const alarms = [
      `! Nobody is looking: the night of 8 controls was due and has not come (${names}).`,
      '! Nobody is looking: nothing at all was verified within 26 hours.',
      '! Nobody is looking: the watchdog, which looks every hour, has not been heard for three hours.',
    ];
    const [lines = []] = said();
    expect(lines.slice(0, 3)).toEqual(alarms);
    expect(await nights.digest(4)).toEqual({ webhook: 'sent', teams: 'sent' });
    expect(said()[0]?.slice(0, 3)).toEqual(alarms);
    await nights.night(5);
    await nights.digest(5);
    expect(
      said()
        .flat()
        .filter((line) => line.startsWith('!')),
    ).toEqual([]);
    expect(await nights.digest(5)).toEqual({ webhook: 'silent', teams: 'silent' });
  });

  it('is not fine: what was not verified in time, and has been since', async () => {
    await begin();
    // The timers run, and nothing comes of it.
    await nights.nightWithoutAudits(2);
    await nights.nightWithoutAudits(3);
    expect(await nights.digest(3)).toEqual({ webhook: 'sent', teams: 'sent' });
    expect(said()).toEqual([
      [
        '! Nobody is looking: nothing at all was verified within 26 hours.',
        '== contoso',
        '- Contoso, London: Not verified in time. (critical)',
        '- paris: Not verified in time. (critical)',
        '== No customer',
        '- fabrikam: Not verified in time. (critical)',
      ],
    ]);
    await nights.night(4);
    expect(await nights.digest(4)).toEqual({ webhook: 'sent', teams: 'sent' });
    expect(said()).toEqual([
      [
        '== contoso',
        '- Contoso, London: Verified again: 8 controls.',
        '- paris: Verified again: 8 controls.',
        '== No customer',
        '- fabrikam: Verified again: 8 controls.',
      ],
    ]);
  });

  it('is kept where nothing is watched', async () => {
    expect(await nights.digest(1)).toEqual({ webhook: 'silent', teams: 'silent' });
    await storage.putTarget('paused', { paused: true });
    expect(await nights.digest(2)).toEqual({ webhook: 'silent', teams: 'silent' });
  });
});

it('tells of what cannot be understood, of failed messages, and of targets that nobody looks at any more', async () => {
  await begin();
  const broken = { 'london license': noLicence, 'paris license': noLicence, 'fabrikam license': noLicence };
  await nights.night(2, broken);
  await nights.digest(2);
  sent();
  await nights.night(3, broken);
  await damage(storage, 'SyncwardenTargets', ['target', 'fabrikam'], { definition: '{' });
  await storage.poison('not JSON');
  await storage.putTarget('paris', { customer: 'contoso', paused: true });
  await deleteTarget(storage.services(storage.now), 'london');
  await nights.digest(3);
  expect(said()).toEqual([
    [
      '! 1 audit failed five times, and waits in the poison queue.',
      '== No customer',
      '- fabrikam: The target cannot be read, so nobody audits it. (critical)',
      '== contoso',
      '- Contoso, London: It was deleted.',
      '- paris: It is paused, and not watched.',
    ],
  ]);
  expect(await nights.digest(4)).toMatchObject({ webhook: 'sent' });
});

it('costs the same few requests however many targets there are, in a night in which nothing changes', async () => {
  const costs: number[] = [];
  for (const count of [3, 60]) {
    for (let index = 0; index < count; index++) await storage.putTarget(`t-${index}`);
    await nights.nightWithoutAudits(1);
    await nights.digest(1);
    expect(await nights.send()).toEqual({ webhook: 'silent', teams: 'silent' });
    costs.push(await storage.requestsOf(() => nights.send()));
  }
  const [few = 0, many = 0] = costs;
  expect(many).toBe(few);
  expect(many).toBeLessThan(20);
});
