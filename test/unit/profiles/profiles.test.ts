import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { roleToAssign } from '../../../src/lib/controls/impersonation/protocols';
import { type ProfileId, profile, profileIds } from '../../../src/lib/profiles';
import { CalendarSetting, CalendarSettings } from '../../../src/lib/profiles/calendar-setting';
import condecoDocument from '../../../src/lib/profiles/condeco-exchange-sync.json';
import { Profile, resourceAppIds } from '../../../src/lib/profiles/profile';
import { protocols } from '../../../src/lib/profiles/protocol';
import { protocolsOf } from '../../../src/lib/profiles/roles';
import { requirement } from '../../support/planning';
import { root } from '../../support/simulated-tenant';

const condeco = profile('condeco-exchange-sync');
const permission = (name: string) => condeco.permissions.find((required) => required.name === name);

describe.each(profileIds)('the profile %s', (id) => {
  it('carries its own id and the page that it comes from', () => {
    expect(profile(id).id).toBe(id);
    for (const page of [profile(id).source, ...profile(id).furtherSources])
      expect(page).toMatch(/^https:\/\//);
  });

  it('never accepts what it calls a lookalike', () => {
    for (const { kind, anyOf, lookalikes } of profile(id).permissions) {
      const accepted = anyOf.map((grant) => `${kind} ${grant.resource} ${grant.id}`);
      const refused = lookalikes.map((grant) => `${grant.kind} ${grant.resource} ${grant.id}`);
      expect(refused.filter((grant) => accepted.includes(grant))).toEqual([]);
    }
  });

  it.each(protocols)(
    'has a repair assign a role that opens %s and no more, where it names one',
    (protocol) => {
      const { applicationRoles } = profile(id).impersonation;
      const smallest = applicationRoles.find((role) => protocolsOf(role).join() === protocol);
      const { impersonation, ...rest } = profile(id);
      const using = { ...rest, impersonation: { ...impersonation, protocol } };
      const assigned = roleToAssign({ ...requirement(), profile: using });
      expect(assigned).toBe(smallest ?? assigned);
    },
  );
});

describe('Condeco Exchange Sync', () => {
  it('asks for three permissions, one of them only with the option', () => {
    expect(condeco.permissions.map(({ name, kind, onlyWhen }) => [name, kind, onlyWhen])).toEqual([
      ['Calendars.ReadWrite.All', 'application', undefined],
      ['User.Read', 'delegated', undefined],
      ['EWS.AccessAsUser.All', 'delegated', 'authorizedViaServiceAccount'],
    ]);
    expect(condeco.serviceAccount).toEqual({ minimumExchangePlan: 1 });
  });

  it('takes the calendars from either resource, by the same id, and knows the older one', () => {
    const id = 'ef54d2bf-783f-4e0f-bca1-3210c0444d99';
    expect(permission('Calendars.ReadWrite.All')?.anyOf).toEqual([
      { resource: 'Microsoft Graph', name: 'Calendars.ReadWrite', id, legacy: false },
      { resource: 'Office 365 Exchange Online', name: 'Calendars.ReadWrite.All', id, legacy: true },
    ]);
  });

  it('reaches every mailbox with one permission only', () => {
    const wide = condeco.permissions.filter(({ tenantWide }) => tenantWide).map(({ name }) => name);
    expect(wide).toEqual(['Calendars.ReadWrite.All']);
  });

  it('knows no lookalikes where none are written down', () => {
    expect(permission('User.Read')?.lookalikes).toEqual([]);
    expect(permission('Calendars.ReadWrite.All')?.lookalikes).toHaveLength(3);
  });
});

describe('Planon Connect for Calendars', () => {
  const planon = profile('planon-connect-for-calendars');

  it('signs in as an application, which is granted nothing in Microsoft Entra', () => {
    expect(planon.serviceAccount).toBeNull();
    expect(planon.permissions).toEqual([]);
  });

  it('reaches its rooms through a role of Exchange', () => {
    expect(planon.impersonation.applicationRoles[0]).toBe('Application Calendars.ReadWrite');
    expect(planon.impersonation.retiredServiceAccountRoles).toEqual([]);
  });
});

it('is named nowhere in the code beside the profiles: another vendor is other data, not other code', () => {
  const code = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith(path.join('lib', 'profiles')))
    .map((file) => [file, readFileSync(path.join(root, 'src', file), 'utf8')] as const);
  expect(code.length).toBeGreaterThan(100);
  const naming = code.filter(([, text]) => profileIds.some((id) => text.includes(`'${id}'`)));
  expect(naming.map(([file]) => file)).toEqual([]);
});

