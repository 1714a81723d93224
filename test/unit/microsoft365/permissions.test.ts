import { controls } from '../../../src/lib/controls';
import * as permissions from '../../../src/lib/microsoft365/permissions';

const all = Object.values(permissions);

describe('permissions', () => {
  // https://learn.microsoft.com/graph/permissions-reference
  it.each([
    ['User.Read.All', 'df021288-bdef-4463-88db-98f22de89214'],
    ['Domain.Read.All', 'dbb9058a-0e50-45d7-ae91-66909b5d4664'],
    ['LicenseAssignment.Read.All', 'e2f98668-2877-4f38-a2f4-8202e0717aa1'],
    ['Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30'],
    ['Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61'],
  ])('%s is the app role %s of Microsoft Graph', (name, id) => {
    expect(all.filter((permission) => permission.name === name)).toEqual([
      { resource: 'Microsoft Graph', name, id },
    ]);
  });

  it('have ids of their own', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('that controls read with cannot write', () => {
    const read = controls.flatMap((control) => control.permissions.read);
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter(({ name }) => !/^[A-Za-z]+\.Read\.All$/.test(name))).toEqual([]);
    expect(read.filter((permission) => !all.includes(permission))).toEqual([]);
  });
});
