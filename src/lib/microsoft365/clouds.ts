/** One of Microsoft's clouds, with the hosts that go together. */
export interface MicrosoftCloud {
  name: string;
  authority: readonly string[];
  graph: string;
  exchange: string;
}

/** The cloud that everybody is in who is in none of the others; GCC of the US Government too. */
export const worldwide: MicrosoftCloud = {
  name: 'the global service',
  authority: ['login.microsoftonline.com'],
  graph: 'graph.microsoft.com',
  exchange: 'outlook.office365.com',
};

/** https://learn.microsoft.com/graph/deployments, https://learn.microsoft.com/powershell/exchange/connect-to-exchange-online-powershell */
const nationalClouds: readonly MicrosoftCloud[] = [
  {
    name: 'US Government L4 (GCC High)',
    authority: ['login.microsoftonline.us'],
    graph: 'graph.microsoft.us',
    exchange: 'outlook.office365.us',
  },
  {
    name: 'US Government L5 (DoD)',
    authority: ['login.microsoftonline.us'],
    graph: 'dod-graph.microsoft.us',
    exchange: 'webmail.apps.mil',
  },
  {
    name: 'China operated by 21Vianet',
    authority: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    graph: 'microsoftgraph.chinacloudapi.cn',
    exchange: 'partner.outlook.cn',
  },
];

/** Every cloud of which the hosts are known. */
export const clouds: readonly MicrosoftCloud[] = [worldwide, ...nationalClouds];

/**
 * Whether a tenant is in the worldwide cloud, or in one of its own with dates of its own. A host that is not known counts
 * as worldwide: a day on which something ends is told too early rather than not at all.
 */
export type Cloud = 'worldwide' | 'national';

/** @param exchangeEndpoint origin of Exchange Online. */
export function cloudOf(exchangeEndpoint: string): Cloud {
  const { hostname } = new URL(exchangeEndpoint);
  return nationalClouds.some(({ exchange }) => exchange === hostname) ? 'national' : 'worldwide';
}
