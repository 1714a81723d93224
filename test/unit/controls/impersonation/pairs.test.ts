import type { Fault, FaultRequest } from '../../../../local/simulator/faults';
import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { account, address, retiredRole, room, roomNames } = views;
const rooms = roomNames.map(room);
const [amber = '', ...otherRooms] = rooms;
const ewsRole = 'Application EWS.AccessAsApp';
const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);
const runs = (cmdlet: string, words: string) => (request: FaultRequest) =>
  request.cmdlet === cmdlet && JSON.stringify(request.requestBody).includes(words);

/** Everything that this control reads, one thing at a time, with who asks for it. */
const parts: Record<string, { graph?: Fault['match']; 'admin-api'?: Fault['match'] }> = {
  application: { graph: /appId='7e57ab1e/, 'admin-api': /appId='7e57ab1e/ },
  account: { graph: /\/users\/svc-condeco/, 'admin-api': /\/users\/svc-condeco/ },
  resources: { graph: /appId='00000003/, 'admin-api': /appId='00000003/ },
  permissions: { graph: /appRoleAssignments/, 'admin-api': /appRoleAssignments/ },
  rooms: { graph: /\/places\//, 'admin-api': runs('Get-Recipient', 'RoomMailbox"]') },
  roles: { graph: /roleDefinitions/ },
  assignments: { graph: /roleAssignments/, 'admin-api': /Get-ManagementRoleAssignment/ },
  scopes: { graph: /customAppScopes/, 'admin-api': /Get-ManagementScope/ },
  members: { graph: /administrativeUnits/, 'admin-api': /administrativeUnits/ },
  plans: { graph: /\/users\?\$filter=id in/, 'admin-api': /\/users\?\$filter=id in/ },
  registration: { 'admin-api': /Get-ServicePrincipal/ },
  policies: { 'admin-api': /Get-ApplicationAccessPolicy/ },
  policyGroup: { 'admin-api': runs('Get-DistributionGroupMember', '-4000-8000-00000004500') },
  crossCheck: { 'admin-api': /Test-ServicePrincipalAuthorization/ },
};
type Part = keyof typeof parts;

interface Case {
  what: string;
  code: string;
  options?: Partial<StoredTarget>;
  prepare: () => void;
  /** The parts that could refute it, or call it by another name: without one of them it is not given. */
  refutable: readonly Part[];
  readers?: readonly ('graph' | 'admin-api')[];
}

const withoutRole = ['application', 'account', 'roles', 'assignments', 'scopes'];
const ofApplication = ['application', 'roles', 'assignments', 'scopes', 'registration'];

const cases: Case[] = [
  {
    ...{ what: 'no role at all', code: 'none', prepare: () => assign() },
    // What the account holds may be the retired role, which is another violation.
    refutable: [...withoutRole, 'registration'],
  },
  {
    ...{ what: 'no role that opens the protocol', code: 'none', options: { protocol: 'ews' } },
    ...{ prepare: () => assign({}), refutable: ofApplication },
  },
  {
    ...{ what: 'no role that opens the protocol, where the retired one counts', code: 'none' },
    ...{ options: { protocol: 'ews', acceptRetiredRole: true } },
    ...{ prepare: () => assign({}), refutable: [...ofApplication, 'account'] },
  },
  {
    ...{ what: 'only the retired role', code: 'roleRetired' },
    ...{ prepare: () => assign({ role: retiredRole, holder: account }) },
    refutable: [...withoutRole, 'registration'],
  },
  {
    ...{ what: 'an application that Exchange does not know', code: 'notRegistered', readers: ['admin-api'] },
    prepare: () => {
      assign();
      tenant.state.exchange.servicePrincipals = [];
    },
    refutable: ['application', 'account', 'assignments', 'registration', 'scopes'],
  },
  {
    ...{ what: 'a room in no scope', code: 'roomNotCovered' },
    ...{ prepare: () => assign({ scope: { unit: otherRooms } }) },
    refutable: [...ofApplication, 'rooms', 'members', 'plans'],
  },
  {
    ...{ what: 'a room in no scope, where the retired role counts', code: 'roomNotCovered' },
    options: { protocol: 'ews', acceptRetiredRole: true },
    prepare: () => assign({ role: ewsRole, scope: { unit: otherRooms } }),
    refutable: [...ofApplication, 'rooms', 'members', 'plans', 'account'],
  },
  {
    ...{ what: 'a room in no scope, where the retired role opens another protocol', code: 'roomNotCovered' },
    options: { protocol: 'graph', acceptRetiredRole: true },
    prepare: () => assign({ scope: { unit: otherRooms } }),
    refutable: [...ofApplication, 'rooms', 'members', 'plans'],
  },
  {
    ...{ what: 'a mailbox that is no room', code: 'strayMailbox' },
    ...{ prepare: () => assign({ scope: { unit: [...rooms, address('ada')] } }) },
    refutable: [...ofApplication, 'rooms', 'members', 'plans', 'account'],
  },
  {
    ...{ what: 'a role for the whole organisation', code: 'unscoped' },
    ...{ prepare: () => assign({ scope: 'organization' }), refutable: ofApplication },
  },
  {
    ...{ what: 'a role that nobody asked for', code: 'excessRole' },
    ...{ prepare: () => assign({}, { role: 'Application Mail.Read' }), refutable: ofApplication },
  },
  {
    ...{ what: 'a permission for the whole tenant', code: 'tenantWideGrant' },
    ...{ options: { access: 'rooms-only' }, prepare: () => undefined },
    // Without a word of policies, which Microsoft Graph does not show.
    refutable: ['application', 'permissions', 'resources', 'policies'],
  },
  {
    ...{ what: 'a permission that policies leave more than rooms', code: 'tenantWideGrant' },
    ...{ options: { access: 'rooms-only' }, readers: ['admin-api'] },
    prepare: () =>
      views.limit(tenant.state, { right: 'RestrictAccess', members: [...rooms, address('ada')] }),
    // The one mailbox that is no room may be the account's.
    refutable: ['application', 'permissions', 'resources', 'policies', 'policyGroup', 'rooms', 'account'],
  },
  {
    ...{
      what: 'a room that a policy keeps the application from',
      code: 'policyBlocks',
      readers: ['admin-api'],
    },
    options: { protocol: 'ews' },
    prepare: () => {
      assign({ role: ewsRole });
      views.limit(tenant.state, { right: 'DenyAccess', members: [amber] });
    },
    refutable: [...ofApplication, 'rooms', 'permissions', 'resources', 'policies', 'policyGroup'],
  },
  {
    ...{ what: 'no rooms', code: 'noRooms', refutable: ['rooms'] },
    prepare: () => {
      const { state } = tenant;
      state.rooms = [];
      state.exchange.recipients = state.exchange.recipients.filter(
        ({ RecipientTypeDetails }) => RecipientTypeDetails !== 'RoomMailbox',
      );
      state.exchange.filters.forEach((filter) => (filter.recipients = []));
    },
  },
];

const violationsOf = ({ reasons }: Audit) =>
  reasons.flatMap(({ level, code, resource, actual }) =>
    level === 'violation' ? [JSON.stringify([code, resource, actual])] : [],
  );

const pairs = cases.flatMap((one) =>
  (one.readers ?? (['graph', 'admin-api'] as const)).flatMap((exchangeReader) =>
    Object.keys(parts).flatMap((part: Part) => {
      const match = parts[part]?.[exchangeReader];
      return match === undefined ? [] : [{ ...one, exchangeReader, part, match }];
    }),
  ),
);

it.each(pairs)(
  '$what, read by $exchangeReader without $part, is given as it was or not at all',
  async ({ code, options = {}, prepare, refutable, exchangeReader, part, match }) => {
    prepare();
    const whole = await tenant.audit('impersonation', { exchangeReader, ...options });
    expect(whole.codes).toContain(`violation impersonation.${code}`);
    const before = tenant.simulator.requests.length;
    tenant.simulator.fail({ match, status: 403, code: 'Authorization_RequestDenied' });
    const found = await tenant.audit('impersonation', { exchangeReader, ...options });
    const isAsked = tenant.simulator.requests.slice(before).some(({ status }) => status === 403);

    expect(violationsOf(whole)).toEqual(expect.arrayContaining(violationsOf(found)));
    const isGiven = found.codes.includes(`violation impersonation.${code}`);
    expect([part, isGiven]).toEqual([part, !isAsked || !refutable.includes(part)]);
    if (!isGiven) {
      expect(found.verdict).not.toBe('compliant');
      expect(found.codes).toContain('unknown unreadable.permission');
    }
  },
);
