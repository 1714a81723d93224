import { SimulatorClient } from '../../support/simulator-client';

const fabrikam = 'fab11ca3-0000-4000-8000-000000000002';
const e1 = '18181a46-0d4e-45cd-891e-60aabd171b4e';
const e3 = '6fd2c87f-b296-42f0-b197-1e91e994b900';
const plan1 = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';
const plan2 = 'efb87545-963c-4e0d-99df-69c6916d9eb0';
const group = 'c0170507-0000-4000-8000-000000000202';
const account = 'svc-condeco@contoso.com';

let client: SimulatorClient;

beforeAll(async () => {
  client = await SimulatorClient.start();
});
afterEach(() => client.simulator.reset());
afterAll(() => client.close());

const assign = (addLicenses: object[], removeLicenses: string[] = [], id = account, tenantId?: string) =>
  client.change(
    'POST',
    `/v1.0/users/${id}/assignLicense`,
    { addLicenses, removeLicenses },
    tenantId === undefined ? {} : { tenantId },
  );

interface Shown {
  assignedLicenses: object[];
  assignedPlans: { servicePlanId: string; capabilityStatus: string; service: string }[];
  provisionedPlans: { service: string; capabilityStatus: string; provisioningStatus: string }[];
  licenseAssignmentStates: object[];
}

async function shown(id = account, tenantId?: string): Promise<Shown> {
  const select = 'assignedLicenses,assignedPlans,provisionedPlans,licenseAssignmentStates';
  return (await client.graph(`/v1.0/users/${id}?$select=${select}`, tenantId)).body as Shown;
}

function sku(skuId: string, tenantId?: string) {
  const state = tenantId === undefined ? client.state : client.simulator.tenant(tenantId);
  const found = state.subscribedSkus.find((each) => each.skuId === skuId);
  if (found === undefined) throw new Error(`Nobody has bought ${skuId}.`);
  return found;
}

