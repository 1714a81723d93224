import { createHash } from 'node:crypto';
import { type Frame, overviewPage, type Rendered, targetPage } from '../../../../src/lib/report/page';
import { attributes } from '../../../support/page';
import { changeOf, overviewOf, resourcesOf, roomRows, targetReportOf } from '../../../support/report-models';

const live: Frame = { viewer: { name: 'Adele Vance', roles: ['Syncwarden.Admin'] } };
const file: Frame = { viewer: null };
const pages = (frame: Frame): Rendered[] => [
  overviewPage(overviewOf({ better: [changeOf()] }), frame),
  targetPage(targetReportOf({ resources: [resourcesOf(roomRows(250))] }), frame),
];
const all = [...pages(live), ...pages(file)];

const directives = (policy: string) =>
  new Map(policy.split('; ').map((directive) => directive.split(/ (.*)/).slice(0, 2) as [string, string]));
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the policy', () => {
  it.each(pages(live))('lets in the style sheet and the script of the page, and nothing else', (page) => {
    const policy = directives(page.headers['content-security-policy'] ?? '');
    const inside = (tag: string) => [
      ...page.html.matchAll(new RegExp(`<${tag}\\b[^>]*>(.*?)</${tag}>`, 'gs')),
    ];
    const [style, ...styles] = inside('style');
    const [script, ...scripts] = inside('script');
    expect([...styles, ...scripts]).toEqual([]);
    expect(policy.get('style-src')).toBe(hash(style?.[1] ?? ''));
    expect(policy.get('script-src')).toBe(hash(script?.[1] ?? ''));
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('connect-src')).toBe("'self'");
    expect(policy.get('form-action')).toBe("'self'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(page.headers['referrer-policy']).toBe('no-referrer');
  });

  it('stands in a file itself, but for what browsers only take from a server', () => {
    for (const { html } of pages(file)) {
      const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
      expect(policy).toMatch(/^default-src &#39;none&#39;; style-src &#39;sha256-/);
      expect(policy).not.toContain('frame-ancestors');
    }
    for (const { html } of pages(live)) expect(html).not.toContain('http-equiv');
  });
});

describe('a page', () => {
  it.each(all)('has nothing that the policy would refuse', ({ html }) => {
    const markup = html.replace(/<style>.*?<\/style>/s, '').replace(/<script.*?<\/script>/s, '');
    expect(markup).not.toMatch(/<[^>]*\s(style|on[a-z]+)=/);
    expect(markup).not.toMatch(/<(img|iframe|object|embed|base|source|video|audio)\b/);
  });

  it.each(all)('fetches nothing: links are there to be followed alone', ({ html }) => {
    expect(html).not.toMatch(/\ssrc=|@import|url\((?!['"]?data:)/);
    expect(html.match(/<link[^>]*>/g)?.map((link) => attributes(link, 'href')[0]?.slice(0, 10))).toEqual([
      'data:image',
    ]);
  });

  it.each(all)('has every id once, and every label leads to one', ({ html }) => {
    const ids = attributes(html, 'id');
    expect(new Set(ids).size).toBe(ids.length);
    const named = ['aria-labelledby', 'aria-describedby'].flatMap((name) => attributes(html, name));
    expect(named.length).toBeGreaterThan(1);
    for (const id of named) expect(ids).toContain(id);
  });
});
