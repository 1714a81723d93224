import * as z from 'zod';
import { type PagedList, readPages } from '../../../../src/lib/microsoft365/wire/pages';
import type { Answer } from '../../../../src/lib/microsoft365/wire/retry-policy';

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

  describe('that is too long', () => {
    const limits = { rows: 4, pages: 3 };
    const three = (...last: Parameters<typeof page>) => ({
      '1': page(['a'], '2'),
      '2': page(['b', 'c'], '3'),
      '3': page(...last),
    });
    const read = (pages: Parameters<typeof listOf>[0], log: string[] = []) =>
      readPages({ ...listOf(pages, log), limits }, Row);

    it.each([
      ['at the last row and the last page', three(['d'])],
      ['with no row at all', { '1': page([]) }],
    ])('is not one that ends %s', async (_where, pages) => {
      expect(await read(pages)).toMatchObject({ ok: true });
    });

    it.each([
      ['rows', three(['d', 'e']), 'more than 4 rows'],
      ['rows on one page', { '1': page(['a', 'b', 'c', 'd', 'e']) }, 'more than 4 rows'],
      ['pages', three([], '4'), 'more than 3 pages'],
    ])('has too many %s, and is not given in part', async (_what, pages, words) => {
      const log: string[] = [];
      expect(await read(pages, log)).toMatchObject({
        failure: { cause: 'unavailable', message: expect.stringContaining(words) as string },
      });
      expect(log).not.toContain('asked 4');
    });

    it('is so when it begins anew with every page, and never repeats itself', async () => {
      const endless: PagedList = {
        ...listOf({}),
        ask: (address) => Promise.resolve(page(['a'], String(Number(address) + 1))),
      };
      const asked = jest.spyOn(endless, 'ask');
      expect(await readPages(endless, Row)).toMatchObject({
        failure: { message: expect.stringContaining('more than 5,000 pages') as string },
      });
      expect(asked).toHaveBeenCalledTimes(5_000);
    });

    it.each([
      [200_000, true],
      [200_001, false],
    ])('with %i rows: %s', async (count, ok) => {
      const names = Array.from({ length: count }, () => 'a');
      const pages = { '1': page(names.slice(0, 100_000), '2'), '2': page(names.slice(100_000)) };
      expect((await readPages(listOf(pages), Row)).ok).toBe(ok);
    });
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
