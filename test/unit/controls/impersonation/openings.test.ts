import { control } from '../../../../src/lib/controls';
import { examine, observed } from '../../../../src/lib/controls/examine';
import type { StoredTarget } from '../../../../src/lib/model/target';
import { profile } from '../../../../src/lib/profiles';
import { planOf } from '../../../../src/lib/remediation/plan';
import * as views from '../../../support/exchange-views';
import { SimulatedTenant, without } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  views.withoutTenantWide(tenant.state);
  views.assign(tenant.state);
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const upn = views.address('svc-condeco');
const opened = { profile: 'envoy-rooms', exchangeReader: 'admin-api' } as const;
/** Its vendor's pages leave open what they ask for of permissions, and nothing of access. */
const delegated = { profile: 'robin-delegate', exchangeReader: 'admin-api' } as const;
const audit = (options: Partial<StoredTarget> = {}) =>
  tenant.audit('impersonation', { ...opened, ...options });
const notCovered = 'violation impersonation.roomNotCovered';
const unresolved = 'unknown impersonation.scopeUnresolved';

type Permission = (typeof tenant.state.exchange.mailboxPermissions)[number];

/** Gives somebody full access to a room, in whatever form. */
function permit(name: string, User: string, changes: Partial<Permission> = {}): void {
  tenant.state.exchange.mailboxPermissions.push({
    ...{ Identity: views.recipientOf(tenant.state, views.room(name)).Identity, User },
    ...{ AccessRights: ['FullAccess'], Deny: false, IsInherited: false, InheritanceType: 'All' },
    ...changes,
  });
}
const permitAll = (User = upn) => {
  for (const name of views.roomNames) permit(name, User);
};
function revoke(name: string): void {
  const { exchange } = tenant.state;
  const { Identity } = views.recipientOf(tenant.state, views.room(name));
  exchange.mailboxPermissions = exchange.mailboxPermissions.filter((each) => each.Identity !== Identity);
}
/** The delegates of a room, as Exchange names them. */
function delegate(name: string, ...ResourceDelegates: string[]): void {
  const { exchange } = tenant.state;
  const { Identity } = views.recipientOf(tenant.state, views.room(name));
  exchange.calendarProcessing = exchange.calendarProcessing.filter((each) => each.Identity !== Identity);
  exchange.calendarProcessing.push({ Identity, ResourceDelegates });
}
const cmdlets = () =>
  tenant.simulator.requests.flatMap(({ cmdlet, batched }) =>
    cmdlet ? [`${batched ? '+' : ''}${cmdlet}`] : [],
  );

