/** Where visits wait. Deployed apps have it: a new name would leave messages behind. */
export const auditQueueName = 'syncwarden-audits';

/**
 * Where Azure Functions puts what has failed too often.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages
 */
export const poisonQueueName = `${auditQueueName}-poison`;
