import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSite } from '../../../build/site';
import { attributes } from '../../support/page';
import { root } from '../../support/simulated-tenant';

const folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-site-'));
const { pages, unlinked } = buildSite(root, folder);
afterAll(() => rmSync(folder, { recursive: true }));

const read = (page: string) => readFileSync(path.join(folder, page), 'utf8');
const inside = (href: string) => !/^(https:|mailto:|http:\/\/127\.0\.0\.1)/.test(href);

it('has every page of the project', () => {
  expect(pages).toEqual(expect.arrayContaining(['index.html', 'docs/api.html', 'CHANGELOG.html']));
  expect(pages.length).toBeGreaterThan(20);
});

it.each(pages)('%s leads to what is there, and to the right place on it', (page) => {
  const html = read(page);
  for (const href of attributes(html, 'href').filter(inside)) {
    const [to = '', anchor] = href.split('#');
    const file = to === '' ? page : path.posix.join(path.posix.dirname(page), to);
    expect({ href, exists: existsSync(path.join(folder, file)) }).toEqual({ href, exists: true });
    if (anchor !== undefined)
      expect({ href, ids: attributes(read(file), 'id') }).toMatchObject({
        ids: expect.arrayContaining([decodeURIComponent(anchor)]) as string[],
      });
  }
  for (const source of attributes(html, 'src').filter(inside))
    expect(existsSync(path.join(folder, path.posix.dirname(page), source))).toBe(true);
  expect(html).toContain('aria-current="page"');
});

it('leaves as text only what leads to something of the project that is no page', () => {
  for (const { page, href } of unlinked) {
    const [to = ''] = href.split('#');
    expect({ page, href, exists: existsSync(path.join(root, path.dirname(page), to)) }).toMatchObject({
      exists: true,
    });
  }
});