describe('rooms that the account may open', () => {
  it('are all reached, with no question about names or groups', async () => {
    permitAll();
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.summary).toBe(
      `All 12 rooms are reached by ${upn}. Which other mailboxes it may open is not known.`,
    );
    expect(found.evidence).toMatchObject({
      notJudged: 'which other mailboxes the account may open',
      openedThrough: ['this room'],
    });
    expect(found.resources).toHaveLength(12);
    expect(found.resources?.[0]).toMatchObject({
      verdict: 'compliant',
      path: 'full access',
      scope: 'this room',
    });
    // Ten to a batch.
    expect(cmdlets().filter((name) => name === '+Get-MailboxPermission')).toHaveLength(12);
    const batches = tenant.simulator.requests.filter(
      ({ cmdlet, batched, url }) => !batched && !cmdlet && url.includes('adminapi'),
    );
    expect(batches.length).toBe(2);
    expect(cmdlets()).not.toContain('Get-User');
  });

  it('are missed one by one, also the last one of a second batch', async () => {
    permitAll();
    revoke('kunzite');
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [notCovered] });
    expect(found.reasons[0]).toMatchObject({
      resource: views.room('kunzite'),
      expected: `full access of ${upn}`,
      actual: 'no full access',
    });
  });

  it('are missed all together, where nothing was ever set up', async () => {
    const found = await audit();
    expect(found.verdict).toBe('nonCompliant');
    expect(new Set(found.codes)).toEqual(new Set([notCovered]));
    expect(found.summary).toBe('12 of 12 rooms are not reached.');
    expect(found.resources?.every(({ verdict }) => verdict === 'nonCompliant')).toBe(true);
  });

  it('may be open through a group, and through a group in a group', async () => {
    const { state } = tenant;
    views.addGroup(state, views.contoso(46_501), 'Inner', [upn]);
    views.addGroup(state, views.contoso(46_502), 'Outer', [views.address('inner')]);
    permitAll('Outer');
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.evidence).toMatchObject({ openedThrough: ['the group Outer'] });
  });

  it('are not open through a group that the account is not in', async () => {
    views.addGroup(tenant.state, views.contoso(46_501), 'Strangers', [views.address('ada')]);
    permitAll();
    revoke('amber');
    permit('amber', 'Strangers');
    expect(await audit()).toMatchObject({ codes: [notCovered] });
  });

  it.each([
    ['itself', upn],
    ['a group that it is in', 'Inner'],
  ])('are shut where an entry denies it to %s', async (_who, User) => {
    views.addGroup(tenant.state, views.contoso(46_501), 'Inner', [upn]);
    permitAll();
    permit('amber', User, { Deny: true });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: [notCovered] });
    expect(found.reasons[0]).toMatchObject({ resource: views.room('amber'), actual: 'denied' });
  });

  it('are open whatever is denied of other rights, or to others', async () => {
    permitAll();
    permit('amber', upn, { Deny: true, AccessRights: ['DeleteItem'] });
    permit('beryl', views.address('ada'), { Deny: true });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each<[string, Partial<Permission>]>([
    ['is inherited', { IsInherited: true }],
    ['does not hold for what is in the mailbox', { InheritanceType: 'None' }],
  ])('are not known to be open where the only entry %s', async (_what, changes) => {
    permitAll();
    revoke('amber');
    permit('amber', upn, changes);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.reasons[0]?.resource).toBe(views.room('amber'));
  });

  it('are read on where a list of one goes on beyond a page', async () => {
    tenant.state.pageSize = 3;
    permitAll();
    for (const name of ['ada', 'bea', 'cem', 'dan']) permit('amber', views.address(name));
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(cmdlets()).toContain('Get-MailboxPermission');
  });

  it('are not judged where the list of one could not be read', async () => {
    permitAll();
    tenant.simulator.fail({ match: /Get-MailboxPermission/, change: (body) => without(body, 'Deny') });
    const found = await audit();
    expect(found.verdict).toBe('unknown');
    expect(new Set(found.codes)).toEqual(new Set(['unknown unreadable.malformed']));
  });

  it.each(['Get-User', 'Get-Recipient'])(
    'are not called shut where %s, which may say that they are open, is refused',
    async (cmdlet) => {
      permitAll();
      revoke('amber');
      permit('amber', 'Somebody');
      tenant.simulator.fail({ match: new RegExp(`${cmdlet}$`), status: 403 });
      const found = await audit({ rooms: { source: 'roomLists', roomLists: ['condeco-rooms@contoso.com'] } });
      expect(found.verdict).toBe('unknown');
      expect(found.codes).not.toContain(notCovered);
    },
  );

  it('are not seen by Microsoft Graph, which is never fine', async () => {
    permitAll();
    const found = await audit({ exchangeReader: 'graph' });
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.summary).toContain('Set exchangeReader to admin-api.');
    expect(found.resources?.every(({ verdict }) => verdict === 'unknown')).toBe(true);
  });

  it('are judged without the application, which is for consent to miss', async () => {
    permitAll();
    tenant.state.servicePrincipals = tenant.state.servicePrincipals.filter(({ id }) => id !== views.clientId);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('are not judged without the account', async () => {
    permitAll();
    views.removeUser(tenant.state, views.accountId);
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.notFound'] });
  });

  it('say nothing of a role of Exchange that is there for another way, but that it is too much', async () => {
    views.assign(tenant.state, {});
    const found = await audit();
    expect(new Set(found.codes)).toEqual(new Set(['violation impersonation.excessRole', notCovered]));
  });
});

