import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {
  Counts,
  CustomerPart,
  Digest,
  Item,
  Section,
  sectionKinds,
  sectionTitles,
} from '../../../src/lib/notify/model';
import { eventType } from '../../../src/lib/notify/cloud-event';
import { toldAt } from '../../../src/lib/notify/ends';
import { DigestNights } from '../../support/digest-nights';
import { type LogicApp, startLogicApp } from '../../support/logic-app';
import { instantTime, startPostSink } from '../../support/post-sink';
import { root } from '../../support/simulated-tenant';
import { evaluation, TestStorage, violation } from '../../support/storage';

jest.setTimeout(120_000);

const page = readFileSync(path.join(root, 'docs/digest.md'), 'utf8');

/** The definition that a recipe of the page gives. */
function definitionOf(recipe: string): unknown {
  const [, json] =
    new RegExp(`<!-- recipe: ${recipe} -->\\s+\`\`\`json\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  if (json === undefined) throw new Error(`The page has no recipe ${recipe}.`);
  return JSON.parse(json);
}

let storage: TestStorage;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterEach(() => storage.clear());
afterAll(() => storage.stop());

const hostile = '<img src=x onerror=alert(1)> & co';

/** A night in which something breaks, and the digest of it to where the recipe takes it. */
async function digestTo(sinks: { webhook?: { url: string }; teams?: { url: string } }) {
  await storage.putTarget('london', { displayName: hostile, customer: 'contoso' });
  const nights = new DigestNights(storage, sinks, instantTime());
  await nights.night(1, {
    'london license': evaluation([violation('license.none')], { summary: 'No licence is assigned.' }),
  });
  return nights.digest(1);
}

describe('a Logic App', () => {
  let app: LogicApp;
  const start = async (recipe: string, parameters: Record<string, unknown> = {}) => {
    app = await startLogicApp(definitionOf(recipe), parameters);
  };
  afterEach(() => app.close());

  it('opens a ticket, with what tells a repeated one', async () => {
    await start('ticket', { ticketsPassword: 'of the account' });
    expect(await digestTo({ webhook: app })).toEqual({ webhook: 'sent' });
    expect(app.ran).toEqual([
      {
        type: 'Http',
        inputs: {
          method: 'POST',
          uri: 'https://contoso.service-now.com/api/now/table/incident',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          authentication: { type: 'Basic', username: 'svc-syncwarden', password: 'of the account' },
          body: {
            short_description: 'Syncwarden: 1 broke, 1 ends soon.',
            description: expect.stringMatching(
              /\n- <img src=x onerror=alert\(1\)> & co: No licence is assigned\. /,
            ) as string,
            correlation_id: '/2026-11-02T07:00:00.000Z',
            correlation_display: 'Syncwarden',
          },
        },
      },
    ]);
  });

  it('sends a mail, in which names are escaped', async () => {
    await start('mail', { $connections: { office365: { connectionId: 'office365-1' } } });
    expect(await digestTo({ webhook: app })).toEqual({ webhook: 'sent' });
    const [mail, ...more] = app.ran;
    expect(more).toEqual([]);
    expect({ type: mail?.type, ...mail?.inputs }).toMatchObject({
      ...{ type: 'ApiConnection', method: 'post', path: '/v2/Mail' },
      host: { connection: { name: 'office365-1' } },
      body: { To: 'ops@contoso.com', Subject: 'Syncwarden: 1 broke, 1 ends soon.' },
    });
    const { Body } = z.object({ Body: z.string() }).parse(mail?.inputs['body']);
    expect(Body).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; co');
    expect(Body).not.toContain('<img');
  });
});

/** What the trigger of a Teams workflow makes of a post, and its action posts: each attachment that is a card. */
const TeamsMessage = z.object({
  type: z.literal('message'),
  attachments: z
    .array(
      z.object({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        content: z.looseObject({
          type: z.literal('AdaptiveCard'),
          version: z.string(),
          body: z.array(z.looseObject({ type: z.string() })).min(1),
        }),
      }),
    )
    .min(1),
});

it('a Teams workflow takes the card, and answers 202', async () => {
  const workflow = await startPostSink();
  expect(await digestTo({ teams: workflow })).toEqual({ teams: 'sent' });
  const [posted] = workflow.taken;
  await workflow.close();
  expect(posted?.contentType).toBe('application/json');
  const [card] = TeamsMessage.parse(JSON.parse(posted?.body ?? '')).attachments;
  expect(JSON.stringify(card)).toContain('No licence is assigned.');
  expect(Buffer.byteLength(posted?.body ?? '')).toBeLessThan(28 * 1024);
});

describe('the page about the digest', () => {
  it('describes every property, and every section', () => {
    const shapes = [Digest, CustomerPart, Section, Item, Counts].flatMap(({ shape }) => Object.keys(shape));
    for (const name of [...shapes, 'text', 'html']) expect(page).toContain(`\`${name}\``);
    for (const kind of sectionKinds) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${sectionTitles[kind]} `));
      expect(row).toContain(`\`${kind}\``);
    }
  });

  it('tells when what ends is told, and what the event is called', () => {
    expect(page).toContain(
      `Told when ${toldAt.slice(0, -1).join(', ')} and ${toldAt.at(-1) ?? ''} days are left`,
    );
    expect(page).toContain(`\`${eventType}\``);
  });
});
