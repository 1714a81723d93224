import fc from 'fast-check';
import * as views from '../../../support/exchange-views';
import {
  blindSpots,
  make,
  meantRooms,
  type RoomTenant,
  roomTenants,
  seenIn,
} from '../../../support/room-tenants';
import type { FaultRequest } from '../../../../local/simulator/faults';
import { isUnread } from '../../../../src/lib/audit/pins';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterAll(() => tenant.close());

const runs = Number(process.env.TENANTS ?? 100);

/** The same tenants each time, so that what comes up is no matter of luck. */
const seed = 1;
const hidden = views.address('hidden');

const unknownIn = ({ codes }: Audit) => codes.filter((code) => code.startsWith('unknown'));

/** What is wrong, by code and by what it is about. */
const violationsIn = ({ reasons }: Audit) =>
  reasons
    .filter(({ level }) => level === 'violation')
    .map(({ code, resource }) => `${code} ${resource ?? ''}`)
    .sort();

/**
 * A room that is hidden from address lists is no place. So it is none of all rooms, and a filter for rooms does not show
 * it; the evidence says so, and it is no person's mailbox. Nothing else may differ without a word.
 */
function isUnseen(violation: string, given: RoomTenant): boolean {
  const isThere = given.people.some(({ name }) => name === 'hidden');
  if (!isThere || !violation.endsWith(` ${hidden}`)) return false;
  const isMeant = given.rooms.source !== 'all' && meantRooms(given).includes('hidden');
  return !isMeant && !given.scopes.some((scope) => seenIn(scope, given).includes('hidden'));
}

/** With hidden ones alone it has no room for Microsoft Graph, which says so. */
function hasRoomToSee({ rooms, people }: RoomTenant): boolean {
  return rooms.source !== 'all' || people.some(({ name }) => name.startsWith('room'));
}

it(
  'is the same with either reader wherever both can know, and unknown with Microsoft Graph where it cannot',
  async () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(roomTenants, async (given) => {
        fc.pre(hasRoomToSee(given));
        tenant.reset();
        views.withoutTenantWide(tenant.state);
        const target = make(tenant.state, given);
        const read = (exchangeReader: 'graph' | 'admin-api') =>
          tenant.audit('impersonation', { ...target, exchangeReader });
        const [graph, exchange] = [await read('graph'), await read('admin-api')];
        const reasons = Object.entries(blindSpots).flatMap(([reason, holds]) => (holds(given) ? reason : []));
        const [found, all] = [violationsIn(graph), violationsIn(exchange)];
        const known = all.filter((violation) => !isUnseen(violation, given));

        // Nothing is wrong that Exchange does not find wrong too.
        expect(all).toEqual(expect.arrayContaining(found));
        // What it does not find is only hidden, or it says that it does not know.
        if (unknownIn(graph).length === 0) {
          expect(found).toEqual(known);
          count(`both know: ${graph.verdict}`);
        }
        if (reasons.length === 0) {
          expect(found).toEqual(known);
          expect(unknownIn(graph)).toEqual(unknownIn(exchange));
        } else if (unknownIn(graph).length > unknownIn(exchange).length) {
          for (const reason of reasons) count(reason);
        }
      }),
      { numRuns: runs, seed },
    );
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([...Object.keys(blindSpots), 'both know: compliant', 'both know: nonCompliant']),
    );
  },
  10 * 60_000,
);

/** Ways in which a read fails. A 404 in Microsoft's own words is no failure, but another tenant. */
const failures = [
  { status: 403 },
  { status: 404 },
  { status: 500 },
  { change: () => ({ rows: [] }) },
  { change: (body: unknown) => ({ value: [...(body as { value: object[] }).value, { id: 7 }] }) },
] as const;

/** The same read, of one list or of one object. */
const sameAs = (one: FaultRequest) => {
  const text = ({ url, requestBody }: FaultRequest) => `${url} ${JSON.stringify(requestBody ?? null)}`;
  return (other: FaultRequest) => text(one) === text(other);
};

it(
  'is never fine because of a read that fails, and nothing else is wrong with it than without',
  async () => {
    let less = 0;
    await fc.assert(
      fc.asyncProperty(
        roomTenants,
        fc.constantFrom('graph' as const, 'admin-api' as const),
        fc.nat(),
        fc.constantFrom(...failures),
        async (given, exchangeReader, choice, failure) => {
          tenant.reset();
          views.withoutTenantWide(tenant.state);
          const target = make(tenant.state, given);
          const read = () => tenant.audit('impersonation', { ...target, exchangeReader });
          const whole = await read();
          // Of lists alone: the application, the account and their kind are read by other controls as well.
          const lists = tenant.simulator.requests.filter(({ url, responseBody }) => {
            const { value } = (responseBody ?? {}) as { value?: unknown };
            return !url.endsWith('/$batch') && Array.isArray(value);
          });
          const failing = lists[choice % lists.length];
          if (failing === undefined) throw new Error('Nothing was read.');
          tenant.simulator.fail({ match: sameAs(failing), ...failure });
          const partial = await read();
          const [found, all] = [violationsIn(partial), violationsIn(whole)];
          expect(all).toEqual(expect.arrayContaining(found));
          if (partial.verdict === 'compliant') expect(whole.verdict).toBe('compliant');
          if (found.length < all.length) {
            less++;
            expect(partial.reasons.some(isUnread)).toBe(true);
          }
        },
      ),
      { numRuns: runs, seed },
    );
    expect(less).toBeGreaterThan(runs / 20);
  },
  10 * 60_000,
);
