import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ProfileId, profile, profileIds } from '../../src/lib/profiles';
import { Profile, resourceAppIds } from '../../src/lib/profiles/profile';
import condecoDocument from '../../src/lib/profiles/condeco-exchange-sync.json';
import { root } from '../support/simulated-tenant';

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

it('has no profile by any other name', () => {
  expect(() => profile('other-vendor' as ProfileId)).toThrow('There is no profile other-vendor.');
});

it('knows the resources by the ids that they have in every tenant', () => {
  expect(resourceAppIds).toEqual({
    'Microsoft Graph': '00000003-0000-0000-c000-000000000000',
    'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
  });
});
