/** A cmdlet of Exchange Online with its parameters, as PowerShell would call it. */
export interface Cmdlet {
  name: string;
  parameters: Readonly<Record<string, unknown>>;
  /**
   * The properties that are wanted.
   * @default all of them
   */
  select?: readonly string[];
}

/** Where a cmdlet is posted to, below the tenant's part of the API. */
export function toPath({ select }: Cmdlet): string {
  return select === undefined ? '/InvokeCommand' : `/InvokeCommand?$select=${select.join(',')}`;
}

/** The body with which the admin API takes a cmdlet. */
export function toCmdletInput({ name, parameters }: Cmdlet): unknown {
  return { CmdletInput: { CmdletName: name, Parameters: parameters } };
}

/** The most parts that one batch may hold. */
export const largestBatch = 10;

/** Exchange publishes no limit; this many requests at once leave room for others. */
export const requestsAtOnce = 4;

/** Rows per page: the most that the service gives. */
const pageSize = 1000;

/**
 * What every cmdlet carries beside the token, also as a part of a batch. The anchor mailbox routes it to the
 * organisation's own servers; for an application it is the organisation's system mailbox, the one that Microsoft's
 * PowerShell module names.
 */
export function partHeaders(tenantId: string): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'X-AnchorMailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`,
  };
}

/** What a request carries beside the token. */
export function requestHeaders(tenantId: string, cmdlet: string): Record<string, string> {
  return {
    ...partHeaders(tenantId),
    Accept: 'application/json',
    Prefer: `odata.maxpagesize=${pageSize}`,
    'X-CmdletName': cmdlet,
  };
}
