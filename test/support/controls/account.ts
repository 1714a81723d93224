import { peopleTwists } from '../generated/people';
import type { ControlTraits } from './traits';

const { deleteAccount, removeAccount, blockSignIn, rename, beGuest, provision } = peopleTwists;

export const traits: ControlTraits = {
  // Only when the account is not there.
  list: /deletedItems/,
  makeListMatter: (state) => {
    state.users.length = 0;
  },
  empty: ['violation account.notFound'],
  mostRequests: { graph: 1, 'admin-api': 2 },
  twists: [deleteAccount, removeAccount, blockSignIn, rename, beGuest, provision],
};
