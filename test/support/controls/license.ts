import { peopleTwists } from '../generated/people';
import { anyProduct } from '../generated/product';
import type { ControlTraits } from './traits';

const { deleteAccount, removeAccount, blockSignIn, rename, beGuest, provision, ...others } = peopleTwists;
const { setFlags, synchronise, setDomains, age, ...licensing } = others;

export const traits: ControlTraits = {
  list: /subscribedSkus/,
  // Without a plan in effect.
  makeListMatter: (state) => {
    for (const user of state.users) Object.assign(user, { assignedPlans: [] });
  },
  empty: ['unknown unreadable.notFound'],
  mostRequests: { graph: 1, 'admin-api': 1 },
  twists: Object.values(licensing),
  options: anyProduct,
};
