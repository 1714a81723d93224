import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GraphObject } from '../../../local/simulator/state';
import { root } from '../../support/simulated-tenant';
import { SimulatorClient } from '../../support/simulator-client';
import { AzureCli, type Command } from './azure-cli';

/** A permission in `infra/graph/permissions.json`. */
export interface Role {
  resourceAppId: string;
  id: string;
  name: string;
  controls: string[];
  fallback?: { id: string; name: string };
}
const infra = (name: string) =>
  JSON.parse(readFileSync(path.join(root, 'infra/graph', name), 'utf8')) as unknown;
export const permissions = infra('permissions.json') as { read: Role[]; write: Role[] };
export const appRoles = infra('app-roles.json') as (GraphObject & { value: string })[];
/** Each once: both identities need some. */
const known = new Map([...permissions.read, ...permissions.write].map((role) => [role.id, role]));

export const graphAppId = '00000003-0000-0000-c000-000000000000';
export const exchangeAppId = '00000002-0000-0ff1-ce00-000000000000';
export const graph = 'c0170507-0000-4000-8000-000000000031';
export const reader = 'c0170507-0000-4000-8000-0000000000a1';
export const writer = 'c0170507-0000-4000-8000-0000000000a2';
export const api = 'c0170507-0000-4000-8000-0000000000a3';
export const apiAppId = '5cba4def-0000-4000-8000-0000000000a3';
export const administrator = 'c0170507-0000-4000-8000-000000000121';

/** The two smallest permissions for groups, and the broader one that serves in their place. */
export const basic = ['Group.ReadBasic.All', 'GroupMember.ReadBasic.All'];
export const broader = 'GroupMember.Read.All';
export const broaderId = '98830695-27a2-44f7-8c18-0c3ebc9698f6';

const readOnGraph = permissions.read.filter(({ resourceAppId }) => resourceAppId === graphAppId);

/** Names of what the identity that reads is to have on Microsoft Graph, but for these. */
export const without = (...names: string[]) =>
  readOnGraph
    .map(({ name }) => name)
    .filter((name) => !names.includes(name))
    .sort();

/** An app role, as a resource publishes it for applications. */
export const published = (value: string, id: string) => ({
  id,
  value,
  displayName: value,
  description: value,
  allowedMemberTypes: ['Application'],
  isEnabled: true,
  origin: 'Application',
});

/** A tenant in which nothing is granted yet, seen by Azure CLI as somebody who may grant. */
export class GrantingTenant {
  private constructor(
    readonly client: SimulatorClient,
    readonly cli: AzureCli,
  ) {}

  static async start(): Promise<GrantingTenant> {
    const client = await SimulatorClient.start();
    return new GrantingTenant(client, await AzureCli.start(() => ''));
  }

  /** Both resources publish all that is asked for. */
  reset(): void {
    const { client, cli } = this;
    client.simulator.reset();
    cli.answer = (command) => this.answer(command);
    cli.commands.splice(0);
    for (const appId of [graphAppId, exchangeAppId]) {
      this.resource(appId).appRoles = [...known.values()]
        .filter(({ resourceAppId }) => resourceAppId === appId)
        .map(({ name, id }) => published(name, id));
    }
    client.state.servicePrincipals.push(
      { id: reader, appId: '5cba4def-0000-4000-8000-0000000000a1', displayName: 'id-reader', appRoles: [] },
      { id: writer, appId: '5cba4def-0000-4000-8000-0000000000a2', displayName: 'id-writer', appRoles: [] },
      { id: api, appId: apiAppId, displayName: 'Syncwarden', appRoles },
    );
  }

  async stop(): Promise<void> {
    this.cli.stop();
    await this.client.close();
  }

  /** Runs `grant.sh`. */
  grant(...options: string[]) {
    return this.cli.run('grant.sh', ...options);
  }

  resource(appId: string): GraphObject {
    const found = this.client.state.servicePrincipals.find((each) => each.appId === appId);
    if (found === undefined) throw new Error(`There is no ${appId}.`);
    return found;
  }

  /** What Microsoft Graph publishes from now on, other than it did. */
  publish(change: (roles: ReturnType<typeof published>[]) => unknown[], appId = graphAppId): void {
    const resource = this.resource(appId);
    resource.appRoles = change(resource.appRoles as ReturnType<typeof published>[]);
  }

