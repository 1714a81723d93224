import type { StoredTarget } from '../../model/target';
import type { Tenant } from '../tenant';
import { AdminApiExchange } from './admin-api/exchange';
import type { ExchangeReader } from './exchange';
import { GraphExchange } from './graph/exchange';

export * from './access-policy';
export * from './authorization';
export * from './exchange';
export * from './filter-form';
export * from './baseline';
export * from './recipient';
export * from './scope';
export * from './target-rooms';

/** Exchange as the target wants it read: through Microsoft Graph, or by Exchange's own admin API. */
export function exchangeOf(tenant: Tenant, target: StoredTarget): ExchangeReader {
  return target.exchangeReader === 'admin-api'
    ? new AdminApiExchange(tenant, target)
    : new GraphExchange(tenant, target);
}
