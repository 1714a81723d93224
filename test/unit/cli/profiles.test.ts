import { exitCodes } from '../../../src/cli/exit';
import { profile, profileIds } from '../../../src/lib/profiles';
import { runCli } from '../../support/cli-io';

describe('syncwarden profiles', () => {
  it('lists every product with its way and what it needs', async () => {
    const { code, out, err } = await runCli(['profiles'], { columns: 200 });
    expect({ code, err }).toEqual({ code: exitCodes.compliant, err: '' });
    for (const id of profileIds) expect(out).toContain(id);
    expect(out).toContain('reaches rooms by full access of the account to each room');
    expect(out).toContain('not known: permissions');
  });

  it('gives the same as data, with what is not known and why', async () => {
    const { out } = await runCli(['profiles', '--json']);
    const listed = JSON.parse(out) as { profile: string; notKnown: unknown[]; clientAppId?: string }[];
    expect(listed.map((each) => each.profile)).toEqual(profileIds);
    for (const { profile: id, notKnown, clientAppId } of listed) {
      const { notKnown: wanted, clientAppId: published } = profile(id as (typeof profileIds)[number]);
      expect({ notKnown, clientAppId }).toEqual({ notKnown: wanted, clientAppId: published });
    }
  });
});
