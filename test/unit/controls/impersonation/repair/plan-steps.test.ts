import type { Requirement } from '../../../../../src/lib/controls/control';
import { readOk } from '../../../../../src/lib/microsoft365/wire/read';
import { clientApp, notFound, reversed } from '../../../../support/planning';
import * as given from './exchange-facts';

const { ada, amber, anyRoom, beryl, calendarsRole, custom, exchangeBaseline, factsOf } = given;
const { othersScope, ownName, ownScope, planned, room, rooms } = given;

const adminApi = { exchangeReader: 'admin-api' } as const;
const organization = { scope: { kind: 'organization' } } as const;
const group = { kind: 'group', id: 'g-1', name: 'All rooms' } as const;
const unit = { kind: 'administrativeUnit', id: 'u-1' } as const;
const user = { kind: 'user', id: 'ada-1' } as const;

/** The manual steps of a plan without changes. */
function steps(facts: ReturnType<typeof factsOf>, options: Partial<Requirement['target']> = {}): string[] {
  const { changes, manualSteps } = planned(facts, options);
  expect(changes).toEqual([]);
  for (const { link } of manualSteps) expect(link).toMatch(/^https:\/\//);
  return manualSteps.map(({ description }) => description);
}
/** The manual steps beside changes. */
const besides = (...args: Parameters<typeof planned>) =>
  planned(...args).manualSteps.map(({ description }) => description);

describe('the manual steps of impersonation', () => {
  it('lead to how somebody is put into an administrative unit, or taken out of it', () => {
    const [into] = planned(factsOf([{ scope: unit, inside: [amber] }])).manualSteps;
    expect(into?.link).toMatch(/admin-units-members-add$/);
    const { manualSteps } = planned(factsOf([{ scope: unit, inside: [...rooms, ada] }]));
    expect(manualSteps.map(({ link }) => link)).toEqual([
      expect.stringMatching(/admin-units-members-remove$/),
    ]);
  });

  it.each([
    ['roomz-application', 'ROOMZ'],
    ['planon-connect-for-calendars', undefined],
  ] as const)('have people ask for the role that the vendor of %s may not mean', (profile, asked) => {
    const { changes, manualSteps } = planned(factsOf([]), { ...adminApi, profile });
    expect(changes.some(({ description }) => description.includes('Application Calendars.ReadWrite'))).toBe(
      true,
    );
    const question = `Ask the vendor whether Application Calendars.ReadWrite is the role that ${asked} needs, before it is assigned: no page of the vendor's that could be read names it.`;
    expect(manualSteps.map(({ description }) => description).includes(question)).toBe(asked !== undefined);
  });

  describe('for a room that nothing reaches', () => {
    it.each([
      [
        'a scope',
        othersScope,
        'change the filter of the scope Condeco rooms so that it matches these rooms too',
      ],
      ['a group', group, 'add these rooms to the group All rooms'],
      ['an administrative unit', unit, 'add these rooms to the administrative unit u-1'],
    ])('say what of %s to change in place of making a scope', (_case, scope, what) => {
      expect(besides(factsOf([{ scope, inside: [amber] }]))).toEqual([
        `In place of the changes of this plan you may ${what}: beryl@contoso.com.`,
      ]);
    });

    it('say so where there is no change in place of it', () => {
      const facts = factsOf([{ inside: [amber] }], {}, { baseline: notFound });
      expect(steps(facts)).toEqual([
        'So that these rooms are reached, change the filter of the scope Condeco rooms so that it matches these rooms too: beryl@contoso.com.',
      ]);
    });

    it('say nothing of a single user, and of a scope of our own', () => {
      const held = [
        { scope: user, inside: [] },
        { scope: ownScope, inside: [amber] },
      ];
      expect(besides(factsOf(held, { scope: custom("City -eq 'Rome'") }))).toEqual([]);
    });

    it('list twenty rooms, in a fixed order', () => {
      const many = Array.from({ length: 23 }, (_, index) => room(`r${100 + index}`, 300 + index));
      const facts = factsOf([{ inside: [] }], {}, { rooms: readOk(many) });
      const [step = ''] = besides(facts);
      expect(step.split('@contoso.com')).toHaveLength(21);
      expect(step).toMatch(/: r100@contoso\.com, .*r119@contoso\.com and 3 more\.$/);
      expect(besides(reversed(facts))).toEqual([step]);
    });
  });

  describe('for a mailbox that is no room', () => {
    it.each([
      ['a scope', othersScope, 'change the filter of the scope Condeco rooms so that it does not match them'],
      ['a group', group, 'take them out of the group All rooms'],
      ['an administrative unit', unit, 'take them out of the administrative unit u-1'],
    ])('say what of %s to change', (_case, scope, what) => {
      expect(steps(factsOf([{ scope, inside: [...rooms, ada] }]))).toEqual([
        `So that these mailboxes are out of reach, ${what}: ada@contoso.com.`,
      ]);
    });

    it('name the assignment where it holds for that mailbox alone', () => {
      const held = [{}, { scope: user, inside: [ada], name: 'Ada only' }];
      expect(steps(factsOf(held, exchangeBaseline()), adminApi)).toEqual([
        `Remove the assignment Ada only of ${calendarsRole} to the application with the user ada-1: it reaches ada@contoso.com, which is no room of this target.`,
      ]);
    });

    it('name each scope that has it, once', () => {
      const inside = [...rooms, ada];
      const held = [{ inside }, { inside, role: 'Application EWS.AccessAsApp' }, { scope: group, inside }];
      const found = steps(factsOf(held));
      expect(found).toHaveLength(2);
      expect(steps(reversed(factsOf(held)))).toEqual(found);
    });

    it('name the scope of our own where its filter is as it should be', () => {
      const held = [{ scope: ownScope, inside: [...rooms, ada] }];
      expect(steps(factsOf(held, { scope: custom(anyRoom) }))).toEqual([
        `So that these mailboxes are out of reach, change the filter of the scope ${ownName} so that it does not match them: ada@contoso.com.`,
      ]);
    });
  });

  describe('for a role that holds for the whole organisation', () => {
    it('name the role, and a filter that would do', () => {
      expect(steps(factsOf([organization]))).toEqual([
        `Limit the assignment of ${calendarsRole} to the application to a scope with the rooms, for example one with the recipient filter ${anyRoom}: it holds for the whole organisation.`,
      ]);
    });

    it('name the assignment and its holder, as far as they are known', () => {
      const held = [
        { ...organization, name: 'Old', role: 'ApplicationImpersonation', holder: 'serviceAccount' as const },
        { ...organization, name: 'By group', through: 'Booking products' },
      ];
      const mailboxes = { source: 'roomLists' as const, roomLists: ['rooms@contoso.com'] };
      const options = { ...adminApi, acceptRetiredRole: true, rooms: mailboxes };
      expect(steps(factsOf(held, exchangeBaseline()), options)).toEqual([
        'Limit the assignment By group of Application Calendars.ReadWrite to Booking products to a scope with the rooms: it holds for the whole organisation.',
        'Limit the assignment Old of ApplicationImpersonation to the service account to a scope with the rooms: it holds for the whole organisation.',
      ]);
    });
  });

  it('are there for a permission of the whole tenant where only the rooms are wanted', () => {
    const calendars = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
    const appRoles = readOk([{ id: 'a-1', appRoleId: calendars, resourceId: 'graph' }]);
    const facts = factsOf([{}], {}, { appRoles });
    expect(steps(facts, { access: 'rooms-only' })).toEqual([
      'Revoke Calendars.ReadWrite (application, Microsoft Graph) only after the role of the application reaches the rooms. Before that it may be all that lets the application in.',
    ]);
    expect(steps(facts)).toEqual([]);
  });

  it('are all that there is for a target without rooms', () => {
    expect(steps(factsOf([], {}, { rooms: readOk([]) }))).toEqual([
      expect.stringContaining('no room at all'),
    ]);
  });

  it('stand in for changes where the role is missing in this organisation', () => {
    expect(steps(factsOf([], { role: null }))[0]).toContain(`lacks the role ${calendarsRole}`);
  });

  it('stand in for changes of a scope of our own that somebody has limited', () => {
    const baseline = exchangeBaseline({ scope: custom(anyRoom, { root: 'contoso.com/London' }) });
    expect(steps(factsOf([{ scope: ownScope, inside: [amber] }], baseline), adminApi)[0]).toContain(
      'limited it to contoso.com/London',
    );
  });

  describe('for an application that Exchange may not know', () => {
    it('say how to make it known, with its name in quotes', () => {
      const client = readOk(clientApp({ displayName: "O'Hare’s" }));
      expect(besides(factsOf([], {}, { client }))).toEqual([
        `If Exchange does not know the application yet, the role cannot be assigned. An administrator makes it known in Exchange Online PowerShell: New-ServicePrincipal -AppId 7e57ab1e-0000-4000-8000-00000000c0de -ObjectId ${given.clientId} -DisplayName 'O''Hare’’s'`,
      ]);
    });

    it('are not there once it holds a role, or where Exchange itself was asked', () => {
      expect(besides(factsOf([{ scope: user, inside: [beryl] }]))).toEqual([]);
      expect(besides(factsOf([], exchangeBaseline({ isRegistered: false })), adminApi)).toEqual([]);
    });
  });
});
