import { auditNow } from '../../../src/lib/audit/run';
import type { RemediationServices } from '../../../src/lib/remediation/gate';
import { lookAfterRemediations } from '../../../src/lib/remediation/settle';
import { LeaseTable } from '../../../src/lib/storage/leases';
import { breakages } from '../../support/broken';
import { refusal, Repairs } from '../../support/repairs';

jest.setTimeout(60_000);

let repairs: Repairs;
beforeAll(async () => {
  repairs = await Repairs.start();
});
beforeEach(() => repairs.putTarget());
afterEach(() => repairs.reset());
afterAll(() => repairs.stop());

const minute = 60_000;
const day = 1440 * minute;

/** Three changes are due then. */
const breakConsent = () => breakages.revokeConsent(repairs.tenant.state);
const isBusy = { code: 'remediation.busy' };
const isInterrupted = { code: 'remediation.interrupted' };

const leaseOf = () => repairs.services().leases.get('contoso-rooms');

/** The leases of a process that dies: it gives none back. */
class KeptLeases extends LeaseTable {
  override release(): Promise<void> {
    return Promise.resolve();
  }
}
const keptLeases = () => new KeptLeases(repairs.storage.connection);

/** Leases with a renewal that goes wrong, from the n-th one on. */
class UnrenewedLeases extends LeaseTable {
  private count = 0;
  constructor(
    private readonly first: number,
    private readonly goWrong: () => Promise<boolean>,
    private readonly times = Infinity,
  ) {
    super(repairs.storage.connection);
  }
  override renew(...given: Parameters<LeaseTable['renew']>): Promise<boolean> {
    const count = ++this.count;
    const isWrong = count >= this.first && count < this.first + this.times;
    return isWrong ? this.goWrong() : super.renew(...given);
  }
}
const noStorage = () => Promise.reject(new Error('Storage does not answer.'));

/** A repair of the account, undone again by a process that dies at its first change. */
async function dieUndoing(changes: Partial<RemediationServices>): Promise<string> {
  breakages.blockSignIn(repairs.tenant.state);
  const { remediationId } = await repairs.repair('account');
  const died = { remediations: repairs.dyingTable(2, true), leases: keptLeases(), ...changes };
  await expect(repairs.undo(remediationId, died)).rejects.toThrow('The process has died.');
  return remediationId;
}

async function dieApplying(changes: Partial<RemediationServices>): Promise<void> {
  breakages.blockSignIn(repairs.tenant.state);
  const { planHash } = await repairs.plan('account');
  const died = { remediations: repairs.dyingTable(2, true), leases: keptLeases(), ...changes };
  await expect(repairs.apply('account', planHash, died)).rejects.toThrow('The process has died.');
}

