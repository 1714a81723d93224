import fc from 'fast-check';
import { ewsAccess as control } from '../../../../src/lib/controls/ews-access';
import type { EwsFacts } from '../../../../src/lib/controls/ews-access/collect';
import { evaluate } from '../../../../src/lib/controls/ews-access/evaluate';
import { observe, plan as planEvaluated } from '../../../../src/lib/controls/ews-access/plan';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import {
  clientAppId,
  kept,
  planning,
  refused,
  requirement,
  reversed,
  tenantId,
  upn,
} from '../../../support/planning';
import { cmdletOf } from '../impersonation/repair/exchange-facts';

const plan = planning({ evaluate, plan: planEvaluated });

const target = requirement({ exchangeReader: 'admin-api' });
const planned = (facts: EwsFacts, now = target.now) => plan(facts, { ...target, now });
const noRules = { EwsApplicationAccessPolicy: null, EwsAllowList: [], EwsBlockList: [] };
const [first, second] = ['00000000-0000-4000-8000-00000000000a', 'ffffffff-0000-4000-8000-00000000000b'];

function factsOf(
  EwsEnabled: boolean | null,
  EwsAllowedAppIDs: string[] = [],
  changes: Partial<EwsFacts> = {},
): EwsFacts {
  return {
    cloud: 'worldwide',
    organization: readOk({ EwsEnabled, EwsAllowedAppIDs, ...noRules }),
    mailbox: readOk({ EwsEnabled: null, ...noRules }),
    ...changes,
  };
}
const off = { mailbox: readOk({ EwsEnabled: false, ...noRules }) };
const steps = (facts: EwsFacts, now?: Date) => {
  const { changes, manualSteps } = planned(facts, now);
  expect(changes).toEqual([]);
  return manualSteps;
};

describe('the plan of ews-access', () => {
  it.each([
    ['nothing is wrong', factsOf(true, [clientAppId])],
    ['Microsoft Graph is the reader', factsOf(false, [], { organization: null, mailbox: null })],
    ['another cloud has not set a day', factsOf(null, [], { cloud: 'national' })],
    ['the organisation could not be read', factsOf(true, [], { organization: refused })],
    [
      'Exchange does not say who is on the list',
      factsOf(true, [], { organization: readOk({ EwsEnabled: true, ...noRules }) }),
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

  describe('of an organisation that is not prepared', () => {
    const write = (parameters: object) => ({
      method: 'POST',
      url: `/adminapi/beta/${tenantId}/InvokeCommand`,
      body: { CmdletInput: { CmdletName: 'Set-OrganizationConfig', Parameters: parameters } },
    });

    it('sets switch and list in one, keeps who is on it, and can put both back', () => {
      const { changes, manualSteps } = planned(factsOf(null, [second, first]));
      const ids = [first, clientAppId, second];
      expect(changes).toEqual([
        {
          id: expect.stringMatching(/^1-prepare-organisation-[0-9a-f]{16}$/) as string,
          description: expect.stringMatching(
            /every application on the list gets in .*, and no other does/,
          ) as string,
          request: write({ EwsEnabled: true, EwsAllowedAppIDs: ids.join(',') }),
          undo: write({ EwsEnabled: null, EwsAllowedAppIDs: [first, second].join(',') }),
          before: { EwsEnabled: null, EwsAllowedAppIDs: [first, second] },
          after: { EwsEnabled: true, EwsAllowedAppIDs: ids },
          permission: 'Exchange.ManageAsApp',
        },
      ]);
      for (const id of ids) expect(changes[0]?.description).toContain(id);
      expect(manualSteps).toEqual([]);
    });

    it('needs the switch alone where the application is on the list already', () => {
      const [change] = planned(factsOf(null, [clientAppId])).changes;
      expect(change).toMatchObject({
        before: { EwsEnabled: null, EwsAllowedAppIDs: [clientAppId] },
        after: { EwsEnabled: true, EwsAllowedAppIDs: [clientAppId] },
      });
    });

    it('clears the list again that was not there', () => {
      const [change] = planned(factsOf(null)).changes;
      expect(change?.undo).toEqual(write({ EwsEnabled: null, EwsAllowedAppIDs: null }));
    });

    it('is left to people where nobody knows who is on the list', () => {
      const [step, ...more] = steps(
        factsOf(null, [], { organization: readOk({ EwsEnabled: null, ...noRules }) }),
      );
      expect(step?.description).toContain('writing replaces it');
      expect(more).toEqual([]);
    });

    it('is seen as it was before, and as it was made, but not where one of both could not be read', () => {
      const before = factsOf(null, [second, first]);
      const [change] = planned(before).changes.map(kept);
      if (change === undefined) throw new Error('A change was expected.');
      expect(observe(before, change)).toEqual(change.before);
      expect(observe(factsOf(true, [second, clientAppId, first]), change)).toEqual(change.after);
      for (const half of [{ EwsEnabled: true }, { EwsAllowedAppIDs: [first] }])
        expect(observe({ ...before, organization: readOk(half) }, change)).toBeUndefined();
    });
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
  const change = () => {
    const [only] = planned(before).changes.map(kept);
    if (only === undefined) throw new Error('A change was expected.');
    return only;
  };

  it('is seen as it was before, and as it was made, in whatever order', () => {
    expect(observe(before, change())).toEqual(change().before);
    expect(observe(factsOf(true, [second, clientAppId, first]), change())).toEqual(change().after);
  });

  it('is not seen where it could not be read', () => {
    for (const organization of [null, refused])
      expect(observe({ ...before, organization }, change())).toBeUndefined();
  });

  it('changes something, whatever the switch and the list are', () => {
    const ids = fc.subarray([first, second, clientAppId, 'contoso-sync']);
    const switches = fc.constantFrom(true, false, null);
    const clouds = fc.constantFrom('worldwide' as const, 'national' as const);
    fc.assert(
      fc.property(switches, ids, clouds, fc.boolean(), (EwsEnabled, list, cloud, isOff) => {
        const facts = factsOf(EwsEnabled, list, { cloud, ...(isOff ? off : {}) });
        for (const { before: was, after: becomes, request, undo } of planned(facts).changes) {
          expect(becomes).not.toEqual(was);
          expect(undo).not.toEqual(request);
          expect(cmdletOf({ request }).EwsAllowedAppIDs).toContain(clientAppId);
          for (const id of list) expect(cmdletOf({ request }).EwsAllowedAppIDs).toContain(id);
        }
      }),
    );
  });
});
