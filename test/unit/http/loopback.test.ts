import { isLoopback } from '../../../src/lib/http/loopback';

it.each([
  'localhost',
  'localhost:7071',
  'LOCALHOST:7071',
  'app.localhost',
  '127.0.0.1:7071',
  '127.8.9.10',
  '[::1]:80',
])('takes %s for this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each([
  ['a name that may have its address', 'rebind.example.com:7071'],
  ['a name that begins like it', 'localhost.example.com'],
  ['a name that ends like it', 'notlocalhost'],
  ['an address that begins like a name', '127.0.0.1.example.com'],
  ['any address', '0.0.0.0:7071'],
  ['an address of the network', '192.168.1.2:7071'],
  ['a user before a name', 'localhost@example.com'],
  ['a name with a path', 'example.com/localhost'],
  ['a name with a question', 'example.com?localhost'],
  ['nothing', ''],
  ['no header', null],
  ['what is no name', 'local host'],
])('does not take %s for it: %s', (_what, host) => {
  expect(isLoopback(host)).toBe(false);
});