describe('after a process has died', () => {
  it('the next repair waits for the end of the lease, and begins within 45 s', async () => {
    await dieApplying({});
    repairs.pass(30_000);
    expect(await refusal(repairs.repair('account'))).toMatchObject(isBusy);
    repairs.pass(15_000);
    expect(await refusal(repairs.repair('account'))).toMatchObject(isInterrupted);
    expect(await repairs.repair('account')).toMatchObject({ status: 'verified' });
    expect(repairs.writes).toHaveLength(1);
    expect(await leaseOf()).toBeUndefined();
  });

  it('the next undo waits for the end of the lease, and begins within 45 s', async () => {
    const remediationId = await dieUndoing({});
    repairs.pass(30_000);
    expect(await refusal(repairs.undo(remediationId))).toMatchObject(isBusy);
    repairs.pass(15_000);
    expect(await refusal(repairs.undo(remediationId))).toMatchObject(isInterrupted);
    expect(await repairs.undo(remediationId)).toMatchObject({ status: 'verified' });
    expect(repairs.writes).toHaveLength(2);
  });

  it.each([minute, 5 * minute, day, 400 * day])(
    'whose clock was %i ms ahead, the next repair begins within 45 s, and says so',
    async (ahead) => {
      await dieApplying({ now: () => new Date(repairs.now.getTime() + ahead) });
      const before = repairs.now.getTime();
      expect(await refusal(repairs.repair('account'))).toMatchObject(isInterrupted);
      expect(repairs.now.getTime() - before).toBeLessThan(45_000);
      expect(repairs.said).toEqual([
        expect.stringMatching(
          /^The end of a lease lay ahead of the clock \{"targetId":"contoso-rooms"/,
        ) as string,
      ]);
      expect(await repairs.repair('account')).toMatchObject({ status: 'verified' });
      expect(repairs.writes).toHaveLength(1);
    },
  );
});

describe.each([5 * minute, day, 400 * day])('a remediation whose clock was %i ms ahead', (ahead) => {
  const wrong = { now: () => new Date(repairs.now.getTime() + ahead) };
  const outcomes = async () => {
    await repairs.telemetry.flush();
    return repairs.telemetry.named('RemediationCompleted').map(({ status }) => status);
  };
  const watch = () => lookAfterRemediations(repairs.services(), repairs.telemetry);
  /** The night after, with a clock that is right. */
  const night = async () => {
    repairs.pass(day);
    await auditNow(repairs.services(), repairs.telemetry, 'contoso-rooms', ['account']);
  };

  it('is verified by the first night that sees it', async () => {
    breakages.blockSignIn(repairs.tenant.state);
    repairs.tenant.simulator.consistencyDelayMs = Infinity;
    expect(await repairs.repair('account', wrong)).toMatchObject({ status: 'unverified' });
    repairs.tenant.simulator.consistencyDelayMs = 0;
    expect(await watch()).toBe(0);
    await night();
    await watch();
    expect(await repairs.records()).toMatchObject([{ status: 'verified' }]);
    expect(await outcomes()).toEqual(['unverified', 'verified']);
  });

  it('is announced again a day later, once, when nothing shows it', async () => {
    breakages.blockSignIn(repairs.tenant.state);
    repairs.tenant.simulator.consistencyDelayMs = Infinity;
    await repairs.repair('account', wrong);
    await watch();
    repairs.pass(day + 10 * minute);
    expect(await watch()).toBe(1);
    expect(await watch()).toBe(0);
    expect(await outcomes()).toEqual(['unverified', 'unverified']);
  });

  it('is announced within the hours after its process has died, once', async () => {
    await dieApplying(wrong);
    for (const _round of [1, 2, 3]) {
      await watch();
      repairs.pass(60 * minute);
    }
    expect(await outcomes()).toEqual(['failed']);
  });
});

describe('while a repair is at work', () => {
  /** Repairs what takes the tenant long to show, and does something else as often as it waits. */
  async function meanwhile(action: () => Promise<unknown>, changes: Partial<RemediationServices> = {}) {
    breakages.blockSignIn(repairs.tenant.state);
    const { planHash } = await repairs.plan('account');
    repairs.tenant.simulator.consistencyDelayMs = Infinity;
    const sleep = async (milliseconds: number) => {
      await repairs.timers.sleep(milliseconds);
      await action();
    };
    const timers = { now: () => repairs.timers.now(), sleep };
    const result = await repairs.apply('account', planHash, { timers, ...changes });
    repairs.tenant.simulator.consistencyDelayMs = 0;
    return result;
  }

  it('its lease is renewed, so that nobody else begins however long it takes', async () => {
    const refused: string[] = [];
    const began = repairs.now.getTime();
    const result = await meanwhile(async () => {
      refused.push((await refusal(repairs.repair('account'))).code);
    });
    expect(result).toMatchObject({ status: 'unverified', changes: [{ state: 'made' }] });
    expect(repairs.now.getTime() - began).toBeGreaterThan(59_000);
    expect(refused).toEqual(Array(refused.length).fill('remediation.busy'));
    expect(refused.length).toBeGreaterThan(4);
    expect(await leaseOf()).toBeUndefined();
  });

  it.each([5 * minute, 400 * day])(
    'with a clock that is %i ms ahead, nobody else begins either',
    async (ahead) => {
      const refused: string[] = [];
      const now = () => new Date(repairs.now.getTime() + ahead);
      // The other one looks on for a while, and sees the lease being renewed.
      const timers = { ...repairs.timers, sleep: (milliseconds: number) => repairs.work(milliseconds) };
      const result = await meanwhile(
        async () => {
          if (refused.length > 0) return;
          refused.push((await refusal(repairs.repair('account', { timers }))).code);
        },
        { now },
      );
      expect(result).toMatchObject({ changes: [{ state: 'made' }] });
      expect(refused).toEqual(['remediation.busy']);
      expect(repairs.writes).toHaveLength(1);
    },
  );

  it('goes on when single renewals fail, as long as one before each change succeeds', async () => {
    let failed = 0;
    const leases = new UnrenewedLeases(3, () => {
      failed++;
      return noStorage();
    });
    // The first makes sure before anything is recorded, the second before the change; the rest comes while it looks.
    expect(await meanwhile(() => Promise.resolve(), { leases })).toMatchObject({
      status: 'unverified',
      changes: [{ state: 'made' }],
    });
    expect(failed).toBeGreaterThan(3);
    expect(repairs.said[0]).toMatch(/^A lease could not be renewed /);
  });

  it('is not undone by a lease that cannot be given back', async () => {
    class Unreleased extends LeaseTable {
      override release(): Promise<void> {
        return Promise.reject(new Error('Storage does not answer.'));
      }
    }
    breakages.blockSignIn(repairs.tenant.state);
    const leases = new Unreleased(repairs.storage.connection);
    expect(await repairs.repair('account', { leases })).toMatchObject({ status: 'verified' });
    expect(repairs.said).toEqual([
      'A lease could not be given back {"targetId":"contoso-rooms","problem":"Storage does not answer."}',
    ]);
  });
});

describe('a repair that has lost its lease', () => {
  /** Takes the lease away, as somebody does whose clock runs ahead. */
  async function steal(): Promise<void> {
    const seen = await leaseOf();
    await repairs.services().leases.acquire('contoso-rooms', 'somebody else', repairs.now, 30_000, seen);
  }

  it.each(['storage does not answer', 'somebody else has taken it'])(
    'stops before its next change: %s',
    async (why) => {
      breakConsent();
      const goWrong =
        why === 'storage does not answer'
          ? noStorage
          : async () => {
              await steal();
              return false;
            };
      // Asked before anything is recorded, before the first change, and before the second one.
      const result = await repairs.repair('consent', { leases: new UnrenewedLeases(3, goWrong) });
      expect(result).toMatchObject({
        status: 'failed',
        changes: [
          { state: 'made' },
          { state: 'failed', problem: expect.stringContaining('Nothing was sent any more') as string },
          { state: 'notSent' },
        ],
        finding: { verdict: 'nonCompliant' },
      });
      expect(repairs.writes).toHaveLength(1);
      expect(await repairs.records()).toMatchObject([{ status: 'failed' }]);
    },
  );

  it('does not begin again when the lease would be to be had again', async () => {
    breakConsent();
    const leases = new UnrenewedLeases(2, noStorage, 1);
    expect(await repairs.repair('consent', { leases })).toMatchObject({
      status: 'failed',
      changes: [{ state: 'failed' }, { state: 'notSent' }, { state: 'notSent' }],
    });
    expect(repairs.writes).toEqual([]);
  });

  it('does not send a change again that was not taken', async () => {
    breakages.blockSignIn(repairs.tenant.state);
    repairs.tenant.simulator.fail({ match: /PATCH/, status: 503, times: 1 });
    const result = await repairs.repair('account', { leases: new UnrenewedLeases(3, noStorage) });
    expect(result).toMatchObject({ status: 'failed', changes: [{ state: 'failed' }] });
    expect(repairs.writes).toEqual([]);
  });

  it('finds out about a change whose answer was lost, and does not send it again', async () => {
    breakages.blockSignIn(repairs.tenant.state);
    repairs.tenant.simulator.fail({ match: /PATCH/, drop: true, after: true, times: 1 });
    const result = await repairs.repair('account', { leases: new UnrenewedLeases(3, noStorage) });
    expect(result).toMatchObject({ status: 'verified', changes: [{ state: 'made' }] });
    expect(repairs.writes).toHaveLength(1);
  });

  it.each([
    ['storage does not answer', noStorage],
    ['somebody else has taken it', () => Promise.resolve(false)],
  ])('while it read the tenant has recorded nothing: %s', async (_why, goWrong) => {
    breakConsent();
    const leases = new UnrenewedLeases(1, goWrong);
    expect(await refusal(repairs.repair('consent', { leases }))).toMatchObject(isBusy);
    expect(await repairs.records()).toEqual([]);
    expect(repairs.writes).toEqual([]);
  });

  it('has undone nothing more than it had, either', async () => {
    breakConsent();
    const { remediationId } = await repairs.repair('consent');
    const leases = new UnrenewedLeases(3, noStorage);
    expect(await repairs.undo(remediationId, { leases })).toMatchObject({
      status: 'failed',
      changes: [{ state: 'made' }, { state: 'failed' }, { state: 'notSent' }],
    });
    expect(repairs.writes).toHaveLength(4);
  });

  it('says so when the other one has closed it: never do two write at once', async () => {
    breakConsent();
    // Whoever has a clock that is a day ahead takes every lease for one that has ended.
    const ahead = () => new Date(repairs.now.getTime() + day);
    const others: string[] = [];
    const goWrong = async () => {
      others.push((await refusal(repairs.repair('consent', { now: ahead }))).code);
      return false;
    };
    const error = await refusal(repairs.repair('consent', { leases: new UnrenewedLeases(3, goWrong, 1) }));
    expect(error).toMatchObject(isInterrupted);
    expect(others).toEqual(['remediation.interrupted']);
    expect(repairs.writes).toHaveLength(1);
    const [record, ...more] = await repairs.records();
    expect(more).toEqual([]);
    expect(record).toMatchObject({ status: 'failed', remediationId: error.details.remediationId });
    await repairs.telemetry.flush();
    expect(repairs.telemetry.named('RemediationCompleted')).toMatchObject([{ status: 'failed' }]);
    expect(await repairs.repair('consent')).toMatchObject({ status: 'verified' });
  });
});
