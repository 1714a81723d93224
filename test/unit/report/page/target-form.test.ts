import { profileIds } from '../../../../src/lib/profiles';
import { type Frame, targetFormPage } from '../../../../src/lib/report/page';
import { attributes, bodyOf, part, textOf } from '../../../support/page';
import { now } from '../../../support/report-models';
import { target } from '../../../support/storage';

const as = (...roles: string[]): Frame => ({ viewer: { name: 'Ada', roles } });
const page = (of?: ReturnType<typeof target>, frame = as('Syncwarden.Admin')) =>
  bodyOf(targetFormPage({ generatedAt: now, target: of }, frame).html);
const form = (of?: ReturnType<typeof target>) => part(page(of), 'form', 'data-target-form');
const valueOf = (html: string, name: string) =>
  attributes(html.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`))?.[0] ?? '', 'value')[0];

describe('the form of a target', () => {
  it('asks for a new one what cannot be left out, and offers every product with what it needs', () => {
    const html = form();
    expect(html.match(/<input[^>]*required[^>]*>/g)?.flatMap((input) => attributes(input, 'name'))).toEqual([
      'targetId',
      'tenantId',
    ]);
    const products = html.match(/<option[^>]*data-needs=[^>]*>/g) ?? [];
    expect(products.flatMap((option) => attributes(option, 'value'))).toEqual([...profileIds]);
    expect(textOf(html)).toContain('Add and audit it');
    expect(html).not.toContain('data-edits');
  });

  it('holds what a target has, and never its id as something to change', () => {
    const html = form(
      target('contoso', {
        ...{ displayName: 'A "name" <b>', customer: 'acme', tags: ['gold', 'emea'], access: 'rooms-only' },
        rooms: { source: 'roomLists', roomLists: ['a@contoso.com', 'b@contoso.com'] },
      }),
    );
    expect(html).toContain('data-edits="contoso"');
    expect(html).toContain('data-rooms="roomLists"');
    expect(html).not.toContain('name="targetId"');
    expect(valueOf(html, 'displayName')).toBe('A &quot;name&quot; &lt;b&gt;');
    expect([valueOf(html, 'customer'), valueOf(html, 'tags')]).toEqual(['acme', 'gold emea']);
    expect(html).toMatch(/<option value="rooms-only" selected>/);
    expect(html).toMatch(/<textarea[^>]*>\s*a@contoso\.com b@contoso\.com<\/textarea>/);
  });

  it('is for whoever may put targets', () => {
    const others = page(undefined, as('Syncwarden.Remediate'));
    expect(others).not.toContain('<form');
    expect(textOf(others)).toContain('The app role Syncwarden.Admin is needed.');
  });
});
