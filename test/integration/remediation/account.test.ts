import { breakages } from '../../support/broken';
import { Repairs } from '../../support/repairs';

jest.setTimeout(30_000);

let repairs: Repairs;
beforeAll(async () => {
  repairs = await Repairs.start();
});
beforeEach(() => repairs.putTarget());
afterEach(() => repairs.reset());
afterAll(() => repairs.stop());

const sent = () => repairs.writes.map(({ method, url }) => `${method} ${url.split('/').at(-1) ?? ''}`);
const accountId = 'c0170507-0000-4000-8000-000000000011';

/** Blocks the account and deletes it, as somebody who tidies up does. */
function deleteBlocked(): void {
  breakages.blockSignIn(repairs.tenant.state);
  breakages.deleteAccount(repairs.tenant.state);
}

describe('an account that was blocked and deleted', () => {
  it('is restored and let in by one plan', async () => {
    deleteBlocked();
    const plan = await repairs.plan('account');
    expect(plan.changes.map(({ before, after }) => [before, after])).toEqual([
      ['deleted', 'present'],
      [{ accountEnabled: false }, { accountEnabled: true }],
    ]);
    const result = await repairs.apply('account', plan.planHash);
    expect(result).toMatchObject({ status: 'verified', finding: { verdict: 'compliant' } });
    expect(sent()).toEqual(['POST restore', `PATCH ${accountId}`]);
    expect(await repairs.plan('account')).toMatchObject({ changes: [], manualSteps: [] });
  });

  it('is restored alone where it was not blocked', async () => {
    breakages.deleteAccount(repairs.tenant.state);
    expect((await repairs.plan('account')).changes).toHaveLength(1);
    expect(await repairs.repair('account')).toMatchObject({ status: 'verified' });
    expect(sent()).toEqual(['POST restore']);
  });

  it('is seen as it will be, also where the tenant shows it late', async () => {
    deleteBlocked();
    repairs.tenant.simulator.consistencyDelayMs = 10_000;
    const { planHash } = await repairs.plan('account');
    expect(await repairs.apply('account', planHash)).toMatchObject({ status: 'verified' });
  });

  it('is blocked again when that is undone, and stays restored', async () => {
    deleteBlocked();
    const { remediationId } = await repairs.repair('account');
    const undone = await repairs.undo(remediationId);
    expect(undone).toMatchObject({
      ...{ status: 'verified', finding: { reasons: [{ code: 'account.signInBlocked' }] } },
    });
    const restored = repairs.tenant.state.users.find(({ id }) => id === accountId);
    expect(restored).toMatchObject({ accountEnabled: false });
  });

  it('is let in also when the answer to the restore is lost', async () => {
    deleteBlocked();
    const { planHash } = await repairs.plan('account');
    repairs.tenant.simulator.fail({ match: /restore/, drop: true, after: true });
    expect(await repairs.apply('account', planHash)).toMatchObject({ status: 'verified' });
    expect(sent()).toEqual(['POST restore', `PATCH ${accountId}`]);
  });

  it('is not let in when it cannot be restored', async () => {
    deleteBlocked();
    const { planHash } = await repairs.plan('account');
    repairs.tenant.simulator.fail({ match: /restore/, status: 400, code: 'Request_BadRequest' });
    const result = await repairs.apply('account', planHash);
    expect(result).toMatchObject({ status: 'failed', finding: { verdict: 'nonCompliant' } });
    expect(result.changes.map(({ state }) => state)).toEqual(['failed', 'notSent']);
  });
});