describe('a profile that does not parse', () => {
  const {
    impersonation,
    rooms,
    permissions: [first],
  } = condecoDocument;
  const [setting] = rooms.calendarSettings;

  it.each([
    ['an unknown property', { extra: true }],
    ['a source that is no address', { source: 'the vendor' }],
    ['an id that is no name of a file', { id: 'Condeco/Exchange' }],
    ['a further source that is no address', { furtherSources: ['the vendor'] }],
    ['no word about the service account', { serviceAccount: undefined }],
    ['a plan that does not exist', { serviceAccount: { minimumExchangePlan: 3 } }],
    ['a protocol that no role opens', { impersonation: { ...impersonation, protocol: 'imap' } }],
    [
      'a setting that is not read',
      { rooms: { ...rooms, calendarSettings: [{ ...setting, name: 'Capacity' }] } },
    ],
    ['a permission without a choice', { permissions: [{ ...first, anyOf: [] }] }],
    ['a resource that is not known', { permissions: [{ ...first, anyOf: [{ resource: 'SharePoint' }] }] }],
    ['another kind of permission', { permissions: [{ ...first, kind: 'resourceSpecific' }] }],
    ['an option that no target has', { permissions: [{ ...first, onlyWhen: 'paused' }] }],
  ])('is one with %s', (_case, changes) => {
    expect(Profile.safeParse(condecoDocument).success).toBe(true);
    expect(Profile.safeParse({ ...condecoDocument, ...changes }).success).toBe(false);
  });
});

describe('a demand on a calendar setting', () => {
  const asked = (setting: object) => CalendarSetting.safeParse({ level: 'notice', why: 'Why.', ...setting });
  const onlyEqual = /must be equal: .* is neither more nor less than another/;
  const nothing = 'demands nothing: it is true of every room';

  it.each([
    ['more of a word', { name: 'AutomateProcessing', expected: 'AutoAccept', compare: 'atLeast' }, onlyEqual],
    ['less of a switch', { name: 'DeleteSubject', expected: false, compare: 'atMost' }, onlyEqual],
    ['a window from today on', { name: 'BookingWindowInDays', expected: 0, compare: 'atLeast' }, nothing],
    ['a window of any width', { name: 'BookingWindowInDays', expected: 1080, compare: 'atMost' }, nothing],
    ['no limit at the most', { name: 'MaximumDurationInMinutes', expected: 0, compare: 'atMost' }, nothing],
    ['at least nobody', { name: 'ResourceDelegates', expected: [], compare: 'atLeast' }, nothing],
  ])('is refused where it asks for %s', (_case, setting, message) => {
    const { error } = asked(setting);
    expect(error?.issues).toMatchObject([{ path: ['compare'] }]);
    expect(error?.issues[0]?.message).toMatch(message);
  });

  it.each([
    ['a word that Exchange does not know', { name: 'AutomateProcessing', expected: 'AutoDecline' }],
    ['a word for a switch', { name: 'DeleteSubject', expected: 'False' }],
    ['a number for a switch', { name: 'AllBookInPolicy', expected: 1 }],
    ['a switch for a number', { name: 'BookingWindowInDays', expected: true }],
    ['a text for a number', { name: 'MaximumDurationInMinutes', expected: '480' }],
    ['a part of a day', { name: 'BookingWindowInDays', expected: 0.5 }],
    ['more days than Exchange takes', { name: 'BookingWindowInDays', expected: 1081 }],
    ['one person for a list', { name: 'ResourceDelegates', expected: 'ada@contoso.com' }],
    ['another option of the target', { name: 'BookingWindowInDays', expected: { target: 'paused' } }],
    [
      'a number that no target gives',
      { name: 'MaximumDurationInMinutes', expected: { target: 'bookingWindowInDays' } },
    ],
  ])('is refused with %s', (_case, setting) => {
    expect(asked(setting).error?.issues[0]?.path[0]).toBe('expected');
  });

  it.each([
    { name: 'BookingWindowInDays', expected: 180, compare: 'atLeast' },
    { name: 'BookingWindowInDays', expected: 0 },
    { name: 'BookingWindowInDays', expected: { target: 'bookingWindowInDays' }, compare: 'atLeast' },
    { name: 'MaximumDurationInMinutes', expected: 0, compare: 'atLeast' },
    { name: 'ResourceDelegates', expected: [] },
    { name: 'ResourceDelegates', expected: ['ada@contoso.com'], compare: 'atMost' },
  ])('is taken where it asks for something: %j', (setting) => {
    expect(asked(setting).data).toMatchObject({ compare: 'equal', ...setting });
  });

  it('stands once in a profile', () => {
    const [first] = condeco.rooms.calendarSettings;
    expect(CalendarSettings.safeParse([first, first]).error?.issues[0]?.message).toBe(
      'names a setting twice',
    );
  });
});

it('has no profile by any other name', () => {
  expect(() => profile('other-vendor' as ProfileId)).toThrow('There is no profile other-vendor.');
});

it('knows the resources by the ids that they have in every tenant', () => {
  expect(resourceAppIds).toEqual({
    'Microsoft Graph': '00000003-0000-0000-c000-000000000000',
    'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
  });
});