  /** Publishes what live tenants do: the two small permissions are not there, and the broader one is. */
  publishAsInTheField(): void {
    this.publish((roles) => [
      ...roles.filter(({ value }) => !basic.includes(value)),
      published(broader, broaderId),
    ]);
  }

  /** Names of what a principal holds, as the tenant has them. */
  held(principal: string): string[] {
    const { servicePrincipals, appRoleAssignments } = this.client.state;
    return appRoleAssignments
      .filter(({ principalId }) => principalId === principal)
      .map(({ appRoleId, resourceId }) => {
        const roles = servicePrincipals.find(({ id }) => id === resourceId)?.appRoles ?? [];
        const role = (roles as { id: string; value: string }[]).find(({ id }) => id === appRoleId);
        return role?.value ?? String(appRoleId);
      })
      .sort();
  }

  /** Refuses to assign a permission. Call what comes back to end that. */
  refuse(name: string, status: number, message: string): () => void {
    const roles = this.resource(graphAppId).appRoles as { id: string; value: string }[];
    const id = roles.find(({ value }) => value === name)?.id;
    return this.client.simulator.fail({
      match: ({ method, requestBody }) =>
        method === 'POST' && (requestBody as { appRoleId?: string } | undefined)?.appRoleId === id,
      status,
      code: status === 403 ? 'Authorization_RequestDenied' : 'Request_BadRequest',
      message,
    });
  }

  /** Does what Azure CLI would, in the simulated tenant. Lines end as on Windows, which a script has to bear. */
  async answer({ words, method = '', url = '', query = '', output, body }: Command): Promise<string> {
    if (words !== 'rest') throw new Error(`Not expected: az ${words}`);
    const { pathname, search } = new URL(url);
    const reply =
      /\/appRoleAssignedTo$/.test(pathname) && method === 'GET'
        ? { status: 200, body: { value: this.client.state.appRoleAssignments } }
        : await this.client.change(
            method,
            `${pathname}${search}`,
            body === undefined ? undefined : JSON.parse(body),
          );
    if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
    if (output === 'none') return '';
    return selected(query, reply.body as GraphObject)
      .map((line) => `${String(line)}\r\n`)
      .join('');
  }
}

const rolesOf = (body: GraphObject) => (body.appRoles ?? []) as ReturnType<typeof published>[];
const rowsOf = (body: GraphObject) => body.value as GraphObject[];
const pair = ({ resourceId, appRoleId }: GraphObject) => `${String(resourceId)}:${String(appRoleId)}`;

/** The queries of the scripts, which Azure CLI understands and the simulated Graph does not. */
const queries: readonly [RegExp, (body: GraphObject, found: string) => unknown[]][] = [
  [/^(id|appId)$/, (body, name) => [body[name]]],
  [/^value\[\]\.join\(':', \[resourceId, appRoleId\]\)$/, (body) => rowsOf(body).map(pair)],
  [
    /^appRoles\[\?isEnabled && contains\(allowedMemberTypes, 'Application'\)\]\.join\(' ', \[value, id\]\)$/,
    (body) =>
      rolesOf(body)
        .filter(
          ({ isEnabled, allowedMemberTypes }) => isEnabled && allowedMemberTypes.includes('Application'),
        )
        .map(({ value, id }) => `${value} ${id}`),
  ],
  [
    /^value\[\?consentType=='AllPrincipals' && resourceId=='(.+)'\]\.join\(' ', \[id, scope\]\)$/,
    (body, resource) =>
      rowsOf(body)
        .filter(({ consentType, resourceId }) => consentType === 'AllPrincipals' && resourceId === resource)
        .map(({ id, scope }) => `${id} ${String(scope)}`),
  ],
  [
    /^value\[\?principalId=='(.+)'\]\.join\(':', \[resourceId, appRoleId\]\)$/,
    (body, principal) =>
      rowsOf(body)
        .filter(({ principalId }) => principalId === principal)
        .map(pair),
  ],
];

function selected(query: string, body: GraphObject): unknown[] {
  for (const [pattern, select] of queries) {
    const [whole, found = whole] = pattern.exec(query) ?? [];
    if (whole !== undefined) return select(body, found ?? '');
  }
  throw new Error(`Not expected: --query ${query}`);
}
