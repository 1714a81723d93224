import { largestBody, readJsonBody } from '../../../src/lib/http/body';

const bytes = (text: string) => new TextEncoder().encode(text);

function body(content: Uint8Array, contentLength: string | null = String(content.byteLength)) {
  let reads = 0;
  return {
    header: (name: string) => (name === 'content-length' ? contentLength : null),
    bytes: () => {
      reads++;
      return Promise.resolve(content);
    },
    get reads() {
      return reads;
    },
  };
}

describe('a body', () => {
  it.each([
    ['{"a":["ü"]}', { a: ['ü'] }],
    ['null', null],
    [' 1 ', 1],
  ])('is read as JSON: %s', async (text, value) => {
    expect(await readJsonBody(body(bytes(text)))).toEqual(value);
  });

  it('may be missing', async () => {
    expect(await readJsonBody(body(bytes(''), null))).toBeUndefined();
  });

  it.each([
    ['cut off', bytes('{"a":')],
    ['something else', bytes('a=1')],
    ['only space', bytes(' ')],
  ])('that is %s is refused', async (_case, content) => {
    const reading = readJsonBody(body(content));
    await expect(reading).rejects.toMatchObject({ name: 'InputError', errors: [{ path: '' }] });
    await expect(reading).rejects.toThrow('the body: is not valid JSON: ');
  });

  it('that is not UTF-8 is refused', async () => {
    await expect(readJsonBody(body(Uint8Array.of(0x22, 0xff, 0x22)))).rejects.toMatchObject({
      errors: [{ path: '', message: 'is not valid JSON: it is not UTF-8' }],
    });
  });

  it('of exactly 1 MiB is read', async () => {
    const text = `"${'x'.repeat(largestBody - 2)}"`;
    expect(await readJsonBody(body(bytes(text)))).toHaveLength(largestBody - 2);
  });

  it('of one byte more is too large, also when it does not say so', async () => {
    const large = body(new Uint8Array(largestBody + 1), null);
    await expect(readJsonBody(large)).rejects.toMatchObject({
      code: 'input.tooLarge',
      message: 'The body is larger than 1048576 bytes.',
    });
  });

  it('that says it is too large is not read at all', async () => {
    const large = body(bytes('{}'), String(largestBody + 1));
    await expect(readJsonBody(large)).rejects.toMatchObject({ code: 'input.tooLarge' });
    expect(large.reads).toBe(0);
  });
});
