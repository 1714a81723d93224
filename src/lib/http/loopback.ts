/** `localhost` and names below it: no DNS server is asked for them. https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
const localName = /(^|\.)localhost$/;
const loopbackAddress = /^(127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a Host header names this machine and nothing else. A page on the internet can give its own name the address
 * 127.0.0.1 after it was loaded, and is then let in as if it were at home: all that tells it apart is the name that it asks for.
 */
export function isLoopback(host: string | null | undefined): boolean {
  const url = URL.parse(`http://${host ?? ''}`);
  if (url === null || url.host !== url.href.slice('http://'.length, -1)) return false;
  return localName.test(url.hostname) || loopbackAddress.test(url.hostname);
}
