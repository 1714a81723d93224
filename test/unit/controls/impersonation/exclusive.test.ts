import type { StoredTarget } from '../../../../src/lib/model/target';
import * as views from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  views.withoutTenantWide(tenant.state);
  assign({});
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const { address, isRoom, room, roomNames } = views;
const [amber = '', beryl = ''] = roomNames.map(room);
const assign = (...assignments: views.TestAssignment[]) => views.assign(tenant.state, ...assignments);

const amberOnly = { filter: "(DisplayName -eq 'Amber')", matches: [amber] };
const exclusive = (scope: views.FilterScope = amberOnly) =>
  views.addScope(tenant.state, { name: 'Board only', exclusive: true, ...scope });
const rowOf = (found: Audit, resource: string) => found.resources?.find((row) => row.resource === resource);
const unresolved = 'unknown impersonation.scopeUnresolved';

describe.each(['graph', 'admin-api'] as const)('an exclusive scope, read by %s', (exchangeReader) => {
  const audit = (options: Partial<StoredTarget> = {}) =>
    tenant.audit('impersonation', { exchangeReader, ...options });

  it('leaves open whether a room in it is reached through another scope', async () => {
    exclusive();
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved] });
    expect(found.reasons[0]).toMatchObject({ resource: 'the scope Board only' });
    expect(found.reasons[0]?.message).toBe(
      `Whether Amber (${amber}) can be reached cannot be told: within the scope Board only, which is exclusive, and the role is not assigned with it.`,
    );
    expect(rowOf(found, amber)).toMatchObject({
      verdict: 'unknown',
      codes: ['impersonation.scopeUnresolved'],
    });
    expect(rowOf(found, beryl)).toMatchObject({ verdict: 'compliant' });
    expect(found.evidence).toMatchObject({ roomsReached: 11 });
  });

  it('leaves all rooms in it open, and says how many', async () => {
    exclusive({ filter: isRoom });
    const found = await audit();
    expect(found.codes).toEqual([unresolved]);
    expect(found.reasons[0]?.message).toContain('Whether 12 rooms can be reached');
  });

  it('also keeps its rooms from a role for the whole organisation', async () => {
    assign({ scope: 'organization' });
    exclusive();
    const found = await audit();
    expect(found.codes).toEqual(expect.arrayContaining([unresolved, 'violation impersonation.unscoped']));
    expect(rowOf(found, amber)).toMatchObject({ verdict: 'unknown' });
  });

  it.each([
    ['holds nobody', { filter: "(DisplayName -eq 'Nobody')", matches: [] }],
    ['holds somebody who is no room', { filter: "(DisplayName -eq 'Ada Nwosu')", matches: [address('ada')] }],
    ['is a regular one', { ...amberOnly, exclusive: false }],
  ])('changes nothing when it %s', async (_case, scope) => {
    exclusive(scope);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('keeps nothing from a role that is assigned with it', async () => {
    assign({}, { scope: { ...amberOnly, name: 'Board only', exclusive: true } });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    exclusive({ ...amberOnly, name: 'Another' });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is still closed to a role that is assigned with another exclusive one', async () => {
    assign({}, { scope: { filter: "(DisplayName -eq 'Beryl')", matches: [beryl], exclusive: true } });
    exclusive();
    const found = await audit();
    expect(found.codes).toEqual([unresolved]);
    expect(rowOf(found, amber)).toMatchObject({ verdict: 'unknown' });
    expect(rowOf(found, beryl)).toMatchObject({ verdict: 'compliant' });
  });

  it('does not make a room missed that no scope has', async () => {
    assign({ scope: { filter: "(DisplayName -eq 'Beryl')", matches: [beryl] } });
    exclusive();
    const found = await audit();
    expect(found.codes).not.toContain(unresolved);
    expect(rowOf(found, amber)).toMatchObject({
      verdict: 'nonCompliant',
      codes: ['impersonation.roomNotCovered'],
    });
  });
});

