import type { Twist } from '../generated/draw';
import { peopleTwists } from '../generated/people';
import type { ControlTraits } from './traits';

const { setFlags, synchronise, setDomains, age, rename, beGuest } = peopleTwists;

/** Without a flag of its own an account goes by its domain. */
const letDomainDecide: Twist = (state, draw) => {
  for (const user of state.users.slice(0, 1)) user.passwordPolicies = null;
  setDomains(state, draw);
};

export const traits: ControlTraits = {
  list: /domains/,
  empty: ['unknown unreadable.notFound'],
  mostRequests: { graph: 1, 'admin-api': 1 },
  twists: [setFlags, synchronise, letDomainDecide, letDomainDecide, age, age, rename, beGuest],
};
