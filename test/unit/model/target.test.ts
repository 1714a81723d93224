import type { z } from 'zod';
import {
  definitionOf,
  KeptTarget,
  type StoredTarget,
  Target,
  TargetBody,
  TargetId,
} from '../../../src/lib/model/target';
import { profile } from '../../../src/lib/profiles';

const required = {
  tenantId: '0A0A0A0A-0000-4000-8000-000000000001',
  profile: 'condeco-exchange-sync',
  serviceAccount: 'svc-condeco@contoso.com',
  clientAppId: '0A0A0A0A-0000-4000-8000-00000000000A',
};
const body = { targetId: 'contoso-rooms', ...required };

/** Where it is wrong and why, or nothing when it is fine. */
function complaints(schema: z.ZodType, value: unknown): [path: string, message: string][] {
  const parsed = schema.safeParse(value);
  return (parsed.error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]);
}
const paths = (changes: object) => complaints(Target, { ...body, ...changes }).map(([path]) => path);

function without(name: keyof typeof body) {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
}

describe('a target', () => {
  it('has defaults for everything but the ids, the profile and the account', () => {
    expect(Target.parse(body)).toEqual({
      targetId: 'contoso-rooms',
      tenantId: '0a0a0a0a-0000-4000-8000-000000000001',
      profile: 'condeco-exchange-sync',
      serviceAccount: 'svc-condeco@contoso.com',
      clientAppId: '0a0a0a0a-0000-4000-8000-00000000000a',
      authorizedViaServiceAccount: true,
      rooms: { source: 'all', desks: 'ignore' },
      exchangeReader: 'graph',
      access: 'vendor-default',
      acceptRetiredRole: false,
      allowedExtraRoles: [],
      signInSilentDays: 7,
      scopeGroups: {},
      paused: false,
    });
  });

  it('keeps every option', () => {
    const options = {
      authorizedViaServiceAccount: false,
      rooms: { source: 'roomLists', roomLists: ['floor-1@contoso.com'] },
      exchangeReader: 'admin-api',
      access: 'rooms-only',
      acceptRetiredRole: true,
      license: { skuPartNumber: 'STANDARDPACK', usageLocation: 'GB' },
      allowedExtraGrants: ['Place.Read.All'],
      scopeGroups: { 'CN=Rooms,OU=contoso': 'rooms@contoso.com' },
      paused: true,
    };
    expect(Target.parse({ ...body, ...options })).toMatchObject(options);
    expect(paths({ rooms: { source: 'mailboxes', mailboxes: ['room-1@contoso.com'] }, license: {} })).toEqual(
      [],
    );
  });

  it.each(Object.keys(body) as (keyof typeof body)[])('needs a %s', (name) => {
    expect(complaints(Target, without(name)).map(([path]) => path)).toEqual([name]);
  });

  describe('of a product with two ways', () => {
    const applications = {
      'zoom-rooms-account': 'a651cfda-cbdd-4a39-bd03-fa829c3c1b29',
      'zoom-rooms-application': profile('zoom-rooms-application').clientAppId,
    };
    const account = { ...body, profile: 'zoom-rooms-account', clientAppId: undefined };

    it('takes the application that its profile publishes', () => {
      expect(Target.parse(account).clientAppId).toBe(applications['zoom-rooms-account']);
    });

    it('may have another one, which nobody publishes', () => {
      const { clientAppId } = Target.parse({ ...account, clientAppId: required.clientAppId });
      expect(clientAppId).toBe(required.clientAppId.toLowerCase());
    });

    it('is refused with that of the other way', () => {
      const other = applications['zoom-rooms-application']?.toUpperCase();
      const message =
        'is the application of the profile zoom-rooms-application: leave it out, or name that profile';
      for (const schema of [Target, TargetBody])
        expect(complaints(schema, { ...account, clientAppId: other })).toEqual([['clientAppId', message]]);
    });

    it('is readable once it is stored, whatever is published later', () => {
      const other = applications['zoom-rooms-application'];
      const { clientAppId } = KeptTarget.parse({ ...account, clientAppId: other });
      expect(clientAppId).toBe(other);
    });
  });

  it('names its application, where its profile does not', () => {
    expect(complaints(Target, without('clientAppId'))).toEqual([
      ['clientAppId', 'is required: the vendor of this profile publishes no application id'],
    ]);
  });

  it('need not repeat its id in the body', () => {
    expect(complaints(TargetBody, required)).toEqual([]);
    expect(TargetBody.parse(body)).toEqual(Target.parse(body));
    expect(complaints(TargetBody, { ...required, targetId: 'No' }).map(([path]) => path)).toEqual([
      'targetId',
    ]);
  });

  it.each([
    ['an unknown profile', { profile: 'other-vendor' }, 'profile'],
    ['a tenant that is no GUID', { tenantId: 'contoso.com' }, 'tenantId'],
    ['a GUID in braces', { tenantId: `{${required.tenantId}}` }, 'tenantId'],
    ['a GUID with more behind it', { tenantId: `${required.tenantId}/x` }, 'tenantId'],
    ['a GUID with a line break', { tenantId: `${required.tenantId}\n` }, 'tenantId'],
    ['an application that is no GUID', { clientAppId: 'condeco' }, 'clientAppId'],
    ['an address with a space', { serviceAccount: 'svc condeco@contoso.com' }, 'serviceAccount'],
    ['an address with a space in front', { serviceAccount: ' svc@contoso.com' }, 'serviceAccount'],
    ['an address with a line break', { serviceAccount: 'svc@contoso.com\n' }, 'serviceAccount'],
    ['an address without a domain', { serviceAccount: 'svc' }, 'serviceAccount'],
    ['an address with a bare domain', { serviceAccount: 'svc@contoso' }, 'serviceAccount'],
    ['an address of two', { serviceAccount: 'a@b@contoso.com' }, 'serviceAccount'],
    ['an address with a name', { serviceAccount: 'Svc <svc@contoso.com>' }, 'serviceAccount'],
    ['an address that is too long', { serviceAccount: `${'x'.repeat(320)}@contoso.com` }, 'serviceAccount'],
    ['text for a switch', { paused: 'false' }, 'paused'],
    ['another reader', { exchangeReader: 'ews' }, 'exchangeReader'],
    ['another access', { access: 'all' }, 'access'],
    ['rooms from elsewhere', { rooms: { source: 'csv' } }, 'rooms.source'],
    ['rooms without a source', { rooms: {} }, 'rooms.source'],
    ['room lists that are missing', { rooms: { source: 'roomLists' } }, 'rooms.roomLists'],
    ['no room list', { rooms: { source: 'roomLists', roomLists: [] } }, 'rooms.roomLists'],
    ['a bad mailbox', { rooms: { source: 'mailboxes', mailboxes: ['a@b.c', 'x'] } }, 'rooms.mailboxes.1'],
    ['a country in small letters', { license: { usageLocation: 'gb' } }, 'license.usageLocation'],
    ['a product without a name', { license: { skuPartNumber: '' } }, 'license.skuPartNumber'],
    ['a grant without a name', { allowedExtraGrants: [''] }, 'allowedExtraGrants.0'],
    ['too many grants', { allowedExtraGrants: Array(201).fill('A') }, 'allowedExtraGrants'],
    [
      'a grant without a name behind its resource',
      { allowedExtraGrants: ['Microsoft Graph/'] },
      'allowedExtraGrants.0',
    ],
    ['a grant without a resource', { allowedExtraGrants: ['A', '/Mail.Read'] }, 'allowedExtraGrants.1'],
    ['a grant with a kind alone', { allowedExtraGrants: ['delegated:'] }, 'allowedExtraGrants.0'],
    ['a grant of another kind', { allowedExtraGrants: ['any:Mail.Read'] }, 'allowedExtraGrants.0'],
    ['a grant of two kinds', { allowedExtraGrants: ['delegated:application:A'] }, 'allowedExtraGrants.0'],
    [
      'a grant with a space in front of its name',
      { allowedExtraGrants: ['Microsoft Graph/ A'] },
      'allowedExtraGrants.0',
    ],
    [
      'a grant of a resource by a name of its own',
      { allowedExtraGrants: ['SharePoint/Sites.Read.All'] },
      'allowedExtraGrants.0',
    ],
    ['several grants in one', { allowedExtraGrants: ['Mail.Read Mail.Send'] }, 'allowedExtraGrants.0'],
    ['a group without an address', { scopeGroups: { 'CN=Rooms': 'Rooms' } }, 'scopeGroups.CN=Rooms'],
  ])('is refused with %s', (_case, changes, path) => {
    expect(paths(changes)).toEqual([path]);
  });

  it.each([
    ['a misspelt option', { pause: true }, ''],
    ['what only the product keeps', { createdAt: '2026-11-23T00:00:00Z' }, ''],
    ['room lists for another source', { rooms: { source: 'all', roomLists: ['a@b.c'] } }, 'rooms'],
    ['a misspelt part of the licence', { license: { sku: 'X' } }, 'license'],
  ])('is refused with %s, which it does not know', (_case, changes, path) => {
    expect(complaints(Target, { ...body, ...changes })).toEqual([
      [path, expect.stringContaining('Unrecognized key') as string],
    ]);
    expect(complaints(TargetBody, { ...body, ...changes })).toHaveLength(1);
  });

  it.each([
    'Mail.Read',
    'delegated:Mail.Read',
    'Application:Office 365 Exchange Online/full_access_as_app',
    `${required.tenantId}/Contoso:Read/Everything`,
  ])('allows a grant written as %s', (grant) => {
    expect(complaints(Target, { ...body, allowedExtraGrants: [grant] })).toEqual([]);
    expect(Target.parse({ ...body, allowedExtraGrants: [grant] }).allowedExtraGrants).toEqual([grant]);
  });

  it.each([
    ['any:Mail.Read', 'has a prefix that is not known: write Place.Read.All for'],
    ['delegated:', 'has an empty part: write Place.Read.All for'],
    ['SharePoint/Sites.Read.All', 'names a resource that is not known: write Place.Read.All for'],
    ['Mail.Read ', 'must be one permission, without spaces around it: write Place.Read.All for'],
  ])('says of the grant %j what would be right', (grant, beginning) => {
    const [[path, message] = []] = complaints(TargetBody, { ...required, allowedExtraGrants: [grant] });
    expect(path).toBe('allowedExtraGrants.0');
    expect(message).toContain(beginning);
    expect(message).toContain('delegated: or application: in front of the whole');
  });

  it.each([
    ['full_access_as_app', 'Office 365 Exchange Online/full_access_as_app'],
    ['Application:IMAP.AccessAsApp', 'Application:Office 365 Exchange Online/IMAP.AccessAsApp'],
    ['Microsoft Graph/Exchange.ManageAsApp', 'Office 365 Exchange Online/Exchange.ManageAsApp'],
  ])('refuses the grant %j, which would allow nothing, and says how it is written', (grant, right) => {
    const [[path, message] = []] = complaints(TargetBody, { ...required, allowedExtraGrants: [grant] });
    expect(path).toBe('allowedExtraGrants.0');
    expect(message).toMatch(/^allows nothing, because Microsoft Graph has no permission /);
    expect(message?.endsWith(`: write ${right}`)).toBe(true);
    expect(complaints(TargetBody, { ...required, allowedExtraGrants: [right] })).toEqual([]);
    expect(KeptTarget.parse({ ...body, allowedExtraGrants: [grant] }).allowedExtraGrants).toEqual([grant]);
  });

  it('stays readable with a grant that would not be taken today', () => {
    const kept = { ...body, allowedExtraGrants: ['SharePoint/Sites.Read.All'] };
    expect(KeptTarget.parse(kept).allowedExtraGrants).toEqual(kept.allowedExtraGrants);
  });

  it('says what would be right', () => {
    expect(complaints(Target, { ...body, tenantId: 'x', serviceAccount: 'x y' })).toEqual([
      ['tenantId', 'must be a GUID like 00000000-0000-0000-0000-000000000000'],
      ['serviceAccount', 'must be an address like svc-condeco@contoso.com, without spaces, or an object id'],
    ]);
  });

  it.each([
    ['an address', 'svc-condeco@contoso.com'],
    ['an object id', '0A0A0A0A-0000-4000-8000-00000000000a'],
  ])('names its account by %s', (_kind, serviceAccount) => {
    expect(complaints(Target, { ...body, serviceAccount })).toEqual([]);
  });

  it('needs no account for a product that has none, and one for any other', () => {
    const { serviceAccount, ...without } = body;
    const missing = ['serviceAccount', 'is required: the product of this profile signs in with an account'];
    for (const schema of [Target, TargetBody]) {
      expect(complaints(schema, { ...without, profile: 'planon-connect-for-calendars' })).toEqual([]);
      expect(complaints(schema, without)).toEqual([missing]);
    }
  });

  it('must be short enough to be stored', () => {
    const mailboxes = (count: number) => ({
      rooms: {
        source: 'mailboxes',
        mailboxes: Array.from(
          { length: count },
          (_none, index) => `room-${index}-${'x'.repeat(30)}@contoso.com`,
        ),
      },
    });
    expect(paths(mailboxes(5_000))).toEqual([]);
    const tooLong = complaints(TargetBody, { ...body, ...mailboxes(9_000) });
    expect(tooLong).toEqual([['rooms', expect.stringContaining('too large to store') as string]]);
    expect(paths(mailboxes(9_000))).toEqual(['rooms']);
    expect(paths({ rooms: { source: 'mailboxes', mailboxes: Array(10_001).fill('a@b.c') } })).toEqual([
      'rooms.mailboxes',
    ]);
  });
});

describe('the id of a target', () => {
  it.each(['a', '0', 'contoso-rooms', 'a--', '9-x', 'a'.repeat(63)])('may be %s', (id) => {
    expect(complaints(TargetId, id)).toEqual([]);
  });

  it.each(['', '-a', 'A', 'a_b', 'a.b', 'a/b', 'a b', 'ä', 'a\n', '../a', 'a'.repeat(64)])(
    'is not %j',
    (id) => {
      expect(complaints(TargetId, id)).toHaveLength(1);
    },
  );
});

describe('a stored target', () => {
  it('is shown without what was learnt about it', () => {
    const definition = Target.parse({ ...body, license: { usageLocation: 'GB' } });
    const stored: StoredTarget = {
      ...definition,
      createdAt: '2026-11-01T00:00:00.000Z',
      updatedAt: '2026-11-02T00:00:00.000Z',
      serviceAccountId: '0a0a0a0a-0000-4000-8000-00000000000b',
      serviceAccountUpn: 'svc@contoso.com',
      disputes: [],
    };
    expect(definitionOf(stored)).toEqual(definition);
  });
});
