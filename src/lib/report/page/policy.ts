import { createHash } from 'node:crypto';
import script from 'asset:script';
import styles from 'asset:styles';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** The style sheet and the script as they stand in the page: the policy lets in these two, to the byte, and no other. */
export const inlined = { styles, script };

/** What a page may load and do: itself, and this app's API. https://www.w3.org/TR/CSP3/ */
const directives = [
  "default-src 'none'",
  `style-src ${hash(styles)}`,
  `script-src ${hash(script)}`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
];

/** For a file: browsers pass over `frame-ancestors` in a document. */
export const filePolicy = directives.join('; ');

/** What the app sends beside the page. */
export const headers: Readonly<Record<string, string>> = {
  'content-security-policy': [...directives, "frame-ancestors 'none'"].join('; '),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
