import * as z from 'zod';
import { cardMessage } from '../../../src/lib/notify/card';
import { cloudEvent, eventType } from '../../../src/lib/notify/cloud-event';
import { fit } from '../../../src/lib/notify/fit';
import { Digest } from '../../../src/lib/notify/model';
import { htmlOf, textOf } from '../../../src/lib/notify/text';
import type { ControlId } from '../../../src/lib/model/verdict';
import { digestOf, noHistory, type PresentTarget, presentOf } from '../../support/digest-models';
import { newsOf } from '../../../src/lib/notify/news';
import { compose } from '../../../src/lib/notify/compose';
import { address, evaluation, unreadable, violation } from '../../support/storage';

const broken = (message = 'No licence is assigned to svc@contoso.com.') =>
  evaluation([violation('license.none', { message })], { summary: message });
const unknown = evaluation([unreadable], { summary: 'Microsoft 365 was busy.' });

/** A digest with something of everything. */
async function everything(): Promise<Digest> {
  const targets = (found: PresentTarget['found'], other: PresentTarget['found']): PresentTarget[] => [
    { targetId: 'london', displayName: 'Contoso, London', customer: 'contoso', found: found ?? {} },
    { targetId: 'plain', found: other ?? {} },
    { targetId: 'late', customer: 'contoso', found: { rooms: unknown } },
  ];
  const before = presentOf([
    ...targets({ consent: broken('It was so.') }, {}),
    { targetId: 'gone', found: { license: broken() } },
  ]);
  const { at: _at, ...ends } = presentOf(targets({}, {}));
  const rows = ends.targets.map(({ row }) => row);
  const [london, plain] = rows;
  if (london === undefined || plain === undefined) throw new Error('There are no targets.');
  const now = presentOf(targets({ license: broken() }, { 'sign-in': unknown }), 34, {
    ends: [
      {
        key: 'a',
        kind: 'waiver',
        row: london,
        control: 'rooms',
        words: 'what was accepted ends on 2026-11-09.',
        days: 7,
      },
      {
        key: 'b',
        kind: 'ews',
        row: plain,
        control: 'ews-access',
        words: 'Exchange Web Services end in Exchange Online on 2027-04-01, in 150 days',
        days: 180,
      },
    ],
    blind: [
      {
        kind: 'nights',
        sentence: 'Nobody is looking: the night of 1 control was due and has not come (account).',
      },
    ],
    poison: { count: 2, messageIds: ['x', 'y'] },
  });
  return digestOf(now, before);
}

/** All texts and elements of a card. */
const Card = z.object({
  type: z.literal('message'),
  attachments: z.tuple([
    z.object({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      content: z.object({
        type: z.literal('AdaptiveCard'),
        version: z.literal('1.4'),
        fallbackText: z.string(),
        body: z.array(
          z.object({
            type: z.literal('RichTextBlock'),
            inlines: z.array(
              z.looseObject({
                type: z.literal('TextRun'),
                text: z.string(),
                selectAction: z.strictObject({ type: z.literal('Action.OpenUrl'), url: z.url() }).optional(),
              }),
            ),
          }),
        ),
        actions: z
          .array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() }))
          .optional(),
      }),
    }),
  ]),
});
const cardIn = (message: string) => Card.parse(JSON.parse(message)).attachments[0].content;
const linesOf = (message: string) =>
  cardIn(message).body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));

