import type { Shapes } from './shape';

// https://github.com/microsoftgraph/msgraph-bicep-types/tree/main/generated, of the version that bicepconfig.json pins.
// Where a text is one of a few, its values are those of the description: the type says string.
export const graph: Shapes = {
  'Microsoft.Graph/applications@v1.0': {
    required: 'displayName uniqueName',
    optional: `addIns api appRoles authenticationBehaviors defaultRedirectUri description
      disabledByMicrosoftStatus groupMembershipClaims identifierUris info isDeviceOnlyAuthSupported
      isFallbackPublicClient keyCredentials logo nativeAuthenticationApisEnabled notes optionalClaims owners
      parentalControlSettings passwordCredentials publicClient requestSignatureVerification
      requiredResourceAccess samlMetadataUrl serviceManagementReference servicePrincipalLockConfiguration
      signInAudience spa tags tokenEncryptionKeyId verifiedPublisher web`,
    values: {
      signInAudience: [
        ...['AzureADandPersonalMicrosoftAccount', 'AzureADMultipleOrgs', 'AzureADMyOrg'],
        'PersonalMicrosoftAccount',
      ],
    },
    objects: {
      api: {
        optional: `acceptMappedClaims knownClientApplications oauth2PermissionScopes preAuthorizedApplications
          requestedAccessTokenVersion`,
        objects: {
          'oauth2PermissionScopes[]': {
            optional: `adminConsentDescription adminConsentDisplayName id isEnabled type userConsentDescription
              userConsentDisplayName value`,
            values: { type: ['Admin', 'User'] },
          },
          'preAuthorizedApplications[]': { optional: 'appId delegatedPermissionIds' },
        },
      },
      'requiredResourceAccess[]': {
        optional: 'resourceAccess resourceAppId',
        objects: { 'resourceAccess[]': { optional: 'id type', values: { type: ['Role', 'Scope'] } } },
      },
      web: {
        optional: 'homePageUrl implicitGrantSettings logoutUrl redirectUris redirectUriSettings',
        objects: {
          implicitGrantSettings: { optional: 'enableAccessTokenIssuance enableIdTokenIssuance' },
        },
      },
    },
  },

  'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0': {
    required: 'audiences issuer name subject',
    optional: 'description',
  },

  'Microsoft.Graph/appRoleAssignedTo@v1.0': {
    required: 'appRoleId principalId resourceId',
    optional: 'resourceDisplayName',
  },

  'Microsoft.Graph/oauth2PermissionGrants@v1.0': {
    required: 'clientId consentType resourceId',
    optional: 'principalId scope',
    values: { consentType: ['AllPrincipals', 'Principal'] },
  },

  'Microsoft.Graph/servicePrincipals@v1.0': {
    required: 'appId',
    optional: `accountEnabled addIns alternativeNames appDescription appDisplayName appRoleAssignmentRequired
      appRoles customSecurityAttributes description disabledByMicrosoftStatus displayName homepage info
      keyCredentials loginUrl logoutUrl notes notificationEmailAddresses oauth2PermissionScopes owners
      passwordCredentials preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls
      samlSingleSignOnSettings servicePrincipalNames servicePrincipalType tags tokenEncryptionKeyId
      verifiedPublisher`,
  },
};
