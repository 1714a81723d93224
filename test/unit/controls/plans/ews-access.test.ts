import { ewsAccess as control } from '../../../../src/lib/controls/ews-access';
import type { EwsFacts } from '../../../../src/lib/controls/ews-access/collect';
import { observe, plan } from '../../../../src/lib/controls/ews-access/plan';
import { readOk } from '../../../../src/lib/microsoft365/read';
import { clientAppId, kept, refused, requirement, reversed, tenantId, upn } from '../../../support/planning';
import { cmdletOf } from './exchange-facts';

const target = requirement({ exchangeReader: 'admin-api' });
const planned = (facts: EwsFacts | null, now = target.now) => plan(facts, { ...target, now });
const [first, second] = ['00000000-0000-4000-8000-00000000000a', 'ffffffff-0000-4000-8000-00000000000b'];

function factsOf(
  EwsEnabled: boolean | null,
  EwsAllowedAppIDs: string[] = [],
  changes: Partial<EwsFacts> = {},
): EwsFacts {
  return {
    organization: readOk({ EwsEnabled, EwsAllowedAppIDs }),
    mailbox: readOk({ EwsEnabled: null }),
    ...changes,
  };
}
const off = { mailbox: readOk({ EwsEnabled: false }) };
const steps = (facts: EwsFacts, now?: Date) => {
  const { changes, manualSteps } = planned(facts, now);
  expect(changes).toEqual([]);
  return manualSteps;
};

describe('the plan of ews-access', () => {
  it.each([
    ['nothing is wrong', factsOf(true, [clientAppId])],
    ['it works until it is switched off', factsOf(null)],
    ['it does not apply', null],
    ['the organisation could not be read', factsOf(true, [], { organization: refused })],
    [
      'Exchange does not say who is on the list',
      factsOf(true, [], { organization: readOk({ EwsEnabled: true }) }),
    ],
    ['the mailbox could not be read', factsOf(true, [clientAppId], { mailbox: refused })],
  ])('is empty where %s', (_case, facts) => {
    expect(planned(facts)).toEqual({ changes: [], manualSteps: [] });
  });

  it('puts the application on the list, keeps who is on it, and can put the list back', () => {
    const found = planned(factsOf(true, [second, first]));
    const url = `/adminapi/beta/${tenantId}/InvokeCommand`;
    const write = (ids: string[]) => ({
      method: 'POST',
      url,
      body: {
        CmdletInput: {
          CmdletName: 'Set-OrganizationConfig',
          Parameters: { EwsAllowedAppIDs: ids.join(',') },
        },
      },
    });
    expect(found).toEqual({
      changes: [
        {
          id: expect.stringMatching(/^1-allow-application-[0-9a-f]{16}$/) as string,
          description: expect.stringContaining('keep the 2 that are on it') as string,
          request: write([first, clientAppId, second]),
          undo: write([first, second]),
          before: [first, second],
          after: [first, clientAppId, second],
          permission: 'Exchange.ManageAsApp',
        },
      ],
      manualSteps: [],
    });
    expect(control.permissions.write.map(({ name }) => name)).toEqual(['Exchange.ManageAsApp']);
  });

  it('writes back what is on the list, also what is no id', () => {
    const [change] = planned(factsOf(true, ['contoso-sync', first])).changes;
    expect(cmdletOf(change).EwsAllowedAppIDs).toBe([first, clientAppId, 'contoso-sync'].sort().join(','));
  });

  it('clears a list that was empty when it is undone', () => {
    const [change] = planned(factsOf(true)).changes;
    expect(cmdletOf(change).EwsAllowedAppIDs).toBe(clientAppId);
    expect(change?.undo && cmdletOf({ request: change.undo }).EwsAllowedAppIDs).toBeNull();
  });

  it('does not depend on the order of the list, and differs where its content does', () => {
    const facts = factsOf(true, [second, first, second]);
    expect(planned(reversed(facts))).toEqual(planned(facts));
    expect(planned(factsOf(true, [first, second]))).toEqual(planned(facts));
    expect(planned(factsOf(true, [first])).changes[0]?.id).not.toBe(planned(facts).changes[0]?.id);
  });

  it('keeps the switches for people, and says what they do', () => {
    const [organization, ...more] = steps(factsOf(false, [first]));
    expect(more).toEqual([]);
    expect(organization?.description).toMatch(/list EwsAllowedAppIDs first, .* all others are shut out/);
    const [mailbox] = steps(factsOf(true, [clientAppId], off));
    expect(mailbox?.description).toMatch(new RegExp(`mailbox of ${upn}, .*Set-CASMailbox`));
    expect(steps(factsOf(false, [], off))).toEqual([organization, mailbox]);
    for (const { link } of steps(factsOf(false, [], off))) expect(link).toMatch(/^https:\/\//);
  });

  it('has a change beside a manual step', () => {
    const { changes, manualSteps } = planned(factsOf(true, [], off));
    expect([changes.length, manualSteps.length]).toEqual([1, 1]);
  });

  it('leaves nothing but the move to Microsoft Graph after the end', () => {
    const found = steps(factsOf(true, [], off), new Date('2027-04-01T00:00:00Z'));
    expect(found).toHaveLength(1);
    expect(found[0]?.description).toContain('to Microsoft Graph');
  });
});

describe('a change of ews-access', () => {
  const before = factsOf(true, [second, first]);

  it('is seen as it was before, and as it was made, in whatever order', () => {
    const [change] = planned(before).changes.map(kept);
    expect(observe(before)).toEqual(change?.before);
    expect(observe(factsOf(true, [second, clientAppId, first]))).toEqual(change?.after);
  });

  it('is not seen where it could not be read', () => {
    expect(observe(null)).toBeUndefined();
    expect(observe({ ...before, organization: refused })).toBeUndefined();
  });
});
