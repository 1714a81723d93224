import * as z from 'zod';
import { delegatedPermissionGrantReadWriteAll } from '../../microsoft365/permissions';
import type { Change, PlannedRequest } from '../../model/plan';
import { compareText } from '../evaluation';
import { resultOf, toChange } from '../plan';
import type { PermissionGrant } from './collect';
import type { Unneeded } from './excess';
import { sameName, scopesOf } from './held-permissions';
import type { Grantable } from './lacking';
import type { Client } from './role-changes';

/** The body of a request that makes a grant of delegated permissions. */
export const GrantBody = z.object({
  resourceId: z.string(),
  consentType: z.string(),
  principalId: z.string().nullish(),
});
export type GrantBody = z.infer<typeof GrantBody>;

type Revocable = Extract<Unneeded, { kind: 'delegated' }>;

/** What becomes of one grant. */
interface Edit {
  grant: PermissionGrant;
  resource: string;
  add: string[];
  remove: string[];
}

/**
 * Grants delegated permissions on behalf of everybody, and takes others back: one change per grant, because writing
 * replaces its whole text. https://learn.microsoft.com/graph/api/oauth2permissiongrant-update
 */
export function changeScopes(
  client: Client,
  grants: readonly PermissionGrant[],
  lacking: readonly Grantable[],
  unneeded: readonly Revocable[],
): Change[] {
  const edits = new Map<string, Edit>();
  const edit = (grant: PermissionGrant, resource: string): Edit => {
    const known = edits.get(grant.id) ?? { grant, resource, add: [], remove: [] };
    edits.set(grant.id, known);
    return known;
  };
  const fresh: Change[] = [];
  for (const [resourceId, wanted] of Map.groupBy(lacking, (each) => each.resourceId)) {
    const names = wanted.map(({ permission }) => permission.name).sort(compareText);
    const resource = wanted[0]?.permission.resource ?? resourceId;
    const grant = grantForAll(grants, resourceId);
    if (grant === undefined) fresh.push(makeGrant(client, resourceId, resource, names));
    else edit(grant, resource).add.push(...names);
  }
  for (const { grant, name, resource } of unneeded) edit(grant, resource).remove.push(name);
  return [...fresh, ...[...edits.values()].map((each) => changeGrant(client, each))];
}

/** Graph keeps one per resource; should it list more, which one is changed does not depend on their order. */
function grantForAll(grants: readonly PermissionGrant[], resourceId: string): PermissionGrant | undefined {
  return grants
    .filter((grant) => grant.resourceId === resourceId && grant.consentType === 'AllPrincipals')
    .sort((a, b) => compareText(a.id, b.id))[0];
}

function makeGrant(client: Client, resourceId: string, resource: string, names: string[]): Change {
  return toChange({
    step: 1,
    name: 'grant-delegated-permissions',
    description: `Grant ${client.name} the delegated permissions ${names.join(', ')} on ${resource}, for all users.`,
    request: making(client, { consentType: 'AllPrincipals', resourceId, scope: names.join(' ') }),
    before: [],
    after: names,
    undo: (id) => ({ method: 'DELETE', url: `/v1.0/oauth2PermissionGrants/${resultOf(id, 'id')}` }),
    permission: delegatedPermissionGrantReadWriteAll,
  });
}

function changeGrant(client: Client, { grant, resource, add, remove }: Edit): Change {
  const before = scopesOf(grant);
  const kept = before.filter((scope) => !remove.includes(scope));
  const after = [...kept, ...add.filter((name) => !kept.some((scope) => sameName(scope, name)))].sort(
    compareText,
  );
  const url = `/v1.0/oauth2PermissionGrants/${encodeURIComponent(grant.id)}`;
  const isEmpty = after.length === 0;
  return toChange({
    step: 2,
    name: isEmpty ? 'revoke-delegated-permissions' : 'set-delegated-permissions',
    description: describe(client, grant, resource, add, remove),
    request: isEmpty ? { method: 'DELETE', url } : writing(url, after.join(' ')),
    before,
    after,
    undo: () => (isEmpty ? making(client, grant) : writing(url, grant.scope ?? '')),
    permission: delegatedPermissionGrantReadWriteAll,
  });
}

function describe(
  client: Client,
  { consentType }: PermissionGrant,
  resource: string,
  add: readonly string[],
  remove: readonly string[],
): string {
  const whom = consentType === 'AllPrincipals' ? 'all users' : 'the service account';
  const parts = [
    ...(add.length === 0 ? [] : [`grant ${client.name} ${add.join(', ')}`]),
    ...(remove.length === 0
      ? []
      : [`revoke ${[...remove].sort(compareText).join(', ')} from ${client.name}`]),
  ].join(' and ');
  return `${parts.charAt(0).toUpperCase()}${parts.slice(1)} (delegated, ${resource}), for ${whom}.`;
}

function making(
  client: Client,
  { consentType, principalId, resourceId, scope }: Omit<PermissionGrant, 'id'>,
): PlannedRequest {
  return {
    method: 'POST',
    url: '/v1.0/oauth2PermissionGrants',
    body: { clientId: client.id, consentType, principalId: principalId ?? null, resourceId, scope },
  };
}

function writing(url: string, scope: string): PlannedRequest {
  return { method: 'PATCH', url, body: { scope } };
}
