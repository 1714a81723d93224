import { profile, profileIds } from '../../../src/lib/profiles';
import { accessKindOf } from '../../../src/lib/profiles/profile';
import { needsOf } from '../../../src/lib/profiles/needs';

describe.each(profileIds)('what %s needs, in words', (id) => {
  const each = profile(id);
  const { reachesRoomsBy, notKnown, permissions, licence } = needsOf(each);
  const isKnown = (what: string) => !each.notKnown.some((unknown) => unknown.what === what);

  it('names no role or permission that its vendor does not', () => {
    const says = isKnown('access') && accessKindOf(each) === 'role';
    expect(/Application /.test(reachesRoomsBy)).toBe(says);
    if (accessKindOf(each) === 'none')
      expect(reachesRoomsBy).toBe(
        isKnown('access') ? 'permissions of Microsoft Entra' : 'what its vendor does not say',
      );
  });

  it('says all that is asked for, and all that is open', () => {
    expect(permissions).toHaveLength(each.permissions.length);
    expect(notKnown).toHaveLength(each.notKnown.length);
    const plan = each.serviceAccount?.minimumExchangePlan ?? null;
    expect(licence === undefined).toBe(plan === null);
  });
});
