import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Identity, permissionsOf } from '../../../src/cli/permissions-page';
import { controls } from '../../../src/lib/controls';
import { appRoles } from '../../../src/lib/http/roles';
import { exchangeManageAsAppToWrite } from '../../../src/lib/microsoft365/permissions';
import { resourceAppIds } from '../../../src/lib/profiles/profile';
import { root } from '../../support/simulated-tenant';
import { at, type BicepFile, parseInfra } from './bicep';

interface Permission {
  resourceAppId: string;
  id: string;
  name: string;
  controls: string[];
  fallback?: { id: string; name: string };
}
interface AppRole {
  id: string;
  value: string;
  allowedMemberTypes: string[];
  isEnabled: boolean;
}

const read = (name: string) => readFileSync(path.join(root, 'infra', name), 'utf8');
const permissions = JSON.parse(read('graph/permissions.json')) as Record<Identity, Permission[]>;
const roles = JSON.parse(read('graph/app-roles.json')) as AppRole[];
const script = read('scripts/grant.sh');
const register = read('scripts/register.sh');

let files: BicepFile[];
beforeAll(async () => {
  files = await parseInfra();
});
const property = (file: string, declaration: string, ...names: string[]) => {
  const found = files
    .find(({ name }) => name === file)
    ?.declarations.find(({ name }) => name === declaration);
  if (found === undefined) throw new Error(`${file} does not declare ${declaration}.`);
  return at(found, ...names);
};

describe.each(['read', 'write'] as const)('the permissions of the identity that has to %s', (identity) => {
  const needed = permissionsOf(controls, identity).map(({ permission, controls: ids }) => ({
    resourceAppId: resourceAppIds[permission.resource],
    id: permission.id,
    name: permission.name,
    controls: ids,
    ...(permission.fallback === undefined
      ? {}
      : { fallback: { id: permission.fallback.id, name: permission.fallback.name } }),
  }));

  it('are those that the code needs, no more and no fewer', () => {
    expect(permissions[identity]).toEqual(needed);
  });

  it('are the same in the script', () => {
    const resources = {
      graph: resourceAppIds['Microsoft Graph'],
      exchange: resourceAppIds['Office 365 Exchange Online'],
    };
    const lines = [...script.matchAll(/^(read|write) (graph|exchange) (\S+) (\S+)(?: (\S+))?$/gm)];
    const listed = lines
      .filter(([, purpose]) => purpose === identity)
      .map(([, , resource, name, ids, fallback]) => ({
        resourceAppId: resources[resource as keyof typeof resources],
        name,
        controls: ids?.split(','),
        fallback,
      }));
    // The script looks ids up in the tenant.
    const byName = needed.map(({ resourceAppId, name, controls: ids, fallback }) => ({
      resourceAppId,
      name,
      controls: ids,
      fallback: fallback?.name,
    }));
    expect(listed).toEqual(byName);
  });
});

describe('what the script has in common with other places', () => {
  it('is the roles in Exchange by which a control is repaired', () => {
    const lines = [...script.matchAll(/^([a-z-]+) ([A-Z]\w+ [A-Z]\w+)$/gm)];
    const said = lines.map(([, id, role]) => `${role ?? ''} for ${id ?? ''}`);
    expect(said).toHaveLength(3);
    expect(exchangeManageAsAppToWrite.also?.endsWith(` with ${said.join(', ')}`)).toBe(true);
    const writing = controls.filter(({ permissions: { write } }) =>
      write.includes(exchangeManageAsAppToWrite),
    );
    expect(lines.map(([, id]) => id).sort()).toEqual(writing.map(({ id }) => id).sort());
  });

  it('is what people consent to when they sign in', () => {
    const scopes = /^sign_in_scopes=(.+)$/m.exec(script)?.[1];
    expect(scopes).toBe(property('graph/sign-in.bicep', 'consent', 'scope'));
  });
});

describe('the identity that reads', () => {
  it('is granted permissions that read alone, and the one that allows nothing by itself', () => {
    const names = permissions.read.flatMap(({ name, fallback }) => [name, fallback?.name ?? name]);
    const others = names.filter(
      (name) => !/^[A-Za-z]+\.Read(Basic)?\.[A-Za-z]+$|^Exchange\.ManageAsApp$/.test(name),
    );
    expect(others).toEqual([]);
  });
});

