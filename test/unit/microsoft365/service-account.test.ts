import {
  readDeletedServiceAccount,
  readServiceAccount,
  User,
} from '../../../src/lib/microsoft365/service-account';
import { SimulatedTenant } from '../../support/simulated-tenant';

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
    expect(searchParams.get('$select')?.split(',')).toEqual(Object.keys(User.shape));
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

  it.each([
    ['accountEnabled', 'yes'],
    ['assignedPlans', null],
    ['assignedLicenses', [{ skuId: 7 }]],
    ['lastPasswordChangeDateTime', 'yesterday'],
  ])('is malformed when %s is %j', async (property, value) => {
    simulated.simulator.fail({
      match: /users/,
      change: (body) => ({ ...(body as object), [property]: value }),
    });
    expect(await read()).toMatchObject({
      failure: { cause: 'malformed', message: expect.stringContaining(property) as string },
    });
  });

  it('has its ids in lower case', () => {
    const plan = { servicePlanId: 'ABCDEF00-0000-4000-8000-000000000001' };
    const user = {
      id: accountId.toUpperCase(),
      userPrincipalName: upn,
      accountEnabled: true,
      passwordPolicies: null,
      assignedLicenses: [],
      assignedPlans: [plan],
      provisionedPlans: [],
      licenseAssignmentStates: [],
    };
    expect(User.parse(user)).toMatchObject({
      id: accountId,
      assignedPlans: [{ servicePlanId: plan.servicePlanId.toLowerCase() }],
    });
  });
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
