import { brief, printable, printableLines, toJson } from '../../../src/cli/show/printable';

describe('a name from a tenant on a terminal', () => {
  it.each([
    ['an escape sequence', 'Fir\u001b[2J\u001b]0;owned\u0007', 'Fir�[2J�]0;owned�'],
    ['an escape sequence of one character', 'Fir\u009b31m', 'Fir�31m'],
    ['a turned direction', 'Fir \u202Etxt.exe', 'Fir �txt.exe'],
    ['an isolated direction', '\u2066Fir\u2069', '�Fir�'],
    ['characters without a width', 'F\u200Bi\uFEFFr', 'F�i�r'],
    ['half a character', 'Fir\ud83d', 'Fir�'],
    ['line ends', 'Fir\r\nverdict: compliant\u2028fine', 'Fir verdict: compliant�fine'],
  ])('with %s commands nothing', (_what, hostile, shown) => {
    expect(printable(hostile)).toBe(shown);
  });

  it('stays as it is when there is nothing in it but letters, whatever the script', () => {
    for (const name of ['Besprechung Füßen', '会議室', 'غرفة', 'क्\u200dष', '👩\u200d💻 room']) {
      expect(printable(name)).toBe(name);
    }
  });

  it('keeps the lines of a text that is ours', () => {
    expect(printableLines('one\ntwo\u001b')).toBe('one\ntwo�');
  });
});

describe('JSON on a terminal', () => {
  const hostile = { name: 'Fir\u009b2J\u202E\u2028\u{E0001}\n' };

  it('holds nothing that commands the terminal', () => {
    expect(printableLines(toJson(hostile))).toBe(toJson(hostile));
  });

  it('has the same value', () => {
    expect(JSON.parse(toJson(hostile))).toEqual(hostile);
  });
});

describe('a value in brief', () => {
  it('is one line of JSON, cut where it is too long', () => {
    expect(brief({ a: ['x'] })).toBe('{"a":["x"]}');
    expect(brief('x'.repeat(30), 10)).toBe('"xxxxxxxx…');
    expect(brief('\u009b')).toBe('"�"');
  });

  it('is null where there is none', () => {
    expect(brief(undefined)).toBe('null');
  });
});
