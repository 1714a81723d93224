/** An application permission (app role) that one of Syncwarden's identities needs. */
export interface Permission {
  resource: 'Microsoft Graph';
  /** The permission's name, as the Entra admin centre shows it. */
  name: string;
  /** Id of the app role. Source: https://learn.microsoft.com/graph/permissions-reference */
  id: string;
}

function graph(name: string, id: string): Permission {
  return { resource: 'Microsoft Graph', name, id };
}

export const userReadAll = graph('User.Read.All', 'df021288-bdef-4463-88db-98f22de89214');
export const domainReadAll = graph('Domain.Read.All', 'dbb9058a-0e50-45d7-ae91-66909b5d4664');
export const licenseAssignmentReadAll = graph(
  'LicenseAssignment.Read.All',
  'e2f98668-2877-4f38-a2f4-8202e0717aa1',
);
export const applicationReadAll = graph('Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30');
export const directoryReadAll = graph('Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61');