describe('a digest', () => {
  it('says all there is, customer by customer, the worst off first', async () => {
    const digest = Digest.parse(await everything());
    expect(textOf(digest).split('\n')).toEqual([
      'Nobody is looking: the night of 1 control was due and has not come (account). 1 broke, 1 could not be read or verified, 2 end soon, 1 got better, 1 is no longer watched.',
      'From 2026-11-01 10:00:00 UTC to 2026-11-02 10:00:00 UTC.',
      '! Nobody is looking: the night of 1 control was due and has not come (account).',
      '! 2 audits failed five times, and wait in the poison queue.',
      '',
      '== contoso',
      'Broke:',
      `- Contoso, London: No licence is assigned to svc@contoso.com. (license, high) ${address}/api/report?targetId=london#license`,
      'About to end:',
      `- Contoso, London: what was accepted ends on 2026-11-09. (rooms) ${address}/api/report?targetId=london#rooms`,
      'Got better:',
      `- Contoso, London: It is compliant. (consent, high, first audit) ${address}/api/report?targetId=london#consent`,
      '',
      '== No customer',
      'Could not be read or verified:',
      `- plain: Microsoft 365 was busy. (sign-in, critical) ${address}/api/report?targetId=plain#sign-in`,
      'About to end:',
      `- plain: Exchange Web Services end in Exchange Online on 2027-04-01, in 150 days, and its product uses them. ${address}/api/report?targetId=plain#ews-access`,
      'No longer watched, and was not fine:',
      '- gone: It was deleted.',
      '',
      '1 finding that was told before still needs somebody.',
      '',
      `${address}/api/report`,
    ]);
  });

  it('says the same in a card, with a link behind each name', async () => {
    const digest = await everything();
    const said = linesOf(cardMessage(digest));
    for (const { sections } of digest.customers)
      for (const { title, items } of sections) {
        expect(said).toContain(title);
        for (const { about, says } of items) expect(said).toContain(`${about}: ${says}`);
      }
    for (const alarm of digest.alarms) expect(said).toContain(alarm);
    const { body, actions } = cardIn(cardMessage(digest));
    const links = body.flatMap(({ inlines }) =>
      inlines.flatMap(({ selectAction }) => selectAction?.url ?? []),
    );
    expect(links).toContain(`${address}/api/report?targetId=london#license`);
    expect(actions?.map(({ url }) => url)).toEqual([`${address}/api/report`]);
  });

  it('is a CloudEvent', async () => {
    const digest = await everything();
    const { data, ...event } = JSON.parse(cloudEvent(digest, 'a/b', address)) as Record<string, unknown>;
    expect(event).toEqual({
      ...{ specversion: '1.0', id: 'a/b', source: address, type: eventType, time: digest.until },
      datacontenttype: 'application/json',
    });
    expect(data).toEqual({ ...digest, text: textOf(digest), html: htmlOf(digest) });
    expect(JSON.parse(cloudEvent(digest, 'a/b', undefined))).toMatchObject({ source: 'urn:syncwarden' });
  });

  it('has no links where the app does not know its address', async () => {
    const now = presentOf([{ targetId: 'a', customer: 'contoso', found: { license: broken() } }]);
    const digest = compose(now, await newsOf(noHistory, now), { since: undefined, address: undefined });
    expect(JSON.stringify(Digest.parse(digest))).not.toContain('link');
    expect(cardMessage(digest) + htmlOf(digest)).not.toMatch(/OpenUrl|href/);
  });
});

const hostile = [
  '[click](https://evil.example/)',
  '**bold** _it_ `code`',
  '<at>everyone</at>',
  '</At>',
  '<img src=x onerror=alert(1)>',
  '{{DATE(2026-01-01T00:00:00Z,SHORT)}}',
  '{{{TIME(2026-01-01T00:00:00Z)}}}',
  '"quoted" & \'so\'',
  'right \u202Eto left',
  'a line\nFORGED: all is fine',
];

