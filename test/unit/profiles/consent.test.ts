import { control, controls } from '../../../src/lib/controls';
import { examine } from '../../../src/lib/controls/examine';
import { type StoredTarget, Target } from '../../../src/lib/model/target';
import { type ProfileId, profile, profileIds } from '../../../src/lib/profiles';
import type { PermissionKind, ResourceName } from '../../../src/lib/profiles/profile';
import { planOf } from '../../../src/lib/remediation/plan';
import { account, another, client, exchange, graph, role } from '../../support/consents';
import { SimulatedTenant } from '../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  tenant.state.appRoleAssignments = [];
  tenant.state.oauth2PermissionGrants = [];
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

interface Permission {
  kind: PermissionKind;
  resource: ResourceName;
  name: string;
  id: string;
}

const resourceIds: Record<ResourceName, string> = {
  'Microsoft Graph': graph,
  'Office 365 Exchange Online': exchange,
};

/** Grants a permission: a delegated one for everybody, or for one user. */
function grant({ kind, resource, name, id }: Permission, principalId: string | null = null): void {
  const { state } = tenant;
  const resourceId = resourceIds[resource];
  if (kind === 'application') {
    state.appRoleAssignments.push(role(client, resourceId, id));
    return;
  }
  state.oauth2PermissionGrants.push({
    ...{ id: `grant-${state.oauth2PermissionGrants.length}`, clientId: client, resourceId, principalId },
    ...{ consentType: principalId === null ? 'AllPrincipals' : 'Principal', scope: name },
  });
}

/** What a profile requires with all options on, each by the first permission that will do. */
const requiredBy = (id: ProfileId) =>
  profile(id).permissions.map(({ kind, anyOf: [first], ...required }) => {
    if (first === undefined) throw new Error(`${id} has a permission without a choice.`);
    return { ...required, kind, first: { ...first, kind }, title: `${required.name} (${kind})` };
  });

const everyRequired = profileIds.flatMap((id) => requiredBy(id).map((required) => ({ id, ...required })));

/** Whether the vendor's pages leave open what else the application needs. */
const isOpen = (id: ProfileId) => profile(id).notKnown.some(({ what }) => what === 'permissions');

/** What is found beside what the vendor's pages leave open, which is said of every tenant. */
async function audit(id: ProfileId, options: Partial<StoredTarget> = {}) {
  const { verdict, reasons } = await tenant.audit('consent', { profile: id, ...options });
  const others = reasons.filter(({ code }) => code !== 'consent.notKnown');
  expect(reasons.length - others.length).toBe(isOpen(id) ? 1 : 0);
  return {
    verdict: isOpen(id) && verdict === 'unknown' && others.length === 0 ? 'compliant' : verdict,
    reasons: others.map(({ code, resource = '' }) => `${code} ${resource}`),
  };
}
const fine = { verdict: 'compliant', reasons: [] };

describe.each(profileIds)('the consent that %s asks for', (id) => {
  it('is fine with what is required, one by one, and nothing else', async () => {
    for (const { first } of requiredBy(id)) grant(first);
    expect(await audit(id)).toEqual(fine);
  });

  it('is fine with what is optional as well', async () => {
    for (const { first } of requiredBy(id)) grant(first);
    for (const optional of profile(id).optionalPermissions) grant(optional);
    expect(await audit(id)).toEqual(fine);
  });

  it('is too much with a permission that no profile knows', async () => {
    for (const { first } of requiredBy(id)) grant(first);
    grant({ kind: 'delegated', resource: 'Microsoft Graph', name: 'Files.ReadWrite.All', id: another });
    const excess = ['consent.excess Files.ReadWrite.All (delegated, Microsoft Graph)'];
    // Where not all is known, it may be needed.
    expect(await audit(id)).toEqual(isOpen(id) ? fine : { verdict: 'nonCompliant', reasons: excess });
  });
});

describe.each(everyRequired)(
  '$title, which $id requires',
  ({ id, title, first, kind, lookalikes, tenantWide }) => {
    const grantOthers = () => {
      for (const other of requiredBy(id)) if (other.title !== title) grant(other.first);
    };

    it('is missing where it is not granted', async () => {
      grantOthers();
      expect(await audit(id)).toEqual({ verdict: 'nonCompliant', reasons: [`consent.missing ${title}`] });
    });

    it('is told from what looks like it', async () => {
      for (const lookalike of lookalikes) {
        tenant.state.appRoleAssignments = [];
        tenant.state.oauth2PermissionGrants = [];
        grantOthers();
        grant(lookalike);
        expect(await audit(id)).toEqual({ verdict: 'nonCompliant', reasons: [`consent.lookalike ${title}`] });
      }
    });

    it('is not troubled by what looks like it and is there besides', async () => {
      for (const lookalike of lookalikes) {
        tenant.state.appRoleAssignments = [];
        tenant.state.oauth2PermissionGrants = [];
        for (const { first: required } of requiredBy(id)) grant(required);
        grant(lookalike);
        expect(await audit(id)).toEqual({ verdict: 'compliant', reasons: [] });
      }
    });

    it('does not do for another user, where it is delegated', async () => {
      grantOthers();
      grant(first, another);
      const expected = { verdict: 'nonCompliant', reasons: [`consent.wrongPrincipal ${title}`] };
      expect(await audit(id)).toEqual(kind === 'delegated' ? expected : fine);
    });

    it('is not asked for with access to rooms only, where it reaches every mailbox', async () => {
      grantOthers();
      const missing = { verdict: 'nonCompliant', reasons: [`consent.missing ${title}`] };
      expect(await audit(id, { access: 'rooms-only' })).toEqual(tenantWide ? fine : missing);
    });
  },
);

