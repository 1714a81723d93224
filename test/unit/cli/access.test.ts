import { UnsecuredJWT } from 'jose';
import { holderOf } from '../../../src/cli/access/claims';
import { consentLink } from '../../../src/cli/access/consent-link';
import { accessOf } from '../../../src/cli/access/control-access';
import * as z from 'zod';
import { concluded } from '../../../src/cli/access/permission-check';
import { proofOf } from '../../../src/cli/access/probes';
import { control, controls } from '../../../src/lib/controls';
import { distinct, neededToRead } from '../../../src/lib/controls/permissions';
import {
  directoryReadAll,
  groupMemberReadAll,
  groupMemberReadBasicAll,
  groupReadBasicAll,
  type Permission,
  userReadAll,
} from '../../../src/lib/microsoft365/permissions';
import { type ControlId, controlIds } from '../../../src/lib/model/verdict';

const token = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode();
const names = (permissions: readonly { name: string }[]) => permissions.map(({ name }) => name);

describe('the holder of a token', () => {
  it('is an application, with its application permissions', () => {
    const held = holderOf(token({ appid: 'app', tid: 'tenant', roles: ['User.Read.All'] }));
    expect(held).toEqual({
      applicationId: 'app',
      tenantId: 'tenant',
      person: undefined,
      permissions: ['User.Read.All'],
    });
  });

  it('is a person, with the delegated permissions and not with app roles', () => {
    const claims = {
      azp: 'cli',
      upn: 'ada@contoso.com',
      scp: 'User.Read.All  Directory.AccessAsUser.All',
      roles: ['x'],
    };
    expect(holderOf(token(claims))).toMatchObject({
      applicationId: 'cli',
      person: 'ada@contoso.com',
      permissions: ['User.Read.All', 'Directory.AccessAsUser.All'],
    });
  });

  it('has nothing when nothing was granted', () => {
    expect(holderOf(token({ appid: 'app' }))?.permissions).toEqual([]);
  });

  it.each(['', 'opaque', 'a.b.c', token({ roles: 'User.Read.All' })])(
    'is not known from %j',
    (unreadable) => {
      expect(holderOf(unreadable)).toBeUndefined();
    },
  );
});

describe('what a control needs to read', () => {
  it.each(controls.map(({ id }) => id))('is for %s what its permissions say, split by reader', (id) => {
    const { read } = control(id).permissions;
    const needed = [neededToRead(control(id), 'graph'), neededToRead(control(id), 'admin-api')];
    for (const permission of needed.flat()) expect(read).toContain(permission);
    expect(names(distinct(needed)).sort()).toEqual(names(read).sort());
  });

  it('is Exchange itself with the admin API, and Microsoft Graph without it', () => {
    expect(names(neededToRead(control('impersonation'), 'graph'))).toContain('RoleManagement.Read.Exchange');
    expect(names(neededToRead(control('impersonation'), 'graph'))).not.toContain('Exchange.ManageAsApp');
    expect(names(neededToRead(control('impersonation'), 'admin-api'))).toContain('Exchange.ManageAsApp');
    expect(names(neededToRead(control('impersonation'), 'admin-api'))).not.toContain('Place.Read.All');
  });

  it('is nothing where the control does not apply', () => {
    expect(neededToRead(control('rooms'), 'graph')).toEqual([]);
    expect(neededToRead(control('ews-access'), 'graph')).toEqual([]);
    expect(neededToRead(control('rooms'), 'admin-api')).not.toEqual([]);
  });
});

describe('the access to a control', () => {
  const needed = [userReadAll, directoryReadAll];
  const access = (states: Record<string, 'held' | 'missing' | 'unknown'>) =>
    accessOf(control('consent'), needed, ({ name }) => ({ state: states[name] ?? 'unknown' }));

  it('is there with all that is needed', () => {
    expect(access({ 'User.Read.All': 'held', 'Directory.Read.All': 'held' })).toMatchObject({
      verdict: 'compliant',
      lacks: [],
    });
  });

  it('is not there when something is missing, whatever else is not known', () => {
    expect(access({ 'Directory.Read.All': 'missing' })).toEqual({
      control: 'consent',
      verdict: 'nonCompliant',
      has: [],
      lacks: ['Directory.Read.All'],
      notKnown: ['User.Read.All'],
    });
  });

  it('is not known while something is not known', () => {
    expect(access({ 'User.Read.All': 'held' }).verdict).toBe('unknown');
  });

  describe('through a permission that serves in place of two', () => {
    const groups = [groupReadBasicAll, groupMemberReadBasicAll];

    it('is there, and names that one, once', () => {
      const held = { state: 'held' as const, by: groupMemberReadAll };
      expect(accessOf(control('impersonation'), groups, () => held)).toMatchObject({
        verdict: 'compliant',
        has: ['GroupMember.Read.All'],
      });
    });

    it('is not there without it, and says that either would do', () => {
      expect(accessOf(control('impersonation'), groups, () => ({ state: 'missing' }))).toMatchObject({
        verdict: 'nonCompliant',
        lacks: [
          'Group.ReadBasic.All or GroupMember.Read.All',
          'GroupMember.ReadBasic.All or GroupMember.Read.All',
        ],
      });
    });
  });
});

