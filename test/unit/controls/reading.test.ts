import { controls } from '../../../src/lib/controls';
import { controlIds } from '../../../src/lib/model/verdict';
import { type ControlTraits, traitsOf } from '../../support/controls/traits';
import { SimulatedTenant } from '../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const everything = /^(GET \/(v1\.0|beta)|POST \/adminapi)\//;

describe.each(controlIds)('%s', (id) => {
  let traits: ControlTraits;
  beforeAll(() => {
    traits = traitsOf(id);
  });

  it.each([
    ['permission', 403, 'Authorization_RequestDenied'],
    ['unavailable', 401, 'InvalidAuthenticationToken'],
    ['throttled', 429, 'TooManyRequests'],
    ['unavailable', 500, 'UnknownError'],
    ['unavailable', 503, 'ServiceUnavailable'],
    ['unavailable', 504, 'UnknownError'],
  ])('is unknown with unreadable.%s when Microsoft 365 answers %i', async (cause, status, code) => {
    tenant.simulator.fail({ match: everything, status, code });
    const found = await tenant.audit(id);
    expect(found.verdict).toBe('unknown');
    expect(new Set(found.codes)).toEqual(new Set([`unknown unreadable.${cause}`]));
  });

  it('names the permission that was probably missing', async () => {
    tenant.simulator.fail({ match: everything, status: 403, code: 'Authorization_RequestDenied' });
    const found = await tenant.audit(id);
    const control = controls.find((known) => known.id === id);
    const permissions = control?.permissions.read.map(({ name }) => name);
    expect(found.codes[0]).toBe('unknown unreadable.permission');
    for (const { expected } of found.reasons) expect(permissions).toContain(expected);
    expect(found.summary).toContain(found.reasons[0]?.expected);
  });

  it('is unknown with unreadable.unavailable when connections break', async () => {
    tenant.simulator.fail({ match: (request) => request.method === 'POST', drop: true });
    tenant.simulator.fail({ match: everything, drop: true });
    const found = await tenant.audit(id);
    expect(found.verdict).toBe('unknown');
    expect(new Set(found.codes)).toEqual(new Set(['unknown unreadable.unavailable']));
  });

  it('is unknown with unreadable.malformed when a row is not as Microsoft documents it', async () => {
    traits.makeListMatter?.(tenant.state);
    tenant.simulator.fail({ match: traits.list, change: () => ({ value: [{ id: 7 }] }) });
    const found = await tenant.audit(id);
    expect(found).toMatchObject({ verdict: 'unknown' });
    expect(found.codes).toEqual(['unknown unreadable.malformed', ...(traits.withoutList ?? [])]);
  });

  it('is unknown with unreadable.malformed when the answer is no list', async () => {
    traits.makeListMatter?.(tenant.state);
    tenant.simulator.fail({ match: traits.list, change: () => ({ rows: [] }) });
    expect((await tenant.audit(id)).codes).toEqual([
      ...['unknown unreadable.malformed', ...(traits.withoutList ?? [])],
    ]);
  });

  it('reads on after a 429, and to the end of the last page', async () => {
    const before = await tenant.audit(id);
    tenant.state.pageSize = 1;
    tenant.simulator.fail({ match: traits.list, status: 429, retryAfter: 7, times: 1 });
    const paged = await tenant.audit(id);
    expect(before).toMatchObject({ verdict: 'compliant', codes: traits.healthy ?? [] });
    expect(paged).toEqual({ ...before, requests: paged.requests });
  });

  it('starts over when a continuation link has expired', async () => {
    tenant.state.pageSize = 1;
    tenant.simulator.fail({
      match: /skiptoken/,
      status: 400,
      code: 'Directory_ExpiredPageToken',
      times: 1,
    });
    expect(await tenant.audit(id)).toMatchObject({ verdict: 'compliant', codes: traits.healthy ?? [] });
  });

  it('never calls an empty tenant fine', async () => {
    const { state } = tenant;
    const { exchange } = state;
    for (const list of [state.users, state.domains, state.subscribedSkus, state.servicePrincipals])
      list.length = 0;
    for (const list of [state.rooms, state.groups, state.roleAssignments, state.customAppScopes])
      list.length = 0;
    for (const list of [exchange.recipients, exchange.distributionGroups, exchange.servicePrincipals])
      list.length = 0;
    exchange.managementRoleAssignments = [];
    state.appRoleAssignments = [];
    state.oauth2PermissionGrants = [];
    const found = await tenant.audit(id);
    expect(found.codes).toEqual(traits.empty);
    expect(found.verdict).not.toBe('compliant');
  });

  it('gives the same answer twice, whatever the order in which the tenant lists things', async () => {
    const { state } = tenant;
    const { exchange } = state;
    state.users.forEach((user) => Object.assign(user, { accountEnabled: false, passwordPolicies: null }));
    state.oauth2PermissionGrants.push(
      { ...(state.oauth2PermissionGrants[0] ?? { id: '' }), id: 'grant-8', scope: 'Mail.Send Mail.Read' },
      { ...(state.oauth2PermissionGrants[0] ?? { id: '' }), id: 'grant-9', scope: 'Files.Read.All' },
    );
    exchange.filters.forEach(({ recipients }) => {
      recipients.splice(0, 2, 'ada@contoso.com', 'ben@contoso.com');
    });
    exchange.calendarProcessing.splice(0, 2);
    exchange.distributionGroups[0]?.members.splice(4, 2);
    const before = await tenant.audit(id);
    for (const list of [state.users, state.domains, state.subscribedSkus, state.oauth2PermissionGrants])
      list.reverse();
    for (const list of [exchange.recipients, exchange.managementRoleAssignments, exchange.distributionGroups])
      list.reverse();
    exchange.distributionGroups.forEach(({ members }) => members.reverse());
    const after = await tenant.audit(id);
    expect(after.reasons).toEqual(before.reasons);
    expect(after.summary).toBe(before.summary);
  });
});

it('sends one request for what all controls read together', async () => {
  const target = tenant.target();
  const open = tenant.tenants().open(target.tenantId);
  await Promise.all(controls.map((control) => control.collect(open(), target)));
  const sent = tenant.simulator.requests.filter(({ batched }) => !batched);
  const isBatch = (url: string) => url.endsWith('$batch');
  expect(sent.filter(({ service }) => service === 'graph').length).toBeLessThanOrEqual(5);
  const reads = tenant.simulator.requests
    .filter(({ url }) => !isBatch(url))
    .map(({ url, requestBody }) => `${url} ${JSON.stringify(requestBody)}`);
  expect(reads.length).toBeGreaterThan(20);
  expect(new Set(reads).size).toBe(reads.length);
});
