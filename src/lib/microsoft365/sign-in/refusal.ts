import { types } from 'node:util';
import type { NoReply } from '../wire/reply';
import { UnreachedAuthorityError } from './transport-note';

/** Statuses with which an identity endpoint says that it is out of order, rather than that it refuses. */
function isOutage(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Codes of Microsoft Entra that pass: a transient fault, and two of being busy. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const passing = ['90033', '90055', '50196'];

/** What to do about codes of Microsoft Entra, from the same list. Their first sentence is enough then. */
const remedies: Readonly<Record<string, string>> = {
  '90002': 'Check tenantId.',
  '700016': 'Check the client id of the application that reads, and have it consented to in this tenant.',
  '7000112': 'Enable the application in this tenant.',
  '7000215': 'Check the secret of the application.',
  '7000222': 'Give the application a new secret.',
};

/** Sorts a failed token request: refused by Microsoft Entra (no use repeating it), or not reached. */
export function refusalOf(error: unknown): NoReply {
  if (error instanceof UnreachedAuthorityError)
    return { cause: 'unavailable', problem: `no token: ${error.message}` };
  const chain = causesOf(error);
  const lines = chain.flatMap((link) => linesOf(link));
  const telling = lines.findIndex((line) => codeOf(line) !== undefined);
  const code = codeOf(lines[telling] ?? '');
  // An application's credential says 400 whatever went wrong beneath it.
  const isWrapped = lines[0]?.includes('EnvironmentCredential authentication failed') === true;
  const statuses = isWrapped ? [] : chain.flatMap((link) => answeredStatus(link) ?? []);
  const passes = statuses.some(isOutage) || (code !== undefined && passing.includes(code));
  const refused = !passes && (code !== undefined || statuses.length > 0);
  const requestIds = idsIn(lines);
  return {
    cause: refused ? 'permission' : 'unavailable',
    problem: `no token: ${code === undefined ? reasonIn(lines, isWrapped) : toldBy(code, lines.slice(telling))}`,
    ...(requestIds.length === 0 ? {} : { requestIds }),
  };
}

/** What Microsoft Entra says, from its code on, and what to do where that is known. */
function toldBy(code: string, lines: readonly string[]): string {
  const words = joined(lines);
  const told = words.slice(words.indexOf(`AADSTS${code}`));
  const remedy = remedies[code];
  if (remedy === undefined) return cut(told);
  const first = /^.*?[.!](?= |$)/.exec(told)?.[0] ?? told;
  return `${cut(first)} ${remedy}`;
}

/** What to do about what the SDK says of the certificate of an application: nobody else has one here. */
const localRemedies: readonly (readonly [said: RegExp, remedy: string])[] = [
  [/ENOENT|EACCES/, 'Check AZURE_CLIENT_CERTIFICATE_PATH: the file must be there, and readable.'],
  [
    /PEM|certificate|decrypt|passphrase/i,
    'Check AZURE_CLIENT_CERTIFICATE_PATH and AZURE_CLIENT_CERTIFICATE_PASSWORD: the file must hold the certificate and its private key.',
  ],
];

/** What is left without the SDK's own advice, which comes first. All of it where there is nothing else. */
function reasonIn(lines: readonly string[], isOfApplication: boolean): string {
  const words = joined(lines.filter((line) => !isAdvice.test(line)));
  const reason = cut(words || joined(lines) || 'no reason was given');
  const remedy = isOfApplication ? localRemedies.find(([said]) => said.test(words))?.[1] : undefined;
  return remedy === undefined ? reason : `${reason.replace(/\.?$/, '.')} ${remedy}`;
}

const isAdvice = /^(?:To troubleshoot, visit |More details:$|EnvironmentCredential authentication failed)/;

/** As one line, each part once, without what is of use to Microsoft alone. */
function joined(lines: readonly string[]): string {
  return [...new Set(lines.map((line) => line.replaceAll(ids, ' ').replaceAll(/\s+/g, ' ').trim()))]
    .filter((line) => line !== '')
    .join(' ')
    .replace(/,$/, '');
}

/** As Microsoft Entra and the SDK write them, together or line by line. */
const ids = /(?:\s-)?\s*\b(Trace ID|Correlation ID|Timestamp):\s*(\d{4}-\d\d-\d\d [\d:.]+Z|[^\s,]+)/gi;

/** Microsoft's ids of the request, for a support case. */
function idsIn(lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => [...line.matchAll(ids)]);
  const named = found.filter(([, name]) => name?.toLowerCase() !== 'timestamp');
  return [...new Set(named.map(([, , id]) => id ?? ''))];
}

const longest = 300;

/** No longer than a sentence may be, and not in the middle of a word. */
function cut(words: string): string {
  if (words.length <= longest) return words;
  return `${words.slice(0, longest).replace(/\s\S*$/, '')} …`;
}

function codeOf(line: string): string | undefined {
  return /AADSTS(\d+)/.exec(line)?.[1];
}

function linesOf(link: unknown): string[] {
  const text = types.isNativeError(link) ? link.message : String(link);
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** An error and what it came from, outermost first. */
function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  let link = error;
  for (; link !== undefined && chain.length < 5; link = types.isNativeError(link) ? link.cause : undefined) {
    chain.push(link);
  }
  return chain;
}

function answeredStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { statusCode, status } = error as { statusCode?: unknown; status?: unknown };
  return [statusCode, status].find((value): value is number => typeof value === 'number' && value > 0);
}
