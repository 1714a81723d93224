import { impersonation } from '../../../../src/lib/controls/impersonation';
import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { planning, requirement } from '../../../support/planning';
import { SimulatedTenant } from '../../../support/simulated-tenant';
import { cmdletOf, namesOf, ownName } from './repair/exchange-facts';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { account, clientId, contoso, retiredRole, vendorAppId } = views;
const none = 'violation impersonation.none';
const notRegistered = 'violation impersonation.notRegistered';
/** Object id of the app registration. */
const registrationId = contoso(77);

const exchange = () => tenant.state.exchange;
const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const audit = (options: Partial<StoredTarget> = {}) => tenant.audit('impersonation', options);
const principal = (changes: object = {}) => ({
  ...{ Identity: clientId, Guid: contoso(551), AppId: vendorAppId, ObjectId: clientId },
  ...{ DisplayName: 'Condeco Exchange Sync', ...changes },
});
const wrong = principal({ Identity: registrationId, Guid: contoso(552), ObjectId: registrationId });
const others = [1, 2, 3].map((index) =>
  principal({
    Identity: contoso(80 + index),
    Guid: contoso(90 + index),
    AppId: contoso(70 + index),
    ObjectId: contoso(80 + index),
  }),
);
const know = (...principals: ReturnType<typeof principal>[]) => (exchange().servicePrincipals = principals);

describe('an application that Exchange does not know', () => {
  it.each([
    ['gives nobody', []],
    ['gives one other', others.slice(0, 1)],
    ['gives everybody', others],
  ])('is not registered where Exchange %s', async (_case, principals) => {
    assign();
    know(...principals);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [notRegistered] });
    expect(found.reasons[0]).toMatchObject({ resource: vendorAppId, actual: 'not registered' });
    expect(found.resources?.[0]).toMatchObject({ codes: ['impersonation.notRegistered'] });
  });

  it('is not registered where Exchange says that there is none', async () => {
    assign();
    tenant.simulator.fail({ match: /Get-ServicePrincipal/, status: 404, message: "'x' couldn't be found." });
    expect((await audit()).codes).toEqual([notRegistered]);
  });

  it('is not registered by the object id of the app registration, whatever is assigned to that', async () => {
    know(...others, wrong);
    assign({ holder: { ...views.application, exchange: registrationId } });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [notRegistered] });
    expect(found.reasons[0]?.actual).toBe(`registered by ${registrationId}`);
    expect(found.summary).toContain(
      `by the object id ${registrationId}, which is not that of the enterprise`,
    );
  });

  it.each([
    ['among everybody', [...others, principal()]],
    [
      'with its ids in capitals',
      [principal({ AppId: vendorAppId.toUpperCase(), ObjectId: clientId.toUpperCase() })],
    ],
    ['beside the wrong one', [wrong, principal()]],
    ['twice', [principal(), principal({ Guid: contoso(553) })]],
    ['by the older name of the property', [principal({ ObjectId: undefined, ServiceId: clientId })]],
  ])('is registered %s', async (_case, principals) => {
    tenant.simulator.fail({ match: /Get-ServicePrincipal/, change: () => ({ value: principals }) });
    expect((await audit()).codes).toEqual([]);
    assign();
    expect((await audit()).codes).toEqual([none]);
  });

  it.each([
    ['without object id', [principal({ Identity: 'Condeco', ObjectId: '' })]],
    ['without application id', [principal({ AppId: null })]],
    ['without anything', [{}]],
  ])('is left open %s', async (_case, principals) => {
    assign();
    tenant.simulator.fail({ match: /Get-ServicePrincipal/, change: () => ({ value: principals }) });
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.malformed'] });
  });

  it('is not the matter where the role of the account counts, or is retired', async () => {
    know();
    assign({ role: retiredRole, holder: account });
    expect((await audit({ acceptRetiredRole: true, protocol: 'ews' })).codes).toEqual([]);
    expect((await audit()).codes).toEqual(['violation impersonation.roleRetired']);
  });

  it('is not seen by Microsoft Graph', async () => {
    know();
    assign();
    expect((await audit({ exchangeReader: 'graph' })).codes).toEqual([none]);
  });
});

describe('its plan', () => {
  async function planned(options: Partial<StoredTarget> = {}) {
    const target = tenant.target(options);
    const facts = await impersonation.collect(tenant.tenants().open(target.tenantId)(), target);
    const plan = planning(impersonation)(facts, requirement(target));
    const observed = plan.changes.map((change) =>
      impersonation.observe?.(facts, change, requirement(target)),
    );
    return { ...plan, observed };
  }

  it('registers it first', async () => {
    assign();
    know(...others);
    const plan = await planned();
    expect(namesOf(plan)).toEqual(['0-register-application', '1-create-scope', '2-assign-role']);
    expect(plan.manualSteps).toEqual([]);
  });

  it('puts the right registration in the place of a wrong one that holds nothing', async () => {
    assign();
    know(wrong);
    const plan = await planned();
    expect(namesOf(plan)).toEqual([
      ...['0-forget-registration', '0-register-application', '1-create-scope', '2-assign-role'],
    ]);
    const [forget, register] = plan.changes;
    expect(cmdletOf(forget)).toEqual({
      cmdlet: 'Remove-ServicePrincipal',
      Identity: registrationId,
      Confirm: false,
    });
    expect(forget?.undo && cmdletOf({ request: forget.undo })).toEqual({
      ...{ cmdlet: 'New-ServicePrincipal', AppId: vendorAppId, ObjectId: registrationId },
      DisplayName: 'Condeco Exchange Sync',
    });
    expect(cmdletOf(register)).toMatchObject({ cmdlet: 'New-ServicePrincipal', ObjectId: clientId });
    expect(plan.observed.slice(0, 2)).toEqual([forget?.before, register?.before]);
    expect(plan.manualSteps).toEqual([]);
  });

  it('leaves a wrong one alone that somebody has assigned roles to, and says what to do with it', async () => {
    know(wrong);
    assign({ holder: { ...views.application, exchange: registrationId } });
    const plan = await planned();
    expect(namesOf(plan)).toEqual(['0-register-application', '1-create-scope', '2-assign-role']);
    expect(plan.manualSteps.map(({ description }) => description)).toEqual([
      `Remove the registration ${registrationId} of the application from Exchange, and with it what was assigned to it to no effect (${views.calendarsRole}): Remove-ServicePrincipal -Identity ${registrationId}. Do it first where Exchange does not register the application a second time.`,
    ]);
  });

  it('has no change where nobody can tell what the wrong one holds', async () => {
    know(wrong);
    assign();
    tenant.simulator.fail({ match: /Get-ManagementRoleAssignment/, status: 403 });
    expect(await planned()).toEqual({ changes: [], manualSteps: [], observed: [] });
  });

  it('assigns the role that opens the protocol, under a name of its own where that is taken', async () => {
    assign({ scope: { name: ownName, filter: views.isRoom } });
    Object.assign(exchange().managementRoleAssignments[0] ?? {}, { Name: ownName, Identity: ownName });
    const plan = await planned({ protocol: 'ews' });
    expect(namesOf(plan)).toEqual(['2-assign-role']);
    expect(cmdletOf(plan.changes[0])).toMatchObject({
      ...{ Name: `${ownName}-ews`, Role: 'Application EWS.AccessAsApp', CustomResourceScope: ownName },
    });
    expect(plan.manualSteps).toEqual([]);
  });
});
