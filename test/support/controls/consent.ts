import { consentTwists } from '../generated/consent';
import type { ControlTraits } from './traits';

export const traits: ControlTraits = {
  list: /oauth2PermissionGrants/,
  empty: ['violation consent.appMissing'],
  mostRequests: { graph: 2, 'admin-api': 2 },
  twists: Object.values(consentTwists),
};
