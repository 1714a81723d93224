import { readFileSync } from 'node:fs';
import path from 'node:path';
import { azureCliCommands, furtherSteps, powerShellCommands } from '../../../src/cli/grant-commands';
import { permissionsOf, permissionsPage } from '../../../src/cli/permissions-page';
import { controls } from '../../../src/lib/controls';
import { thatServe } from '../../../src/lib/microsoft365/permission-fallback';
import { resourceAppIds } from '../../../src/lib/profiles/profile';
import { root } from '../../support/simulated-tenant';

const identities = ['read', 'write'] as const;

/** Without the blanks and dashes with which a formatter lines up tables. */
const bare = (text: string) => text.replaceAll(/[ -]*\|[ -]*/g, '|').replaceAll(/\s+/g, ' ');

it('the page of permissions says what the code says', () => {
  const page = readFileSync(path.join(root, 'docs/permissions.md'), 'utf8');
  expect(bare(page)).toBe(bare(permissionsPage(controls)));
});

describe.each(identities)('the permissions to %s', (identity) => {
  const needed = permissionsOf(controls, identity);

  it('are each named once, with every control that needs them', () => {
    expect(needed.length).toBeGreaterThan(3);
    for (const { permission, controls: ids } of needed) {
      const using = controls.filter(({ permissions }) => permissions[identity].includes(permission));
      expect(ids).toEqual(using.map(({ id }) => id));
    }
    const names = needed.map(({ permission }) => `${permission.resource} ${permission.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    [
      'PowerShell',
      powerShellCommands,
      /^\$resource = .*'([\da-f-]{36})'/,
      /^Grant-Permission (.+) -Controls '(.+)'$/,
    ],
    ['Azure CLI', azureCliCommands, /^on ([\da-f-]{36})/, /^grant '(.+)' (.+)$/],
  ])(
    'are each granted by one command of %s, by name, on their own resource',
    (_shell, commandsOf, on, grant) => {
      let resource = '';
      const granted = commandsOf(controls, identity).flatMap((line) => {
        resource = on.exec(line)?.[1] ?? resource;
        const [, ...parts] = grant.exec(line) ?? [];
        return parts.length === 0
          ? []
          : [{ resource, said: parts.flatMap((part) => part.split(/[ ,']+/)).sort() }];
      });
      const wanted = needed.map(({ permission, controls: ids }) => ({
        resource: resourceAppIds[permission.resource],
        said: [...thatServe(permission).map(({ name }) => name), ...ids].sort(),
      }));
      const trimmed = granted.map(({ said, ...rest }) => ({
        ...rest,
        said: said.filter((word) => word !== ''),
      }));
      expect(trimmed).toEqual(wanted);
    },
  );

  it('come with what has to be done by hand', () => {
    expect(furtherSteps(controls, identity).join(' ')).toContain(
      identity === 'read' ? 'Global Reader' : 'Exchange Administrator',
    );
  });
});

it('nothing that can write is asked for to read', () => {
  const names = permissionsOf(controls, 'read')
    .flatMap(({ permission }) => thatServe(permission))
    .map(({ name }) => name);
  expect(names).toContain('GroupMember.Read.All');
  expect(names.filter((name) => /Write|EnableDisable|DeleteRestore/.test(name))).toEqual([]);
});
