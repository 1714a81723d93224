import { readFileSync } from 'node:fs';
import path from 'node:path';
import { demoTargets } from '../../local/simulator/demo';
import { controlIds } from '../../src/lib/model/verdict';
import { poisonQueueName } from '../../src/lib/storage/queue-names';
import { ApiDescription } from '../support/api-description';
import { TestApp } from '../support/app';
import { differences, type DocExample, docExamples, Placeholders } from '../support/doc-examples';
import { root } from '../support/simulated-tenant';

jest.setTimeout(180_000);

const page = readFileSync(path.join(root, 'docs/api.md'), 'utf8');
const examples = docExamples(page);
const placeholders = new Placeholders();

let app: TestApp;
let description: ApiDescription;

/** The app as it is after `npm start`: the demo tenants are watched, and were audited once. */
beforeAll(async () => {
  app = await TestApp.start();
  await app.startHost();
  for (const target of demoTargets(root) as { targetId: string }[]) {
    await app.call('PUT', `targets/${target.targetId}`, target);
    await app.call('POST', `targets/${target.targetId}/audits`);
  }
  description = await ApiDescription.of(app.url);
});
afterAll(() => app.stop());

/** What has to have happened before some sections make sense. */
const before: Record<string, () => Promise<void>> = {
  async 'GET poison'() {
    const message = { targetId: 'contoso-rooms', controls: ['license'], runId: '2026-11-24' };
    const poison = app.queue(poisonQueueName);
    await poison.createIfNotExists();
    await poison.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'));
  },
};
/** Audits that were enqueued must not come between what follows. */
const after: Record<string, (began: string) => Promise<void>> = {
  'POST audits': (began) =>
    app.until('all audits are done', async () => {
      const done = (await app.findings()).filter(({ checkedAt }) => checkedAt > began);
      return done.length === demoTargets(root).length * controlIds.length;
    }),
};

async function run(example: DocExample): Promise<{ status: number; type: string | null; text: string }> {
  const { method, headers } = example;
  const response = await fetch(`${app.url}/api/${placeholders.fill(example.route)}`, {
    method,
    headers,
    ...(example.body === undefined ? {} : { body: placeholders.fill(example.body) }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

/** Records of a file with every cell in quotation marks or empty. */
function recordsOf(text: string): Record<string, string>[] {
  const [header = [], ...rows] = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) => [...line.matchAll(/(?:"((?:[^"]|"")*)")?(?:,|$)/g)].map(([, cell = '']) => cell));
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
}

function read(language: string, text: string): unknown {
  return language === 'csv' ? recordsOf(text) : (JSON.parse(text) as unknown);
}

describe('the page about the API', () => {
  it('has an example for every route', () => {
    const routes = [...page.matchAll(/^## ((?:GET|PUT|POST|DELETE) .+)$/gm)].map(([, route]) => route);
    expect(routes.length).toBeGreaterThan(20);
    expect(routes.filter((route) => !examples.some(({ section }) => section === route))).toEqual([]);
  });

  it('has examples that call the route that they stand under', () => {
    for (const { section, method, route } of examples) {
      if (!/^(GET|PUT|POST|DELETE) /.test(section)) continue;
      const template = section.split(' ')[1]?.replaceAll(/\{\w+\}/g, '[^/]+') ?? '';
      expect(`${method} ${route.split('?')[0] ?? ''}`).toMatch(
        new RegExp(`^${section.split(' ')[0] ?? ''} ${template}$`),
      );
    }
  });

  it.each(
    examples.map((example) => [`${example.section}: ${example.method} ${example.route}`, example] as const),
  )('shows what the app answers: %s', async (_name, example) => {
    await before[example.section]?.();
    const began = new Date().toISOString();
    const { status, type, text } = await run(example);
    await after[example.section]?.(began);

    const isJson = type !== null && /json/.test(type);
    const body: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
    expect(
      description.complaints(example.method, placeholders.fill(example.route), { status, type, body }),
    ).toEqual([]);
    // Nothing is connected here that a test alert could go to.
    expect(status < 300).toBe(!['Errors', 'POST alerts/test'].includes(example.section));
    placeholders.note(body);
    if (example.answer === undefined) return;
    const { language, isShortened, text: shown } = example.answer;
    expect(differences(read(language, shown), read(language, text), isShortened)).toEqual([]);
  });
});

describe('an example', () => {
  const shown = { verdict: 'compliant', checkedAt: '2026-11-24T08:00:00.000Z', items: [{ id: 1 }] };

  it.each([
    [
      'another value',
      { ...shown, verdict: 'unknown' },
      ['verdict is shown as "compliant", and is "unknown"'],
    ],
    ['another type', { ...shown, checkedAt: 5 }, ['checkedAt is shown as string, and is number']],
    ['nothing', { ...shown, checkedAt: undefined }, ['checkedAt is shown as string, and is undefined']],
    ['more', { ...shown, more: 1 }, ['the answer has more, which is not shown']],
    ['more items', { ...shown, items: [{ id: 1 }, { id: 2 }] }, ['items is shown with 1 items, and has 2']],
    ['another item', { ...shown, items: [{ id: 2 }] }, ['items[0].id is shown as 1, and is 2']],
    ['another time', { ...shown, checkedAt: '2027-01-01T00:00:00.000Z' }, []],
  ])('is held to the answer: %s', (_case, real, expected) => {
    expect(differences(shown, real, false)).toEqual(expected);
  });

  it('that is shortened needs no more than it shows', () => {
    expect(
      differences({ items: [{ id: 1 }] }, { items: [{ id: 1, more: 1 }, { id: 2 }], more: 1 }, true),
    ).toEqual([]);
    expect(differences({ items: [{ id: 1 }] }, { items: [] }, true)).toEqual([
      'items[0] is shown as object, and is undefined',
    ]);
  });
});