function user(name = account) {
  const found = client.state.users.find(({ userPrincipalName }) => userPrincipalName === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

/** Why something was refused. */
async function refusal(answer: Promise<{ status: number; body: unknown }>): Promise<string> {
  const { status, body } = await answer;
  const { error } = body as { error: { code: string; message: string } };
  expect([status, error.code]).toEqual([400, 'Request_BadRequest']);
  return error.message;
}

describe('assigning a licence', () => {
  it('gives its plans, and takes a seat', async () => {
    const before = Number(sku(e3).consumedUnits);
    expect(await assign([{ skuId: e3, disabledPlans: [] }])).toMatchObject({
      status: 200,
      body: { userPrincipalName: account },
    });
    const { assignedLicenses, assignedPlans, provisionedPlans, licenseAssignmentStates } = await shown();
    expect(assignedLicenses).toContainEqual({ skuId: e3, disabledPlans: [] });
    expect(assignedPlans).toContainEqual(
      expect.objectContaining({ servicePlanId: plan2, service: 'exchange', capabilityStatus: 'Enabled' }),
    );
    expect(provisionedPlans).toContainEqual(
      expect.objectContaining({ service: 'SharePoint', provisioningStatus: 'Success' }),
    );
    expect(licenseAssignmentStates).toContainEqual(
      expect.objectContaining({ skuId: e3, assignedByGroup: null, state: 'Active', error: 'None' }),
    );
    expect(sku(e3).consumedUnits).toBe(before + 1);
  });

  it('changes which plans are off, without another seat', async () => {
    const before = sku(e1).consumedUnits;
    await assign([{ skuId: e1, disabledPlans: [plan1] }]);
    const off = await shown();
    expect(off.assignedLicenses).toEqual([{ skuId: e1, disabledPlans: [plan1] }]);
    expect(off.assignedPlans.find(({ servicePlanId }) => servicePlanId === plan1)).toMatchObject({
      capabilityStatus: 'Deleted',
    });
    await assign([{ skuId: e1, disabledPlans: [] }]);
    const on = await shown();
    expect(on.assignedPlans.filter(({ servicePlanId }) => servicePlanId === plan1)).toMatchObject([
      { capabilityStatus: 'Enabled' },
    ]);
    expect(sku(e1).consumedUnits).toBe(before);
  });

  it('makes a mailbox for an account that had none, where no seat is left but the own one', async () => {
    const name = 'svc-condeco@rooms.fabrikam.com';
    const { exchange } = client.simulator.tenant(fabrikam);
    const mailboxes = () =>
      exchange.recipients.filter(({ PrimarySmtpAddress }) => PrimarySmtpAddress === name);
    expect(mailboxes()).toEqual([]);
    expect((await assign([{ skuId: e3, disabledPlans: [] }], [], name, fabrikam)).status).toBe(200);
    const { provisionedPlans } = await shown(name, fabrikam);
    expect(provisionedPlans).toContainEqual(
      expect.objectContaining({ service: 'exchange', capabilityStatus: 'Enabled' }),
    );
    expect(mailboxes()).toHaveLength(1);
    expect(sku(e3, fabrikam).consumedUnits).toBe(40);
  });

  it('keeps a plan on while any assignment has it on', async () => {
    user().licenseAssignmentStates = [
      { skuId: e1, disabledPlans: [], assignedByGroup: group, state: 'Active', error: 'None' },
    ];
    await assign([{ skuId: e1, disabledPlans: [plan1] }]);
    const { assignedLicenses, assignedPlans, licenseAssignmentStates } = await shown();
    expect(licenseAssignmentStates).toHaveLength(2);
    expect(assignedLicenses).toEqual([{ skuId: e1, disabledPlans: [] }]);
    expect(assignedPlans.find(({ servicePlanId }) => servicePlanId === plan1)).toMatchObject({
      capabilityStatus: 'Enabled',
    });
  });

  it('is refused to who is nowhere', async () => {
    user().usageLocation = null;
    expect(await refusal(assign([{ skuId: e3 }]))).toBe(
      'License assignment cannot be done for user with invalid usage location.',
    );
    expect((await assign([], [e1])).status).toBe(200);
  });

  it('is refused without a free seat', async () => {
    const { prepaidUnits } = sku(e3);
    sku(e3).consumedUnits = (prepaidUnits as { enabled: number }).enabled;
    expect(await refusal(assign([{ skuId: e3 }]))).toContain('does not have any available licenses');
    Object.assign(prepaidUnits as object, { warning: 1 });
    expect((await assign([{ skuId: e3 }])).status).toBe(200);
  });

  it('is refused for what nobody has bought, and for plans of something else', async () => {
    expect(await refusal(assign([{ skuId: plan1 }]))).toContain('does not correspond to a valid company');
    expect(await refusal(assign([{ skuId: e3, disabledPlans: [plan1] }]))).toContain(plan1);
  });

  it('needs both lists', async () => {
    const address = `/v1.0/users/${account}/assignLicense`;
    const words = 'The missing parameters are: ';
    expect(await refusal(client.change('POST', address, { addLicenses: [] }))).toContain(
      `${words}removeLicenses`,
    );
    expect(await refusal(client.change('POST', address, { removeLicenses: [] }))).toContain(
      `${words}addLicenses`,
    );
    expect((await client.change('POST', address)).status).toBe(400);
  });

  it.each([
    ['LicenseAssignment.ReadWrite.All', 200],
    ['User.ReadWrite.All', 200],
    ['LicenseAssignment.Read.All', 403],
    ['User.EnableDisableAccount.All', 403],
  ])('with %s is answered with %d', async (role, status) => {
    for (const application of client.state.applications) application.roles = [role];
    expect((await assign([{ skuId: e3 }])).status).toBe(status);
  });
});

describe('removing a licence', () => {
  it('leaves its plans as deleted, and gives the seat back', async () => {
    const before = Number(sku(e1).consumedUnits);
    expect((await assign([], [e1])).status).toBe(200);
    const { assignedLicenses, assignedPlans, licenseAssignmentStates, provisionedPlans } = await shown();
    expect([assignedLicenses, licenseAssignmentStates]).toEqual([[], []]);
    expect(assignedPlans).toMatchObject([{ servicePlanId: plan1, capabilityStatus: 'Deleted' }]);
    expect(provisionedPlans).toMatchObject([{ service: 'exchange', capabilityStatus: 'Deleted' }]);
    expect(sku(e1).consumedUnits).toBe(before - 1);
  });

  it('is refused for one through a group, and for one that he has not', async () => {
    user().licenseAssignmentStates = [
      { skuId: e1, disabledPlans: [], assignedByGroup: group, state: 'Active', error: 'None' },
    ];
    expect(await refusal(assign([], [e1]))).toBe(
      'User license is inherited from a group membership and it cannot be removed directly from the user.',
    );
    expect(await refusal(assign([], [e3]))).toBe('User does not have a corresponding license.');
  });
});

describe('reprocessing', () => {
  const reprocess = () => client.change('POST', `/v1.0/users/${account}/reprocessLicenseAssignment`);
  const failed = (error: string) => ({
    ...{ skuId: e1, disabledPlans: [], assignedByGroup: group, state: 'Error', error },
    lastUpdatedDateTime: '2026-01-12T08:30:00Z',
  });

  beforeEach(() =>
    Object.assign(user(), { assignedLicenses: [], assignedPlans: [], licenseAssignmentStates: [] }),
  );

  it('gives what the group could not give for want of seats', async () => {
    user().licenseAssignmentStates = [failed('CountViolation')];
    expect((await reprocess()).status).toBe(200);
    const { assignedLicenses, licenseAssignmentStates } = await shown();
    expect(assignedLicenses).toEqual([{ skuId: e1, disabledPlans: [] }]);
    expect(licenseAssignmentStates).toMatchObject([
      { state: 'Active', error: 'None', assignedByGroup: group },
    ]);
  });

  it('leaves what it cannot mend', async () => {
    user().licenseAssignmentStates = [failed('MutuallyExclusiveViolation')];
    expect((await reprocess()).status).toBe(200);
    expect((await shown()).licenseAssignmentStates).toEqual([failed('MutuallyExclusiveViolation')]);
  });
});
