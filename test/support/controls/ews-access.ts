import { ewsTwists } from '../generated/exchange';
import { anyProduct } from '../generated/product';
import type { ControlTraits } from './traits';

export const traits: ControlTraits = {
  list: /Get-OrganizationConfig/,
  healthy: ['notice ews.retiring'],
  empty: ['unknown unreadable.notFound', 'notice ews.retiring'],
  mostRequests: { graph: 0, 'admin-api': 3 },
  twists: Object.values(ewsTwists),
  options: anyProduct,
};
