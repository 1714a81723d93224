import { z } from 'zod';
import { type PagedList, readPages } from '../../../src/lib/microsoft365/pages';
import type { Answer } from '../../../src/lib/microsoft365/patience';

const Row = z.object({ name: z.string() });
const page = (names: unknown[], next?: string): Answer => {
  const value = names.map((name) => ({ name }));
  const link = next === undefined ? {} : { '@odata.nextLink': next };
  return { ok: true, reply: { status: 200, headers: {}, body: { ...link, value } } };
};
const gone: Answer = { ok: false, failure: { cause: 'notFound', message: 'Gone.' } };

/** A list with these pages; what happens to it is written down in their order. */
function listOf(pages: Record<string, Answer | Answer[]>, log: string[] = []): PagedList {
  return {
    reading: { what: 'the rows', permission: 'Row.Read.All' },
    first: '1',
    ask: async (address) => {
      log.push(`asked ${address}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`answered ${address}`);
      const answers = pages[address] ?? gone;
      return Array.isArray(answers) ? (answers.shift() ?? gone) : answers;
    },
    follow: (link) => (link.startsWith('https:') ? undefined : link),
    isExpired: ({ code }) => code === 'expired',
  };
}

describe('a list in pages', () => {
  it('asks for the next page before the rows of this one are parsed', async () => {
    const log: string[] = [];
    const Logged = Row.transform((row) => (log.push(`parsed ${row.name}`), row));
    const list = listOf({ '1': page(['a'], '2'), '2': page(['b'], '3'), '3': page([]) }, log);
    expect(await readPages(list, Logged)).toEqual({ ok: true, value: [{ name: 'a' }, { name: 'b' }] });
    expect(log).toEqual([
      ...['asked 1', 'answered 1', 'asked 2', 'parsed a'],
      ...['answered 2', 'asked 3', 'parsed b', 'answered 3'],
    ]);
  });

  it('has nothing under way any more when a row has made it fail', async () => {
    const log: string[] = [];
    const read = await readPages(listOf({ '1': page(['a', 7], '2'), '2': page(['b'], '3') }, log), Row);
    expect(read).toMatchObject({ ok: false, failure: { cause: 'malformed' } });
    expect(log).toEqual(['asked 1', 'answered 1', 'asked 2', 'answered 2']);
  });

  it('fails as malformed for a row that comes before a page that fails', async () => {
    const read = await readPages(listOf({ '1': page([7], '2') }), Row);
    expect(read).toMatchObject({ ok: false, failure: { cause: 'malformed' } });
  });

  it.each([
    ['is not there itself', { '1': gone }, 'notFound'],
    ['has a page that is not there', { '1': page(['a'], '2') }, 'unavailable'],
    ['leads elsewhere', { '1': page(['a'], 'https://evil.test') }, 'malformed'],
    ['leads back', { '1': page(['a'], '1') }, 'malformed'],
    ['goes in circles', { '1': page(['a'], '2'), '2': page(['b'], '2') }, 'malformed'],
  ])('is not given in part when it %s', async (_case, pages, cause) => {
    expect(await readPages(listOf(pages), Row)).toMatchObject({ ok: false, failure: { cause } });
  });

  it('starts over, once, when a link has expired', async () => {
    const expired: Answer = {
      ok: false,
      failure: { cause: 'unavailable', code: 'expired', message: 'Old.' },
    };
    const first = page(['a'], '2');
    const again = listOf({ '1': first, '2': [expired, page(['b'])] });
    expect(await readPages(again, Row)).toEqual({ ok: true, value: [{ name: 'a' }, { name: 'b' }] });
    const twice = listOf({ '1': first, '2': [expired, expired] });
    expect(await readPages(twice, Row)).toMatchObject({
      failure: { cause: 'unavailable', message: expect.stringContaining('expired twice') as string },
    });
  });
});
