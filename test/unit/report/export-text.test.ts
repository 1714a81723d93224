import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
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
