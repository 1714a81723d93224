/** A request that was answered; parts of a batch are records of their own. */
export interface RequestRecord {
  tenantId: string;
  /** Application id of the caller. */
  appId: string;
  method: string;
  /** Path and query, with the version: `/v1.0/users/…`. */
  url: string;
  status: number;
  requestBody: unknown;
  responseBody: unknown;
  /** Answered wrongly because a fault said so. */
  faulty: boolean;
  /** Part of a batch, and no request of its own on the wire. */
  batched: boolean;
}