describe('the attributes of a scope, read by graph', () => {
  const audit = () => tenant.audit('impersonation', { exchangeReader: 'graph' });
  const give = (displayName: string, customAttributes: object) => {
    const scope = tenant.state.customAppScopes.find((each) => each.displayName === displayName);
    Object.assign(scope ?? {}, { customAttributes });
  };
  const own = 'Condeco rooms';

  it.each([
    { recipientFilter: isRoom, exclusive: false },
    { RecipientFilter: isRoom, Exclusive: false },
    { RECIPIENTFILTER: isRoom },
    { recipientfilter: isRoom, RecipientFilter: isRoom, exclusive: 'False', Exclusive: false },
    { recipientFilter: isRoom, Recipient: 'something else' },
  ])('are found in any case, and twice if they agree: %j', async (attributes) => {
    give(own, attributes);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each([
    [{ recipientFilter: isRoom, RecipientFilter: "(Alias -like 'x*')" }, 'two filters for it, which differ'],
    [{ recipientFilter: isRoom, RecipientFilter: null }, 'two filters for it, which differ'],
    [{ recipientFilter: '', RecipientFilter: isRoom }, 'two filters for it, which differ'],
    [{ recipientFilter: null, RecipientFilter: '' }, 'it has no filter'],
    [{ 'Recipient Filter': isRoom }, 'it has no filter'],
    [{ recipientFilter: { text: isRoom } }, 'cannot be understood'],
    [{ recipientFilter: isRoom, exclusive: false, Exclusive: true }, 'exclusive, and not exclusive as well'],
  ])('leave the scope unresolved where they are %j', async (attributes, why) => {
    give(own, attributes);
    const found = await audit();
    expect(found.verdict).toBe('unknown');
    expect(new Set(found.codes)).toEqual(new Set([unresolved]));
    expect(found.reasons.map(({ message }) => message).join()).toContain(why);
  });

  it.each([
    { recipientFilter: amberOnly.filter, exclusive: true },
    { RecipientFilter: amberOnly.filter, EXCLUSIVE: 'True' },
    { recipientFilter: amberOnly.filter, exclusive: true, Exclusive: false },
    { recipientFilter: amberOnly.filter, RecipientFilter: "(DisplayName -eq 'Nobody')", exclusive: true },
    { recipientFilter: amberOnly.filter, RecipientFilter: null, exclusive: true },
  ])('keep rooms of an exclusive scope open, if any spelling says so: %j', async (attributes) => {
    exclusive();
    give('Board only', attributes);
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [unresolved], evidence: { roomsReached: 11 } });
    expect(rowOf(found, amber)).toMatchObject({ verdict: 'unknown' });
  });

  it.each([
    { recipientFilter: amberOnly.filter, exclusive: false },
    { recipientFilter: amberOnly.filter, exclusive: 'false', Exclusive: null },
    { recipientFilter: "(DisplayName -eq 'Nobody')", exclusive: true },
    { recipientFilter: null, exclusive: true },
  ])('keep nothing open otherwise: %j', async (attributes) => {
    exclusive();
    give('Board only', attributes);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('keep every room open where the filter of an exclusive scope is no text', async () => {
    exclusive();
    give('Board only', { recipientFilter: ['x'], exclusive: true });
    expect((await audit()).evidence).toMatchObject({ roomsReached: 0 });
  });
});

describe('an exclusive scope of which a reader cannot tell who is in it', () => {
  it('leaves every room open, and says why', async () => {
    exclusive({ filter: "(Name -like 'Amber*')" });
    const found = await tenant.audit('impersonation', { exchangeReader: 'graph' });
    expect(found.codes).toEqual([unresolved]);
    expect(found.reasons[0]?.message).toMatch(/may be within the scope Board only.*Name -like/);
    expect(rowOf(found, beryl)).toMatchObject({ verdict: 'unknown' });
  });

  it.each([true, 'True', 'Yes', 1])(
    'counts as exclusive where Microsoft Graph says %s',
    async (Exclusive) => {
      exclusive();
      const scope = tenant.state.customAppScopes.find(({ displayName }) => displayName === 'Board only');
      Object.assign(scope?.customAttributes ?? {}, { Exclusive });
      expect((await tenant.audit('impersonation', { exchangeReader: 'graph' })).codes).toEqual([unresolved]);
    },
  );

  it.each([false, 'False', null, undefined, ''])(
    'counts as regular where Microsoft Graph says %s',
    async (Exclusive) => {
      exclusive();
      const scope = tenant.state.customAppScopes.find(({ displayName }) => displayName === 'Board only');
      Object.assign(scope?.customAttributes ?? {}, { Exclusive });
      expect((await tenant.audit('impersonation', { exchangeReader: 'graph' })).codes).toEqual([]);
    },
  );
});
