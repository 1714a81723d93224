import { counted } from '../../counted';
import type { ClientApp } from '../../microsoft365/directory/client-app';
import { entryFor } from '../../model/allowed-grants';
import type { ManualStep } from '../../model/plan';
import { accountName } from '../../model/target';
import type { RequiredPermission } from '../../profiles/profile';
import type { Requirement } from '../control';
import { disablementOf } from './app-disabled';
import type { Unneeded } from './excess';

/** Microsoft's own consent policy, in its notices MC1163922 and MC1304287. */
const byAdministrator =
  'as an administrator (since November 2025 users can no longer consent to access to Exchange themselves)';

/** The vendor's application comes into the tenant when an administrator consents to it, or registers it there. */
export function consentToApp(requirement: Requirement): ManualStep {
  const { profile, target } = requirement;
  if (profile.permissions.length === 0) {
    // Consent would grant the registration's permissions for the whole tenant, and the vendor asks for none.
    const description = `Register the application of ${profile.name} as its vendor describes, or correct clientAppId in the target: this tenant has no application ${target.clientAppId}.`;
    return { description, link: profile.source };
  }
  const description = `Consent to the application ${target.clientAppId} of ${profile.name} ${byAdministrator}, which also creates it in the tenant.`;
  return { description, link: adminConsent(requirement) };
}

/** For a permission of a resource that the tenant does not have. */
export function consentToPermission(
  { name, kind }: RequiredPermission,
  requirement: Requirement,
): ManualStep {
  const description = `Consent to the application of ${requirement.profile.name} anew, ${byAdministrator}: ${name} (${kind}) cannot be granted from here, because the tenant lacks the resource that it belongs to.`;
  return { description, link: adminConsent(requirement) };
}

/** Whoever has disabled the application is asked: the vendor for Microsoft, and the tenant's own administrators. */
export function enableApp(client: ClientApp, requirement: Requirement): ManualStep[] {
  const { profile, target } = requirement;
  const name = client.displayName ?? target.clientAppId;
  const { isByTenant, isByMicrosoft } = disablementOf(client);
  const ask = `Ask ${profile.name}'s support why Microsoft has disabled ${name} (${client.disabledByMicrosoftStatus ?? ''}): only Microsoft can enable it.`;
  const look = `Find out why ${name} is disabled, and enable it for users to sign in.`;
  return [
    ...(isByMicrosoft === true ? [{ description: ask, link: profile.source }] : []),
    ...(isByTenant ? [{ description: look, link: page('Properties', client, requirement) }] : []),
  ];
}

/** Assigns the account, or no longer asks for assignments: which of them is for people to say. */
export function assignAccount(client: ClientApp, requirement: Requirement): ManualStep {
  const { target } = requirement;
  const description = `Assign ${accountName(target)} to ${client.displayName ?? target.clientAppId}, or switch the demand for an assignment off.`;
  return { description, link: page('Users', client, requirement) };
}

/** Whoever makes a new one has to hand it over to the product, which nobody else can do. */
export function renewCredential(client: ClientApp, { profile, target }: Requirement): ManualStep {
  const name = client.displayName ?? target.clientAppId;
  const { secretMaxDays } = profile;
  const life =
    secretMaxDays === undefined ? '' : ` that holds for ${counted(secretMaxDays, 'day')} at the most`;
  return {
    description: `Make a new secret or certificate for ${name}${life}, enter it in ${profile.name}, and take the old one away only when the product signs in with the new one.`,
    link: `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${target.clientAppId}`,
  };
}

/** For what a plan takes back only when it is told to. */
export function revoke(unneeded: Unneeded, client: ClientApp, requirement: Requirement): ManualStep {
  const { name, kind, resource } = unneeded;
  const description = `Revoke ${name} (${kind}) on ${resource}, which is granted and not needed, or ask for a plan that includes revocations; if it is there on purpose, add "${entryFor(unneeded)}" to the target's allowedExtraGrants.`;
  return { description, link: page('Permissions', client, requirement) };
}

/** https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent */
function adminConsent({ target }: Requirement): string {
  return `https://login.microsoftonline.com/${target.tenantId}/adminconsent?client_id=${target.clientAppId}`;
}

/** A page of the application in the Microsoft Entra admin centre. */
function page(
  name: 'Permissions' | 'Properties' | 'Users',
  { id }: ClientApp,
  { target }: Requirement,
): string {
  return `https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/${name}/objectId/${encodeURIComponent(id)}/appId/${target.clientAppId}`;
}
