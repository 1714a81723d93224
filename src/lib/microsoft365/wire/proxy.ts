import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

const agents = new Map<string, HttpsProxyAgent<string>>();

/**
 * By which proxy an address is reached, as `HTTPS_PROXY` and `NO_PROXY` say; undefined where it is reached directly. The libraries
 * that get tokens, keep tables and send telemetry heed the same variables by themselves.
 */
export function proxyAgentFor(address: string): HttpsProxyAgent<string> | undefined {
  const proxy = getProxyForUrl(address);
  if (proxy === '') return undefined;
  const known = agents.get(proxy);
  if (known !== undefined) return known;
  const made = new HttpsProxyAgent(proxy, { keepAlive: true });
  agents.set(proxy, made);
  return made;
}
