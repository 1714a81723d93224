import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { ExchangeState } from './exchange/state';
import { SignInState } from './sign-in/state';
import { User } from './users';

/** An object as Microsoft Graph keeps it; answers are projections of it. */
const GraphObject = z.looseObject({ id: z.string() });
export type GraphObject = z.infer<typeof GraphObject>;
const Objects = z.array(GraphObject);

const Application = z.strictObject({
  /** Application id of an app that may ask for tokens, or client id of a managed identity. */
  appId: z.string(),
  objectId: z.string(),
  /** Names of the application permissions that it was granted. */
  roles: z.array(z.string()),
  /** The role in Exchange or Microsoft Entra that says what it may do in Exchange, as in `Global Reader`. */
  exchangeRole: z.string().optional(),
  /** Client id of the managed identity of the home tenant whose tokens it accepts as assertions. */
  federatedIdentity: z.string().optional(),
});

const TenantFile = z.strictObject({
  tenantId: z.string(),
  displayName: z.string(),
  /** When the tenant was created. */
  createdDateTime: z.string().nullable(),
  /** The applications and managed identities that get tokens, and what they may do. */
  applications: z.array(Application),
  /** Rows per page of every list at the most; what the services do unless told. */
  pageSize: z.number().int().min(1).optional(),
});

/** Everything that the simulator knows of one tenant. Tests may change it while it runs. */
export interface TenantState extends z.infer<typeof TenantFile> {
  domains: GraphObject[];
  users: GraphObject[];
  deletedUsers: GraphObject[];
  subscribedSkus: GraphObject[];
  servicePrincipals: GraphObject[];
  /** Registrations of applications that belong to this tenant. */
  appRegistrations: GraphObject[];
  appRoleAssignments: GraphObject[];
  oauth2PermissionGrants: GraphObject[];
  groups: GraphObject[];
  administrativeUnits: GraphObject[];
  /** Rooms, desks and room lists as places; their ids are not the ids of users and groups. */
  rooms: GraphObject[];
  workspaces: GraphObject[];
  roomLists: GraphObject[];
  /** Who is in what: id of a group, unit or room list → ids of its members. */
  members: Record<string, string[]>;
  /** Roles of Exchange as Microsoft Graph shows them. */
  roleDefinitions: GraphObject[];
  roleAssignments: GraphObject[];
  customAppScopes: GraphObject[];
  /** What decides on sign-ins, and what has become of them. */
  signIn: SignInState;
  /** What Exchange's own admin API shows. */
  exchange: ExchangeState;
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
  const read = (name: string, absent: unknown) => {
    const file = path.join(folder, `${name}.json`);
    return existsSync(file) ? readJson(file) : absent;
  };
  const objects = (name: string) => Objects.parse(read(name, []));
  return {
    ...TenantFile.parse(readJson(path.join(folder, 'tenant.json'))),
    domains: objects('domains'),
    users: z.array(User).parse(read('users', [])),
    deletedUsers: z.array(User).parse(read('deletedUsers', [])),
    subscribedSkus: objects('subscribedSkus'),
    servicePrincipals: objects('servicePrincipals'),
    appRegistrations: objects('appRegistrations'),
    appRoleAssignments: objects('appRoleAssignments'),
    oauth2PermissionGrants: objects('oauth2PermissionGrants'),
    groups: objects('groups'),
    administrativeUnits: objects('administrativeUnits'),
    rooms: objects('rooms'),
    workspaces: objects('workspaces'),
    roomLists: objects('roomLists'),
    members: z.record(z.string(), z.array(z.string())).parse(read('members', {})),
    roleDefinitions: objects('roleDefinitions'),
    roleAssignments: objects('roleAssignments'),
    customAppScopes: objects('customAppScopes'),
    signIn: SignInState.parse(read('signIn', {})),
    exchange: ExchangeState.parse(read('exchange', {})),
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
