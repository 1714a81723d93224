/** How a product reaches mailboxes: what a role of Exchange opens. */
export const protocols = ['ews', 'graph'] as const;
export type Protocol = (typeof protocols)[number];

/** What a protocol is called in messages. */
export const protocolNames: Readonly<Record<Protocol, string>> = {
  ews: 'Exchange Web Services',
  graph: 'Microsoft Graph',
};