describe('the permissions for sign-ins', () => {
  const needed = (id: ControlId) => neededToRead(control(id), 'graph');
  const without = (name: string) => (permission: Permission) => ({
    state: permission.name === name ? ('missing' as const) : ('held' as const),
  });

  it.each(['Policy.Read.All', 'AuditLog.Read.All'])('switch on that control, and no other: %s', (name) => {
    const lacking = controlIds.filter(
      (id) => accessOf(control(id), needed(id), without(name)).lacks.length > 0,
    );
    expect(lacking).toEqual(['sign-in']);
    expect(accessOf(control('sign-in'), needed('sign-in'), without(name)).lacks).toEqual([name]);
  });
});

describe('the answer to a probe', () => {
  const answered = (status: number, code?: string) =>
    proofOf(
      { status, headers: {}, body: code === undefined ? undefined : { error: { code } } },
      'GET /users',
    );

  it('proves the permission when it is one', () => {
    expect(answered(200)).toEqual({ result: 'accepted', detail: 'GET /users answered 200' });
  });

  it('proves it too when Microsoft Graph itself says that the object does not exist', () => {
    expect(answered(404, 'Request_ResourceNotFound').result).toBe('accepted');
    expect(answered(404).result).toBe('unclear');
  });

  it('that everybody gets proves it only when it holds what others do not see', () => {
    const dated = z.object({ value: z.tuple([z.object({ createdDateTime: z.string() })]) });
    const answeredWith = (createdDateTime: unknown) =>
      proofOf(
        { status: 200, headers: {}, body: { value: [{ createdDateTime }] } },
        'GET /organization',
        dated,
      );
    expect(answeredWith('2016-04-12T09:30:00Z').result).toBe('accepted');
    expect(answeredWith(null)).toEqual({
      result: 'refused',
      detail: 'GET /organization answered 200, without what the permission shows',
    });
  });

  it('with 403 refuses it', () => {
    expect(answered(403, 'Authorization_RequestDenied').result).toBe('refused');
  });

  it('with 403 for want of a licence says nothing about it', () => {
    expect(answered(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant').result).toBe('unclear');
  });

  it.each([400, 401, 429, 503])('with %i says nothing about it', (status) => {
    expect(answered(status).result).toBe('unclear');
  });

  it('says nothing about it when there is none', () => {
    expect(proofOf({ cause: 'unavailable', problem: 'no answer' }, 'GET /users')).toEqual({
      result: 'unclear',
      detail: 'GET /users: no answer',
    });
  });
});

describe('what is concluded about a permission', () => {
  const proved = (result: 'accepted' | 'refused' | 'unclear') => ({ result, detail: 'GET answered' });

  it('goes by the request and not by the token', () => {
    expect(concluded(userReadAll, [], proved('accepted'))).toMatchObject({
      state: 'held',
      detail: expect.stringContaining('another permission covers it') as string,
    });
    expect(concluded(userReadAll, ['User.Read.All'], proved('refused')).state).toBe('missing');
    expect(concluded(userReadAll, ['User.Read.All'], proved('unclear')).state).toBe('unknown');
  });

  it('goes by the token where nothing can be proved', () => {
    expect(concluded(userReadAll, ['User.Read.All'], undefined).state).toBe('held');
    expect(concluded(userReadAll, ['User.Read'], undefined).state).toBe('missing');
    expect(concluded(userReadAll, undefined, undefined).state).toBe('unknown');
  });

  describe('that another serves for', () => {
    const check = (held: readonly string[]) => concluded(groupReadBasicAll, held, undefined);

    it('is that it is held, whichever of the two is in the token', () => {
      expect(check(['Group.ReadBasic.All'])).toMatchObject({ state: 'held', by: groupReadBasicAll });
      expect(check(['GroupMember.Read.All'])).toMatchObject({
        state: 'held',
        by: groupMemberReadAll,
        detail: 'GroupMember.Read.All is in the token, which serves as well; not proved',
      });
      expect(check(['GroupMember.Read.All', 'Group.ReadBasic.All']).by).toBe(groupReadBasicAll);
    });

    it('is that it is missing, with any other that is like it', () => {
      for (const near of ['GroupMember.ReadBasic.All', 'Group.Read', 'GroupMember.Read.All.Extra'])
        expect(check([near])).toMatchObject({
          state: 'missing',
          by: undefined,
          detail: 'neither it nor GroupMember.Read.All is in the token; not proved',
        });
    });

    it('is what a request has shown, against the token', () => {
      const held = ['GroupMember.Read.All'];
      expect(concluded(groupReadBasicAll, held, proved('refused')).state).toBe('missing');
    });
  });
});

it('the link for consent holds each part as it is meant, whatever stands in it', () => {
  const link = new URL(
    consentLink({
      authorityHost: 'https://login.microsoftonline.com',
      tenantId: 'fab11ca3-0000-4000-8000-000000000002',
      clientId: '5cba4def-0000-4000-8000-000000000002',
      service: 'https://graph.microsoft.com',
      redirectUri: 'https://portal.example.com/done?a=b&c=d',
      state: 'x&scope=evil',
    }),
  );
  expect(link.origin + link.pathname).toBe(
    'https://login.microsoftonline.com/fab11ca3-0000-4000-8000-000000000002/v2.0/adminconsent',
  );
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: '5cba4def-0000-4000-8000-000000000002',
    scope: 'https://graph.microsoft.com/.default',
    redirect_uri: 'https://portal.example.com/done?a=b&c=d',
    state: 'x&scope=evil',
  });
});
