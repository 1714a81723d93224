import type { TenantState } from '../../local/simulator';

/** The service account, which every demo tenant lists first. */
export function accountOf(state: TenantState): Record<string, unknown> {
  const [user] = state.users;
  if (user === undefined) throw new Error('There is no account.');
  return user;
}

/** Ways to break the healthy demo tenant, each of which one control notices and a plan can mend. */
export const breakages = {
  blockSignIn: (state) => void Object.assign(accountOf(state), { accountEnabled: false }),

  deleteAccount: (state) => {
    const user = accountOf(state);
    const prefix = String(user.id).replaceAll('-', '');
    state.users.shift();
    state.deletedUsers.push({
      ...user,
      id: String(user.id),
      userPrincipalName: `${prefix}${String(user.userPrincipalName)}`,
      deletedDateTime: '2026-11-20T08:00:00Z',
    });
  },

  /** With another flag, which has to stay. */
  letPasswordExpire: (state) =>
    void Object.assign(accountOf(state), { passwordPolicies: 'DisableStrongPassword' }),

  takeLicense: (state) =>
    void Object.assign(accountOf(state), {
      ...{ assignedLicenses: [], licenseAssignmentStates: [] },
      ...{ assignedPlans: [], provisionedPlans: [] },
    }),

  revokeConsent: (state) => {
    state.appRoleAssignments.length = 0;
    for (const grant of state.oauth2PermissionGrants) Object.assign(grant, { scope: 'openid profile' });
  },

  /** In both views of Exchange. */
  removeRole: (state) => {
    state.exchange.managementRoleAssignments = state.exchange.managementRoleAssignments.filter(
      ({ RoleAssigneeType }) => RoleAssigneeType !== 'ServicePrincipal',
    );
    state.roleAssignments = state.roleAssignments.filter(
      ({ principalId }) => !String(principalId).startsWith('/ServicePrincipals/'),
    );
  },

  /** Under the object id of the app registration, which nothing reaches. */
  registerWrongly: (state) => {
    breakages.removeRole(state);
    const wrong = '0b1ec700-0000-4000-8000-000000000077';
    for (const principal of state.exchange.servicePrincipals)
      Object.assign(principal, { Identity: wrong, ObjectId: wrong });
  },

  stopRoomFromAnswering: (state) => {
    const room = state.exchange.recipients.find(
      ({ RecipientTypeDetails }) => RecipientTypeDetails === 'RoomMailbox',
    );
    state.exchange.calendarProcessing = [
      ...state.exchange.calendarProcessing.filter(({ Identity }) => Identity !== room?.Identity),
      { Identity: room?.Identity ?? '', AutomateProcessing: 'AutoUpdate', DeleteSubject: false },
    ];
  },

  /** A room that is set to accept, and whose delegate decides. */
  letDelegateDecide: (state) => {
    const [settings] = state.exchange.calendarProcessing;
    Object.assign(settings ?? {}, { AllBookInPolicy: false, ResourceDelegates: ['Ada Nwosu'] });
  },

  unsetEws: (state) =>
    void Object.assign(state.exchange.organizationConfig, {
      ...{ EwsEnabled: null, EwsAllowedAppIDs: ['11111111-0000-4000-8000-000000000001'] },
    }),

  shutEwsForApplication: (state) => {
    state.exchange.organizationConfig.EwsAllowedAppIDs = ['11111111-0000-4000-8000-000000000001'];
  },
} satisfies Record<string, (state: TenantState) => void>;
