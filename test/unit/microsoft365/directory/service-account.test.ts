import * as z from 'zod';
import {
  readDeletedServiceAccount,
  readServiceAccount,
  readServiceAccountAs,
  smtpAddressesOf,
  User,
  userProperties,
} from '../../../../src/lib/microsoft365/directory/service-account';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let simulated: SimulatedTenant;
beforeAll(async () => {
  simulated = await SimulatedTenant.start();
});
afterEach(() => simulated.reset());
afterAll(() => simulated.close());

const accountId = 'c0170507-0000-4000-8000-000000000011';
const otherId = 'c0170507-0000-4000-8000-000000000012';
const upn = 'svc-condeco@contoso.com';
type Options = Parameters<SimulatedTenant['target']>[0];

const open = (options: Options) => {
  const target = simulated.target(options);
  return { target, tenant: simulated.tenants().open(target.tenantId)() };
};
const read = (options: Options = {}) => {
  const { tenant, target } = open(options);
  return readServiceAccount(tenant, target);
};
const readDeleted = (options: Options = {}) => {
  const { tenant, target } = open(options);
  return readDeletedServiceAccount(tenant, target);
};
const asked = () =>
  simulated.simulator.requests.map(({ url }) => /^\/v1\.0\/users\/([^?]*)/.exec(url)?.[1] ?? url);

/** Puts a user among the deleted ones, under its mangled name. */
function deleted(id: string, deletedDateTime: string, name = `${id.replaceAll('-', '')}${upn}`): void {
  simulated.state.deletedUsers.push({ id, userPrincipalName: name, deletedDateTime });
}

describe('the service account', () => {
  it('is read by its name, with every property that a control looks at', async () => {
    const found = await read();
    expect(found).toMatchObject({ ok: true, value: { id: accountId, userPrincipalName: upn } });
    expect(asked()).toEqual([encodeURIComponent(upn)]);
    const { searchParams } = new URL(simulated.simulator.requests[0]?.url ?? '', 'https://graph.test');
    expect(searchParams.get('$select')?.split(',')).toEqual([...userProperties]);
  });

  it('is read by its object id once that is known', async () => {
    expect(await read({ serviceAccountId: accountId, serviceAccount: 'old-name@contoso.com' })).toMatchObject(
      {
        ok: true,
        value: { userPrincipalName: upn },
      },
    );
    expect(asked()).toEqual([accountId]);
  });

  it('is read by its name when the object is gone', async () => {
    expect(await read({ serviceAccountId: otherId })).toMatchObject({ ok: true, value: { id: accountId } });
    expect(asked()).toEqual([otherId, encodeURIComponent(upn)]);
  });

  it('is not found when neither is there', async () => {
    simulated.state.users.length = 0;
    expect(await read({ serviceAccountId: otherId })).toMatchObject({
      ok: false,
      failure: { cause: 'notFound', message: expect.stringContaining(`the account ${upn}`) as string },
    });
  });

  it('is not sought by its name when the object could not be read', async () => {
    simulated.simulator.fail({ match: /users/, status: 403, code: 'Authorization_RequestDenied' });
    expect(await read({ serviceAccountId: accountId })).toMatchObject({
      failure: { cause: 'permission', permission: 'User.Read.All' },
    });
    expect(asked()).toEqual([accountId]);
  });

  it.each(['svc/../x@contoso.com', 'svc?$filter=a@contoso.com', 'svc#a@contoso.com', "o'hara+1@contoso.com"])(
    'is asked for as one segment of the path, whatever its name: %s',
    async (serviceAccount) => {
      const { tenant, target } = open({ serviceAccount });
      simulated.simulator.fail({ match: /users/, status: 403, code: 'Authorization_RequestDenied' });
      await readServiceAccount(tenant, target);
      const [request] = simulated.simulator.requests;
      const { pathname, searchParams } = new URL(request?.url ?? '', 'https://graph.test');
      expect(decodeURIComponent(pathname)).toBe(`/v1.0/users/${serviceAccount}`);
      expect([...searchParams.keys()]).toEqual(['$select']);
    },
  );

  it.each([['id'], ['userPrincipalName']])('is malformed when %s is a number', async (property) => {
    simulated.simulator.fail({
      match: /users/,
      change: (body) => ({ ...(body as object), [property]: 7 }),
    });
    expect(await read()).toMatchObject({
      failure: { cause: 'malformed', message: expect.stringContaining(property) as string },
    });
  });

  it('is read in parts that stand and fall by themselves, with one request', async () => {
    const { tenant, target } = open({});
    simulated.simulator.fail({
      match: /users/,
      change: (body) => ({ ...(body as object), assignedLicenses: 'many' }),
    });
    const whole = User.extend({ assignedLicenses: z.array(z.unknown()) });
    expect(
      await Promise.all([User, whole].map((part) => readServiceAccountAs(tenant, target, part))),
    ).toEqual([
      { ok: true, value: { id: accountId, userPrincipalName: upn } },
      expect.objectContaining({ ok: false }),
    ]);
    expect(asked()).toHaveLength(1);
  });

  it('has its id in lower case', () => {
    expect(User.parse({ id: accountId.toUpperCase(), userPrincipalName: upn })).toMatchObject({
      id: accountId,
    });
  });
});

