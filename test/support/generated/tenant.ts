import { homeTenantId, tenantsFolder } from '../../../local/simulator/demo';
import { readTenants, type TenantState } from '../../../local/simulator/state';
import { type StoredTarget, Target } from '../../../src/lib/model/target';
import type { ControlId } from '../../../src/lib/model/verdict';
import { everyTwist, traitsOf } from '../controls/traits';
import { room, roomNames } from '../exchange-views';
import { root } from '../simulated-tenant';
import type { Draw } from './draw';

/** Read once: every generated tenant starts from it. Parsing a text is the quickest way to a copy. */
const healthy = JSON.stringify(
  readTenants(tenantsFolder(root)).find(({ tenantId }) => tenantId === homeTenantId),
);

/** A tenant, and the target that watches it. */
export interface Generated {
  state: TenantState;
  target: StoredTarget;
}

/** A tenant that differs from a healthy one in ways that matter to this control, and in one that may not. */
export function generateTenant(draw: Draw, control: ControlId): Generated {
  const { twists, options: own } = traitsOf(control);
  const state = JSON.parse(healthy) as TenantState;
  // In another order the same ways may come to something else.
  for (let count = draw.one(0, 1, 1, 2, 2, 3, 4); count > 0; count--) draw.one(...twists)(state, draw);
  if (draw.rarely(3)) draw.one(...everyTwist)(state, draw);
  const { protocol: _, ...definition } = Target.parse(state.target);
  return { state, target: { ...definition, ...times, ...own?.(draw), ...options(draw) } };
}

const times = { createdAt: '2026-11-01T00:00:00.000Z', updatedAt: '2026-11-01T00:00:00.000Z' };

function options(draw: Draw): Partial<StoredTarget> {
  const protocol = draw.one('ews', 'graph', undefined);
  const days = draw.one(undefined, 365);
  const knownId = draw.one(undefined, 'c0170507-0000-4000-8000-000000000011');
  return {
    ...(days === undefined ? {} : { bookingWindowInDays: days }),
    ...(knownId === undefined ? {} : { serviceAccountId: knownId }),
    exchangeReader: draw.one('graph', 'admin-api', 'admin-api'),
    access: draw.one('vendor-default', 'rooms-only'),
    acceptRetiredRole: draw.one(true, false),
    authorizedViaServiceAccount: draw.one(true, true, false),
    allowedExtraGrants: draw.some(['Mail.Read', 'full_access_as_app']),
    allowedExtraRoles: draw.some(['application mail full access', 'Application Calendars.Read']),
    rooms: draw.one<StoredTarget['rooms']>(
      { source: 'all', desks: 'ignore' },
      { source: 'all', desks: 'include' },
      { source: 'roomLists', roomLists: ['condeco-rooms@contoso.com'] },
      { source: 'roomLists', roomLists: ['condeco-rooms@contoso.com', 'no-such-list@contoso.com'] },
      { source: 'mailboxes', mailboxes: [...draw.some(roomNames, 1).map(room), 'no-such-room@contoso.com'] },
    ),
    ...(protocol === undefined ? {} : { protocol }),
  };
}
