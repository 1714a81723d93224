import { signInTwists } from '../generated/sign-in';
import type { ControlTraits } from './traits';

export const traits: ControlTraits = {
  list: /signIns/,
  empty: ['unknown unreadable.notFound'],
  // The account, what goes by its id, and two questions about policies.
  mostRequests: { graph: 4, 'admin-api': 4 },
  twists: Object.values(signInTwists),
};
