import { consentTwists } from '../generated/consent';
import { anyProduct } from '../generated/product';
import type { ControlTraits } from './traits';

export const traits: ControlTraits = {
  list: /oauth2PermissionGrants/,
  empty: ['violation consent.appMissing'],
  mostRequests: { graph: 2, 'admin-api': 2 },
  twists: Object.values(consentTwists),
  options: anyProduct,
};
