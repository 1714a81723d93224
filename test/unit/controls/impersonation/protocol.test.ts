import type { StoredTarget } from '../../../../src/lib/model/target';
import { protocolsOf } from '../../../../src/lib/profiles/roles';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { account, address, calendarsRole, retiredRole, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const ewsRole = 'Application EWS.AccessAsApp';
const fullRole = 'Application Exchange Full Access';
const none = 'violation impersonation.none';
const unconfirmed = 'unknown impersonation.protocolUnconfirmed';
const notCovered = 'violation impersonation.roomNotCovered';

const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const rowOf = (found: Audit, resource: string) => found.resources?.find((row) => row.resource === resource);

it.each([
  [calendarsRole, ['graph']],
  [ewsRole, ['ews']],
  [fullRole, ['ews', 'graph']],
  [retiredRole, ['ews']],
  ['APPLICATION ews.accessasapp', ['ews']],
  ['Application Calendars.Read', []],
])('%s opens %j', (role, protocols) => {
  expect(protocolsOf(role)).toEqual(protocols);
});

describe.each(['graph', 'admin-api'] as const)('the protocol of roles, read by %s', (exchangeReader) => {
  /** The vendor leaves the protocol open; the target says it, or does not. */
  const audit = (protocol: StoredTarget['protocol'] | undefined, options: Partial<StoredTarget> = {}) => {
    const { protocol: _, ...open } = tenant.target();
    const target = protocol === undefined ? open : { ...open, protocol };
    delete tenant.state.target.protocol;
    return tenant.audit('impersonation', { ...target, exchangeReader, ...options });
  };

  describe('where the target says it', () => {
    it.each([
      ['ews', calendarsRole, [none]],
      ['ews', ewsRole, []],
      ['ews', fullRole, []],
      ['graph', calendarsRole, []],
      ['graph', ewsRole, [none]],
      ['graph', fullRole, []],
    ] as const)('%s by %s is %j', async (protocol, role, codes) => {
      assign({ role });
      const found = await audit(protocol);
      expect(found.codes).toEqual(codes);
      const fine = codes.length === 0;
      for (const row of found.resources ?? [])
        expect(row).toMatchObject(
          fine
            ? { verdict: 'compliant', path: role }
            : { verdict: 'nonCompliant', codes: ['impersonation.none'] },
        );
    });

    it('names what is assigned, what it opens, and the role that is missing', async () => {
      assign({ role: calendarsRole });
      const found = await audit('ews');
      expect(found.reasons[0]).toMatchObject({ expected: ewsRole, actual: calendarsRole });
      expect(found.summary).toBe(
        `Eptura Condeco Exchange Sync uses Exchange Web Services, and no role that is assigned opens it: ${calendarsRole} opens Microsoft Graph alone. ${ewsRole} is missing.`,
      );
    });

    it('misses the rooms that a role of the other protocol alone reaches', async () => {
      assign({ role: ewsRole, scope: { unit: otherRooms } }, { role: calendarsRole });
      const found = await audit('ews');
      expect(found.codes).toEqual([notCovered]);
      expect(found.reasons[0]?.resource).toBe(amber);
      expect(rowOf(found, amber)).toMatchObject({ verdict: 'nonCompliant' });
      expect((await audit('graph')).codes).toEqual([]);
    });

    it('still finds strays, and roles without a scope, of a role of the other protocol', async () => {
      const scope = { unit: [...rooms, address('ada')] };
      assign({ role: ewsRole }, { role: calendarsRole, scope });
      expect((await audit('ews')).codes).toEqual(['violation impersonation.strayMailbox']);
      assign({ role: ewsRole }, { role: calendarsRole, scope: 'organization' });
      expect((await audit('ews')).codes).toEqual(['violation impersonation.unscoped']);
    });

    it('does not count the retired role of the account for Microsoft Graph', async () => {
      assign({ role: retiredRole, holder: account });
      expect((await audit('ews', { acceptRetiredRole: true })).codes).toEqual([]);
      const found = await audit('graph', { acceptRetiredRole: true });
      expect(found.codes).toEqual([none]);
      expect(found.reasons[0]).toMatchObject({ actual: retiredRole, expected: calendarsRole });
    });
  });

  describe('where nobody says it', () => {
    it.each([
      [calendarsRole, 'Microsoft Graph alone'],
      [ewsRole, 'Exchange Web Services alone'],
    ])('is not confirmed by %s', async (role, actual) => {
      assign({ role });
      const found = await audit(undefined);
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unconfirmed] });
      expect(found.reasons[0]).toMatchObject({ actual });
      expect(found.summary).toBe(
        `12 rooms are reached by ${actual} (${role}), and nobody has said whether Eptura Condeco Exchange Sync uses it. Ask the vendor, and set protocol in the target to ews or graph; or assign a role that opens the other one as well.`,
      );
      for (const row of found.resources ?? [])
        expect(row).toMatchObject({
          ...{ verdict: 'unknown', codes: ['impersonation.protocolUnconfirmed'], path: role },
        });
    });

    it('does not matter where a role opens both, or two roles do together', async () => {
      assign({ role: fullRole });
      expect((await audit(undefined)).codes).toEqual([]);
      assign({ role: calendarsRole }, { role: ewsRole, scope: { unit: rooms } });
      expect((await audit(undefined)).codes).toEqual([]);
    });

    it('leaves open which rooms are missed where each protocol reaches others, and says that some are', async () => {
      assign(
        { role: calendarsRole, scope: { unit: otherRooms } },
        { role: ewsRole, scope: { group: [amber] } },
      );
      const found = await audit(undefined);
      expect(found).toMatchObject({ verdict: 'unknown', codes: [unconfirmed] });
      expect(found.summary).toContain(
        `Whichever protocol Eptura Condeco Exchange Sync uses, some rooms are not reached: one room is reached by Exchange Web Services alone (${ewsRole}), 11 rooms are reached by Microsoft Graph alone (${calendarsRole}).`,
      );
      expect(found.reasons[0]?.actual).toBe('some rooms by each protocol');
      // Each of the two names the rooms that are missed, and no other.
      expect((await audit('graph')).reasons.map(({ resource }) => resource)).toEqual([amber]);
      expect((await audit('ews')).codes).toEqual(otherRooms.map(() => notCovered));
    });

    it('misses a room for certain that no role reaches', async () => {
      assign({ role: calendarsRole, scope: { unit: otherRooms } });
      const found = await audit(undefined);
      expect(found.codes).toEqual([notCovered, unconfirmed]);
      expect(found.reasons[0]?.resource).toBe(amber);
      expect(rowOf(found, amber)).toMatchObject({ codes: ['impersonation.roomNotCovered'] });
    });

    it('is none where no role counts, whatever it opens', async () => {
      assign();
      expect((await audit(undefined)).codes).toEqual([none]);
    });
  });

  it('is what the profile says, whatever the target says', async () => {
    const { serviceAccount: _, ...product } = {
      ...tenant.target(),
      profile: 'planon-connect-for-calendars' as const,
    };
    assign({ role: ewsRole });
    const codes = async (protocol: 'ews' | 'graph') =>
      (await tenant.audit('impersonation', { ...product, exchangeReader, protocol })).codes;
    expect(await codes('ews')).toEqual([none, 'violation impersonation.excessRole'].sort());
    assign({ role: calendarsRole });
    expect(await codes('ews')).toEqual([]);
  });
});
