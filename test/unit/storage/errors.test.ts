import { hasStatus, orAbsent } from '../../../src/lib/storage/errors';

const failure = (statusCode: unknown) => Object.assign(new Error('Failed.'), { statusCode });

describe('a storage error', () => {
  it.each([404, 409, 412])('has the status %i', (status) => {
    expect(hasStatus(failure(status), status)).toBe(true);
    expect(hasStatus({ statusCode: status }, status)).toBe(true);
    expect(hasStatus(failure(status), 500)).toBe(false);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', '404'],
    ['an error without a status', new Error('404')],
    ['a status that is a text', failure('404')],
  ])('has no status when it is %s', (_case, error) => {
    expect(hasStatus(error, 404)).toBe(false);
  });
});

describe('what may be absent', () => {
  it('is itself when it is there', async () => {
    expect(await orAbsent(Promise.resolve('there'))).toBe('there');
  });

  it('is undefined when storage says that it is not there', async () => {
    await expect(orAbsent(Promise.reject<string>(failure(404)))).resolves.toBeUndefined();
  });

  it.each([403, 409, 412, 500])('fails when storage answers %i', async (status) => {
    const error = failure(status);
    await expect(orAbsent(Promise.reject(error))).rejects.toBe(error);
  });
});
