/** The application that reads a demo tenant, with the secret that the simulator does not look at. */
export function applicationOf(tenantId: string, clientId: string): Record<string, string> {
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: 'a-secret-of-the-test',
  };
}

/**
 * An Azure CLI in which somebody has signed in: it gives tokens for Microsoft Graph, and none for Exchange. The token is that
 * of an application, because the simulator knows no people.
 */
export function azureCli(authority: string, graph: string, clientId: string): string {
  return `
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const resource = option('--resource');
if (resource !== ${JSON.stringify(graph)}) {
  console.error('AADSTS65002: Consent between first party application and resource must be configured.');
  process.exit(1);
}
const body = new URLSearchParams({ client_id: ${JSON.stringify(clientId)}, client_secret: 'x', scope: resource + '/.default' });
fetch(${JSON.stringify(authority)} + '/' + option('--tenant') + '/oauth2/v2.0/token', { method: 'POST', body })
  .then((response) => response.json())
  .then(({ access_token }) => {
    const expires = Math.floor(Date.now() / 1000) + 3600;
    console.log(JSON.stringify({ accessToken: access_token, expiresOn: new Date(expires * 1000).toISOString(), expires_on: expires }));
  });`;
}
