import { appRoles, includesRole } from '../../../src/lib/http/roles';

const [read, audit, remediate, admin] = appRoles;

describe('app roles', () => {
  it.each([
    [read, [true, false, false, false]],
    [audit, [true, true, false, false]],
    [remediate, [true, true, true, false]],
    [admin, [true, true, true, true]],
  ])('%s includes what stands before it, and nothing after', (role, includes) => {
    expect(appRoles.map((required) => includesRole([role], required))).toEqual(includes);
  });

  it.each([
    ['nothing', []],
    ['roles of another application', ['Admin', 'Directory.ReadWrite.All']],
    ['another spelling', ['syncwarden.admin', 'Syncwarden.Admin ']],
  ])('are not included in %s', (_case, roles) => {
    expect(includesRole(roles, read)).toBe(false);
  });

  it('go by the highest of several', () => {
    expect(includesRole(['Other', read, remediate], remediate)).toBe(true);
    expect(includesRole(['Other', read, remediate], admin)).toBe(false);
  });
});
