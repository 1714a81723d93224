import type { Control } from '../lib/controls/control';
import type { Permission } from '../lib/microsoft365/permissions';

/** What an identity is granted permissions for. */
export type Identity = 'read' | 'write';

const titles: Record<Identity, string> = {
  read: 'The identity that reads (`AZURE_CLIENT_ID`)',
  write: 'The identity that writes (`REMEDIATION_CLIENT_ID`)',
};

/** The permissions of one identity, each with the controls that need it, in the order of their names. */
export function permissionsOf(
  controls: readonly Control<unknown>[],
  identity: Identity,
): { permission: Permission; controls: string[] }[] {
  const byKey = new Map<string, { permission: Permission; controls: string[] }>();
  for (const { id, permissions } of controls) {
    for (const permission of permissions[identity]) {
      const key = `${permission.resource} ${permission.name}`;
      const entry = byKey.get(key) ?? { permission, controls: [] };
      if (!entry.controls.includes(id)) entry.controls.push(id);
      byKey.set(key, entry);
    }
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** The page `docs/permissions.md`, in Markdown. */
export function permissionsPage(controls: readonly Control<unknown>[]): string {
  return [
    '# Permissions',
    '',
    'Which application permissions each identity needs, and for which control. This page is made from the code:',
    '`npm run permissions -- --page` writes it, and a test compares the two. `npm run permissions` prints the commands that grant them.',
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
    '| control | reads with | writes with |',
    '| --- | --- | --- |',
    ...controls.map(
      ({ id, permissions }) =>
        `| [\`${id}\`](../src/lib/controls/${id}/README.md) | ${names(permissions.read)} | ${names(permissions.write)} |`,
    ),
    '',
  ].join('\n');
}

function section(controls: readonly Control<unknown>[], identity: Identity): string[] {
  return [
    `## ${titles[identity]}`,
    '',
    '| permission | on | id | in its place | for |',
    '| --- | --- | --- | --- | --- |',
    ...permissionsOf(controls, identity).map(({ permission, controls: ids }) => {
      const { name, resource, id, also, fallback } = permission;
      const beside = also === undefined ? '' : `; with ${also}`;
      const who = ids.map((each) => `\`${each}\``).join(', ');
      const instead = fallback === undefined ? '–' : `\`${fallback.name}\` \`${fallback.id}\``;
      return `| \`${name}\` | ${resource} | \`${id}\` | ${instead} | ${who}${beside} |`;
    }),
    '',
  ];
}

function names(permissions: readonly Permission[]): string {
  return permissions.length === 0 ? '–' : permissions.map(({ name }) => `\`${name}\``).join(', ');
}
