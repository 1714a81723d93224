import { call } from '../local/api';
import { homeTenantId } from '../local/simulator/demo';
import { enlarge } from '../local/simulator/large-tenant';
import type { TenantState } from '../local/simulator/state';
import type { Stack } from '../local/stack';
import type { AccessKind } from '../src/lib/profiles/access';
import type { Figure } from './figures';

const rooms = 1000;

/** What does not grow with rooms, and pages of a hundred or a thousand rows, may cost this many requests. */
const besideRooms = 18;

interface Kind {
  profile: string;
  hasAccount: boolean;
  /** How many batches of ten rooms a visit asks for. */
  batchesForEach: number;
  open?: (state: TenantState) => void;
}

/** One product for each kind of access. The batches of that of roles are for settings of rooms. */
const kinds: Record<AccessKind, Kind> = {
  role: { profile: 'condeco-exchange-sync', hasAccount: true, batchesForEach: 1 },
  fullAccess: {
    profile: 'envoy-rooms',
    hasAccount: true,
    batchesForEach: 1,
    open(state) {
      state.exchange.managementRoleAssignments = [];
      state.exchange.mailboxPermissions = roomNames(state).map((Identity) => ({
        ...{ Identity, User: String(state.target.serviceAccount), AccessRights: ['FullAccess'] },
        ...{ Deny: false, IsInherited: false, InheritanceType: 'All' },
      }));
    },
  },
  delegate: {
    profile: 'joan',
    hasAccount: true,
    batchesForEach: 1,
    open(state) {
      state.exchange.managementRoleAssignments = [];
      const account = state.exchange.recipients.find(
        ({ PrimarySmtpAddress }) => PrimarySmtpAddress === state.target.serviceAccount,
      );
      state.exchange.calendarProcessing = roomNames(state).map((Identity) => ({
        ...{ Identity, ResourceDelegates: [account?.Identity ?? ''] },
      }));
    },
  },
  none: { profile: 'askcody', hasAccount: false, batchesForEach: 0 },
};

/** What one visit with all controls costs in a tenant of a thousand rooms, by how a product reaches them. */
export async function accessKinds(stack: Stack): Promise<Figure[]> {
  const { simulator } = stack;
  const host = await stack.startHost();
  try {
    const figures: Figure[] = [];
    for (const [name, kind] of Object.entries(kinds)) {
      const state = simulator.tenant(homeTenantId);
      enlarge(state, { rooms, otherMailboxes: 0, scopes: 1 });
      kind.open?.(state);
      simulator.clearRequests();
      await visit(host.url, state, kind);
      figures.push({
        name: `1,000 rooms, access by ${name}: requests of a visit with all controls`,
        value: simulator.requests.filter(({ batched, url }) => !batched && !url.includes('/token')).length,
        unit: '',
        budget: (kind.batchesForEach * rooms) / 10 + besideRooms,
      });
      simulator.reset();
    }
    return figures;
  } finally {
    await host.stop();
  }
}

/** @throws when something could not be read: that costs less than what can. */
async function visit(url: string, state: TenantState, { profile, hasAccount, open }: Kind): Promise<void> {
  const { serviceAccount, ...target } = state.target;
  const targetId = `access-by-${profile}`;
  const api = `${url}/api/targets/${targetId}`;
  await call(api, 'PUT', {
    ...{ ...target, targetId, profile, exchangeReader: 'admin-api' },
    ...(hasAccount ? { serviceAccount } : {}),
  });
  const { findings } = (await call(`${api}/audits`, 'POST')) as {
    findings: { control: string; verdict: string; summary: string }[];
  };
  const unread = findings.find(({ summary }) => summary.startsWith('Could not read'));
  const impersonation = findings.find(({ control }) => control === 'impersonation');
  const wrong = open !== undefined && impersonation?.verdict !== 'compliant' ? impersonation : unread;
  if (wrong !== undefined) throw new Error(`${profile}: ${wrong.summary}`);
}

function roomNames({ exchange }: TenantState): string[] {
  return exchange.recipients
    .filter(({ RecipientTypeDetails }) => RecipientTypeDetails === 'RoomMailbox')
    .map(({ Identity }) => Identity);
}
