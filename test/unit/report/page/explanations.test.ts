import explanations from 'asset:explanations';
import { controls } from '../../../../src/lib/controls';
import { controlIds } from '../../../../src/lib/model/verdict';
import { explainedCode, explainedControl } from '../../../../src/lib/report/page/explanations';

const causes = ['permission', 'throttled', 'unavailable', 'malformed', 'notFound'];
const declared = controls.flatMap((control) => Object.keys(control.codes));
const codes = [...declared, ...causes.map((cause) => `unreadable.${cause}`)].sort();

it('every code that a control can give is explained, and no other', () => {
  expect(codes.length).toBeGreaterThan(40);
  expect(Object.keys(explanations.codes).sort()).toEqual(codes);
});

it.each(codes)('%s says what it means, what to do, and where that stands', (code) => {
  const { meaning, remedy, page } = explainedCode(code) ?? {};
  expect(meaning).toMatch(/^<p>[A-Z0-9_<]/);
  expect(remedy).toMatch(/^<(p|ul)>/);
  for (const html of [meaning, remedy]) {
    expect(html).not.toMatch(/What to do|Level: |undefined/);
    // Only what leads to the open web is a link: nobody knows where this project's own pages are.
    for (const [, href] of html?.matchAll(/href="([^"]*)"/g) ?? []) expect(href).toMatch(/^https:\/\//);
    // The policy of the page lets none of this in.
    expect(html).not.toMatch(/<(script|style|img|iframe)|\son[a-z]+=|\sstyle=/);
  }
  expect(page).toMatch(/^(docs|src\/lib\/controls\/[a-z-]+)\/[a-zA-Z]+\.md#[a-z]+$/);
});

it.each(controlIds)('%s has its page, and pages of Microsoft to read on', (control) => {
  const { page, links } = explainedControl(control);
  expect(page).toBe(`src/lib/controls/${control}/README.md`);
  expect(links.length).toBeGreaterThan(1);
  for (const { text, href } of links) {
    expect(text).toMatch(/^[A-Za-z]/);
    expect(URL.parse(href)?.protocol).toBe('https:');
  }
});

it('a code that nobody knows has no explanation', () => {
  expect(explainedCode('consent.weather')).toBeUndefined();
  expect(explainedCode('toString')).toBeUndefined();
});
