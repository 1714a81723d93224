import type { ControlId } from '../../../../src/lib/model/verdict';
import { SimulatedTenant, without } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

/** Every control that looks at the service account. */
const readers = [
  ...['account', 'password-expiry', 'license', 'consent', 'impersonation', 'ews-access'],
] as ControlId[];

/** Whose business each property of the account is, beside `id` and `userPrincipalName`, which are everybody's. */
const business: Record<string, { bad: unknown; of: ControlId[] }> = {
  accountEnabled: { bad: 'yes', of: ['account'] },
  userType: { bad: 7, of: ['account', 'password-expiry'] },
  mail: { bad: 7, of: ['account'] },
  proxyAddresses: { bad: 'many', of: ['account'] },
  passwordPolicies: { bad: 7, of: ['password-expiry'] },
  lastPasswordChangeDateTime: { bad: 'yesterday', of: ['password-expiry'] },
  onPremisesSyncEnabled: { bad: 'yes', of: ['account', 'password-expiry'] },
  usageLocation: { bad: 7, of: ['license'] },
  assignedLicenses: { bad: [{ skuId: 7 }], of: ['license'] },
  licenseAssignmentStates: { bad: null, of: ['license'] },
  assignedPlans: { bad: [{ servicePlanId: null }], of: ['account', 'license'] },
  provisionedPlans: { bad: {}, of: ['account'] },
};

/** The controls that are unknown, each because something in an answer is malformed. */
async function malformed(): Promise<ControlId[]> {
  const found = await Promise.all(
    readers.map(async (id) => {
      const { verdict, codes } = await tenant.audit(id, { exchangeReader: 'graph' });
      return { id, isMalformed: verdict === 'unknown' && codes.includes('unknown unreadable.malformed') };
    }),
  );
  return found.filter(({ isMalformed }) => isMalformed).map(({ id }) => id);
}

describe('a malformed property of the service account', () => {
  it.each(Object.entries(business))('is the business of nobody else: %s', async (property, { bad, of }) => {
    tenant.simulator.fail({
      match: /\/users\/[^/]+\?/,
      change: (body) => ({ ...(body as object), [property]: bad }),
    });
    expect(await malformed()).toEqual(of);
  });

  it.each(['passwordPolicies', 'assignedLicenses', 'assignedPlans', 'licenseAssignmentStates', 'userType'])(
    'is as much as one that is left out: %s',
    async (property) => {
      tenant.simulator.fail({ match: /\/users\/[^/]+\?/, change: (body) => without(body, property) });
      expect(await malformed()).toEqual(business[property]?.of);
    },
  );

  it('of a plan hides nothing about signing in', async () => {
    Object.assign(tenant.state.users[0] ?? {}, { accountEnabled: false, userType: 'Guest' });
    tenant.simulator.fail({
      match: /\/users\/[^/]+\?/,
      change: (body) => ({ ...(body as object), provisionedPlans: {} }),
    });
    expect((await tenant.audit('account', { exchangeReader: 'graph' })).codes).toEqual([
      ...['violation account.guest', 'violation account.signInBlocked', 'unknown unreadable.malformed'],
    ]);
  });

  it('of a plan matters to nobody where Exchange itself says that there is a mailbox', async () => {
    tenant.simulator.fail({
      match: /\/users\/[^/]+\?/,
      change: (body) => ({ ...(body as object), provisionedPlans: {}, assignedPlans: null }),
    });
    expect(await tenant.audit('account')).toMatchObject({ verdict: 'compliant', codes: [] });
  });
});
