/** A request that was answered; parts of a batch are records of their own. */
export interface RequestRecord {
  /** Who was asked: Microsoft Graph, or the admin API of Exchange. */
  service: 'graph' | 'exchange';
  tenantId: string;
  /** Application id of the caller. */
  appId: string;
  method: string;
  /** Path and query, with the version: `/v1.0/users/…`, `/adminapi/beta/…`. */
  url: string;
  /** What Exchange was told to run. */
  cmdlet?: string | undefined;
  /** What was answered; 0 when the connection was broken instead. */
  status: number;
  /** The honest status, whatever was answered; absent where a fault has kept the request from being carried out. */
  outcome: number | undefined;
  requestBody: unknown;
  responseBody: unknown;
  /** Answered wrongly because a fault said so. */
  faulty: boolean;
  /** Part of a batch, and no request of its own on the wire. */
  batched: boolean;
}

/** A request for a token of an application, whether it got one or not. */
export interface TokenRecord {
  /** The tenant that the token was to be for. */
  tenantId: string;
  /** Application id of the caller. */
  appId: string;
  /** What it was to be good for: `https://graph.microsoft.com/.default`. */
  scope: string;
  status: number;
}

/** What is posted, and changes nothing. */
export const questions = ['/$batch', '/identity/conditionalAccess/evaluate'];

/** Whether a request was one to change something. */
export function isWrite({ service, method, url, cmdlet }: RequestRecord): boolean {
  if (service === 'exchange') return cmdlet !== undefined && !/^(Get|Test)-/i.test(cmdlet);
  return method !== 'GET' && !questions.some((path) => url.endsWith(path));
}

/** Whether a request was carried out, also where its answer was lost. */
export function isAccepted({ outcome }: RequestRecord): boolean {
  return outcome !== undefined && outcome < 400;
}
