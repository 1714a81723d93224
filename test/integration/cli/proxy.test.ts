import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import path from 'node:path';
import { type Stack, startStack } from '../../../local/stack';
import { homeTenantId, identityClientId } from '../../../local/simulator/demo';
import { applicationOf } from '../../support/cli-sign-in';
import { CliProcess } from '../../support/cli-process';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(60_000);

let stack: Stack;
let cli: CliProcess;
let proxy: Server;
const connected: string[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  stack = await startStack(root);
  cli = new CliProcess(stack);
  // A proxy of companies: it knows nothing but CONNECT.
  proxy = createServer((_request, response) => void response.writeHead(405).end());
  proxy.on('connect', ({ url = '' }, socket: Socket, head: Buffer) => {
    connected.push(url);
    const port = Number(url.split(':')[1]);
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => end.destroy());
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
beforeEach(() => connected.splice(0));
afterAll(async () => {
  proxy.close();
  for (const socket of sockets) socket.destroy();
  await stack.stop();
  cli.remove();
});

const reader = applicationOf(homeTenantId, identityClientId);
const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
const audit = (env: Record<string, string>) =>
  cli.run(['audit', path.join(root, 'local/tenants/contoso/target.json'), '--control', 'account', '--json'], {
    ...reader,
    ...env,
  });
const verdict = (out: string) =>
  (JSON.parse(out) as { findings: { verdict: string }[] }).findings[0]?.verdict;

describe('where the internet is behind a proxy', () => {
  it('everything of Microsoft 365 is reached through it: tokens, Graph, and nothing else', async () => {
    const { out, code } = await audit({ HTTPS_PROXY: address() });
    expect([code, verdict(out)]).toEqual([0, 'compliant']);
    const { simulator } = stack;
    const { url, authorityUrl, exchangeUrl } = simulator;
    const hosts = [url, authorityUrl, exchangeUrl].map((origin) => new URL(origin).host);
    expect(connected).toContain(new URL(url).host);
    expect(connected).toContain(new URL(authorityUrl).host);
    expect(connected.filter((host) => !hosts.includes(host))).toEqual([]);
  });

  it('what NO_PROXY names is reached directly', async () => {
    const { out } = await audit({ HTTPS_PROXY: address(), NO_PROXY: 'localhost' });
    expect(verdict(out)).toBe('compliant');
    expect(connected).toEqual([]);
  });

  it('one that is not there is told as that', async () => {
    const { err, code } = await audit({ HTTPS_PROXY: 'http://127.0.0.1:1' });
    expect(code).toBe(2);
    expect(err).toContain('could not be reached: connect ECONNREFUSED 127.0.0.1:1');
  });
});
