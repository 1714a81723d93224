import { lineLog } from '../../../src/lib/log';
import { Lease } from '../../../src/lib/remediation/lease';
import type { LeaseTable } from '../../../src/lib/storage/leases';

const log = lineLog({ info: () => undefined, warn: () => undefined, error: () => undefined });

/** The lease of one target, in memory. */
function table() {
  const calls: string[] = [];
  const noted = <T>(call: string, answer: T) => {
    calls.push(call);
    return Promise.resolve(answer);
  };
  const leases = {
    get: () => Promise.resolve(undefined),
    acquire: () => noted('acquire', true),
    renew: () => noted('renew', true),
    release: () => noted('release', undefined),
  };
  return { calls, services: { leases: leases as unknown as LeaseTable, now: () => new Date(), log } };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('a lease is renewed three times as often as it ends, and no more once it is given back', async () => {
  const { calls, services } = table();
  const lease = await Lease.take(services, 'contoso-rooms');
  await jest.advanceTimersByTimeAsync(30_000);
  expect(calls).toEqual(['acquire', 'renew', 'renew', 'renew']);
  await lease.release();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(calls.slice(4)).toEqual(['release']);
});

it('a renewal that is under way when a lease is given back comes before that', async () => {
  const { calls, services } = table();
  let finish: () => void = () => undefined;
  services.leases.renew = () =>
    new Promise((resolve) => {
      finish = () => {
        calls.push('renew');
        resolve(true);
      };
    });
  const lease = await Lease.take(services, 'contoso-rooms');
  await jest.advanceTimersByTimeAsync(10_000);
  const released = lease.release();
  await jest.advanceTimersByTimeAsync(5000);
  expect(calls).toEqual(['acquire']);
  finish();
  await released;
  expect(calls).toEqual(['acquire', 'renew', 'release']);
});
