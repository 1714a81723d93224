import * as z from 'zod';

/** What a user shows without `$select`. https://learn.microsoft.com/graph/api/user-get */
export const userDefaults = [
  ...['id', 'businessPhones', 'displayName', 'givenName', 'jobTitle', 'mail'],
  ...['mobilePhone', 'officeLocation', 'preferredLanguage', 'surname', 'userPrincipalName'],
];

/** What Graph shows of properties that nobody has set: nothing is left out. */
const unset = {
  ...{ givenName: null, surname: null, jobTitle: null, preferredLanguage: null, usageLocation: null },
  ...{ mail: null, mailNickname: null, proxyAddresses: [], businessPhones: [], mobilePhone: null },
  ...{ companyName: null, department: null, officeLocation: null, city: null, state: null },
  userType: 'Member',
  ...{ passwordPolicies: null, lastPasswordChangeDateTime: null, onPremisesSyncEnabled: null },
  ...{ assignedLicenses: [], assignedPlans: [], provisionedPlans: [], licenseAssignmentStates: [] },
};
const unsetAttributes = Object.fromEntries(
  Array.from({ length: 15 }, (_, index) => [`extensionAttribute${index + 1}`, null]),
);

/** A user as the tenant's file has it, completed with everything that it does not say. */
export const User = z
  .looseObject({
    id: z.string(),
    onPremisesExtensionAttributes: z.record(z.string(), z.unknown()).default({}),
  })
  .transform((user) => ({
    // Copies: tests write into users.
    ...structuredClone(unset),
    ...user,
    onPremisesExtensionAttributes: { ...unsetAttributes, ...user.onPremisesExtensionAttributes },
  }));
