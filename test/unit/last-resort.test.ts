import { EventEmitter } from 'node:events';
import { outliveLostPromises } from '../../src/lib/last-resort';
import { lineLog } from '../../src/lib/log';

it('a promise that fails unnoticed is said in the log as an error, whatever it fails with', () => {
  const emitter = new EventEmitter();
  const said: string[] = [];
  const elsewhere = () => {
    throw new Error('Not an error.');
  };
  outliveLostPromises(
    emitter,
    lineLog({ info: elsewhere, warn: elsewhere, error: (line) => said.push(line) }),
  );
  expect(emitter.emit('unhandledRejection', new TypeError('No.'), Promise.resolve())).toBe(true);
  emitter.emit('unhandledRejection', undefined, Promise.resolve());
  expect(said[0]).toMatch(/^A promise failed that nobody waits for \{"error":"TypeError: No\./);
  expect(said[1]).toBe('A promise failed that nobody waits for {"error":"undefined"}');
});
