import { auditNow } from '../../../src/lib/audit/run';
import { control } from '../../../src/lib/controls';
import type { RefusedError } from '../../../src/lib/errors';
import type { Target } from '../../../src/lib/model/target';
import { proposePlan } from '../../../src/lib/remediation/apply';
import { lookAfterRemediations } from '../../../src/lib/remediation/settle';
import { breakages } from '../../support/broken';
import { assign } from '../../support/exchange-views';
import { ada, refusal, Repairs } from '../../support/repairs';

let repairs: Repairs;
beforeAll(async () => {
  repairs = await Repairs.start();
});
beforeEach(() => repairs.putTarget());
afterEach(() => repairs.reset());
afterAll(() => repairs.stop());

/** The service account of the tenant, to break it. */
const account = () => {
  const [user] = repairs.tenant.state.users;
  if (user === undefined) throw new Error('There is no account.');
  return user as Record<string, unknown>;
};
const block = () => Object.assign(account(), { accountEnabled: false });
/** How remediations have ended, as Application Insights was told. */
async function outcomes(): Promise<(string | undefined)[]> {
  await repairs.telemetry.flush();
  return repairs.telemetry.named('RemediationCompleted').map(({ status }) => status);
}

describe('a repair', () => {
  it('makes what was agreed to, sees it, and leaves nothing to plan', async () => {
    block();
    const plan = await repairs.plan('account');
    expect(plan.planHash).toMatch(/^[0-9a-f]{64}$/);
    const result = await repairs.apply('account', plan.planHash);
    expect(result).toMatchObject({ status: 'verified', finding: { verdict: 'compliant' } });
    expect(result.changes).toMatchObject([{ state: 'made', requestId: expect.any(String) as string }]);
    expect(account().accountEnabled).toBe(true);
    expect((await repairs.plan('account')).changes).toEqual([]);
    expect(await outcomes()).toEqual(['verified']);
    expect(await repairs.records()).toMatchObject([
      { by: ada, status: 'verified', planHash: plan.planHash, control: 'account' },
    ]);
  });

  it('of what is in order is verified with no changes', async () => {
    const plan = await repairs.plan('account');
    expect(plan).toMatchObject({ changes: [], manualSteps: [] });
    expect(await repairs.apply('account', plan.planHash)).toMatchObject({ status: 'verified', changes: [] });
    expect(repairs.writes).toEqual([]);
  });

  it('of what cannot be read is not called verified', async () => {
    repairs.tenant.simulator.fail({ match: /GET/, status: 403, code: 'Authorization_RequestDenied' });
    const plan = await repairs.plan('account');
    expect(plan).toMatchObject({ changes: [], manualSteps: [] });
    expect(await repairs.apply('account', plan.planHash)).toMatchObject({
      status: 'unverified',
      finding: { verdict: 'unknown' },
    });
  });

  it('says what is left to people when its changes are all that it could make', async () => {
    const [grant] = repairs.tenant.state.oauth2PermissionGrants;
    Object.assign(grant ?? {}, { scope: 'openid profile Mail.ReadWrite' });
    const plan = await repairs.plan('consent');
    expect(plan.manualSteps).not.toEqual([]);
    const result = await repairs.apply('consent', plan.planHash);
    expect(result).toMatchObject({ status: 'unverified', manualSteps: plan.manualSteps });
    expect(result.problem).toMatch(/ in the tenant\. consent is still nonCompliant: /);
    const [record] = await repairs.records();
    expect(result.problem).toBe(record?.problem);
  });

  it('of nothing but steps for people sends nothing, and says so', async () => {
    breakages.takeLicense(repairs.tenant.state);
    for (const sku of repairs.tenant.state.subscribedSkus) {
      Object.assign(sku, { prepaidUnits: { enabled: 1, warning: 0 }, consumedUnits: 1 });
    }
    const plan = await repairs.plan('license');
    expect(plan).toMatchObject({ changes: [], manualSteps: [{}] });
    expect(await repairs.apply('license', plan.planHash)).toMatchObject({
      status: 'unverified',
      changes: [],
      problem: expect.stringMatching(/^Nothing was sent: the plan has only steps/) as string,
      manualSteps: plan.manualSteps,
    });
    expect(repairs.writes).toEqual([]);
  });

  it('leaves nothing to people once it is verified', async () => {
    block();
    const result = await repairs.repair('account');
    expect(Object.keys(result)).toEqual(['remediationId', 'status', 'changes', 'finding']);
  });

  it('is refused when the tenant has changed since, with the plan as it is now', async () => {
    block();
    const { planHash } = await repairs.plan('account');
    Object.assign(account(), { accountEnabled: true });
    const error = await refusal(repairs.apply('account', planHash));
    expect(error).toMatchObject({ code: 'plan.stale', details: { changes: [], manualSteps: [] } });
    expect(repairs.writes).toEqual([]);
    expect(await repairs.records()).toEqual([]);
  });

  it('is refused when it was agreed to for another target', async () => {
    block();
    const { targetId, createdAt, updatedAt, ...definition } = repairs.tenant.target();
    await repairs.storage.putTarget('another', { ...definition, targetId: 'another' });
    const request = { targetId: 'another', control: 'account' as const, include: [] };
    const { planHash } = await proposePlan(repairs.services(), request);
    expect(await refusal(repairs.apply('account', planHash))).toMatchObject({ code: 'plan.stale' });
    expect(repairs.writes).toEqual([]);
  });

  it('is refused above the most changes that are allowed', async () => {
    block();
    const { planHash } = await repairs.plan('account');
    expect(await refusal(repairs.apply('account', planHash, { maxChanges: 0 }))).toMatchObject({
      code: 'plan.tooLarge',
    });
    expect(repairs.writes).toEqual([]);
  });

  it('of 26 changes is refused, where 25 are allowed', async () => {
    const { exchange } = repairs.tenant.state;
    const template = exchange.recipients.find(
      ({ RecipientTypeDetails }) => RecipientTypeDetails === 'RoomMailbox',
    );
    if (template === undefined) throw new Error('There is no room.');
    for (let index = 0; index < 26; index++) {
      const name = `silent-${index}`;
      const ids = { Identity: name, Guid: name, ExternalDirectoryObjectId: name, DistinguishedName: name };
      const address = `${name}@contoso.com`;
      exchange.recipients.push({
        ...{ ...template, ...ids, PrimarySmtpAddress: address, DisplayName: name },
        EmailAddresses: [`SMTP:${address}`],
      });
      exchange.calendarProcessing.push({
        ...{ Identity: name, AutomateProcessing: 'AutoUpdate', DeleteSubject: false },
      });
    }
    const { planHash, changes } = await repairs.plan('rooms');
    expect(changes).toHaveLength(26);
    expect(await refusal(repairs.apply('rooms', planHash))).toMatchObject({ code: 'plan.tooLarge' });
    expect(repairs.writes).toEqual([]);
    expect(await repairs.records()).toEqual([]);
  });

  it('is refused without an identity that writes', async () => {
    block();
    const { planHash } = await repairs.plan('account');
    const error = await refusal(repairs.apply('account', planHash, { writers: undefined }));
    expect(error.code).toBe('remediation.disabled');
    expect(repairs.writes).toEqual([]);
  });

  it('goes to one of two that are asked for at once', async () => {
    block();
    const { planHash } = await repairs.plan('account');
    repairs.tenant.simulator.fail({ match: /PATCH/, delayMs: 300 });
    const both = await Promise.allSettled([
      repairs.apply('account', planHash),
      repairs.apply('account', planHash),
    ]);
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as RefusedError] : []));
    expect(refused).toMatchObject([{ code: 'remediation.busy' }]);
    expect(repairs.writes).toHaveLength(1);
  });
});

