import { badRequest } from './fault';

const largestPage = 1000;

/** A request for a page of what a cmdlet gives. */
export interface PageRequest {
  url: URL;
  tenantId: string;
  /** What was posted: the next page has to be asked for with the same. */
  body: unknown;
  /** The `Prefer` header. */
  prefer: string | undefined;
  /** Rows per page at the most, as the tenant's state says. */
  pageSize: number | undefined;
}

/** Continuation links that were given out. Each belongs to a tenant and to what was posted for the first page. */
export class ContinuationLinks {
  private readonly issued = new Map<string, { start: number; tenantId: string; body: string }>();
  private count = 0;

  /** One page of rows, and the link to the next one. @throws when the link that led here is not good any more. */
  page<T>(rows: readonly T[], request: PageRequest): { value: T[]; nextLink?: string } {
    const body = JSON.stringify(request.body);
    const start = this.startOf(request, body);
    const size = sizeOf(request);
    const value = rows.slice(start, start + size);
    if (start + size >= rows.length) return { value };
    const token = `p~${start + size}~${this.count++}`;
    this.issued.set(token, { start: start + size, tenantId: request.tenantId, body });
    const link = new URL(request.url);
    link.searchParams.set('$skiptoken', token);
    return { value, nextLink: link.href };
  }

  /** Lets every link that was given out expire. */
  expire(): void {
    this.issued.clear();
  }

  private startOf({ url, tenantId }: PageRequest, body: string): number {
    const token = url.searchParams.get('$skiptoken');
    if (token === null) return 0;
    const link = this.issued.get(token);
    if (link?.tenantId !== tenantId) throw badRequest('The continuation token of this page has expired.');
    if (link.body !== body)
      throw badRequest('The body is not the one that the first page was asked for with.');
    return link.start;
  }
}

function sizeOf({ prefer, pageSize = largestPage }: PageRequest): number {
  const asked = Number(/odata\.maxpagesize=(\d+)/i.exec(prefer ?? '')?.[1] ?? largestPage);
  return Math.min(Math.max(asked, 1), pageSize, largestPage);
}
