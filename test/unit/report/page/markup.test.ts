import fc from 'fast-check';
import { html, name, trusted } from '../../../../src/lib/report/page/markup';
import { visible } from '../../../../src/lib/report/page/visible';

const hostile = `<script>alert(1)</script>"'&`;
const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;';

describe('a template', () => {
  it('escapes text in elements and attributes', () => {
    expect(html`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
      `<p title="${escaped}">${escaped}</p>`,
    );
  });

  it('escapes what stands in lists, and in lists of lists', () => {
    expect(html`<p>${[hostile, [hostile]]}</p>`.toString()).toBe(`<p>${escaped}${escaped}</p>`);
  });

  it('takes other templates as they are, once', () => {
    expect(
      html`<ul>
        ${['a', '<b>'].map((text) => html`<li>${text}</li>`)}
      </ul>`.toString(),
    ).toBe('<ul> <li>a</li><li>&lt;b&gt;</li> </ul>');
  });

  it('leaves nothing where there is nothing, and shows zero', () => {
    expect(html`<p>${false}${null}${undefined}${0}</p>`.toString()).toBe('<p>0</p>');
  });

  it('never lets text become a tag or end an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inner = html`${text}`.toString();
        expect(inner).not.toMatch(/[<>"']/);
        expect(inner).not.toMatch(/&(?!(?:lt|gt|quot|amp|#39);)/);
      }),
    );
  });

  it('loses the indentation of its source, and keeps that of its contents', () => {
    const contents = trusted('x\n  y');
    const made = html`<section
      class="a"
      aria-label="a long label, so that the tag needs several lines"
      hidden
    >
      <p>${contents}</p>
    </section>`;
    expect(made.toString()).toBe(
      '<section class="a" aria-label="a long label, so that the tag needs several lines" hidden> <p>x\n  y</p> </section>',
    );
  });
});

describe('a name', () => {
  it.each([
    ['an override of direction', 'abc\u202Egnp.exe', 'abc\uFFFDgnp.exe'],
    ['an isolate', 'a\u2066b\u2069', 'a\uFFFDb\uFFFD'],
    ['a mark of direction', 'a\u200Fb', 'a\uFFFDb'],
    ['a character without width', 'a\u200Bb\uFEFF', 'a\uFFFDb\uFFFD'],
    ['a control character', 'a\u0000\u001B[31m\u009B', 'a\uFFFD\uFFFD[31m\uFFFD'],
    ['half a character', 'a\uD800b', 'a\uFFFDb'],
    ['tags that nobody sees', 'a\u{E0041}b', 'a\uFFFDb'],
    ['separators of lines', 'a\u2028b\u2029c', 'a\uFFFDb\uFFFDc'],
  ])('shows %s', (_case, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(name(text).toString()).toBe(`<bdi>${shown}</bdi>`);
  });

  it('has its line breaks as blanks', () => {
    expect(visible('a\r\n\tb')).toBe('a b');
  });

  it.each(['Bürö 5 – Ä', 'غرفة الاجتماعات', '会議室', '👩‍💻', 'क्‍ष'])('leaves %s as it is', (text) => {
    expect(visible(text)).toBe(text);
  });
});
