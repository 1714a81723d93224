import { consentTwists } from '../generated/consent';
import { roleTwists } from '../generated/exchange';
import { anyProduct } from '../generated/product';
import type { ControlTraits } from './traits';

export const traits: ControlTraits = {
  list: /Get-ManagementRoleAssignment/,
  healthy: ['notice impersonation.tenantWideGrant'],
  withoutList: ['notice impersonation.tenantWideGrant'],
  empty: ['violation impersonation.noRooms', 'unknown unreadable.notFound'],
  // Exchange's own test of some rooms is one request for each ten of them.
  mostRequests: { graph: 4, 'admin-api': 9 },
  twists: [
    ...[roleTwists.assignRoles, roleTwists.assignRoles, roleTwists.assignRoles],
    ...[...Object.values(roleTwists), consentTwists.grantRoles, consentTwists.removeApp],
    ...[roleTwists.limitByPolicies, roleTwists.openRooms, roleTwists.openRooms],
  ],
  options: anyProduct,
};
