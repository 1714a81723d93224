import { started } from '../../src/lib/started';

/** Long enough for Node to notice a failure that nobody has asked about. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a promise that is awaited later', () => {
  it('may fail before that, and whoever awaits it gets the failure', async () => {
    const promise = started(Promise.reject(new Error('No.')));
    await turn();
    await expect(promise).rejects.toThrow('No.');
  });

  it('gives its value all the same', async () => {
    expect(await started(Promise.resolve(7))).toBe(7);
  });

  it('may be one of several', async () => {
    const promises = started([Promise.resolve(1), Promise.reject(new Error('No.'))]);
    await turn();
    await expect(Promise.all(promises)).rejects.toThrow('No.');
  });
});