describe('rooms of which the account is a delegate', () => {
  const name = () => views.recipientOf(tenant.state, upn).Identity;
  const auditDelegates = () => tenant.audit('impersonation', delegated);

  it('are all reached, whatever Exchange calls the account', async () => {
    for (const each of views.roomNames) delegate(each, name());
    const found = await auditDelegates();
    expect(found).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(found.resources?.[0]).toMatchObject({ path: 'delegate' });
  });

  it('are missed one by one', async () => {
    for (const each of views.roomNames) delegate(each, name());
    delegate('amber', 'Ada Nwosu');
    const found = await auditDelegates();
    expect(found).toMatchObject({ codes: [notCovered] });
    expect(found.reasons[0]).toMatchObject({ actual: 'no delegate of the room' });
  });

  it('are not known where a display name is that of the account and of somebody else', async () => {
    const DisplayName = 'Room service';
    Object.assign(views.recipientOf(tenant.state, upn), { DisplayName });
    Object.assign(views.userOf(tenant.state, upn), { displayName: DisplayName });
    for (const each of views.roomNames) delegate(each, name());
    delegate('amber', DisplayName);
    expect(await auditDelegates()).toMatchObject({ verdict: 'compliant', codes: [] });
    views.addRecipient(tenant.state, 'namesake', 'UserMailbox');
    Object.assign(views.recipientOf(tenant.state, views.address('namesake')), { DisplayName });
    expect(await auditDelegates()).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
  });
});

describe('the repair', () => {
  async function planned(options: Partial<StoredTarget> = opened) {
    const target = tenant.target(options);
    const requirement = { profile: profile(target.profile), target, now: new Date('2026-11-23T02:00:00Z') };
    const impersonation = control('impersonation');
    const examined = await examine(impersonation, tenant.tenants().open(target.tenantId)(), requirement);
    const plan = planOf(impersonation, examined, requirement, { graphEndpoint: '', exchangeEndpoint: '' });
    const now = (change: (typeof plan.changes)[number]) =>
      observed(impersonation, examined.facts, change, requirement);
    return { plan, now };
  }

  it('opens each room that is shut, and leaves to people what is denied', async () => {
    permitAll();
    for (const name of ['amber', 'beryl']) revoke(name);
    permit('coral', upn, { Deny: true });
    const { plan, now } = await planned();
    expect(plan.changes.map(({ request }) => request.body)).toMatchObject(
      ['amber', 'beryl'].map((name) => ({
        CmdletInput: {
          CmdletName: 'Add-MailboxPermission',
          Parameters: { Identity: views.room(name), User: upn, AccessRights: ['FullAccess'] },
        },
      })),
    );
    expect(plan.changes[0]).toMatchObject({
      before: 'no full access',
      after: 'full access',
      undo: { body: { CmdletInput: { CmdletName: 'Remove-MailboxPermission' } } },
    });
    expect(plan.manualSteps.map(({ description }) => description)).toEqual([
      expect.stringContaining(views.room('coral')),
    ]);
    const [first] = plan.changes;
    if (first === undefined) throw new Error('Nothing is planned.');
    expect(now(first)).toBe('no full access');
    permit('amber', upn);
    expect((await planned()).now(first)).toBe('full access');
  });

  it('makes the account a delegate beside those who are', async () => {
    for (const each of views.roomNames) delegate(each, views.recipientOf(tenant.state, upn).Identity);
    delegate('amber', 'Ada Nwosu');
    const { plan, now } = await planned(delegated);
    expect(plan.changes).toMatchObject([
      {
        request: {
          body: { CmdletInput: { Parameters: { ResourceDelegates: ['Ada Nwosu', upn] } } },
        },
        undo: { body: { CmdletInput: { Parameters: { ResourceDelegates: ['Ada Nwosu'] } } } },
        before: { delegates: ['Ada Nwosu'], account: false },
        after: { delegates: ['Ada Nwosu'], account: true },
      },
    ]);
    const [first] = plan.changes;
    if (first === undefined) throw new Error('Nothing is planned.');
    expect(now(first)).toEqual(first.before);
    delegate('amber', views.recipientOf(tenant.state, upn).Identity, 'Ada Nwosu');
    expect((await planned(delegated)).now(first)).toEqual(first.after);
  });

  it('plans nothing where nothing could be read', async () => {
    expect((await planned({ ...opened, exchangeReader: 'graph' })).plan.changes).toEqual([]);
  });
});
