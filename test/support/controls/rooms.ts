import { roomTwists } from '../generated/exchange';
import { anyProduct } from '../generated/product';
import type { ControlTraits } from './traits';

export const traits: ControlTraits = {
  list: /Get-DistributionGroup$/,
  empty: [],
  mostRequests: { graph: 0, 'admin-api': 5 },
  twists: Object.values(roomTwists),
  options: anyProduct,
};
