import fc from 'fast-check';
import { homeTenantId, tenantsFolder } from '../../../../local/simulator/demo';
import { readTenants, type TenantState } from '../../../../local/simulator/state';
import type { Evaluation } from '../../../../src/lib/controls/control';
import { impersonation } from '../../../../src/lib/controls/impersonation';
import { type StoredTarget, Target } from '../../../../src/lib/model/target';
import { profile } from '../../../../src/lib/profiles';
import * as views from '../../../support/exchange-views';
import { Draw } from '../../../support/generated/draw';
import { InProcessTenant } from '../../../support/in-process-tenant';
import { root } from '../../../support/simulated-tenant';

const healthy = readTenants(tenantsFolder(root)).find(({ tenantId }) => tenantId === homeTenantId);
const now = new Date('2026-11-23T02:00:00Z');

/** Whatever both readers can see: roles that are assigned directly, with scopes whose members are users. */
function generate(draw: Draw): { state: TenantState; target: StoredTarget } {
  const state = structuredClone(healthy) as TenantState;
  const rooms = () => [...draw.some(views.roomNames).map(views.room), ...draw.some([views.address('ada')])];
  const scope = (index: number): views.TestScope =>
    draw.one<() => views.TestScope>(
      () => 'organization',
      () => ({ name: 'Condeco rooms', filter: views.isRoom }),
      () => ({ name: `exclusive ${index}`, filter: views.isRoom, exclusive: true }),
      () => ({ unit: rooms() }),
      () => ({ group: rooms(), name: `group ${index}` }),
    )();
  const assignment = (index: number): views.TestAssignment => ({
    role: draw.one(
      ...[views.calendarsRole, 'Application EWS.AccessAsApp', 'Application Exchange Full Access'],
      ...[views.retiredRole, 'Application Mail Full Access', 'Application Calendars.Read', 'Mail Recipients'],
    ),
    holder: draw.one(
      views.application,
      views.application,
      views.account,
      views.anotherApplication,
      views.anotherUser,
    ),
    scope: scope(index),
  });
  views.assign(state, ...Array.from({ length: draw.one(0, 1, 2, 3) }, (_one, index) => assignment(index)));
  if (draw.rarely(2)) views.withoutTenantWide(state);
  const { protocol: _, ...definition } = Target.parse(state.target);
  const protocol = draw.one('ews', 'graph', undefined);
  const target: StoredTarget = {
    ...{ ...definition, createdAt: '2026-11-01T00:00:00.000Z', updatedAt: '2026-11-01T00:00:00.000Z' },
    ...(protocol === undefined ? {} : { protocol }),
    acceptRetiredRole: draw.one(true, false),
    access: draw.one('vendor-default', 'rooms-only'),
    allowedExtraRoles: draw.some(['application mail full access']),
  };
  return { state, target };
}

/** What a reading says, but for the names of scopes: Exchange has those of groups, and Microsoft Graph ids. */
function said({ verdict, reasons, resources }: Evaluation) {
  return {
    verdict,
    reasons: reasons.map(({ level, code, resource }) => `${level} ${code} ${resource ?? ''}`),
    rows: (resources ?? [])
      .map(({ resource, verdict: of, codes, path }) => `${resource} ${of} ${codes.join()} ${path ?? ''}`)
      .sort(),
  };
}

it('both readers say the same of the same roles', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      const { state, target } = generate(new Draw(gen));
      const tenant = new InProcessTenant(state);
      const read = async (exchangeReader: StoredTarget['exchangeReader']) => {
        const own = { ...target, exchangeReader };
        const facts = await impersonation.collect(tenant.open(), own);
        return impersonation.evaluate(facts, { profile: profile(own.profile), target: own, now });
      };
      const [graph, exchange] = [await read('graph'), await read('admin-api')];
      for (const { code } of exchange.reasons) seen.add(code);
      expect(said(graph)).toEqual(said(exchange));
    }),
    { numRuns: 500, seed: 1 },
  );
  expect([...seen].sort()).toEqual(
    [
      ...['excessRole', 'none', 'protocolUnconfirmed', 'roleRetired', 'roomNotCovered', 'scopeUnresolved'],
      ...['strayMailbox', 'tenantWideGrant', 'unscoped'],
    ].map((name) => `impersonation.${name}`),
  );
}, 600_000);
