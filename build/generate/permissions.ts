import type { Control } from '../../src/lib/controls/control';
import {
  exchangeRolesOf,
  type Identity,
  neededToRead,
  permissionsOf,
} from '../../src/lib/controls/permissions';
import type { Permission } from '../../src/lib/microsoft365/permissions';
import { type ResourceName, resourceAppIds } from '../../src/lib/profiles/profile';
import { code, table } from './markdown';
import { linkTo } from './pages';

const identities = ['read', 'write'] as const;
const titles: Record<Identity, string> = {
  read: 'The identity that reads (`AZURE_CLIENT_ID`)',
  write: 'The identity that writes (`REMEDIATION_CLIENT_ID`)',
};
const none = '–';

/** What a deployment grants, as JSON. */
export function permissionsFile(controls: readonly Control<unknown>[]): string {
  const granted = (identity: Identity) =>
    permissionsOf(controls, identity).map(({ permission, controls: ids }) => {
      const { resource, id, name, fallback } = permission;
      return {
        ...{ resourceAppId: resourceAppIds[resource], id, name, controls: ids },
        ...(fallback === undefined ? {} : { fallback: { id: fallback.id, name: fallback.name } }),
      };
    });
  // In lines: Prettier leaves an object in lines that begins with one.
  return JSON.stringify(
    Object.fromEntries(identities.map((identity) => [identity, granted(identity)])),
    null,
    2,
  );
}

const wordsForResources: Record<ResourceName, string> = {
  'Microsoft Graph': 'graph',
  'Office 365 Exchange Online': 'exchange',
};

/** The same for a shell: purpose, resource, name, the controls that need it, and what serves in its place. */
export function permissionsFunction(controls: readonly Control<unknown>[]): string {
  const lines = identities.flatMap((identity) =>
    permissionsOf(controls, identity).map(({ permission: { resource, name, fallback }, controls: ids }) =>
      [identity, wordsForResources[resource], name, ids.join(','), fallback?.name ?? ''].join(' ').trimEnd(),
    ),
  );
  return shellList('permissions', lines);
}

/** The controls that are repaired with a role of Exchange, each with that role, for a shell. */
export function exchangeRolesFunction(controls: readonly Control<unknown>[]): string {
  const lines = exchangeRolesOf(controls, 'write').map(({ control, role }) => `${control} ${role}`);
  return shellList('roles_by_control', lines);
}

function shellList(name: string, lines: readonly string[]): string {
  return [`${name}() {`, "  cat <<'LIST'", ...lines, 'LIST', '}'].join('\n');
}

/** What somebody has to grant who reads a tenant through Microsoft Graph, or with both readers. */
export function readingOnGraph(controls: readonly Control<unknown>[]): string {
  const rows = permissionsOf(controls, 'read')
    .filter(({ permission }) => permission.resource === 'Microsoft Graph')
    .map(({ permission: { name }, controls: ids }) => {
      const needing = controls.filter(({ id }) => ids.includes(id));
      return [code(name), needing.map((control) => code(control.id) + readerFor(control, name)).join(', ')];
    });
  return table(['permission', 'needed by'], rows);
}

/** The only reader with which a control needs a permission; nothing where it does with both. */
function readerFor(control: Control<unknown>, name: string): string {
  const readers = (['graph', 'admin-api'] as const).filter((reader) =>
    neededToRead(control, reader).some((permission) => permission.name === name),
  );
  return readers.length === 1 ? ` with the reader ${readers.map(code).join('')}` : '';
}

/** The page `docs/permissions.md`, in Markdown. */
export function permissionsPage(controls: readonly Control<unknown>[]): string {
  return [
    '# Permissions',
    '',
    'Which application permissions each identity needs, and for which control. This page is made from what the controls declare:',
    '`npm run generate` writes it, and `npm run check` says when it is out of date. `npm run permissions` prints the commands that grant them.',
    '',
    'The two identities are kept apart. The one that reads runs every night and can change nothing. The one that writes is',
    'used by the gate of remediations alone, for changes that somebody has agreed to. Without it plans still work.',
    '',
    'Microsoft does not publish in each tenant all that it documents. So permissions are looked up by name in the tenant. What is',
    '_in its place_ is broader and serves as well: it is granted where the tenant does not publish the first.',
    '',
    ...(['read', 'write'] as const).flatMap((identity) => section(controls, identity)),
    '## By control',
    '',
    table(
      ['control', 'reads with', 'writes with'],
      controls.map((control) => [
        linkTo(control),
        names(control.permissions.read),
        names(control.permissions.write),
      ]),
    ),
    '',
  ].join('\n');
}

function section(controls: readonly Control<unknown>[], identity: Identity): string[] {
  const rows = permissionsOf(controls, identity).map(({ permission, controls: ids }) => {
    const { name, resource, id, also, fallback } = permission;
    const beside = also === undefined ? '' : `; with ${also}`;
    const instead = fallback === undefined ? none : `${code(fallback.name)} ${code(fallback.id)}`;
    return [code(name), resource, code(id), instead, `${ids.map(code).join(', ')}${beside}`];
  });
  return [`## ${titles[identity]}`, '', table(['permission', 'on', 'id', 'in its place', 'for'], rows), ''];
}

function names(permissions: readonly Permission[]): string {
  return permissions.length === 0 ? none : [...new Set(permissions.map(({ name }) => code(name)))].join(', ');
}
