import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { appAddress } from '../../../src/cli/app/address';
import { AppClient, AppRefusal } from '../../../src/cli/app/client';
import { CliError, exitCodes } from '../../../src/cli/exit';

describe('the address of an app', () => {
  it.each([
    ['https://app.azurewebsites.net', 'https://app.azurewebsites.net/api', false],
    ['https://app.azurewebsites.net/api/', 'https://app.azurewebsites.net/api', false],
    ['http://127.0.0.1:7071', 'http://127.0.0.1:7071/api', true],
    ['http://localhost:7071/', 'http://localhost:7071/api', true],
    ['http://[::1]:7071', 'http://[::1]:7071/api', true],
  ])('%s is that of its API', (text, api, isLocal) => {
    expect(appAddress(text)).toMatchObject({ api, isLocal });
  });

  it.each([
    'http://app.azurewebsites.net',
    'http://127.0.0.1.evil.example',
    'ftp://localhost',
    'app.azurewebsites.net',
    'https://app.azurewebsites.net/other',
    'https://app.azurewebsites.net/?x=1',
    'https://user:secret@app.azurewebsites.net',
  ])('is refused as %s', (text) => {
    expect(() => appAddress(text)).toThrow(CliError);
    expect(() => appAddress(text)).toThrow('--app must be');
  });
});

describe('a call of the app', () => {
  let server: Server;
  let api: ReturnType<typeof appAddress>;
  let answer: { status: number; body: string; headers?: Record<string, string> };
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? '-'}`);
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    api = appAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => server.close());
  beforeEach(() => asked.splice(0));

  const Named = z.object({ name: z.string() });
  const call = (status: number, body: unknown, headers?: Record<string, string>) => {
    answer = {
      status,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(headers === undefined ? {} : { headers }),
    };
    return new AppClient(api, undefined).get('things', Named).then(
      (value) => value,
      (error: unknown) => {
        if (!(error instanceof CliError)) throw error;
        return error;
      },
    );
  };

  it('gives the answer, as far as its schema goes', async () => {
    expect(await call(200, { name: 'Fir', more: 1 })).toEqual({ name: 'Fir' });
    expect(asked).toEqual(['GET /api/things -']);
  });

  it('refuses an answer of another form', async () => {
    expect(await call(200, { nom: 'Fir' })).toMatchObject({ exitCode: exitCodes.unknown });
    expect(await call(200, '<html>')).toMatchObject({
      message: expect.stringContaining('is not of this API') as string,
    });
  });

  it.each([
    [400, exitCodes.usage],
    [404, exitCodes.usage],
    [401, exitCodes.unknown],
    [403, exitCodes.unknown],
    [409, exitCodes.unknown],
    [503, exitCodes.unknown],
  ])('gives the words of a refusal with %i', async (status, exitCode) => {
    const problem = { status, detail: 'Not like this.\u001b[2J', code: 'some.code' };
    const refusal = await call(status, problem);
    expect(refusal).toBeInstanceOf(AppRefusal);
    expect(refusal).toMatchObject({ exitCode, message: 'The app refuses: Not like this.�[2J (some.code)' });
  });

  it('does not follow to anywhere else', async () => {
    const location = `${api.api}/elsewhere`;
    expect(await call(302, '', { location })).toMatchObject({
      exitCode: exitCodes.unknown,
      message: expect.stringContaining('--app-scope') as string,
    });
    expect(asked).toEqual(['GET /api/things -']);
  });

  it('is not known when something else answers', async () => {
    expect(await call(502, 'Bad Gateway')).toMatchObject({
      exitCode: exitCodes.unknown,
      message: 'The app answers 502, and not in the way of this API.',
    });
  });

  it('is not known when nobody answers', async () => {
    const nobody = new AppClient(appAddress('http://127.0.0.1:1'), undefined);
    await expect(nobody.get('things', Named)).rejects.toMatchObject({
      exitCode: exitCodes.unknown,
      message: expect.stringContaining('cannot be reached') as string,
    });
  });

  it('never sends a token without encryption', () => {
    expect(() => new AppClient(api, 'token')).toThrow('without encryption');
  });

  it('reads a list to its end', async () => {
    const kept = { targetId: 'c', what: 'The target c', errors: [], remedy: 'Put it again.' };
    const pages = [
      { items: [{ name: 'a' }], continuation: 'x/y', unreadable: [kept] },
      { items: [{ name: 'b' }] },
    ];
    server.prependListener('request', () => {
      answer = { status: 200, body: JSON.stringify(pages.shift()) };
    });
    expect(await new AppClient(api, undefined).list('things', Named)).toEqual({
      items: [{ name: 'a' }, { name: 'b' }],
      unreadable: [kept],
    });
    expect(asked).toEqual([
      'GET /api/things?limit=1000 -',
      'GET /api/things?limit=1000&continuation=x%2Fy -',
    ]);
  });
});