describe('the permissions that a deployment grants', () => {
  it.each([
    ['readerOnGraph', 'reader', 'readOnGraph', 'readPermissions', 'graphAppId'],
    ['readerOnExchange', 'reader', 'readOnExchange', 'readPermissions', 'exchangeAppId'],
    ['writerOnGraph', 'writer', 'writeOnGraph', 'writePermissions', 'graphAppId'],
    ['writerOnExchange', 'writer', 'writeOnExchange', 'writePermissions', 'exchangeAppId'],
  ])(
    'by %s go to the %s, as %s has looked them up on their own resource',
    (grants, who, resolved, list, app) => {
      const param = (module: string, name: string) => property('main.bicep', module, 'params', name);
      expect(param(grants, 'principalId')).toBe(`identities.outputs.${who}PrincipalId`);
      expect(param(grants, 'appRoleIds')).toBe(`${resolved}.outputs.appRoleIds`);
      expect([param(grants, 'resourceAppId'), param(resolved, 'resourceAppId')]).toEqual([app, app]);
      expect(param(resolved, 'permissions')).toBe(list);
    },
  );

  it('are those that applications can hold, and that are not switched off', () => {
    const source = files.find(({ name }) => name === 'graph/published.bicep')?.source ?? '';
    expect(source).toContain("role.isEnabled && contains(role.allowedMemberTypes, 'Application')");
  });
});

describe('the app roles', () => {
  it('are those that the app knows, each with an id of its own, for people and for programs', () => {
    expect(roles.map(({ value }) => value)).toEqual(appRoles);
    expect(new Set(roles.map(({ id }) => id)).size).toBe(roles.length);
    for (const { id, allowedMemberTypes, isEnabled } of roles) {
      expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      expect([allowedMemberTypes, isEnabled]).toEqual([['User', 'Application'], true]);
    }
  });

  it('have the administrator whom the script lets in', () => {
    const admin = roles.find(({ value }) => value === 'Syncwarden.Admin');
    expect(script).toContain(`administrator_role=${admin?.id ?? 'none'}\n`);
  });
});

describe('the application that people sign in to', () => {
  const application = (...names: string[]) =>
    property('graph/api-application.bicep', 'application', ...names);

  it('accepts people of one tenant, and gives out tokens that the app understands', () => {
    expect(application('signInAudience')).toBe("'AzureADMyOrg'");
    expect(application('api', 'requestedAccessTokenVersion')).toBe('2');
    expect(application('web', 'redirectUris')).toBe("['https://${hostName}/.auth/login/aad/callback']");
    expect(property('graph/api-application.bicep', 'servicePrincipal', 'appRoleAssignmentRequired')).toBe(
      'true',
    );
  });

  it('trusts the identity that reads, and nothing else', () => {
    expect(property('graph/api-application.bicep', 'trust', 'audiences')).toBe(
      "['api://AzureADTokenExchange']",
    );
    expect(property('graph/api-application.bicep', 'trust', 'subject')).toBe('readerPrincipalId');
    expect(property('main.bicep', 'apiApplication', 'params', 'readerPrincipalId')).toBe(
      'identities.outputs.readerPrincipalId',
    );
  });

  it('is the same one when the script registers it', () => {
    const ids = (source: string) =>
      [...new Set(source.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g))].sort();
    const bicep = files.find(({ name }) => name === 'graph/api-application.bicep')?.source ?? '';
    expect(ids(register)).toEqual(ids(bicep));
    expect(ids(register)).toHaveLength(2);
    for (const word of [
      '/.auth/login/aad/callback',
      'app-service-authentication',
      'user_impersonation',
      '/api/report',
    ])
      expect([register.includes(word), bicep.includes(word)]).toEqual([true, true]);
  });
});

describe('an application for other tenants', () => {
  it('is trusted by the identity of its own purpose alone', () => {
    const principal = (module: string) => property('main.bicep', module, 'params', 'principalId');
    expect(principal('readerApplication')).toBe('identities.outputs.readerPrincipalId');
    expect(principal('writerApplication')).toBe('identities.outputs.writerPrincipalId');
    const asked = (module: string) =>
      property('main.bicep', module, 'params', 'permissions')?.match(/appRoleIds: [\w.]+/g);
    expect(asked('readerApplication')).toEqual([
      'appRoleIds: readOnGraph.outputs.appRoleIds',
      'appRoleIds: exchangeReadIds',
    ]);
    expect(asked('writerApplication')).toEqual([
      'appRoleIds: writeOnGraph.outputs.appRoleIds',
      'appRoleIds: exchangeWriteIds',
    ]);
  });
});
