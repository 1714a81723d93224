import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { createCertificates } from '../../../../local/simulator/certificates';
import { innermostMessage, sendHttps } from '../../../../src/lib/microsoft365/wire/https';

const trusted = getCACertificates('default');
let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const received: { method?: string | undefined; headers: IncomingMessage['headers']; body: string }[] = [];
let connections = 0;

beforeAll(async () => {
  const certificates = await createCertificates();
  setDefaultCACertificates([...trusted, certificates.ca]);
  server = createServer(certificates, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push({ method: request.method, headers: request.headers, body });
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  server.on('secureConnection', () => connections++);
  await once(server, 'listening');
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received.length = 0;
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

const get = (timeoutMs = 5_000) =>
  sendHttps({ method: 'GET', address: `${origin}/a?$select=id`, headers: {} }, timeoutMs);

describe('a request over https', () => {
  it('carries its method, its headers and its body', async () => {
    answer = (_request, response) => void response.end();
    const headers = { Authorization: 'Bearer token-1' };
    await sendHttps({ method: 'PATCH', address: origin, headers, body: '{"name":"Räume"}' }, 5_000);
    expect(received).toMatchObject([
      { method: 'PATCH', headers: { authorization: 'Bearer token-1' }, body: '{"name":"Räume"}' },
    ]);
  });

  it('gives status, headers and text of the answer', async () => {
    answer = (_request, response) =>
      void response.writeHead(418, { 'Request-Id': 'r-1', 'Set-Cookie': ['a=1', 'b=2'] }).end('Tee');
    expect(await get()).toMatchObject({
      status: 418,
      headers: { 'request-id': 'r-1', 'set-cookie': 'a=1,b=2' },
      text: 'Tee',
    });
  });

  it('puts together what comes in parts, also where a part ends within a character', async () => {
    const bytes = Buffer.from('{"name":"Räume"}');
    const middle = bytes.indexOf('ä') + 1;
    answer = (_request, response) => {
      response.write(bytes.subarray(0, middle));
      setTimeout(() => response.end(bytes.subarray(middle)), 20);
    };
    expect((await get()).text).toBe('{"name":"Räume"}');
  });

  it('unpacks what it says it can unpack', async () => {
    answer = ({ headers }, response) => {
      const encoding = String(headers['accept-encoding']);
      response.writeHead(200, { 'Content-Encoding': encoding }).end(gzipSync('{"name":"Räume"}'));
    };
    expect((await get()).text).toBe('{"name":"Räume"}');
  });

  it('uses a connection again', async () => {
    answer = (_request, response) => void response.end();
    await get();
    const before = connections;
    await get();
    await get();
    expect(connections).toBe(before);
  });

  it('leaves those that come after it on its connection alone when its own time is up', async () => {
    answer = (_request, response) => void response.end('first');
    // Time enough for a busy machine.
    await get(1_000);
    answer = (_request, response) => void setTimeout(() => response.end('second'), 1_300);
    const before = connections;
    expect(await get()).toMatchObject({ text: 'second' });
    expect(connections).toBe(before);
  });
});

describe('no answer over https', () => {
  it.each([
    ['the connection breaks', ({ socket }: IncomingMessage) => void socket.destroy(), 'socket hang up'],
    [
      'half of it comes',
      ({ socket }: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(200).write('{"value":', () => socket.destroy()),
      'aborted',
    ],
    [
      'half of it comes, packed',
      ({ socket }: IncomingMessage, response: ServerResponse) =>
        void response
          .writeHead(200, { 'Content-Encoding': 'gzip' })
          .write(gzipSync('{"value":[]}').subarray(0, 12), () => socket.destroy()),
      'aborted',
    ],
    [
      'it is not packed as it says',
      (_request: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('{"value":[]}'),
      'incorrect header check',
    ],
  ])('when %s', async (_case, broken, message) => {
    answer = broken;
    await expect(get()).rejects.toThrow(message);
  });

  it.each([
    ['it does not come', () => undefined],
    ['its end does not come', (response: ServerResponse) => void response.writeHead(200).write('{"value":')],
  ])('in time when %s', async (_case, begin) => {
    const isHungUp = new Promise((resolve) => {
      answer = ({ socket }, response) => {
        socket.once('close', resolve);
        begin(response);
      };
    });
    // On a busy machine the request is not there at once, and has to be before its time is up.
    await expect(get(1_000)).rejects.toThrow('no answer within 1 s');
    await isHungUp;
  });

  it('when it goes on and on', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, ' ');
    answer = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', more);
      more();
    };
    await expect(get(60_000)).rejects.toThrow('the answer is too long');
  });

  it('when packing hides that it goes on and on', async () => {
    const packed = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '));
    answer = (_request, response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    await expect(get(60_000)).rejects.toThrow('the answer is too long');
  });

  it('when nobody listens', async () => {
    const request = { method: 'GET', address: 'https://127.0.0.1:1', headers: {} };
    await expect(sendHttps(request, 5_000)).rejects.toThrow('ECONNREFUSED');
  });

  it.each(['http://localhost:1', 'ftp://localhost', 'localhost', ''])('from %j', async (address) => {
    await expect(sendHttps({ method: 'GET', address, headers: {} }, 5_000)).rejects.toThrow();
  });

  it('when a header would end the header', async () => {
    const request = { method: 'GET', address: origin, headers: { Authorization: 'Bearer a\r\nB: c' } };
    await expect(sendHttps(request, 5_000)).rejects.toThrow('Invalid character');
    expect(received).toEqual([]);
  });
});

describe('the message of an error', () => {
  it.each([
    [new Error('outer', { cause: new Error('inner') }), 'inner'],
    [new Error('outer', { cause: 'text' }), 'text'],
    [Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new RangeError(''), 'RangeError'],
    ['text', 'text'],
  ])('%#', (error, message) => {
    expect(innermostMessage(error)).toBe(message);
  });
});
