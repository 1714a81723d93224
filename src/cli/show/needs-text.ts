import { needsOf } from '../../lib/profiles/needs';
import type { Profile } from '../../lib/profiles/profile';

/** What a product needs, line by line. */
export function needsText(profile: Profile): string[] {
  const { signsInAs, reachesRoomsBy, permissions, licence, rooms, notKnown } = needsOf(profile);
  return [
    `signs in as ${signsInAs}`,
    `reaches rooms by ${reachesRoomsBy}`,
    ...(permissions.length === 0 ? [] : [`permissions: ${permissions.join(', ')}`]),
    ...(licence === undefined ? [] : [`licence of the account: ${licence}`]),
    ...(rooms.length === 0 ? [] : [`rooms: ${rooms.join(', ')}`]),
    ...(notKnown.length === 0 ? [] : [`not known: ${notKnown.join(', ')}`]),
  ];
}
