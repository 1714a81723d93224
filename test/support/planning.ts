import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Account, AccountPlans } from '../../src/lib/controls/account/collect';
import type { Control, Requirement } from '../../src/lib/controls/control';
import type { LicensedUser } from '../../src/lib/controls/license/collect';
import type { PasswordUser } from '../../src/lib/controls/password-expiry/facts';
import type { ClientApp } from '../../src/lib/microsoft365/directory/client-app';
import { type Read, readFailed } from '../../src/lib/microsoft365/wire/read';
import {
  type Change,
  emptyPlan,
  type Plan,
  type PlannedRequest,
  type PlanOption,
} from '../../src/lib/model/plan';
import { type StoredTarget, Target } from '../../src/lib/model/target';
import { profile } from '../../src/lib/profiles';
import type { NotKnown } from '../../src/lib/profiles/profile';
import { contractFolder } from './contract';

export const accountId = 'c0170507-0000-4000-8000-000000000011';
export const clientId = 'c0170507-0000-4000-8000-000000000021';
export const upn = 'svc-condeco@contoso.com';
export const tenantId = 'c0170507-0000-4000-8000-000000000001';
export const clientAppId = '7e57ab1e-0000-4000-8000-00000000c0de';

/** What a plan is made for: the healthy target, with other options where the test wants them. */
export function requirement(
  options: Partial<StoredTarget> = {},
  include: readonly PlanOption[] = [],
): Requirement {
  const definition = { targetId: 'contoso-rooms', tenantId, clientAppId, serviceAccount: upn };
  const times = { createdAt: '2026-11-01T00:00:00.000Z', updatedAt: '2026-11-01T00:00:00.000Z' };
  const target = {
    ...Target.parse({ ...definition, profile: 'condeco-exchange-sync', protocol: 'graph' }),
    ...times,
    ...options,
  };
  return { profile: profile(target.profile), target, include, now: new Date('2026-11-23T02:00:00Z') };
}

/** The same for a product whose vendor's pages leave something open. */
export function silentOn(what: NotKnown['what'], options: Partial<StoredTarget> = {}): Requirement {
  const given = requirement(options);
  const notKnown = [{ what, why: 'The page ends before it.' }];
  return { ...given, profile: { ...given.profile, notKnown } };
}

/** A user with everything that a control looks at. */
export type WholeUser = Account & AccountPlans & PasswordUser & LicensedUser;

/** The service account without any licence, and otherwise in order. */
export function account(change: Partial<WholeUser> = {}): WholeUser {
  return {
    id: accountId,
    userPrincipalName: upn,
    accountEnabled: true,
    userType: 'Member',
    passwordPolicies: 'DisablePasswordExpiration',
    usageLocation: 'GB',
    assignedLicenses: [],
    assignedPlans: [],
    provisionedPlans: [],
    licenseAssignmentStates: [],
    ...change,
  };
}

/** The vendor's application, in order. */
export function clientApp(change: Partial<ClientApp> = {}): ClientApp {
  const switches = { accountEnabled: true, appRoleAssignmentRequired: false };
  return { id: clientId, displayName: 'Condeco Exchange Sync', ...switches, ...change };
}

export const notFound: Read<never> = readFailed({ cause: 'notFound', message: 'There is no such object.' });
export const refused: Read<never> = readFailed({ cause: 'permission', message: 'That was refused.' });

/** The same facts with every list in them the other way round. */
export function reversed<T>(value: T): T {
  return turned(value) as T;
}

function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned).reverse();
  if (value instanceof Map) return new Map([...(value as Map<unknown, unknown>)].reverse());
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, turned(inner)]));
}

/** A change as the gate keeps it: as JSON, and with addresses in full. */
export function kept(change: Change): Change {
  const inFull = (request: PlannedRequest) => ({ ...request, url: `https://graph.test${request.url}` });
  const { undo } = change;
  const full = { ...change, request: inFull(change.request), ...(undo && { undo: inFull(undo) }) };
  return JSON.parse(JSON.stringify(full)) as Change;
}

/** The change that undoes a change, as the gate makes it: the way back is the request, and there is none from there. */
export function undoing(change: Change, results: Readonly<Record<string, string>> = {}): Change {
  const { undo, ...rest } = kept(change);
  if (undo === undefined) throw new Error(`${change.id} has no way back.`);
  const url = undo.url.replaceAll(
    /\{\{[^.]+\.([a-z]+)\}\}/g,
    (_, property: string) => results[property] ?? '',
  );
  return { ...rest, request: { ...undo, url }, before: change.after, after: change.before };
}

/** Operations that the description lacks, with the permissions of Microsoft's page. */
const undescribed: readonly { operation: RegExp; permissions: readonly string[] }[] = [
  {
    // https://learn.microsoft.com/graph/api/directory-deleteditems-restore
    operation: /^POST \/v1\.0\/directory\/deletedItems\/[^/]+\/restore$/,
    permissions: ['User.DeleteRestore.All'],
  },
];

interface Contract {
  match(method: string, url: string): { path: string; op: unknown } | null;
  check(kind: 'request', op: unknown, status: number, body: unknown, options: { strict: boolean }): unknown[];
}
interface Permissions {
  endpoints: Record<string, { allApplication: string[] }>;
}

/**
 * What is wrong with planned requests and their ways back according to Microsoft's description, and whether the named
 * permission is one that is let in. Empty when all is well, or when the description is not there.
 */
export function complaintsAboutChanges(changes: readonly Change[]): string[] {
  if (contractFolder === undefined) return [];
  const { load } = createRequire(__filename)(path.join(contractFolder, 'contract.cjs')) as {
    load: (version: 'v1.0', tools: object) => Contract;
  };
  const file = readFileSync(path.join(contractFolder, 'permissions.json'), 'utf8');
  const { endpoints } = JSON.parse(file) as Permissions;
  const contract = load('v1.0', { Ajv, addFormats });
  return changes.flatMap(({ request, undo, permission }) =>
    [request, ...(undo === undefined ? [] : [undo])].flatMap(({ method, url, body }) => {
      const at = `${method} ${url}`;
      const known = undescribed.find(({ operation }) => operation.test(at));
      const found = contract.match(method, url);
      if (known === undefined && found === null) return [`${at}: there is no such operation`];
      const permitted =
        known?.permissions ?? endpoints[`${method} ${found?.path ?? ''}`]?.allApplication ?? [];
      return [
        ...(found === null ? [] : contract.check('request', found.op, 0, body, { strict: true })),
        ...(permitted.includes(permission) ? [] : [`${permission} is not let in`]),
      ].map((complaint) => `${at}: ${JSON.stringify(complaint)}`);
    }),
  );
}

/** The plan of a control from facts alone: they are evaluated first, as the gate does. */
export function planning<Facts, Code extends string>({
  evaluate,
  plan,
}: Pick<Control<Facts, Code>, 'evaluate' | 'plan'>): (facts: Facts, requirement: Requirement) => Plan {
  return (facts, requirement) => plan?.(facts, evaluate(facts, requirement), requirement) ?? emptyPlan;
}