describe('the Microsoft 365 integration of Condeco', () => {
  const successor = 'condeco-microsoft-365-integration';
  const predecessor = 'condeco-exchange-sync';

  it('is where Exchange Sync goes, by its own name and page', () => {
    const named = profile(predecessor).successor;
    expect(named?.name).toBe(profile(successor).name);
    expect(profile(successor).furtherSources).toContain(named?.source);
    expect(profile(successor).successor).toBeUndefined();
  });

  it('has no account, which nobody asks for', async () => {
    for (const { first } of requiredBy(successor)) grant(first);
    const { serviceAccount, ...target } = tenant.state.target;
    expect(serviceAccount).toBeDefined();
    tenant.state.target = { ...target, profile: successor };
    for (const id of ['account', 'password-expiry', 'license'] as const) {
      const found = await tenant.audit(id);
      expect([id, found.verdict, found.requests]).toEqual([id, 'notApplicable', 0]);
    }
    // Rules on user agents hold for Microsoft Graph as well.
    expect(await tenant.audit('ews-access')).toMatchObject({ verdict: 'notApplicable', requests: 1 });
    expect(await tenant.audit('consent')).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(tenant.simulator.requests.filter(({ url }) => url.includes('/users'))).toEqual([]);
  });

  it.each(controls.flatMap(({ id }) => [[id, 'graph'] as const, [id, 'admin-api'] as const]))(
    'is read, judged and repaired by %s without an account and without a role, with the reader %s',
    async (id, exchangeReader) => {
      const { serviceAccount, createdAt, updatedAt, ...definition } = tenant.target({ profile: successor });
      expect(serviceAccount).toBeDefined();
      const target = { ...Target.parse({ ...definition, exchangeReader }), createdAt, updatedAt };
      const requirement = { profile: profile(successor), target, now: new Date('2026-11-23T02:00:00Z') };
      const examined = await examine(control(id), tenant.tenants().open(target.tenantId)(), requirement);
      const { reasons } = examined.evaluation;
      expect(reasons.filter(({ code }) => code.startsWith('unreadable'))).toEqual([]);
      const asked = { ...requirement, include: ['revocations'] as const };
      const planned = planOf(control(id), examined, asked, { graphEndpoint: '', exchangeEndpoint: '' });
      const said = JSON.stringify([reasons, planned.manualSteps]);
      expect(said).not.toMatch(/undefined|: is missing|the role {2}/);
      for (const { request } of planned.changes) expect(JSON.stringify(request)).not.toContain('""');
    },
  );

  it('says for whom a permission has to be granted that only one user has', async () => {
    for (const { first } of requiredBy(successor)) grant(first, first.kind === 'delegated' ? account : null);
    const found = await tenant.audit('consent', { profile: successor });
    expect(found.summary).toBe('User.Read (delegated) is granted for other users, and not for everybody.');
  });

  it('does not take the wider permission that the vendor once asked for in place of the one it asks for now', async () => {
    const title = 'User.ReadBasic.All (application)';
    for (const other of requiredBy(successor)) if (other.title !== title) grant(other.first);
    const userReadAll = { name: 'User.Read.All', id: 'df021288-bdef-4463-88db-98f22de89214' };
    grant({ kind: 'application', resource: 'Microsoft Graph', ...userReadAll });
    expect((await audit(successor)).reasons).toEqual([
      'consent.excess User.Read.All (application, Microsoft Graph)',
      `consent.missing ${title}`,
    ]);
  });

  describe('beside Exchange Sync, with the same application', () => {
    const ews = 'delegated:Office 365 Exchange Online/EWS.AccessAsUser.All';
    beforeEach(() => {
      const all = [...requiredBy(successor), ...requiredBy(predecessor)];
      const once = new Map(all.map(({ first }) => [`${first.kind} ${first.resource} ${first.name}`, first]));
      for (const first of once.values()) grant(first);
    });

    it('needs what is optional there', async () => {
      expect(await audit(predecessor)).toEqual(fine);
    });

    it('does not need what only Exchange Sync uses, and allows it while both are in use', async () => {
      const excess = 'consent.excess EWS.AccessAsUser.All (delegated, Office 365 Exchange Online)';
      expect(await audit(successor)).toEqual({ verdict: 'nonCompliant', reasons: [excess] });
      expect(await audit(successor, { allowedExtraGrants: [ews] })).toEqual(fine);
    });
  });
});
