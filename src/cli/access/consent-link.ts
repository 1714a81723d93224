/** What an administrator of a tenant is asked to agree to. */
export interface ConsentRequest {
  /** Origin of the authority: `https://login.microsoftonline.com`. */
  authorityHost: string;
  tenantId: string;
  /** Application id of the multi-tenant application. */
  clientId: string;
  /** Origin of the service whose permissions are meant; what the registration of the application lists is what is asked for. */
  service: string;
  /** Where the browser goes afterwards: one of the redirect URIs of the registration. */
  redirectUri: string;
  /** Comes back unchanged, so that an answer can be told from one that somebody made up. */
  state: string;
}

/** The link for an administrator. https://learn.microsoft.com/entra/identity-platform/v2-admin-consent */
export function consentLink({
  authorityHost,
  tenantId,
  clientId,
  service,
  redirectUri,
  state,
}: ConsentRequest): string {
  const query = new URLSearchParams({
    client_id: clientId,
    scope: `${service}/.default`,
    redirect_uri: redirectUri,
    state,
  });
  return `${authorityHost}/${tenantId}/v2.0/adminconsent?${query.toString()}`;
}
