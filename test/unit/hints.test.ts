import { execFileSync } from 'node:child_process';
import { hintsFor } from '../../local/hints';

const { anywhere } = hintsFor('http://127.0.0.1:7071', 'contoso-rooms');

it.each(anywhere)('%s is one address for the shell', (command) => {
  const [, address = ''] = /"(.*)"/.exec(command) ?? [];
  const passed = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${command}`], {
    encoding: 'utf8',
  });
  expect(passed.trim().split('\n').at(-1)).toBe(address);
  expect(new URL(address).pathname).toMatch(/^\/api\/(findings|targets\/contoso-rooms\/\w+)/);
  // cmd.exe takes these for its own, outside of double quotation marks and partly within.
  expect(command.replace(address, '')).toMatch(/^curl (-X POST )?""$/);
  expect(address).not.toMatch(/[%^!]/);
});
