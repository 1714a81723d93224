import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { evaluate } from '../../../../../src/lib/controls/impersonation/evaluate';
import type { ImpersonationFacts } from '../../../../../src/lib/controls/impersonation/facts';
import { plan as planEvaluated } from '../../../../../src/lib/controls/impersonation/repair/plan';
import {
  type CustomScope,
  type Baseline,
  type RoleAssignment,
  type Room,
  type Scope,
  scopeKey,
  type ScopeContents,
} from '../../../../../src/lib/microsoft365/exchange';
import { readOk } from '../../../../../src/lib/microsoft365/wire/read';
import type { Change, Plan } from '../../../../../src/lib/model/plan';
import type { StoredTarget } from '../../../../../src/lib/model/target';
import { contractFolder } from '../../../../support/contract';
import { account, clientApp, planning, requirement } from '../../../../support/planning';

const plan = planning({ evaluate, plan: planEvaluated });

export const clientId = 'c0170507-0000-4000-8000-000000000021';
export const roleId = 'c0170507-0000-4000-8000-000000000401';
export const scopeId = 'c0170507-0000-4000-8000-000000000777';
export const calendarsRole = 'Application Calendars.ReadWrite';
export const ownName = 'Syncwarden-contoso-rooms';
export const anyRoom = "RecipientTypeDetails -eq 'RoomMailbox'";

/** The object id of the room with this number. */
export const idOf = (number: number) => `c0170507-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A room, or a mailbox that is none, with an id of its own. */
export function room(name: string, number: number, changes: Partial<Room> = {}): Room {
  const address = `${name}@contoso.com`;
  const id = idOf(number);
  return { address, displayName: name, keys: [id, address], hasMailbox: true, exists: true, id, ...changes };
}

export const amber = room('amber', 101);
export const beryl = room('beryl', 102);
export const ada = room('ada', 121);
export const rooms = [amber, beryl];

/** A role that is assigned, and who is within its scope. */
export interface Held extends Partial<RoleAssignment> {
  inside?: ScopeContents['inside'];
}

export const filterScope = (name: string, filter = anyRoom): Scope => ({ kind: 'filter', name, filter });
export const othersScope = filterScope('Condeco rooms');
export const ownScope = filterScope(ownName);
export const custom = (filter: string | null, changes: Partial<CustomScope> = {}): CustomScope => ({
  ...{ id: scopeId, name: ownName, filter },
  ...changes,
});

/** Facts of a tenant with these roles, and no scope of our own unless told. */
export function factsOf(
  held: readonly Held[],
  baseline: Partial<Baseline> = {},
  changes: Partial<ImpersonationFacts> = {},
): ImpersonationFacts {
  const assignments = held.map(({ inside: _, ...assignment }): RoleAssignment => ({
    ...{ role: calendarsRole, holder: 'application', scope: othersScope },
    ...assignment,
  }));
  const contents = held.map(({ inside = rooms, scope = othersScope }) => {
    const all = scope.kind === 'organization' ? 'all' : inside;
    return [scopeKey(scope), { inside: all, undecided: [] }] as const;
  });
  return {
    client: readOk(clientApp()),
    account: readOk(account()),
    resources: { 'Microsoft Graph': readOk('graph'), 'Office 365 Exchange Online': readOk('exchange') },
    appRoles: readOk([]),
    rooms: readOk(rooms),
    missingLists: [],
    roomGaps: [],
    assignments: readOk(assignments),
    exclusiveScopes: [],
    contents: new Map<string, ScopeContents>(contents),
    baseline: readOk({ scope: null, role: roleId, ...baseline }),
    ...changes,
  };
}

/** Of the other reader: Exchange gives a role by its name, and says whether it knows the application. */
export const exchangeBaseline = (baseline: Partial<Baseline> = {}): Partial<Baseline> => ({
  ...{ role: calendarsRole, isRegistered: true },
  ...baseline,
});

export const planned = (facts: ImpersonationFacts, options: Partial<StoredTarget> = {}): Plan =>
  plan(facts, requirement(options));

/** The names of changes, as they stand in the ids. */
export const namesOf = ({ changes }: Plan) => changes.map(({ id }) => id.slice(0, -17));

/** The parameters with which a planned request runs its cmdlet. */
export function cmdletOf(
  change: Pick<Change, 'request'> | undefined,
): { cmdlet: string } & Record<string, unknown> {
  const { CmdletInput } = change?.request.body as {
    CmdletInput: { CmdletName: string; Parameters: Record<string, unknown> };
  };
  return { cmdlet: CmdletInput.CmdletName, ...CmdletInput.Parameters };
}

interface Contract {
  match(method: string, url: string): { op: unknown } | null;
  check(kind: 'request', op: unknown, status: number, body: unknown, options: { strict: boolean }): unknown[];
}

/** What is wrong with requests to the beta version of Microsoft Graph; nothing where its description is not there. */
export function betaComplaints({ changes }: Plan): string[] {
  if (contractFolder === undefined) return [];
  const { load } = createRequire(__filename)(path.join(contractFolder, 'contract.cjs')) as {
    load: (version: 'beta', tools: object) => Contract;
  };
  const contract = load('beta', { Ajv, addFormats });
  const requests = changes.flatMap(({ request, undo }) => [request, ...(undo === undefined ? [] : [undo])]);
  return requests.flatMap(({ method, url, body }) => {
    const found = contract.match(method, url);
    if (found === null) return [`${method} ${url}: there is no such operation`];
    const complaints = contract.check('request', found.op, 0, body, { strict: true });
    return complaints.map((complaint) => `${method} ${url}: ${JSON.stringify(complaint)}`);
  });
}
