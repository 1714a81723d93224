import { rowsOfCsv, rowsOfJsonLines } from '../../../src/lib/api/import-format';
import { InputError } from '../../../src/lib/errors';

function errorsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.errors.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('targets as CSV', () => {
  it.each([
    ['commas', ','],
    ['semicolons, as spreadsheets write them in much of Europe', ';'],
    ['tabs', '\t'],
  ])('are separated by %s', (_what, mark) => {
    const lines = [
      ['targetId', 'tags', 'paused', 'bookingWindowInDays', 'rooms', 'displayName'],
      ['a', '"gold;emea"', 'TRUE', '90', '"{""source"":""all""}"', '"Contoso, London"'],
      ['b', '', '', '', '', ''],
    ];
    expect(rowsOfCsv(lines.map((cells) => cells.join(mark)).join('\r\n'))).toEqual([
      {
        line: 2,
        value: {
          ...{ targetId: 'a', tags: ['gold', 'emea'], paused: true, bookingWindowInDays: 90 },
          ...{ rooms: { source: 'all' }, displayName: 'Contoso, London' },
        },
      },
      { line: 3, value: { targetId: 'b' } },
    ]);
  });

  it('name their lines also after cells that span some, and empty ones', () => {
    const rows = rowsOfCsv('\ufefftargetId,tags\na,"gold\nemea"\n\nb,x\n');
    expect(rows.map(({ line }) => line)).toEqual([2, 5]);
    expect(rows[0]?.value).toEqual({ targetId: 'a', tags: ['gold', 'emea'] });
  });

  it('leave what is of no kind to the schema, which has the words for it', () => {
    expect(rowsOfCsv('paused,bookingWindowInDays\nyes,many\n')).toEqual([
      { line: 2, value: { paused: 'yes', bookingWindowInDays: 'many' } },
    ]);
  });

  it.each([
    ['targetId,colour\na,blue\n', ['line 1, colour: is not a property of a target; these are: targetId, ']],
    ['targetId,targetId\na,b\n', ['line 1, targetId: stands there twice']],
    [
      'targetId,rooms\na,some\nb,{\n',
      ['line 2, rooms: is not valid JSON', 'line 3, rooms: is not valid JSON'],
    ],
    ['targetId,tags\na\nb,c,d\n', ['line 2: has 1 cell, where the first line has 2', 'line 3: has 3 cells']],
    ['targetId\n"a\n', ['line 2: is not valid CSV: ']],
  ])('are refused with every place that is wrong: %j', (text, expected) => {
    const errors = errorsOf(() => rowsOfCsv(text));
    expect(errors).toHaveLength(expected.length);
    for (const [index, beginning] of expected.entries()) expect(errors[index]).toContain(beginning);
  });
});

describe('targets as JSON lines', () => {
  it('are one object on each line', () => {
    expect(rowsOfJsonLines('{"targetId":"a"}\r\n\n{"targetId":"b"}')).toEqual([
      { line: 1, value: { targetId: 'a' } },
      { line: 3, value: { targetId: 'b' } },
    ]);
  });

  it('are refused with every line that is none', () => {
    expect(errorsOf(() => rowsOfJsonLines('{\n{"targetId":"a"}\nx'))).toEqual([
      expect.stringMatching(/^line 1: is not valid JSON: /),
      expect.stringMatching(/^line 3: is not valid JSON: /),
    ]);
  });
});
