import type { TenantState } from '../../../local/simulator';
import type { Target } from '../../../src/lib/model/target';
import type { ControlId } from '../../../src/lib/model/verdict';
import { breakages } from '../../support/broken';
import { Repairs } from '../../support/repairs';

jest.setTimeout(30_000);

let repairs: Repairs;
beforeAll(async () => {
  repairs = await Repairs.start();
});
afterEach(() => repairs.reset());
afterAll(() => repairs.stop());

interface Case {
  control: ControlId;
  what: string;
  options?: Partial<Target>;
  break: (state: TenantState) => void;
  /** What is sent, by method and the end of the address, or the cmdlet. */
  sends: RegExp[];
  /** False where there is no way back. */
  canUndo?: boolean;
}

const cases: Case[] = [
  {
    control: 'account',
    what: 'sign-in is blocked',
    break: breakages.blockSignIn,
    sends: [/^PATCH .*\/users\//],
  },
  {
    control: 'account',
    what: 'the account is deleted',
    break: breakages.deleteAccount,
    sends: [/^POST .*\/restore/],
    canUndo: false,
  },
  {
    control: 'password-expiry',
    what: 'the flag is gone, and another one is there',
    break: breakages.letPasswordExpire,
    sends: [/^PATCH .*\/users\//],
  },
  {
    control: 'license',
    what: 'there is no licence',
    break: breakages.takeLicense,
    sends: [/^POST .*\/assignLicense/],
  },
  {
    control: 'consent',
    what: 'permissions of both kinds are gone',
    break: breakages.revokeConsent,
    sends: [/^POST .*\/appRoleAssignedTo/, /oauth2PermissionGrants/],
  },
  {
    control: 'impersonation',
    what: 'nothing is assigned, with Microsoft Graph',
    options: { exchangeReader: 'graph' },
    break: breakages.removeRole,
    sends: [/^POST .*\/customAppScopes/, /^POST .*\/roleAssignments/],
  },
  {
    control: 'impersonation',
    what: 'nothing is assigned, with the admin API',
    break: breakages.removeRole,
    sends: [/New-ManagementScope/, /New-ManagementRoleAssignment/],
  },
  {
    control: 'impersonation',
    what: 'no role opens the protocol, with the admin API',
    options: { protocol: 'ews' },
    break: () => undefined,
    sends: [/New-ManagementScope/, /New-ManagementRoleAssignment/],
  },
  {
    control: 'impersonation',
    what: 'the application is registered by a wrong object id',
    break: breakages.registerWrongly,
    sends: [
      ...[/Remove-ServicePrincipal/, /New-ServicePrincipal/],
      ...[/New-ManagementScope/, /New-ManagementRoleAssignment/],
    ],
  },
  {
    control: 'rooms',
    what: 'a room does not answer',
    break: breakages.stopRoomFromAnswering,
    sends: [/Set-CalendarProcessing/],
  },
  {
    control: 'rooms',
    what: 'a delegate decides',
    break: breakages.letDelegateDecide,
    sends: [/Set-CalendarProcessing/],
  },
  {
    control: 'ews-access',
    what: 'nobody has decided about the switch',
    break: breakages.unsetEws,
    sends: [/Set-OrganizationConfig/],
  },
  {
    control: 'ews-access',
    what: 'the application is not on the list',
    break: breakages.shutEwsForApplication,
    sends: [/Set-OrganizationConfig/],
  },
];

describe.each(cases)(
  '$control, when $what',
  ({ control, options = {}, break: breakIt, sends, canUndo = true }) => {
    beforeEach(async () => {
      await repairs.putTarget(options);
      breakIt(repairs.tenant.state);
    });
    const sent = () => repairs.writes.map(({ method, url, cmdlet = '' }) => `${method} ${url} ${cmdlet}`);

    it('is repaired by exactly what was agreed to, and then nothing is left to plan', async () => {
      const plan = await repairs.plan(control);
      expect(plan.changes.length).toBeGreaterThan(0);
      const result = await repairs.apply(control, plan.planHash);
      expect(result.changes.map(({ problem }) => problem)).toEqual(result.changes.map(() => undefined));
      expect([result.status, result.finding.summary]).toEqual(['verified', result.finding.summary]);
      expect(sent()).toHaveLength(plan.changes.length);
      for (const expected of sends) expect(sent().some((line) => expected.test(line))).toBe(true);
      expect(await repairs.plan(control)).toMatchObject({ changes: [], manualSteps: [] });
    });

    it('is put back as it was', async () => {
      const before = await repairs.plan(control);
      const { remediationId } = await repairs.apply(control, before.planHash);
      if (!canUndo) {
        await expect(repairs.undo(remediationId)).rejects.toMatchObject({ code: 'undo.changed' });
        return;
      }
      const undone = await repairs.undo(remediationId);
      expect(undone).toMatchObject({ status: 'verified', finding: { verdict: 'nonCompliant' } });
      expect((await repairs.plan(control)).planHash).toBe(before.planHash);
    });

    it('is not written twice when the answer to each change is lost', async () => {
      const { planHash, changes } = await repairs.plan(control);
      repairs.tenant.simulator.fail({
        match: (request) =>
          request.method !== 'GET' && !request.url.endsWith('$batch') && !/^Get-/.test(request.cmdlet ?? ''),
        ...{ drop: true, after: true },
      });
      const { status } = await repairs.apply(control, planHash);
      expect(sent().length).toBeLessThanOrEqual(changes.length * 8);
      // Where an id is needed that only the lost answer told, the rest is left for the next plan.
      expect(['verified', 'failed']).toContain(status);
    });
  },
);

describe('a repair of impersonation whose first change is refused', () => {
  it.each([
    ['that of an application that Exchange does not know', [], 'New-ServicePrincipal'],
    ['that of one that it knows by a wrong object id', undefined, 'Remove-ServicePrincipal'],
  ])('leaves nothing behind: %s', async (_case, principals, cmdlet) => {
    await repairs.putTarget();
    const { state } = repairs.tenant;
    breakages.registerWrongly(state);
    if (principals !== undefined) state.exchange.servicePrincipals = principals;
    const before = structuredClone(state.exchange);
    repairs.tenant.simulator.fail({ match: new RegExp(cmdlet), status: 403 });
    const { planHash } = await repairs.plan('impersonation');
    const result = await repairs.apply('impersonation', planHash);
    expect(result.status).toBe('failed');
    expect(result.changes.map((change) => change.state)).toEqual([
      'failed',
      ...result.changes.slice(1).map(() => 'notSent'),
    ]);
    expect(state.exchange).toEqual(before);
  });
});
