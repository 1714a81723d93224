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
  status: number;
  requestBody: unknown;
  responseBody: unknown;
  /** Answered wrongly because a fault said so. */
  faulty: boolean;
  /** Part of a batch, and no request of its own on the wire. */
  batched: boolean;
}
