import { readFileSync } from 'node:fs';
import path from 'node:path';
import { azureCliCommands, furtherSteps, powerShellCommands } from '../../../src/cli/grant-commands';
import { permissionsOf, permissionsPage } from '../../../src/cli/permissions-page';
import { controls } from '../../../src/lib/controls';
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
    ['PowerShell', powerShellCommands],
    ['Azure CLI', azureCliCommands],
  ])('are each granted by one command of %s, on their own resource', (_shell, commandsOf) => {
    const commands = commandsOf(controls, identity);
    for (const { permission } of needed) {
      expect(commands.filter((line) => line.includes(permission.id))).toHaveLength(1);
    }
    expect(commands.filter((line) => /appRoleId|AppRoleId/.test(line))).toHaveLength(needed.length);
    const grants = commands.filter((line) => line.includes('Exchange.ManageAsApp'));
    expect(grants).toHaveLength(1);
    expect(grants[0]).toContain('resource2');
  });

  it('come with what has to be done by hand', () => {
    expect(furtherSteps(controls, identity).join(' ')).toContain(
      identity === 'read' ? 'Global Reader' : 'Exchange Administrator',
    );
  });
});

it('nothing that can write is asked for to read', () => {
  const names = permissionsOf(controls, 'read').map(({ permission }) => permission.name);
  expect(names.filter((name) => /Write|EnableDisable|DeleteRestore/.test(name))).toEqual([]);
});
