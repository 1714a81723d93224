import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { RequestRecord } from '../../local/simulator';

/** Microsoft's own description of Graph. */
interface Contract {
  /** The operation of a request, or null when there is none. */
  match(method: string, url: string): { path: string; op: unknown } | null;
  /** Complaints about a body; none when it is as described. */
  check(
    kind: 'request' | 'response',
    op: unknown,
    status: number,
    body: unknown,
    options?: { strict: boolean },
  ): unknown[];
}

/** Where Microsoft's description of Graph lies on this machine; without it those checks do not run. */
export const contractFolder = process.env.GRAPH_CONTRACT_DIR;

type Version = 'v1.0' | 'beta';

/**
 * What the description leaves out and Microsoft's pages have, with an operation that answers alike.
 * https://learn.microsoft.com/graph/api/directory-deleteditems-restore
 */
const undescribed = [
  { method: 'POST', path: /^\/v1\.0\/directory\/deletedItems\/([^/]+)\/restore$/, like: '/v1.0/users/$1' },
];

const loaded = new Map<Version, Contract>();

function contract(folder: string, version: Version): Contract {
  const file = path.join(folder, 'contract.cjs');
  const { load } = createRequire(__filename)(file) as { load: (version: Version, tools: object) => Contract };
  const described = loaded.get(version) ?? load(version, { Ajv, addFormats });
  loaded.set(version, described);
  return described;
}

function matched(graph: Contract, method: string, url: string) {
  const other = undescribed.find((each) => each.method === method && each.path.test(url));
  return other === undefined
    ? graph.match(method, url)
    : graph.match('GET', url.replace(other.path, other.like));
}

/**
 * What is wrong with requests and answers according to Microsoft's description, strictly: a property name that the type
 * lacks is wrong too. Answers that a test had made faulty are left out, and so is Exchange, of which there is no
 * description. Empty when all is well, or when the description is not there.
 */
export function complaintsAbout(records: readonly RequestRecord[]): string[] {
  if (contractFolder === undefined) return [];
  const folder = contractFolder;
  const honest = records.filter(({ faulty, service }) => service === 'graph' && !faulty);
  const complaints = honest.flatMap(({ method, url, status, requestBody, responseBody }) => {
    const at = `${method} ${url}`;
    const graph = contract(folder, url.startsWith('/beta/') ? 'beta' : 'v1.0');
    const found = matched(graph, method, url);
    if (found === null) return [`${at}: there is no such operation`];
    return [
      ...graph.check('request', found.op, 0, requestBody, { strict: true }),
      ...graph.check('response', found.op, status, responseBody, { strict: true }),
    ].map((complaint) => `${at} (${status}): ${JSON.stringify(complaint)}`);
  });
  return [...new Set(complaints)];
}
