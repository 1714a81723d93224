import { lineLog } from '../../src/lib/log';

function recording() {
  const lines: string[] = [];
  const write = (level: string) => (line: string) => lines.push(`${level}: ${line}`);
  return { lines, log: lineLog({ info: write('info'), warn: write('warn'), error: write('error') }) };
}

describe('the log', () => {
  it.each(['info', 'warn', 'error'] as const)('writes a message at %s, with and without fields', (level) => {
    const { lines, log } = recording();
    log[level]('Something happened');
    log[level]('Something happened', { targetId: 'contoso', count: 2, gone: undefined });
    expect(lines).toEqual([
      `${level}: Something happened`,
      `${level}: Something happened {"targetId":"contoso","count":2}`,
    ]);
  });

  it.each([
    ['a line break', 'a\nerror: Forged'],
    ['a carriage return', 'a\rForged'],
    ['an escape', 'a\u001b[31mForged'],
    ['a quotation mark', 'a","level":"error'],
  ])('cannot be forged by a name with %s', (_case, name) => {
    const { lines, log } = recording();
    log.warn('Something happened', { name });
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f]/);
    expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({ name });
  });
});