describe('a service account that is named by another of its addresses', () => {
  const alias = 'svc-condeco@contoso.onmicrosoft.com';
  const ada = () => simulated.state.users[1];
  const isFound = { ok: true, value: { id: accountId, userPrincipalName: upn } };

  it.each([alias, alias.toUpperCase()])('is found among all addresses: %s', async (serviceAccount) => {
    expect(await read({ serviceAccount })).toEqual(isFound);
    expect(asked()).toHaveLength(4);
    expect([asked()[0], asked()[3]]).toEqual([encodeURIComponent(serviceAccount), accountId]);
  });

  it('is found by its mail alone', async () => {
    Object.assign(simulated.state.users[0] ?? {}, { mail: 'rooms@contoso.com', proxyAddresses: [] });
    expect(await read({ serviceAccount: 'rooms@contoso.com' })).toEqual(isFound);
  });

  it('is found by an address with a quotation mark, and nobody else is', async () => {
    const serviceAccount = "o'hara@contoso.com";
    expect(await read({ serviceAccount })).toMatchObject({ failure: { cause: 'notFound' } });
    Object.assign(simulated.state.users[0] ?? {}, { proxyAddresses: [`smtp:${serviceAccount}`] });
    expect(await read({ serviceAccount })).toEqual(isFound);
  });

  it.each(["x' or accountEnabled eq true or mail eq 'x@contoso.com", 'svc-condeco@contoso.com.example'])(
    'is nobody whose address is not exactly that: %s',
    async (serviceAccount) => {
      expect(await read({ serviceAccount })).toMatchObject({ failure: { cause: 'notFound' } });
    },
  );

  it('is not an address of another kind', async () => {
    Object.assign(ada() ?? {}, { proxyAddresses: ['SIP:rooms@contoso.com', 'X500:rooms@contoso.com'] });
    expect(await read({ serviceAccount: 'rooms@contoso.com' })).toMatchObject({
      failure: { cause: 'notFound' },
    });
  });

  it('is malformed where more than one user has the address', async () => {
    Object.assign(ada() ?? {}, { mail: alias });
    expect(await read({ serviceAccount: alias })).toMatchObject({
      failure: { cause: 'malformed', message: expect.stringContaining('more than one user') as string },
    });
  });

  it('is read by its UPN first, whoever has that as an address', async () => {
    Object.assign(ada() ?? {}, { proxyAddresses: [`smtp:${upn}`] });
    expect(await read()).toEqual(isFound);
    expect(asked()).toHaveLength(1);
  });

  it('is unknown, and not missing, where the addresses cannot be read', async () => {
    simulated.simulator.fail({
      match: /proxyAddresses\/any/,
      status: 403,
      code: 'Authorization_RequestDenied',
    });
    expect(await read({ serviceAccount: alias })).toMatchObject({ failure: { cause: 'permission' } });
  });

  it('is not sought by its address once the object was known: that may be somebody else by now', async () => {
    Object.assign(ada() ?? {}, { proxyAddresses: ['SMTP:ada@contoso.com', 'smtp:rooms@contoso.com'] });
    expect(await read({ serviceAccount: 'rooms@contoso.com', serviceAccountId: otherId })).toMatchObject({
      failure: { cause: 'notFound' },
    });
  });
});

