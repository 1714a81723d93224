import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { counted, grouped } from '../../src/lib/counted';
import { root } from '../support/simulated-tenant';

describe('a count', () => {
  it.each([
    [0, '0 rooms'],
    [1, '1 room'],
    [2, '2 rooms'],
    [10_000, '10,000 rooms'],
  ])('of %d has the right form', (count, text) => {
    expect(counted(count, 'room')).toBe(text);
  });

  it('may have a form of its own for many, and none', () => {
    expect(counted(2, 'mailbox', 'mailboxes')).toBe('2 mailboxes');
    expect(grouped(1234)).toBe('1,234');
  });

  it('is put into words here and nowhere else', () => {
    const plurals =
      /\$\{(?!counted|grouped|resource\})[^{}]*\} (?:more )?(?:rooms|targets|changes|audits|requests|controls|days|mailboxes|findings|violations)\b/;
    const odd = ['src', 'local'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => path.join(folder, file))
        .flatMap((file) =>
          readFileSync(path.join(root, file), 'utf8')
            .split('\n')
            .filter((line) => plurals.test(line))
            .map((line) => `${file}: ${line.trim()}`),
        ),
    );
    expect(odd).toEqual([]);
  });
});
