import type { GraphObject, TenantState } from '../../../local/simulator/state';
import { accountOf, breakages } from '../broken';
import type { Draw, Twist } from './draw';

const planOne = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';
const planTwo = 'efb87545-963c-4e0d-99df-69c6916d9eb0';
const kiosk = '4a82b400-a79f-41a4-b4e2-e94f5787b113';
const foundation = '113feb6c-3fe4-4440-bddc-54d774bf0318';
const plans = [planOne, planTwo, kiosk, foundation];
const capabilities = ['Enabled', 'Warning', 'Suspended', 'LockedOut', 'Deleted', 'Paused', null];
const someGroup = 'c0170507-0000-4000-8000-000000000202';

/** Changes the account, where there is one. */
function ofAccount(change: (user: GraphObject, draw: Draw, state: TenantState) => object | undefined): Twist {
  return (state, draw) => {
    if (state.users.some(({ id }) => id === accountIdOf(state))) {
      const user = accountOf(state) as GraphObject;
      Object.assign(user, change(user, draw, state));
    }
  };
}

function accountIdOf({ exchange }: TenantState): string {
  return exchange.recipients[0]?.ExternalDirectoryObjectId ?? '';
}

function addDomain(state: TenantState, id: string, more: object): void {
  state.domains = state.domains.filter((domain) => domain.id !== id);
  state.domains.push({ ...state.domains[0], id, isDefault: false, isInitial: false, ...more });
}

/** The ways of the service account, of its password, and of its licence. */
export const peopleTwists = {
  deleteAccount: (state) => {
    if (state.deletedUsers.length === 0) breakages.deleteAccount(state);
  },
  removeAccount: (state) => void state.users.shift(),
  blockSignIn: ofAccount(() => ({ accountEnabled: false })),
  rename: ofAccount((_user, draw) => ({
    userPrincipalName: draw.one('svc-rooms@contoso.com', 'svc-condeco@rooms.contoso.com', 'svc@fabrikam.com'),
  })),
  beGuest: ofAccount(() => ({ userType: 'Guest' })),
  provision: ofAccount((_user, draw) => ({
    provisionedPlans: draw.some([
      ...['Success', 'Error', 'PendingInput', 'Disabled'].map((provisioningStatus) => ({
        ...{ capabilityStatus: 'Enabled', provisioningStatus, service: 'exchange' },
      })),
      { capabilityStatus: 'Deleted', provisioningStatus: 'Success', service: 'exchange' },
    ]),
  })),

  setFlags: ofAccount((_user, draw) => ({
    passwordPolicies: draw.one(
      ...[null, '', 'None', 'DisableStrongPassword', 'DisablePasswordExpiration', 'Something'],
      'DisableStrongPassword, DisablePasswordExpiration',
    ),
  })),
  synchronise: ofAccount(() => ({ onPremisesSyncEnabled: true })),
  age: (state, draw) => {
    state.createdDateTime = draw.one(
      null,
      '2016-04-12T09:30:00Z',
      '2021-10-31T00:00:00Z',
      '2023-04-12T09:30:00Z',
    );
  },
  setDomains: (state, draw) => {
    const validity = () => draw.one(null, 90, 2147483647, 0);
    const authenticationType = () => draw.one('Managed', 'Managed', 'Federated', 'Unknown');
    addDomain(state, 'contoso.com', {
      ...{ isRoot: true, passwordValidityPeriodInDays: validity() },
      authenticationType: authenticationType(),
    });
    if (draw.rarely(2))
      addDomain(state, 'rooms.contoso.com', {
        ...{ isRoot: draw.one(true, false), passwordValidityPeriodInDays: validity() },
        authenticationType: authenticationType(),
      });
  },

  assign: ofAccount((_user, draw, { subscribedSkus }) => {
    const states = draw.some(subscribedSkus, 0).flatMap(({ skuId }) =>
      draw.some([null, someGroup], 1).map((assignedByGroup) => ({
        ...{ skuId, assignedByGroup, lastUpdatedDateTime: '2026-01-12T08:30:00Z' },
        disabledPlans: draw.some(plans),
        state: draw.one('Active', 'Active', 'ActiveWithError', 'Disabled', 'Error', 'Odd'),
        error: draw.one('None', 'CountViolation', null),
      })),
    );
    const licenses = new Map(states.map(({ skuId, disabledPlans }) => [skuId, { skuId, disabledPlans }]));
    return { licenseAssignmentStates: states, assignedLicenses: [...licenses.values()] };
  }),
  setPlans: ofAccount((_user, draw) => ({
    assignedPlans: draw.some(plans).map((servicePlanId) => ({
      ...{ servicePlanId, service: 'exchange', assignedDateTime: '2026-01-12T08:30:00Z' },
      capabilityStatus: draw.one('Enabled', ...capabilities),
    })),
  })),
  takeLicense: (state) => {
    if (state.users.length > 0) breakages.takeLicense(state);
  },
  ownProducts: (state, draw) => {
    state.subscribedSkus = draw.some(state.subscribedSkus).map((sku) => ({
      ...sku,
      capabilityStatus: draw.one('Enabled', 'Enabled', 'Warning', 'Suspended'),
      consumedUnits: draw.one(0, 25, 99),
    }));
  },
} satisfies Record<string, Twist>;
