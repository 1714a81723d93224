import { controls } from '../../../src/lib/controls';
import { servedBy, thatServe, fallbackWords } from '../../../src/lib/microsoft365/permission-fallback';
import * as permissions from '../../../src/lib/microsoft365/permissions';

const { exchangeManageAsAppWith: _with, ...constants } = permissions;
const all = Object.values(constants);

describe('permissions', () => {
  // https://learn.microsoft.com/graph/permissions-reference
  it.each([
    ['User.Read.All', 'df021288-bdef-4463-88db-98f22de89214'],
    ['Domain.Read.All', 'dbb9058a-0e50-45d7-ae91-66909b5d4664'],
    ['Organization.Read.All', '498476ce-e0fe-48b0-b801-37ba7e2685c6'],
    ['LicenseAssignment.Read.All', 'e2f98668-2877-4f38-a2f4-8202e0717aa1'],
    ['Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30'],
    ['Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61'],
    ['RoleManagement.Read.Exchange', 'c769435f-f061-4d0b-8ff1-3d39870e5f85'],
    ['Place.Read.All', '913b9306-0ce1-42b8-9137-6a7df690a760'],
    ['AdministrativeUnit.Read.All', '134fd756-38ce-4afd-ba33-e9623dbe66c2'],
    ['GroupMember.Read.All', '98830695-27a2-44f7-8c18-0c3ebc9698f6'],
    ['Group.ReadBasic.All', '07d67222-3a10-4d3b-9ddc-b8aa43198a00'],
    ['GroupMember.ReadBasic.All', '8222c640-cae5-4860-8d11-b32cfad95e03'],
  ])('%s is the app role %s of Microsoft Graph', (name, id) => {
    const named = all.filter((permission) => permission.name === name);
    expect(named).toEqual([expect.objectContaining({ resource: 'Microsoft Graph', name, id })]);
  });

  it('have ids of their own', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('that controls read with cannot write', () => {
    const read = controls.flatMap((control) => control.permissions.read.flatMap(thatServe));
    expect(read).toContain(permissions.groupMemberReadAll);
    // What it may do is the business of a role in Exchange: one that reads, as the permission's own words demand.
    const byRole = read.filter(({ name }) => name === 'Exchange.ManageAsApp');
    expect(byRole.every(({ also = '' }) => /Global Reader|View-Only/.test(also))).toBe(true);
    const others = read.filter((permission) => !byRole.includes(permission));
    expect(others.filter(({ name }) => !/^[A-Za-z]+\.Read(Basic)?\.(All|Exchange)$/.test(name))).toEqual([]);
  });

  it('of controls have one id each, wherever they are declared', () => {
    const declared = controls
      .flatMap((control) => [...control.permissions.read, ...control.permissions.write])
      .flatMap(thatServe);
    const ids = new Map([...all, ...declared].map(({ name, id }) => [name, id]));
    for (const { name, id } of declared) {
      expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      expect([name, id]).toEqual([name, ids.get(name)]);
    }
    expect(new Set(ids.values()).size).toBe(ids.size);
  });

  it('that stand in for others are of the same resource, and stand for themselves alone', () => {
    const replaced = all.filter(({ fallback }) => fallback !== undefined);
    expect(replaced.map(({ name, fallback }) => `${name}: ${fallback?.name ?? ''}`).sort()).toEqual([
      'Group.ReadBasic.All: GroupMember.Read.All',
      'GroupMember.ReadBasic.All: GroupMember.Read.All',
      'Organization.Read.All: Directory.Read.All',
    ]);
    for (const { resource, fallback } of replaced) {
      expect(fallback?.resource).toBe(resource);
      expect(fallback?.fallback).toBeUndefined();
    }
  });
});

describe('a permission that another stands in for', () => {
  const { groupReadBasicAll, groupMemberReadAll, userReadAll } = permissions;

  it('is served by itself first, and by the other otherwise', () => {
    expect(servedBy(groupReadBasicAll, ['GroupMember.Read.All', 'Group.ReadBasic.All'])).toBe(
      groupReadBasicAll,
    );
    expect(servedBy(groupReadBasicAll, ['GroupMember.Read.All'])).toBe(groupMemberReadAll);
    expect(servedBy(groupReadBasicAll, ['GroupMember.ReadBasic.All', 'Group.Read'])).toBeUndefined();
    expect(servedBy(userReadAll, ['Directory.Read.All'])).toBeUndefined();
  });

  it('is asked for in words that name one which every tenant has', () => {
    expect(fallbackWords(groupReadBasicAll)).toBe('Group.ReadBasic.All or GroupMember.Read.All');
    expect(fallbackWords(userReadAll)).toBe('User.Read.All');
  });
});
