import { azureCliCommands, furtherSteps, powerShellCommands } from '../../../src/cli/grant-commands';
import { controls } from '../../../src/lib/controls';
import { exchangeRolesOf, permissionsOf } from '../../../src/lib/controls/permissions';
import { thatServe } from '../../../src/lib/microsoft365/permission-fallback';
import { resourceAppIds } from '../../../src/lib/profiles/profile';

const identities = ['read', 'write'] as const;

describe.each(identities)('the permissions to %s', (identity) => {
  const needed = permissionsOf(controls, identity);

  it('are each named once, with every control that needs them', () => {
    expect(needed.length).toBeGreaterThan(3);
    for (const { permission, controls: ids } of needed) {
      const using = controls.filter(({ permissions }) =>
        permissions[identity].some(({ id }) => id === permission.id),
      );
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

it('what has to be done by hand names the role of Exchange of every control that needs one', () => {
  const roles = exchangeRolesOf(controls, 'write').map(({ control, role }) => `${role} for ${control}`);
  expect(roles).toContain('Mail Recipients for rooms');
  expect(furtherSteps(controls, 'write')).toEqual([
    `Exchange.ManageAsApp needs beside it the Microsoft Entra role Exchange Administrator, or a role group of Exchange with ${roles.join(', ')}.`,
  ]);
});

it('nothing that can write is asked for to read', () => {
  const names = permissionsOf(controls, 'read')
    .flatMap(({ permission }) => thatServe(permission))
    .map(({ name }) => name);
  expect(names).toContain('GroupMember.Read.All');
  expect(names.filter((name) => /Write|EnableDisable|DeleteRestore/.test(name))).toEqual([]);
});
