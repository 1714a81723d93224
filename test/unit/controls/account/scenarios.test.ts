import type { GraphObject } from '../../../../local/simulator/state';
import { recipientOf } from '../../../support/exchange-views';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const accountId = 'c0170507-0000-4000-8000-000000000011';
const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) =>
  tenant.audit('account', { exchangeReader: 'graph', ...options });
const askExchange = () => audit({ exchangeReader: 'admin-api' });

function user(): GraphObject {
  const [found] = tenant.state.users;
  if (found === undefined) throw new Error('Contoso has no user.');
  return found;
}

/** Deletes the service account, as Microsoft Entra does: its name gets its object id in front. */
function deleteUser(deletedDateTime = '2026-11-20T10:00:00Z'): void {
  const [deleted] = tenant.state.users.splice(0, 1);
  if (deleted === undefined) return;
  const userPrincipalName = `${deleted.id.replaceAll('-', '')}${String(deleted.userPrincipalName)}`;
  tenant.state.deletedUsers.push({ ...deleted, userPrincipalName, deletedDateTime });
}

describe('account', () => {
  it('is compliant when the account exists, may sign in, and has a mailbox', async () => {
    const found = await audit();
    expect(found).toMatchObject({
      verdict: 'compliant',
      codes: [],
      requests: 1,
      serviceAccountId: accountId,
      summary: 'svc-condeco@contoso.com exists, may sign in, and has a mailbox.',
    });
    expect(found.evidence).toMatchObject({ userId: accountId, mailboxAskedOf: 'provisionedPlans' });
  });

  it('says account.notFound when the account is neither there nor among the deleted ones', async () => {
    tenant.state.users.length = 0;
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation account.notFound'] });
    expect(found.reasons[0]).toMatchObject({
      resource: 'svc-condeco@contoso.com',
      actual: 'no such user',
    });
  });

  it('says account.deleted, and until when it can be restored', async () => {
    deleteUser('2026-11-20T10:00:00Z');
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'nonCompliant', codes: ['violation account.deleted'] });
    expect(found.summary).toContain('can be restored until 2026-12-20');
    expect(found.reasons[0]?.actual).not.toContain('2026');
    expect(found.evidence).toMatchObject({ userId: accountId, restorableUntil: '2026-12-20T10:00:00.000Z' });
  });

  it('takes the latest of several deletions', async () => {
    deleteUser('2026-11-20T10:00:00Z');
    const [first] = tenant.state.deletedUsers;
    tenant.state.deletedUsers.push({ ...first, id: accountId, deletedDateTime: '2026-11-21T10:00:00Z' });
    expect((await audit()).evidence).toMatchObject({ deletedDateTime: '2026-11-21T10:00:00Z' });
  });

  it('does not take another deleted account of a longer name for it', async () => {
    deleteUser();
    const [deleted] = tenant.state.deletedUsers;
    Object.assign(deleted ?? {}, {
      userPrincipalName: `${String(deleted?.id).replaceAll('-', '')}x-svc-condeco@contoso.com`,
      mail: null,
      proxyAddresses: [],
    });
    expect((await audit()).codes).toEqual(['violation account.notFound']);
  });

  it('finds a deleted account by its object id where that is known, even after it was renamed', async () => {
    deleteUser();
    const [deleted] = tenant.state.deletedUsers;
    if (deleted !== undefined) deleted.userPrincipalName = 'renamed@contoso.com';
    expect((await audit({ serviceAccountId: accountId })).codes).toEqual(['violation account.deleted']);
  });

  it('says that a deleted account would come back blocked, as the same violation that it is then', async () => {
    user().accountEnabled = false;
    const [blocked] = (await audit()).reasons;
    deleteUser();
    const found = await audit();
    expect(found.codes).toEqual(['violation account.deleted', 'violation account.signInBlocked']);
    expect(found.reasons[1]).toEqual(blocked);
  });

  it('says account.signInBlocked', async () => {
    user().accountEnabled = false;
    expect(await audit()).toMatchObject({
      verdict: 'nonCompliant',
      codes: ['violation account.signInBlocked'],
    });
  });

  it.each([
    ['nothing is provisioned', []],
    [
      'another service is',
      [{ capabilityStatus: 'Enabled', provisioningStatus: 'Success', service: 'SharePoint' }],
    ],
    ['it failed', [{ capabilityStatus: 'Enabled', provisioningStatus: 'Error', service: 'exchange' }]],
    [
      'it is waiting',
      [{ capabilityStatus: 'Enabled', provisioningStatus: 'PendingInput', service: 'exchange' }],
    ],
    [
      'it was taken away',
      [{ capabilityStatus: 'Deleted', provisioningStatus: 'Success', service: 'exchange' }],
    ],
  ])('says account.mailboxMissing when a plan is assigned and %s', async (_case, provisionedPlans) => {
    user().provisionedPlans = provisionedPlans;
    expect((await audit()).codes).toEqual(['violation account.mailboxMissing']);
  });

  it('takes one success among other entries for a mailbox', async () => {
    user().provisionedPlans = [
      { capabilityStatus: 'Deleted', provisioningStatus: 'Success', service: 'exchange' },
      { capabilityStatus: 'Enabled', provisioningStatus: 'Success', service: 'Exchange' },
    ];
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  describe('with other entries of Exchange beside one with success', () => {
    const works = { capabilityStatus: 'Enabled', provisioningStatus: 'Success', service: 'exchange' };
    const unproved = ['unknown account.mailboxUnproved'];

    it.each([
      ['in error', { provisioningStatus: 'Error' }, unproved],
      ['in error, in other letters', { provisioningStatus: 'Error', service: 'Exchange' }, unproved],
      [
        'in error, of a plan that is being taken away',
        { provisioningStatus: 'Error', capabilityStatus: 'Deleted' },
        unproved,
      ],
      ['pending', { provisioningStatus: 'PendingInput' }, unproved],
      ['being activated', { provisioningStatus: 'PendingActivation' }, unproved],
      ['being provisioned', { provisioningStatus: 'PendingProvisioning' }, unproved],
      ['in a state that nobody knows', { provisioningStatus: 'Somewhere' }, unproved],
      ['without a state', { provisioningStatus: null }, unproved],
      ['of a capability that nobody knows', { capabilityStatus: 'Halfway' }, unproved],
      ['disabled', { provisioningStatus: 'Disabled' }, []],
      ['disabled, and taken away', { provisioningStatus: 'Disabled', capabilityStatus: 'Deleted' }, []],
      ['taken away', { capabilityStatus: 'Deleted' }, []],
      ['of success as well', {}, []],
      ['of another service in error', { provisioningStatus: 'Error', service: 'SharePoint' }, []],
    ])('one that is %s', async (_case, change, codes) => {
      user().provisionedPlans = [{ ...works, ...change }, works];
      expect(await audit()).toMatchObject({ verdict: codes.length > 0 ? 'unknown' : 'compliant', codes });
      user().provisionedPlans = [works, { ...works, ...change }];
      expect((await audit()).codes).toEqual(codes);
    });

    it('is no question for Exchange, who knows', async () => {
      user().provisionedPlans = [{ ...works, provisioningStatus: 'Error' }, works];
      expect(await askExchange()).toMatchObject({ verdict: 'compliant', codes: [] });
    });

    it('is no question without a plan that gives a mailbox', async () => {
      const provisionedPlans = [{ ...works, provisioningStatus: 'Error' }, works];
      Object.assign(user(), { provisionedPlans, assignedPlans: [] });
      expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    });
  });

  it('does not call a mailbox missing whose only entry is in a state that nobody knows', async () => {
    user().provisionedPlans = [
      { capabilityStatus: 'Enabled', provisioningStatus: 'Somewhere', service: 'exchange' },
    ];
    expect((await audit()).codes).toEqual(['unknown account.mailboxUnproved']);
  });

  it.each([
    ['a mailbox', 'Success', []],
    ['no mailbox', 'Error', ['unknown unreadable.malformed']],
  ])(
    'does not guess what a plan of an unknown state promises, with %s',
    async (_case, provisioningStatus, codes) => {
      Object.assign(user(), {
        assignedPlans: [plan('9aaf7827-d63c-4b61-89c3-182f06f82e5c', 'Halfway')],
        provisionedPlans: [{ capabilityStatus: 'Enabled', provisioningStatus, service: 'exchange' }],
      });
      expect((await audit()).codes).toEqual(codes);
    },
  );

  it.each([
    ['Guest', 'nonCompliant', ['violation account.guest']],
    ['guest', 'nonCompliant', ['violation account.guest']],
    ['Member', 'compliant', []],
    // Older than the difference.
    [null, 'compliant', []],
    ['Visitor', 'unknown', ['unknown unreadable.malformed']],
  ])('judges whose account it is by its type, %s', async (userType, verdict, codes) => {
    user().userType = userType;
    expect(await audit()).toMatchObject({ verdict, codes });
  });

  it('gives a violation that holds whatever an unknown type means', async () => {
    Object.assign(user(), { userType: 'Visitor', accountEnabled: false });
    expect((await audit()).codes).toEqual([
      ...['violation account.signInBlocked', 'unknown unreadable.malformed'],
    ]);
  });

  it.each([
    ['no plan at all', []],
    ['a plan that is switched off', [plan('9aaf7827-d63c-4b61-89c3-182f06f82e5c', 'Deleted')]],
    ['Exchange Foundation alone', [plan('113feb6c-3fe4-4440-bddc-54d774bf0318', 'Enabled')]],
  ])('leaves a missing mailbox to the licence when there is %s', async (_case, assignedPlans) => {
    Object.assign(user(), { assignedPlans, provisionedPlans: [] });
    expect(await audit()).toMatchObject({
      verdict: 'compliant',
      summary: 'svc-condeco@contoso.com exists and may sign in.',
    });
  });

  it('says account.renamed, as a notice, when the object id now has another name', async () => {
    user().userPrincipalName = 'svc-rooms@contoso.com';
    const found = await audit({ serviceAccountId: accountId });
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice account.renamed'], requests: 1 });
    expect(found.reasons[0]).toMatchObject({
      expected: 'svc-condeco@contoso.com',
      actual: 'svc-rooms@contoso.com',
    });
  });

  it('remembers what the account was called when it was first found', async () => {
    expect(await audit()).toMatchObject({
      ...{ serviceAccountId: accountId, serviceAccountUpn: 'svc-condeco@contoso.com' },
    });
    user().userPrincipalName = 'svc-rooms@contoso.com';
    const known = { serviceAccountId: accountId, serviceAccountUpn: 'svc-condeco@contoso.com' };
    expect(await audit(known)).toMatchObject({ codes: ['notice account.renamed'], ...known });
  });

  describe.each([
    ['another of its addresses', 'svc-condeco@contoso.onmicrosoft.com'],
    ['its object id', accountId],
  ])('of a target that names it by %s', (_case, serviceAccount) => {
    const known = {
      serviceAccount,
      serviceAccountId: accountId,
      serviceAccountUpn: 'svc-condeco@contoso.com',
    };

    it('is compliant, and remembered with its UPN', async () => {
      expect(await audit({ serviceAccount })).toMatchObject({
        ...{ verdict: 'compliant', codes: [], serviceAccountId: accountId },
        serviceAccountUpn: 'svc-condeco@contoso.com',
      });
    });

    it('is renamed when its UPN is no longer that of the first success', async () => {
      expect((await audit(known)).codes).toEqual([]);
      user().userPrincipalName = 'svc-rooms@contoso.com';
      const found = await audit(known);
      expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice account.renamed'] });
      expect(found.reasons[0]).toMatchObject({
        resource: serviceAccount,
        expected: 'svc-condeco@contoso.com',
        actual: 'svc-rooms@contoso.com',
      });
    });

    it('is not renamed in other letters', async () => {
      user().userPrincipalName = 'SVC-Condeco@Contoso.com';
      expect((await audit(known)).codes).toEqual([]);
    });

    it('is deleted where it is among the deleted users, and not found where it is not', async () => {
      deleteUser();
      expect((await audit({ serviceAccount })).codes).toEqual(['violation account.deleted']);
      tenant.state.deletedUsers.length = 0;
      expect((await audit({ serviceAccount })).codes).toEqual(['violation account.notFound']);
    });
  });

  it.each([{}, { serviceAccountId: accountId }])(
    'stays deleted when somebody else has got its name for an address (%j)',
    async (known) => {
      deleteUser();
      Object.assign(user(), { proxyAddresses: ['SMTP:ada@contoso.com', 'smtp:svc-condeco@contoso.com'] });
      expect((await audit(known)).codes).toEqual(['violation account.deleted']);
    },
  );

  it('is unknown, and neither deleted nor missing, where its addresses cannot be read', async () => {
    deleteUser();
    tenant.simulator.fail({ match: /proxyAddresses\/any/, status: 403, code: 'Authorization_RequestDenied' });
    expect(await audit()).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
  });

  it('does not call another spelling of the same name renamed', async () => {
    user().userPrincipalName = 'SVC-Condeco@Contoso.com';
    expect((await audit()).codes).toEqual([]);
  });

  it('finds an account that was made anew under the old name', async () => {
    const found = await audit({ serviceAccountId: 'c0170507-0000-4000-8000-0000000000ff' });
    expect(found).toMatchObject({ verdict: 'compliant', serviceAccountId: accountId });
  });

  it('takes an object id in place of a name', async () => {
    const found = await audit({ serviceAccountId: accountId, serviceAccount: 'svc-condeco@contoso.com' });
    expect(found.verdict).toBe('compliant');
    expect(tenant.simulator.requests.map(({ url }) => url)).toEqual([
      expect.stringContaining(`/v1.0/users/${accountId}?`),
    ]);
  });

  describe('with Exchange as the one who knows of mailboxes', () => {
    const mailbox = () => recipientOf(tenant.state, 'svc-condeco@contoso.com');

    it('is compliant when Exchange has one, whatever was provisioned', async () => {
      user().provisionedPlans = [];
      const found = await askExchange();
      expect(found).toMatchObject({
        ...{ verdict: 'compliant', codes: [], requests: 2, evidence: { mailboxAskedOf: 'Exchange' } },
        summary: 'svc-condeco@contoso.com exists, may sign in, and has a mailbox.',
      });
    });

    it('asks by the object id of the account', async () => {
      await askExchange();
      const asked = tenant.simulator.requests.find(({ cmdlet }) => cmdlet === 'Get-Recipient');
      expect(asked?.requestBody).toMatchObject({ CmdletInput: { Parameters: { Identity: accountId } } });
    });

    it('says account.mailboxMissing when Exchange does not know the account', async () => {
      tenant.state.exchange.recipients = tenant.state.exchange.recipients.filter(
        (each) => each !== mailbox(),
      );
      const found = await askExchange();
      expect(found.codes).toEqual(['violation account.mailboxMissing']);
      expect(found.evidence).toMatchObject({ mailboxAskedOf: 'Exchange' });
    });

    it.each(['MailUser', 'RemoteUserMailbox', 'GuestMailUser'])(
      'says account.mailboxMissing when it is %s there',
      async (RecipientTypeDetails) => {
        mailbox().RecipientTypeDetails = RecipientTypeDetails;
        expect((await askExchange()).codes).toEqual(['violation account.mailboxMissing']);
      },
    );

    it('leaves a missing mailbox to the licence all the same', async () => {
      mailbox().RecipientTypeDetails = 'MailUser';
      Object.assign(user(), { assignedPlans: [] });
      expect(await askExchange()).toMatchObject({ verdict: 'compliant', codes: [] });
    });

    it.each([
      ['is refused', { status: 403, message: 'No.' }, 'permission'],
      ['fails', { status: 500 }, 'unavailable'],
      ['misses its own server', { status: 500, message: "The server couldn't be found." }, 'unavailable'],
      ['breaks off', { drop: true }, 'unavailable'],
      ['makes no sense', { change: () => ({ value: [{ PrimarySmtpAddress: 7 }] }) }, 'malformed'],
    ])('is unknown when its answer %s', async (_case, fault, cause) => {
      tenant.simulator.fail({ match: /Get-Recipient/, ...fault });
      const found = await askExchange();
      expect(found).toMatchObject({ verdict: 'unknown', codes: [`unknown unreadable.${cause}`] });
      if (cause === 'permission') expect(found.reasons[0]?.expected).toBe('Exchange.ManageAsApp');
    });

    it('does not hide a violation behind an answer that it did not get', async () => {
      user().accountEnabled = false;
      tenant.simulator.fail({ match: /Get-Recipient/, status: 403 });
      expect((await askExchange()).codes).toEqual([
        ...['violation account.signInBlocked', 'unknown unreadable.permission'],
      ]);
    });
  });

  it('does not guess between deleted and never there when the deleted users cannot be read', async () => {
    tenant.state.users.length = 0;
    tenant.simulator.fail({ match: /deletedItems/, status: 403, code: 'Authorization_RequestDenied' });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: ['unknown unreadable.permission'] });
    expect(found.reasons[0]).toMatchObject({ expected: 'User.Read.All' });
  });
});

function plan(servicePlanId: string, capabilityStatus: string) {
  return { assignedDateTime: '2026-01-12T08:30:00Z', capabilityStatus, service: 'exchange', servicePlanId };
}

it('asks for a mailbox also where the plan is in its grace period', async () => {
  Object.assign(user(), { provisionedPlans: [] });
  for (const plan of user().assignedPlans as Record<string, unknown>[]) plan.capabilityStatus = 'Warning';
  expect(await audit()).toMatchObject({ codes: ['violation account.mailboxMissing'] });
});

it('takes a mailbox that is in its grace period for one', async () => {
  for (const plans of [user().assignedPlans, user().provisionedPlans] as Record<string, unknown>[][])
    for (const plan of plans) plan.capabilityStatus = 'Warning';
  expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
});
