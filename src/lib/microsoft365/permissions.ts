import type { ResourceName } from '../profiles/profile';

/** An application permission (app role) that one of Syncwarden's identities needs. */
export interface Permission {
  resource: ResourceName;
  /** The permission's name, as the Entra admin centre shows it. */
  name: string;
  /** Id of the app role. Source: https://learn.microsoft.com/graph/permissions-reference */
  id: string;
  /** What has to be granted beside it, in words. */
  also?: string;
  /** The role of Exchange without which it allows nothing: something has to be written there with it. */
  exchangeRole?: string;
  /** A broader one of the same resource that serves as well: granted where a tenant does not publish this one. */
  fallback?: Permission;
}

function graph(name: string, id: string, fallback?: Permission): Permission {
  return { resource: 'Microsoft Graph', name, id, ...(fallback === undefined ? {} : { fallback }) };
}

/** Reads users, deleted ones among them. https://learn.microsoft.com/graph/api/user-get */
export const userReadAll = graph('User.Read.All', 'df021288-bdef-4463-88db-98f22de89214');

/** Reads the verified domains. https://learn.microsoft.com/graph/api/domain-list */
export const domainReadAll = graph('Domain.Read.All', 'dbb9058a-0e50-45d7-ae91-66909b5d4664');

/** Reads the products that the tenant owns. https://learn.microsoft.com/graph/api/subscribedsku-list */
export const licenseAssignmentReadAll = graph(
  'LicenseAssignment.Read.All',
  'e2f98668-2877-4f38-a2f4-8202e0717aa1',
);
/** Reads applications, and what they hold themselves. https://learn.microsoft.com/graph/api/serviceprincipal-get */
export const applicationReadAll = graph('Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30');

/** Reads delegated permissions. https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants */
export const directoryReadAll = graph('Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61');
/** Reads when the tenant was created. https://learn.microsoft.com/graph/api/organization-list */
export const organizationReadAll = graph(
  'Organization.Read.All',
  '498476ce-e0fe-48b0-b801-37ba7e2685c6',
  directoryReadAll,
);
/**
 * Reads roles of Exchange, their assignments and scopes.
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export const roleManagementReadExchange = graph(
  'RoleManagement.Read.Exchange',
  'c769435f-f061-4d0b-8ff1-3d39870e5f85',
);
/** Reads policies that decide on sign-ins, What If, security defaults and per-user MFA. */
export const policyReadAll = graph('Policy.Read.All', '246dd0d5-5bd0-4def-940b-0421030a5b68');

/** Reads the sign-in log, and when users signed in last. https://learn.microsoft.com/graph/api/signin-list */
export const auditLogReadAll = graph('AuditLog.Read.All', 'b0afded3-3588-46d8-8b3d-9842eff778da');

/** Reads rooms and room lists. https://learn.microsoft.com/graph/api/place-list */
export const placeReadAll = graph('Place.Read.All', '913b9306-0ce1-42b8-9137-6a7df690a760');

/** Reads who is in an administrative unit. https://learn.microsoft.com/graph/api/administrativeunit-list-members */
export const administrativeUnitReadAll = graph(
  'AdministrativeUnit.Read.All',
  '134fd756-38ce-4afd-ba33-e9623dbe66c2',
);
/** Serves where a tenant lacks the two below, which Microsoft documents as least and does not publish everywhere. */
export const groupMemberReadAll = graph('GroupMember.Read.All', '98830695-27a2-44f7-8c18-0c3ebc9698f6');

/** Finds groups. https://learn.microsoft.com/graph/api/group-list */
export const groupReadBasicAll = graph(
  'Group.ReadBasic.All',
  '07d67222-3a10-4d3b-9ddc-b8aa43198a00',
  groupMemberReadAll,
);
/** Reads who is in a group. https://learn.microsoft.com/graph/api/group-list-members */
export const groupMemberReadBasicAll = graph(
  'GroupMember.ReadBasic.All',
  '8222c640-cae5-4860-8d11-b32cfad95e03',
  groupMemberReadAll,
);

const manageAsApp = {
  resource: 'Office 365 Exchange Online',
  name: 'Exchange.ManageAsApp',
  id: 'dc50a0fb-09a3-484d-be87-e023b12c6440',
} as const;

/**
 * Lets an application run cmdlets of Exchange Online, as far as a role allows it. The permission alone allows nothing.
 * https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export const exchangeManageAsApp: Permission = {
  ...manageAsApp,
  also: 'the Microsoft Entra role Global Reader, or a role group of Exchange with View-Only Configuration and View-Only Recipients',
};

/** What only the identity that writes may hold, each for the changes that need it. */
export const userReadWriteAll = graph('User.ReadWrite.All', '741f803b-c850-494e-b5df-cde7c675a1ca');

/** Lets a blocked account in. https://learn.microsoft.com/graph/api/user-update */
export const userEnableDisableAccountAll = graph(
  'User.EnableDisableAccount.All',
  '3011c876-62b7-4ada-afa2-506cbbecc68c',
);
/** Restores deleted users. https://learn.microsoft.com/graph/api/directory-deleteditems-restore */
export const userDeleteRestoreAll = graph('User.DeleteRestore.All', 'eccc023d-eccf-4e7b-9683-8813ab36cecc');

/** Assigns products to users. https://learn.microsoft.com/graph/api/user-assignlicense */
export const licenseAssignmentReadWriteAll = graph(
  'LicenseAssignment.ReadWrite.All',
  '5facf0c1-8979-4e95-abcf-ff3d079771c0',
);
/** Lets its holder grant itself anything: as much as an administrator of the whole tenant. */
export const appRoleAssignmentReadWriteAll = graph(
  'AppRoleAssignment.ReadWrite.All',
  '06b708a9-e830-4db3-a914-8e69da51d44f',
);
/** Grants and revokes delegated permissions. https://learn.microsoft.com/graph/api/oauth2permissiongrant-post */
export const delegatedPermissionGrantReadWriteAll = graph(
  'DelegatedPermissionGrant.ReadWrite.All',
  '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
);
/**
 * Assigns roles of Exchange, and makes scopes.
 * https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments
 */
export const roleManagementReadWriteExchange = graph(
  'RoleManagement.ReadWrite.Exchange',
  '025d3225-3f02-4882-b4c0-cd5b541a4e80',
);
/** As {@link exchangeManageAsApp}, for an identity that runs cmdlets that change something: a role of Exchange lets it. */
export function exchangeManageAsAppWith(exchangeRole: string): Permission {
  return { ...manageAsApp, exchangeRole };
}
