import type { GraphObject } from '../../../../local/simulator/state';
import * as consents from '../../../support/consents';
import {
  account,
  another,
  calendars,
  exchange,
  fullAccess,
  graph,
  mailReadWrite,
  userReadBasicAll,
} from '../../../support/consents';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) => tenant.audit('consent', options);
const excess = ['violation consent.excess'];

/** Offers an application permission of this name, and grants it. */
function grantRole(resourceId: string, value: string): void {
  const resource = consents.servicePrincipal(tenant.state, resourceId);
  const [first, ...rest] = resource.appRoles as GraphObject[];
  const id = '7e57ab1e-0000-4000-8000-0000000000f1';
  resource.appRoles = [first, ...rest, { ...first, id, value }];
  consents.setRoles(tenant.state, [graph, calendars], [resourceId, id]);
}

function grantScope(resourceId: string, scope: string, principalId?: string): void {
  consents.setScopes(
    tenant.state,
    [graph, 'User.Read'],
    [exchange, 'EWS.AccessAsUser.All'],
    [resourceId, scope, principalId],
  );
}

describe('allowedExtraGrants', () => {
  beforeEach(() => {
    consents.addApi(tenant.state);
  });

  const grants: Record<string, () => void> = {
    'application permission of Microsoft Graph': () => {
      grantRole(graph, 'Mail.Read');
    },
    'delegated permission of Microsoft Graph': () => {
      grantScope(graph, 'mail.read');
    },
    'application permission of Exchange Online': () => {
      grantRole(exchange, 'Mail.Read');
    },
    'delegated permission of Exchange Online': () => {
      grantScope(exchange, 'Mail.Read', account);
    },
    "application permission of the customer's own API": () => {
      grantRole(another, 'Mail.Read');
    },
    "delegated permission of the customer's own API": () => {
      grantScope(another, 'Mail.Read');
    },
  };
  const [graphRole, graphScope, exchangeRole, exchangeScope, ownRole, ownScope] = Object.keys(grants);

  it.each([
    ['Mail.Read', [graphRole, graphScope]],
    ['mail.READ', [graphRole, graphScope]],
    ['Microsoft Graph/Mail.Read', [graphRole, graphScope]],
    ['00000003-0000-0000-C000-000000000000/Mail.Read', [graphRole, graphScope]],
    ['application:Mail.Read', [graphRole]],
    ['delegated:Mail.Read', [graphScope]],
    ['Office 365 Exchange Online/Mail.Read', [exchangeRole, exchangeScope]],
    ['office 365 exchange online/mail.read', [exchangeRole, exchangeScope]],
    ['delegated:Office 365 Exchange Online/Mail.Read', [exchangeScope]],
    ['00000002-0000-0ff1-ce00-000000000000/Mail.Read', [exchangeRole, exchangeScope]],
    [`${another}/Mail.Read`, [ownRole, ownScope]],
    [`application:${another}/Mail.Read`, [ownRole]],
    ['Mail.ReadBasic', []],
    [`${another}/Mail`, []],
  ])('of %j allow nothing but %p', async (entry, allowed) => {
    for (const [name, grantIt] of Object.entries(grants)) {
      consents.setRoles(tenant.state, [graph, calendars]);
      grantScope(graph, 'openid');
      grantIt();
      const { codes } = await audit({ allowedExtraGrants: [entry] });
      expect([name, codes]).toEqual([name, allowed.includes(name) ? [] : excess]);
    }
  });

  it('allow what the violation says is to be written there', async () => {
    for (const grantIt of Object.values(grants)) {
      consents.setRoles(tenant.state, [graph, calendars]);
      grantScope(graph, 'openid');
      grantIt();
      const [reason] = (await audit()).reasons;
      const [, entry = ''] = /allow it as "([^"]+)"/.exec(reason?.message ?? '') ?? [];
      expect((await audit({ allowedExtraGrants: [entry] })).codes).toEqual([]);
    }
  });

  it('allow full_access_as_app by its resource, and no longer by its name alone', async () => {
    consents.setRoles(tenant.state, [graph, calendars], [exchange, fullAccess]);
    const found = await audit({ allowedExtraGrants: ['full_access_as_app', 'Mail.Read'] });
    expect(found.codes).toEqual(excess);
    expect(found.summary).toBe(
      `full_access_as_app (application) on Office 365 Exchange Online is granted and not needed: revoke it, or allow it as "application:Office 365 Exchange Online/full_access_as_app" in the target's allowedExtraGrants. What is there, "full_access_as_app", does not allow it.`,
    );
    const entry = 'Office 365 Exchange Online/full_access_as_app';
    expect((await audit({ allowedExtraGrants: [entry] })).codes).toEqual([]);
  });

  it('that are about nothing that is held stand in the evidence', async () => {
    grantRole(graph, 'Mail.Read');
    const entries = ['mail.read', 'Mail.Reed', 'full_access_as_app', 'delegated:Mail.Read'];
    expect((await audit({ allowedExtraGrants: entries })).evidence).toMatchObject({
      allowedExtraGrantsNotHeld: entries.slice(1),
    });
    expect((await audit({ allowedExtraGrants: ['Mail.Read'] })).evidence).not.toHaveProperty(
      'allowedExtraGrantsNotHeld',
    );
    tenant.simulator.fail({ match: /oauth2PermissionGrants/, status: 500 });
    expect((await audit({ allowedExtraGrants: entries })).evidence).not.toHaveProperty(
      'allowedExtraGrantsNotHeld',
    );
  });

  it('allow nothing with an entry that was stored once and cannot be read', async () => {
    grantRole(graph, 'Mail.Read');
    expect((await audit({ allowedExtraGrants: ['any:Mail.Read', 'Graph/Mail.Read'] })).codes).toEqual(excess);
  });

  it("do not take the customer's own API for Microsoft's by its name", async () => {
    consents.servicePrincipal(tenant.state, another).displayName = 'Microsoft Graph';
    grantRole(another, 'Mail.Read');
    const found = await audit({ allowedExtraGrants: ['Mail.Read', 'Microsoft Graph/Mail.Read'] });
    expect(found.codes).toEqual(excess);
    expect(found.reasons[0]?.resource).toBe(`Mail.Read (application, Microsoft Graph ${another})`);
  });
});

describe('what a profile calls optional', () => {
  it('is neither missing nor excess', async () => {
    expect((await audit()).codes).toEqual([]);
    consents.setRoles(tenant.state, [graph, calendars], [graph, userReadBasicAll]);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [], requests: 2 });
  });

  it('is so as an application permission of Microsoft Graph alone', async () => {
    consents.setRoles(tenant.state, [graph, calendars], [exchange, userReadBasicAll]);
    expect((await audit()).codes).toEqual(excess);
    consents.setRoles(tenant.state, [graph, calendars], [graph, mailReadWrite]);
    expect((await audit()).codes).toEqual(excess);
    consents.setRoles(tenant.state, [graph, calendars]);
    grantScope(graph, 'User.ReadBasic.All');
    expect((await audit()).codes).toEqual(excess);
  });
});