describe('a change', () => {
  it.each([429, 503])('is sent again after %i, no earlier than the service says', async (status) => {
    block();
    repairs.tenant.simulator.fail({ match: /PATCH/, status, retryAfter: 7, times: 1 });
    expect(await repairs.repair('account')).toMatchObject({ status: 'verified' });
    expect(Math.max(...repairs.waits)).toBeGreaterThanOrEqual(7000);
    expect(repairs.writes).toHaveLength(1);
  });

  it('whose answer is lost is found to be made', async () => {
    block();
    repairs.tenant.simulator.fail({ match: /PATCH/, drop: true, after: true, times: 1 });
    expect(await repairs.repair('account')).toMatchObject({ status: 'verified' });
  });

  describe('that is no update, and whose answer is lost', () => {
    const lose = (isMade: boolean) => {
      repairs.tenant.state.appRoleAssignments = [];
      repairs.tenant.simulator.fail({
        match: /POST .*appRoleAssignedTo/,
        drop: true,
        after: isMade,
        times: 1,
      });
    };
    const loseScope = (isMade: boolean) => {
      assign(repairs.tenant.state);
      repairs.tenant.simulator.fail({ match: /New-ManagementScope/, drop: true, after: isMade, times: 1 });
    };
    const scopes = () => repairs.tenant.state.exchange.managementScopes.length;

    it('is looked for until the tenant shows it', async () => {
      lose(true);
      repairs.tenant.simulator.consistencyDelayMs = 5000;
      const result = await repairs.repair('consent');
      expect(result).toMatchObject({ status: 'verified', changes: [{ state: 'made' }] });
    });

    it.each([
      ['made, and shows later', true],
      ['not made', false],
    ])('is never said to have failed: %s', async (_case, isMade) => {
      lose(isMade);
      repairs.tenant.simulator.consistencyDelayMs = Infinity;
      expect(await repairs.repair('consent')).toMatchObject({
        ...{ status: 'failed', changes: [{ state: 'unknown' }], finding: { verdict: 'nonCompliant' } },
      });
      expect(await repairs.records()).toMatchObject([
        { problem: 'Whether a change was made could not be found out, and the rest was not sent.' },
      ]);
      expect(repairs.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(90_000);
    });

    it('is put back where it shows later', async () => {
      loseScope(true);
      repairs.tenant.simulator.consistencyDelayMs = 90_000;
      const { remediationId, changes } = await repairs.repair('impersonation');
      expect(changes.map(({ state }) => state)).toEqual(['unknown', 'notSent']);
      repairs.pass(90_000);
      repairs.tenant.simulator.consistencyDelayMs = 0;
      expect(scopes()).toBe(1);
      expect(await repairs.undo(remediationId)).toMatchObject({ status: 'verified' });
      expect(scopes()).toBe(0);
    });

    it('is for a person to put back where the answer alone would have told how', async () => {
      lose(true);
      repairs.tenant.simulator.consistencyDelayMs = 90_000;
      const { remediationId } = await repairs.repair('consent');
      repairs.pass(90_000);
      const error = await refusal(repairs.undo(remediationId));
      expect(error).toMatchObject({ code: 'undo.changed' });
      expect(error.message).toContain('the answer that was lost would have told what that takes');
    });

    it('is nothing to put back where it was not made', async () => {
      loseScope(false);
      const { remediationId } = await repairs.repair('impersonation');
      expect(await refusal(repairs.undo(remediationId))).toMatchObject({ code: 'undo.changed' });
    });

    it('is left alone where another repair has made it since', async () => {
      loseScope(false);
      const { remediationId } = await repairs.repair('impersonation');
      expect(await repairs.repair('impersonation')).toMatchObject({ status: 'verified' });
      expect(await refusal(repairs.undo(remediationId))).toMatchObject({ code: 'undo.changed' });
      expect(scopes()).toBe(1);
    });
  });

  it('that is refused fails, and names the permission', async () => {
    block();
    repairs.tenant.simulator.fail({ match: /PATCH/, status: 403, code: 'Authorization_RequestDenied' });
    const result = await repairs.repair('account');
    const permission = control('account').permissions.write.map(({ name }) => name);
    expect(result).toMatchObject({ status: 'failed', finding: { verdict: 'nonCompliant' } });
    expect(permission.some((name) => result.changes[0]?.problem?.includes(name))).toBe(true);
    expect(await outcomes()).toEqual(['failed']);
  });

  it('is not sent for longer than the call may take', async () => {
    block();
    repairs.tenant.simulator.fail({ match: /PATCH/, status: 503 });
    expect(await repairs.repair('account')).toMatchObject({ status: 'failed' });
    expect(repairs.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(200_000);
  });
});

describe('a tenant that takes its time', () => {
  it('is waited for', async () => {
    block();
    repairs.tenant.simulator.consistencyDelayMs = 5000;
    expect(await repairs.repair('account')).toMatchObject({ status: 'verified' });
  });

  it('is not waited for for ever, and verified by the first audit that sees it', async () => {
    block();
    repairs.tenant.simulator.consistencyDelayMs = Infinity;
    const result = await repairs.repair('account');
    expect(result).toMatchObject({ status: 'unverified', finding: { verdict: 'nonCompliant' } });
    expect(repairs.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(61_000);
    expect(await outcomes()).toEqual(['unverified']);

    repairs.tenant.simulator.consistencyDelayMs = 0;
    await auditNow(repairs.services(), repairs.telemetry, 'contoso-rooms', ['account']);
    expect(await repairs.records()).toMatchObject([{ status: 'verified' }]);
    expect(await outcomes()).toEqual(['unverified', 'verified']);
  });

  it('is announced again after a day, once', async () => {
    block();
    repairs.tenant.simulator.consistencyDelayMs = Infinity;
    await repairs.repair('account');
    expect(await lookAfterRemediations(repairs.services(), repairs.telemetry)).toBe(0);
    repairs.pass(24 * 3_600_000);
    expect(await lookAfterRemediations(repairs.services(), repairs.telemetry)).toBe(1);
    expect(await lookAfterRemediations(repairs.services(), repairs.telemetry)).toBe(0);
    expect(await outcomes()).toEqual(['unverified', 'unverified']);
  });

  it('is not announced again where nothing was changed', async () => {
    repairs.tenant.simulator.fail({ match: /users/, status: 403 });
    const { planHash } = await repairs.plan('account');
    expect(await repairs.apply('account', planHash)).toMatchObject({ status: 'unverified', changes: [] });
    repairs.pass(25 * 3_600_000);
    expect(await lookAfterRemediations(repairs.services(), repairs.telemetry)).toBe(0);
    expect(await outcomes()).toEqual(['unverified']);
  });

  it('is verified by the watchdog where an audit did not tell', async () => {
    block();
    repairs.tenant.simulator.consistencyDelayMs = Infinity;
    await repairs.repair('account');
    repairs.tenant.simulator.consistencyDelayMs = 0;
    await auditNow(
      { ...repairs.services(), onCompliant: () => Promise.resolve() },
      repairs.telemetry,
      'contoso-rooms',
      ['account'],
    );
    expect(await repairs.records()).toMatchObject([{ status: 'unverified' }]);
    await lookAfterRemediations(repairs.services(), repairs.telemetry);
    expect(await repairs.records()).toMatchObject([{ status: 'verified' }]);
  });
});

it('says before, and does not wait, where a role leaves open which protocol the product uses', async () => {
  const { protocol, ...definition } = repairs.tenant.target();
  const { targetId, createdAt, updatedAt, ...open } = definition;
  expect(protocol).toBe('graph');
  await repairs.storage.putTarget(targetId, open);
  assign(repairs.tenant.state);
  const { planHash, manualSteps } = await repairs.plan('impersonation');
  expect(manualSteps.map(({ description }) => description)).toEqual([
    expect.stringContaining('set protocol in the target to ews or graph') as string,
  ]);
  const { status, finding, changes } = await repairs.apply('impersonation', planHash);
  expect(changes.map(({ state }) => state)).toEqual(['made', 'made']);
  expect([status, finding.verdict]).toEqual(['unverified', 'unknown']);
  expect(repairs.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(5000);
  expect((await repairs.records())[0]?.problem).toMatch(
    /^All 2 changes are in the tenant\. impersonation is still unknown: .*set protocol in the target/,
  );
});

it('is not proven when the control fails afterwards for a reason that nobody has foreseen', async () => {
  block();
  const { planHash } = await repairs.plan('account');
  const account = control('account');
  const collect = account.collect.bind(account);
  const isWritten = () => repairs.tenant.simulator.requests.some(({ method }) => method === 'PATCH');
  const spy = jest.spyOn(account, 'collect').mockImplementation((tenant, target) => {
    if (isWritten()) throw new TypeError('A fault.');
    return collect(tenant, target);
  });
  const result = await repairs.apply('account', planHash);
  spy.mockRestore();
  expect(result).toMatchObject({
    status: 'unverified',
    changes: [{ state: 'made' }],
    finding: { verdict: 'unknown', reasons: [{ code: 'unreadable.unavailable' }] },
  });
  expect(repairs.said.at(-1)).toMatch(/^A control failed unexpectedly /);
});

it('changes nothing when the control fails beforehand', async () => {
  block();
  const { planHash } = await repairs.plan('account');
  const spy = jest.spyOn(control('account'), 'collect').mockRejectedValue(new TypeError('A fault.'));
  await expect(repairs.plan('account')).rejects.toThrow('A fault.');
  await expect(repairs.apply('account', planHash)).rejects.toThrow('A fault.');
  spy.mockRestore();
  expect(repairs.writes).toEqual([]);
});

it('answers within 200 seconds, also when nothing is answered in time and an answer is lost', async () => {
  block();
  const { planHash } = await repairs.plan('account');
  const { simulator } = repairs.tenant;
  const tenants = repairs.tenant.tenants({ timers: repairs.timers });
  const isWritten = () => simulator.requests.some(({ method }) => method === 'PATCH');
  simulator.fail({ match: /GET \/v1.0\/users/, status: 429, retryAfter: 50, times: 1 });
  simulator.fail({ match: /PATCH/, drop: true, after: true });
  simulator.fail({
    match: ({ method }) => method === 'GET' && isWritten(),
    status: 429,
    retryAfter: 9,
  });
  const began = repairs.now.getTime();
  const result = await repairs.apply('account', planHash, { tenants });
  expect(result).toMatchObject({ status: 'failed', changes: [{ state: 'unknown' }] });
  const seconds = (repairs.now.getTime() - began) / 1000;
  expect(seconds).toBeGreaterThan(100);
  expect(seconds).toBeLessThan(200);
});

it('leaves what has no way back when it is undone, and puts back the rest', async () => {
  await repairs.putTarget({ license: { usageLocation: 'GB' } });
  const nothing = { assignedPlans: [], assignedLicenses: [], licenseAssignmentStates: [] };
  Object.assign(account(), nothing, { usageLocation: null });
  const { remediationId, changes } = await repairs.repair('license');
  expect(changes.map(({ state, undo }) => [state, undo === undefined])).toEqual([
    ['made', true],
    ['made', false],
  ]);
  const undone = await repairs.undo(remediationId);
  expect(undone).toMatchObject({ status: 'verified', changes: [{ state: 'made' }] });
  expect(account()).toMatchObject({ usageLocation: 'GB', assignedLicenses: [] });
});

it('records what it saw as any audit that somebody asked for', async () => {
  block();
  const { finding } = await repairs.repair('account');
  expect(finding.runId).toMatch(/^manual-2026-11-2\dT\d\d:/);
});

describe('a process that dies', () => {
  // Written down are: the beginning, that the change is sent, that it is answered, and the end.
  const steps = [1, 2, 3, 4].flatMap((step) => [[step, false] as const, [step, true] as const]);

  it.each(steps)(
    'at step %i (after it: %p) is reported once, and nothing is written twice',
    async (step, isAfter) => {
      block();
      const { planHash } = await repairs.plan('account');
      const remediations = repairs.dyingTable(step, isAfter);
      await expect(repairs.apply('account', planHash, { remediations })).rejects.toThrow(
        'The process has died.',
      );

      const left = (await repairs.records()).filter(({ status }) => status === 'running');
      if (left.length > 0) {
        const error = await refusal(repairs.repair('account'));
        expect(error).toMatchObject({
          code: 'remediation.interrupted',
          details: { remediationId: left[0]?.remediationId },
        });
      }
      expect(await repairs.repair('account')).toMatchObject({ status: 'verified' });
      expect(repairs.writes).toHaveLength(1);
      expect((await repairs.records()).filter(({ status }) => status === 'running')).toEqual([]);
    },
  );

  it('is announced by the watchdog, once, also where nothing was ever audited', async () => {
    block();
    const { planHash } = await repairs.plan('account');
    const remediations = repairs.dyingTable(3, false);
    await expect(repairs.apply('account', planHash, { remediations })).rejects.toThrow(
      'The process has died.',
    );
    expect(await lookAfterRemediations(repairs.services(), repairs.telemetry)).toBe(0);
    repairs.pass(300_000);
    expect(await lookAfterRemediations(repairs.services(), repairs.telemetry)).toBe(1);
    expect(await lookAfterRemediations(repairs.services(), repairs.telemetry)).toBe(0);
    const completed = () => repairs.telemetry.named('RemediationCompleted');
    expect(completed()).toMatchObject([
      {
        targetId: 'contoso-rooms',
        control: 'account',
        verdict: 'unknown',
        severity: 'critical',
        status: 'failed',
      },
    ]);

    // The next call closes it, and says the same of the same remediation.
    expect(await refusal(repairs.repair('account'))).toMatchObject({ code: 'remediation.interrupted' });
    await repairs.telemetry.flush();
    const [first, second] = completed();
    expect(second).toMatchObject({ remediationId: first?.remediationId, status: 'failed' });
  });
});

describe('a remediation that has ended', () => {
  it('stays as it is', async () => {
    block();
    await repairs.repair('account');
    const [record] = await repairs.records();
    if (record === undefined) throw new Error('There is no record.');
    await expect(repairs.services().remediations.update({ ...record, status: 'unverified' })).rejects.toThrow(
      'has ended',
    );
  });
});

describe('an undo', () => {
  it('puts back what was there, with a record of its own', async () => {
    block();
    const { remediationId } = await repairs.repair('account');
    const undone = await repairs.undo(remediationId);
    expect(undone).toMatchObject({ status: 'verified', finding: { verdict: 'nonCompliant' } });
    expect(account().accountEnabled).toBe(false);
    expect(await repairs.records()).toMatchObject([
      { undoes: remediationId, status: 'verified' },
      { remediationId, status: 'verified' },
    ]);
  });

  it('is refused the second time', async () => {
    block();
    const { remediationId } = await repairs.repair('account');
    await repairs.undo(remediationId);
    expect(await refusal(repairs.undo(remediationId))).toMatchObject({ code: 'undo.alreadyDone' });
  });

  it('of an undo is refused', async () => {
    block();
    const { remediationId } = await repairs.repair('account');
    const undone = await repairs.undo(remediationId);
    expect(await refusal(repairs.undo(undone.remediationId))).toMatchObject({ code: 'undo.alreadyDone' });
  });

  it('is refused after somebody else has changed the value, and names it', async () => {
    Object.assign(account(), { passwordPolicies: 'DisableStrongPassword' });
    const { remediationId } = await repairs.repair('password-expiry');
    Object.assign(account(), { passwordPolicies: 'DisablePasswordExpiration' });
    const error = await refusal(repairs.undo(remediationId));
    expect(error.code).toBe('undo.changed');
    expect(error.message).toContain('DisablePasswordExpiration');
    expect(repairs.writes).toHaveLength(1);
  });

  const other = '0b0b0b0b-0000-4000-8000-0000000000ff';
  const moves: [string, Partial<Target>][] = [
    ['another tenant', { tenantId: other }],
    ['another account', { serviceAccount: 'svc-other@contoso.com' }],
    ['another application', { clientAppId: other }],
    ['another vendor', { profile: 'planon-connect-for-calendars' }],
  ];

  it.each(moves)('is refused when the target is about %s now, before anything else', async (_what, moved) => {
    block();
    const { remediationId } = await repairs.repair('account');
    await repairs.putTarget(moved);
    const asked = repairs.tenant.simulator.requests.length;
    const error = await refusal(repairs.undo(remediationId));
    expect(error).toMatchObject({ code: 'undo.changed' });
    expect(error.message).toContain(remediationId);
    expect(repairs.tenant.simulator.requests).toHaveLength(asked);
    expect(await repairs.records()).toHaveLength(1);
  });

  it('is refused when the target was deleted and made again', async () => {
    block();
    const { remediationId } = await repairs.repair('account');
    await repairs.storage.targets.delete('contoso-rooms');
    await repairs.storage.putTarget('contoso-rooms', repairs.tenant.target(), repairs.now);
    expect(await refusal(repairs.undo(remediationId))).toMatchObject({ code: 'undo.changed' });
    expect(await repairs.records()).toHaveLength(1);
  });

  it.each<[string, Partial<Target>]>([
    ['has other options', { paused: true, allowedExtraGrants: ['Place.Read.All'] }],
    ['spells its account differently', { serviceAccount: 'SVC-Condeco@Contoso.com' }],
  ])('is made when the target only %s', async (_what, options) => {
    block();
    const { remediationId } = await repairs.repair('account');
    await repairs.putTarget(options);
    expect(await repairs.undo(remediationId)).toMatchObject({ status: 'verified' });
  });

  it('of what was kept before its subject was noted goes by the tenant', async () => {
    block();
    await repairs.repair('account');
    const [record] = await repairs.records();
    if (record === undefined) throw new Error('There is no record.');
    const { subject, ...older } = record;
    const remediationId = older.remediationId.replace(/-\w+$/, '-older');
    await repairs.services().remediations.create({ ...older, remediationId });
    await repairs.putTarget({ tenantId: other });
    expect(await refusal(repairs.undo(remediationId))).toMatchObject({ code: 'undo.changed' });
    await repairs.putTarget();
    expect(subject).toMatch(/^[0-9a-f]{64}$/);
    expect(await repairs.undo(remediationId)).toMatchObject({ status: 'verified' });
  });

  it('is refused for one that changed nothing', async () => {
    const { remediationId } = await repairs.repair('account');
    expect(await refusal(repairs.undo(remediationId))).toMatchObject({ code: 'undo.alreadyDone' });
  });
});
