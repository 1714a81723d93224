import type { Dispute, StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => views.withoutTenantWide(tenant.state));
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const rooms = views.roomNames.map(views.room);
const [amber = '', ...otherRooms] = rooms;
const disputed = 'unknown impersonation.disputed';
const test = /Test-ServicePrincipalAuthorization/;
const outOfReach: Dispute = { room: amber, protocol: 'graph', isInScope: false };
const withinReach: Dispute = { ...outOfReach, isInScope: true };

const say = (inScope: boolean, ...resources: string[]) => {
  tenant.state.exchange.authorizationExceptions = resources.map((resource) => ({ resource, inScope }));
};
const refuse = () => tenant.simulator.fail({ match: test, status: 403 });
const audit = (options: Partial<StoredTarget> = {}) => tenant.audit('impersonation', options);
/** The next night, which knows what the last one left in dispute. */
const auditAfter = ({ disputes = [] }: Audit, options: Partial<StoredTarget> = {}) =>
  audit({ ...options, disputes });
const asked = () =>
  tenant.simulator.requests.filter(({ cmdlet }) => cmdlet === 'Test-ServicePrincipalAuthorization');
/** More rooms than Exchange is asked about in a night. */
function addRooms(count: number): void {
  for (let index = 0; index < count; index++)
    views.addRecipient(tenant.state, `extra-${index}`, 'RoomMailbox');
}

describe('what Exchange and this evaluation say differently of a room', () => {
  it('is remembered, and forgotten when they agree', async () => {
    say(false, amber);
    const found = await audit();
    expect(found.disputes).toEqual([outOfReach]);
    say(false);
    expect(await auditAfter(found)).toMatchObject({ verdict: 'compliant', codes: [], disputes: [] });
  });

  it.each([
    ['refused', { status: 403 }],
    ['not answered', { status: 500 }],
    ['answered with words that are not known', { change: () => ({ value: [{ Role: 1 }] }) }],
    [
      'not run',
      {
        change: (body: unknown) => ({
          value: (body as { value: object[] }).value.map((row) => ({ ...row, InScope: 'Not Run' })),
        }),
      },
    ],
  ])('stays open where the test is %s afterwards', async (_case, fault) => {
    say(false, amber);
    const found = await audit();
    tenant.simulator.fail({ match: test, ...fault });
    const next = await auditAfter(found);
    expect(next).toMatchObject({ verdict: 'unknown', codes: [disputed], disputes: [outOfReach] });
    expect(next.reasons[0]).toMatchObject({
      ...{ resource: amber, expected: 'within reach', actual: 'out of reach' },
      message: `Exchange's own test, which was not heard about it since, said that Amber (${amber}) is not within reach by Microsoft Graph, and this evaluation that it is, by ${views.calendarsRole} through the scope Condeco rooms.`,
    });
    expect(next.resources?.find(({ resource }) => resource === amber)?.codes).toEqual([
      'impersonation.disputed',
    ]);
    expect(await auditAfter(next)).toMatchObject({ verdict: 'unknown', disputes: [outOfReach] });
  });

  it('stays open in a tenant where it would not be its turn: it is asked about every night', async () => {
    addRooms(60);
    const target = { disputes: [{ ...outOfReach, room: rooms.at(-1) ?? '' }] };
    say(false, ...rooms);
    const found = await audit(target);
    expect(asked()).toHaveLength(20);
    expect(JSON.stringify(asked()[0]?.requestBody)).toContain(rooms.at(-1));
    expect(found.disputes).toContainEqual(target.disputes[0]);
    refuse();
    const next = await auditAfter(found);
    expect(next.disputes).toEqual(found.disputes);
    expect(next.codes).toEqual(found.disputes?.map(() => disputed));
  });

  it('is settled where this evaluation comes to what Exchange had said', async () => {
    views.assign(tenant.state, { scope: { unit: otherRooms } });
    refuse();
    expect(await audit({ disputes: [outOfReach] })).toMatchObject({
      codes: ['violation impersonation.roomNotCovered'],
      disputes: [],
    });
  });

  it('stays where nobody can tell who is reached', async () => {
    tenant.state.exchange.managementScopes.forEach((scope) => (scope.RecipientFilter = ''));
    refuse();
    expect(await audit({ disputes: [outOfReach] })).toMatchObject({
      verdict: 'unknown',
      disputes: [outOfReach],
    });
  });

  it('is asked about also when no role counts any more', async () => {
    views.assign(tenant.state);
    expect(await audit({ disputes: [withinReach] })).toMatchObject({ disputes: [] });
    expect(asked()).toHaveLength(1);
  });

  it.each([/Get-ServicePrincipal/, /Get-ManagementRoleAssignment/, /Get-Recipient/])(
    'is left as it was where %s fails',
    async (match) => {
      tenant.simulator.fail({ match, status: 403 });
      expect((await audit({ disputes: [outOfReach] })).disputes).toBeUndefined();
    },
  );

  it('is over with a room that is none any more, and stays where not all rooms are known', async () => {
    const list = views.addRoomList(tenant.state, 'few', otherRooms);
    const roomLists = [list];
    expect(await audit({ rooms: { source: 'roomLists', roomLists }, disputes: [outOfReach] })).toMatchObject({
      disputes: [],
    });
    const missing = [list, 'gone@contoso.com'];
    expect(
      await audit({ rooms: { source: 'roomLists', roomLists: missing }, disputes: [outOfReach] }),
    ).toMatchObject({ disputes: [outOfReach] });
  });

  it('is nothing that Microsoft Graph could settle', async () => {
    expect(await audit({ exchangeReader: 'graph', disputes: [outOfReach] })).toMatchObject({
      verdict: 'compliant',
      disputes: [],
    });
  });
});