describe('a service account that is named by its object id', () => {
  it.each([accountId, accountId.toUpperCase()])('is read by it: %s', async (serviceAccount) => {
    expect(await read({ serviceAccount })).toMatchObject({ ok: true, value: { id: accountId } });
    expect(asked()).toEqual([serviceAccount]);
  });

  it.each([undefined, otherId])(
    'is not found by anything else when the object is gone (known: %s)',
    async (known) => {
      const options = known === undefined ? {} : { serviceAccountId: known };
      expect(await read({ serviceAccount: otherId, ...options })).toMatchObject({
        failure: { cause: 'notFound' },
      });
      expect(asked()).toEqual([otherId]);
    },
  );
});

describe('the deleted service account', () => {
  it('is null when nothing was deleted, and when only others were', async () => {
    expect(await readDeleted()).toEqual({ ok: true, value: null });
    deleted(otherId, '2026-11-20T10:00:00Z', `${otherId.replaceAll('-', '')}other@contoso.com`);
    deleted(accountId, '2026-11-20T10:00:00Z', `${accountId.replaceAll('-', '')}x-${upn}`);
    deleted(accountId, '2026-11-20T10:00:00Z', upn);
    expect(await readDeleted()).toEqual({ ok: true, value: null });
  });

  it('is found by its name behind its object id, in any case', async () => {
    const name = `${accountId.replaceAll('-', '').toUpperCase()}SVC-Condeco@Contoso.com`;
    deleted(accountId, '2026-11-20T10:00:00Z', name);
    expect(await readDeleted()).toMatchObject({ value: { id: accountId } });
  });

  it('is found by its object id, whatever it is called', async () => {
    deleted(accountId, '2026-11-20T10:00:00Z', 'renamed@contoso.com');
    expect(await readDeleted({ serviceAccountId: accountId })).toMatchObject({ value: { id: accountId } });
  });

  it.each([
    ['its object id', accountId.toUpperCase()],
    ['its mail', 'Rooms@contoso.com'],
    ['another of its addresses', 'old-rooms@contoso.com'],
  ])('is found by %s', async (_what, serviceAccount) => {
    deleted(accountId, '2026-11-20T10:00:00Z');
    Object.assign(simulated.state.deletedUsers[0] ?? {}, {
      mail: 'rooms@contoso.com',
      proxyAddresses: ['SMTP:rooms@contoso.com', 'smtp:Old-Rooms@contoso.com', 'SIP:sip-rooms@contoso.com'],
    });
    expect(await readDeleted({ serviceAccount })).toMatchObject({ value: { id: accountId } });
    expect(await readDeleted({ serviceAccount: 'sip-rooms@contoso.com' })).toEqual({ ok: true, value: null });
    expect(await readDeleted({ serviceAccount: 'x-rooms@contoso.com' })).toEqual({ ok: true, value: null });
  });

  it('is the one that was deleted last, in real time and not in the order of letters', async () => {
    deleted(accountId, '2026-11-20T10:00:00Z');
    deleted(otherId, '2026-11-20T09:30:00-02:00');
    deleted('c0170507-0000-4000-8000-000000000013', '2026-11-19T10:00:00Z');
    expect(await readDeleted()).toMatchObject({ value: { id: otherId } });
  });

  it('is sought on every page', async () => {
    simulated.state.pageSize = 1;
    deleted(otherId, '2026-11-20T10:00:00Z', 'other@contoso.com');
    deleted(accountId, '2026-11-20T10:00:00Z');
    expect(await readDeleted()).toMatchObject({ value: { id: accountId } });
    expect(simulated.simulator.requests).toHaveLength(2);
  });

  it('is unknown when the list cannot be read', async () => {
    simulated.simulator.fail({ match: /deletedItems/, status: 403, code: 'Authorization_RequestDenied' });
    expect(await readDeleted()).toMatchObject({
      ok: false,
      failure: { cause: 'permission', permission: 'User.Read.All' },
    });
  });
});

it('knows the addresses of a user by their kind, in lower case', () => {
  const proxyAddresses = ['SMTP:A@x.com', 'smtp:b@x.com', 'SIP:c@x.com', 'X500:/o=X/cn=d', 'e@x.com'];
  expect(smtpAddressesOf({ mail: 'F@x.com', proxyAddresses })).toEqual(['f@x.com', 'a@x.com', 'b@x.com']);
  expect(smtpAddressesOf({ mail: null, proxyAddresses: null })).toEqual([]);
});
