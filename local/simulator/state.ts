import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** An object as Microsoft Graph keeps it; answers are projections of it. */
const GraphObject = z.looseObject({ id: z.string() });
export type GraphObject = z.infer<typeof GraphObject>;
const Objects = z.array(GraphObject);

const Reader = z.strictObject({
  /** Application id of an app that may ask for tokens, or client id of the managed identity. */
  appId: z.string(),
  objectId: z.string(),
  /** Names of the application permissions that it was granted. */
  roles: z.array(z.string()),
});

const TenantFile = z.strictObject({
  tenantId: z.string(),
  displayName: z.string(),
  readers: z.array(Reader),
  /** Rows per page of every list. */
  pageSize: z.number().int().min(1).default(100),
});

/** Everything that the simulator knows of one tenant. Tests may change it while it runs. */
export interface TenantState extends z.infer<typeof TenantFile> {
  domains: GraphObject[];
  users: GraphObject[];
  deletedUsers: GraphObject[];
  subscribedSkus: GraphObject[];
  servicePrincipals: GraphObject[];
  appRoleAssignments: GraphObject[];
  oauth2PermissionGrants: GraphObject[];
  /** The Syncwarden target that watches it. */
  target: Record<string, unknown>;
}

/** Reads every tenant of a folder, one sub-folder each, in the order of their names. @throws when a file is not right. */
export function readTenants(folder: string): TenantState[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => readTenant(path.join(folder, name)));
}

function readTenant(folder: string): TenantState {
  const objects = (name: string) => {
    const file = path.join(folder, `${name}.json`);
    return existsSync(file) ? Objects.parse(readJson(file)) : [];
  };
  return {
    ...TenantFile.parse(readJson(path.join(folder, 'tenant.json'))),
    domains: objects('domains'),
    users: objects('users'),
    deletedUsers: objects('deletedUsers'),
    subscribedSkus: objects('subscribedSkus'),
    servicePrincipals: objects('servicePrincipals'),
    appRoleAssignments: objects('appRoleAssignments'),
    oauth2PermissionGrants: objects('oauth2PermissionGrants'),
    target: z.record(z.string(), z.unknown()).parse(readJson(path.join(folder, 'target.json'))),
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new Error(`${file} could not be read: ${(error as Error).message}`, { cause: error });
  }
}
