import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { marked } from 'marked';
import { cellText } from '../../../src/lib/report/export/cell';
import { markdownText } from '../../../src/lib/report/export/markdown-text';
import { plainText } from '../../../src/lib/report/export/plain-text';

describe('a text from a tenant in a spreadsheet', () => {
  it.each([
    ['svc-condeco@contoso.com', 'svc-condeco@contoso.com'],
    ['', ''],
    ['Zürich – Größe 日本 🏢', 'Zürich – Größe 日本 🏢'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['3 of 5 = too few', '3 of 5 = too few'],
    ['a;b', 'a;b'],
    ["'quoted'", "'quoted'"],
  ])('stays as it is: %j', (text, cell) => {
    expect(plainText(text)).toBe(cell);
  });

  it.each([
    ['=HYPERLINK("http://x")', `'=HYPERLINK("http://x")`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['-room', "'-room"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ['  =1', "  '=1"],
    ['\u00A0=1', "\u00A0'=1"],
    ['"=1', `"'=1`],
    // Where semicolons part cells, what follows one begins a cell.
    ['a;=1', "a;'=1"],
    ['a; =1;-2', "a; '=1;'-2"],
    ['a;"=1', `a;"'=1`],
  ])('is not taken for a formula: %j', (text, cell) => {
    expect(plainText(text)).toBe(cell);
  });

  it.each([
    ['tab\tbed', 'tab\uFFFDbed'],
    ['two\r\nlines', 'two\uFFFDlines'],
    ['\t=1', '\uFFFD=1'],
    ['\r=1', '\uFFFD=1'],
    ['\u2028next', '\uFFFDnext'],
    ['nul\0 esc\u001B[2J', 'nul\uFFFD esc\uFFFD[2J'],
    ['\u202Egnp.exe', '\uFFFDgnp.exe'],
    ['half \uD83C', 'half \uFFFD'],
  ])('is one line that can be printed: %j', (text, cell) => {
    expect(plainText(text)).toBe(cell);
  });

  /** The cells of a line as a spreadsheet sees them: a quotation mark counts at the beginning of a cell. */
  function cellsOf(line: string, delimiter: ',' | ';'): string[] {
    const cell = new RegExp(`(?:"((?:[^"]|"")*)"|)([^${delimiter}]*)(?:${delimiter}|$)`, 'y');
    const cells: string[] = [];
    while (cell.lastIndex < line.length) {
      const [, quoted = '', rest = ''] = cell.exec(line) ?? [];
      cells.push(quoted.replaceAll('""', '"') + rest);
    }
    return cells;
  }

  const hostile = fc.string({
    unit: fc.constantFrom(...Array.from('=+-@＝＋－＠;,"\' \t\r\n\0\u202E\u00A0\uFEFFa1')),
    maxLength: 12,
  });

  it.each([',', ';'] as const)(
    'never begins a cell that is calculated, with %s between cells',
    (delimiter) => {
      const property = fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (texts) => {
        const line = stringify([texts.map(plainText)], { quoted: true, eof: false });
        expect(line).not.toMatch(/[\r\n\t\0\u202E]/);
        for (const cell of cellsOf(line, delimiter)) expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠]/);
      });
      fc.assert(property, { numRuns: 2000 });
    },
  );

  it('would be one, were it not for the apostrophe', () => {
    expect(cellsOf('"x","a;""=1;=2"', ';')).toEqual(['x,"a', '=1', '=2"']);
    expect(cellsOf('"a;""=1","=2",x', ',')).toEqual(['a;"=1', '=2', 'x']);
  });
});

describe('a text from a tenant in a cell of a workbook', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['two\nlines', 'two\uFFFDlines'],
    ['\uFFFE \uFFFF', '\uFFFD \uFFFD'],
    // A reader takes _x0041_ for A, and _x005F_ for an underscore.
    ['_x0041_', '_x005F_x0041_'],
    ['_x41_ a_b', '_x41_ a_b'],
    ['', ''],
  ])('is shown as it is, and calculates nothing: %j', (text, cell) => {
    expect(cellText(text)).toBe(cell);
  });

  it.each([32_766, 32_767, 32_768])('of %d characters is no longer than a cell', (length) => {
    const cell = cellText('a'.repeat(length));
    expect(cell).toBe(length <= 32_767 ? 'a'.repeat(length) : `${'a'.repeat(32_766)}…`);
    const houses = cellText(`${'a'.repeat(length % 2)}${'🏢'.repeat(length / 2)}`);
    expect([houses.length <= 32_767, houses.isWellFormed()]).toEqual([true, true]);
  });
});

describe('a text from a tenant in Markdown', () => {
  /** What a reader sees of the cell, and what it is made of. */
  function shown(text: string): { seen: string; elements: string[] } {
    const table = `| a | b |\n| --- | --- |\n| ${markdownText(text)} | end |\n`;
    const html = marked.parse(table, { gfm: true, async: false });
    const cells = [...html.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell);
    expect(cells).toHaveLength(2);
    expect(cells[1]).toBe('end');
    const [cell = ''] = cells;
    const elements = [...cell.matchAll(/<(\w+)/g)].map(([, name = '']) => name);
    const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
    return {
      seen: cell.replaceAll(/&(lt|gt|amp|quot|#39);/g, (_all, name: string) => named[name] ?? ''),
      elements,
    };
  }

  it.each([
    'svc-condeco@contoso.com',
    '<script>alert(1)</script> <b>',
    '[text](javascript:alert(1)) ![image](https://evil.example/x.png)',
    'https://evil.example www.evil.example ftp://x.example mailto:a@b.example',
    '**bold** _slanted_ ~~gone~~ `code` ``` ```',
    'a | b \\| c \\',
    '# heading',
    '- item',
    '+ item',
    '1. item',
    '> quote',
    '---',
    '===',
    '&amp; &lt; &#60; &copy;',
    '[^1] [ref] : x',
    '$x$ :smile: @someone #1',
    '',
  ])('is shown as it is, and does nothing: %j', (text) => {
    expect(shown(text)).toEqual({ seen: text, elements: [] });
  });

  it('is shown as it is, whatever it is made of', () => {
    const unit = fc.constantFrom(
      ...Array.from('\\`*_[](){}<>&|~!#$^@:/.-+="\'; a1wé🏢'),
      'www.',
      'https://',
      '&lt;',
      '](',
    );
    const property = fc.property(fc.array(unit, { maxLength: 14 }), (parts) => {
      const text = parts.join('').trim().replaceAll(/\s+/g, ' ');
      expect(shown(text)).toEqual({ seen: text, elements: [] });
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it('is one line', () => {
    expect(markdownText('a\n\n# b\r\u2028c')).toBe('a\uFFFD\\# b\uFFFDc');
  });
});
