import * as consents from '../../../support/consents';
import { account, another, calendars, exchange, gone, graph, mailReadWrite } from '../../../support/consents';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) => tenant.audit('consent', options);

/** What is healthy, and these grants on a resource that is gone. */
function alsoGranted(
  ...grants: [resourceId: string, scope: string, principalId?: string | undefined][]
): void {
  consents.setScopes(tenant.state, [graph, 'User.Read'], [exchange, 'EWS.AccessAsUser.All'], ...grants);
}

describe('what is granted on a resource that is gone', () => {
  it('is a notice for an application permission, which names the resource and what it was', async () => {
    consents.setRoles(tenant.state, [graph, calendars], [gone, mailReadWrite]);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice consent.orphaned'] });
    expect(found.reasons[0]).toMatchObject({ resource: gone, actual: 'gone' });
    expect(found.reasons[0]?.message).toBe(
      `Permissions of the resource Other (${gone}) are granted, which is gone from this tenant. They give nothing: ${mailReadWrite} (application).`,
    );
  });

  it.each([
    ['everybody', undefined],
    ['the service account', account],
  ])('is a notice for a delegated permission of %s', async (_whom, principalId) => {
    alsoGranted([gone, 'Mail.Send Everything', principalId]);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice consent.orphaned'] });
    expect(found.reasons[0]?.message).toContain('Everything (delegated), Mail.Send (delegated)');
  });

  it('is said once for each resource', async () => {
    consents.setRoles(
      tenant.state,
      [graph, calendars],
      [gone, calendars],
      [gone, mailReadWrite],
      [another, calendars],
    );
    alsoGranted([gone, 'Mail.Send']);
    const found = await audit();
    expect(found.reasons.map(({ code, resource }) => [code, resource])).toEqual([
      ['consent.orphaned', gone],
      ['consent.orphaned', another],
    ]);
  });

  it("is left alone in other users' own grants", async () => {
    alsoGranted([gone, 'Mail.Send', another]);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('does not matter where it cannot be told whose it is', async () => {
    alsoGranted([gone, 'Mail.Send', account]);
    tenant.state.users.length = 0;
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is missing where it is required and held only there', async () => {
    consents.setRoles(tenant.state, [gone, calendars]);
    expect((await audit()).codes).toEqual(['violation consent.missing', 'notice consent.orphaned']);
  });

  it('is missing where the resource was Exchange Online itself', async () => {
    const { state } = tenant;
    state.servicePrincipals = state.servicePrincipals.filter(({ id }) => id !== exchange);
    const found = await audit();
    expect(found.codes).toEqual(['violation consent.missing', 'notice consent.orphaned']);
    expect(found.reasons[0]?.resource).toBe('EWS.AccessAsUser.All (delegated)');
  });

  it.each([403, 500])('is not known while the resource cannot be read (%d)', async (status) => {
    consents.setRoles(tenant.state, [graph, calendars], [gone, mailReadWrite]);
    tenant.simulator.fail({ match: new RegExp(`servicePrincipals/${gone}`), status });
    const found = await audit();
    expect(found.verdict).toBe('unknown');
    expect(found.reasons.map(({ level }) => level)).toEqual(['unknown']);
  });

  it('is excess again when the resource comes back', async () => {
    consents.setRoles(tenant.state, [graph, calendars], [another, mailReadWrite]);
    consents.addApi(tenant.state);
    expect((await audit()).codes).toEqual(['violation consent.excess']);
  });

  it('is no default access, which is no permission', async () => {
    consents.setRoles(tenant.state, [graph, calendars], [gone, '00000000-0000-0000-0000-000000000000']);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });
});
