/** App roles, from the least to the most: each includes those before it. */
export const appRoles = [
  'Syncwarden.Read',
  'Syncwarden.Audit',
  'Syncwarden.Remediate',
  'Syncwarden.Admin',
] as const;
export type AppRole = (typeof appRoles)[number];

/** Whether one of the caller's roles is the required one or includes it. */
export function includesRole(roles: readonly string[], required: AppRole): boolean {
  const rank = appRoles.indexOf(required);
  return roles.some((role) => (appRoles as readonly string[]).indexOf(role) >= rank);
}
