import { started } from '../../src/lib/started';

const failing = () => Promise.reject(new Error('No.'));

describe('a promise that is awaited later', () => {
  it('may fail while nobody waits for it', async () => {
    void started(failing());
    void started([Promise.resolve(1), failing()]);
    // Jest fails a test during which a failure went unnoticed.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect.assertions(0);
  });

  it('gives its failure to whoever awaits it', async () => {
    await expect(started(failing())).rejects.toThrow('No.');
    await expect(Promise.all(started([Promise.resolve(1), failing()]))).rejects.toThrow('No.');
  });

  it('gives its value all the same', async () => {
    expect(await started(Promise.resolve(7))).toBe(7);
  });
});