it.each(hostile)('shows what a tenant calls itself as text, and nothing else: %j', async (words) => {
  const found = { license: broken(`${words} has no licence.`) };
  const digest = await digestOf(presentOf([{ targetId: 'a', displayName: words, found }]));
  const card = cardIn(cardMessage(digest));
  // Nothing but runs of text, in which nothing is Markdown: the schema above takes no block of text.
  const texts = card.body.flatMap(({ inlines }) => inlines.map(({ text }) => text));
  expect(card.fallbackText).toBe('1 broke.');
  expect(texts.join('\n')).not.toMatch(/<\/?at\b|\{\{|\u202E/i);
  expect(texts.filter((text) => text.includes('\n'))).toEqual([]);
  const html = htmlOf(digest);
  const tags = [...html.matchAll(/<(\/?\w+)[^>]*>/g)].map(([, tag]) => tag);
  expect(tags.filter((tag) => !/^\/?(p|b|br|h3|ul|li|a)$/.test(tag ?? ''))).toEqual([]);
  expect([...html.matchAll(/href="([^"]*)"/g)].every(([, href]) => href?.startsWith(address))).toBe(true);
  expect(html).not.toContain('\u202E');
  const lines = textOf(digest).split('\n');
  expect(lines.filter((line) => line.startsWith('FORGED'))).toEqual([]);
});

describe('a digest about thousands of targets', () => {
  const many = (customerOf: (index: number) => string | undefined) =>
    Array.from({ length: 2000 }, (_target, index): PresentTarget => {
      const customer = customerOf(index);
      // Each has something wrong of its own, so that nothing is told in one.
      const id = (['account', 'license', 'consent'] as const satisfies ControlId[])[index % 3] ?? 'account';
      const code = `${id}.made-up-${index}`;
      const message = `Something is wrong with number ${index}, and it takes many words to say what it is and what it means.`;
      return {
        targetId: `target-${index}`,
        displayName: `Target number ${index}, with a long name`,
        ...(customer === undefined ? {} : { customer }),
        found: { [id]: evaluation([violation(code)], { summary: message }) },
      };
    });

  it.each([
    ['of one customer', () => 'contoso'],
    ['of none', () => undefined],
    ['of twenty', (index: number) => `customer-${index % 20}`],
    ['of as many', (index: number) => `customer-${index}`],
  ])('%s fits into a message, and counts what it leaves out', async (_case, customerOf) => {
    const digest = await digestOf(presentOf(many(customerOf)));
    expect(digest.counts.broke).toBe(2000);
    const [card, event] = [cardMessage(digest), cloudEvent(digest, 'x', address)];
    expect(Buffer.byteLength(card)).toBeLessThanOrEqual(20_000);
    expect(Buffer.byteLength(event)).toBeLessThanOrEqual(64 * 1024);
    const { data } = z.object({ data: Digest }).parse(JSON.parse(event));
    const sections = data.customers.flatMap((part) => part.sections);
    const told = sections.reduce((sum, { items, more }) => sum + items.length + more, 0);
    const leftOut = digest.customers
      .slice(data.customers.length)
      .flatMap((part) => part.sections)
      .reduce((sum, { items }) => sum + items.length, 0);
    expect(told + leftOut).toBe(2000);
    expect(data.customers.length + data.moreCustomers).toBe(digest.customers.length);
    const lines = linesOf(card);
    expect(lines.some((line) => /^(and [\d,]+ more|And [\d,]+ more customers?\.)$/i.test(line))).toBe(true);
    expect(cardIn(card).actions).toHaveLength(1);
    // There is room for more than a few.
    expect(lines.length).toBeGreaterThan(30);
  });

  it('tells in one what is the same everywhere', async () => {
    const targets = Array.from({ length: 2000 }, (_target, index) => ({
      ...{
        targetId: `t-${String(index).padStart(4, '0')}`,
        customer: 'contoso',
        found: { license: broken() },
      },
    }));
    const lines = linesOf(cardMessage(await digestOf(presentOf(targets))));
    expect(lines).toContain(
      '2,000 of 2,000 targets: No licence is assigned: t-0000, t-0001, t-0002, t-0003, t-0004, t-0005, t-0006, t-0007, t-0008, t-0009 and 1,990 more (license, high)',
    );
  });

  it('tells everything as long as there is room', async () => {
    const digest = await everything();
    const written = fit(digest, 1_000_000, (whole) => JSON.stringify(whole));
    expect(JSON.parse(written)).toEqual(digest);
  });
});
