import { readFileSync } from 'node:fs';
import path from 'node:path';
import { appRoles } from '../../../src/lib/http/roles';
import { resourceAppIds } from '../../../src/lib/profiles/profile';
import { root } from '../../support/simulated-tenant';
import { type DeploymentName, storedDeployment } from '../../support/bicep/deployments';
import { main } from '../../support/bicep/main-template';

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
const permissions = JSON.parse(read('graph/permissions.json')) as Record<'read' | 'write', Permission[]>;
const roles = JSON.parse(read('graph/app-roles.json')) as AppRole[];
const script = read('scripts/grant.sh');
const register = read('scripts/register.sh');

/** What is deployed in the directory of a type. Names are without what makes them unique. */
const deployed = (type: string, name: DeploymentName) =>
  storedDeployment(name)
    .resources.filter((each) => each.type === `Microsoft.Graph/${type}`)
    .map((each) => ({ ...each, name: plain(each.name) }));
const plain = (text: string) => text.replaceAll(/-?7ulcqxxwesckw/g, '');
const named = (type: string, name: string, within: DeploymentName) =>
  deployed(type, within).find((each) => each.name === name)?.properties as
    Record<string, unknown> | undefined;

describe('what the script has in common with other places', () => {
  it('is what people consent to when they sign in', () => {
    const scopes = /^sign_in_scopes='(.+)'$/m.exec(script)?.[1];
    const [consent] = deployed('oauth2PermissionGrants', 'many-tenants');
    expect(consent?.properties).toMatchObject({ consentType: 'AllPrincipals', scope: scopes });
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
  const { modules } = main();
  const output = (module: string, name: string) => `[reference('${module}').outputs.${name}.value]`;

  it.each([
    ['readerOnGraph', 'reader', 'readOnGraph', 'readPermissions', 'graphAppId'],
    ['readerOnExchange', 'reader', 'readOnExchange', 'readPermissions', 'exchangeAppId'],
    ['writerOnGraph', 'writer', 'writeOnGraph', 'writePermissions', 'graphAppId'],
    ['writerOnExchange', 'writer', 'writeOnExchange', 'writePermissions', 'exchangeAppId'],
  ])(
    'by %s go to the %s, as %s has looked them up on their own resource',
    (grants, who, resolved, list, app) => {
      expect(modules[grants]?.parameters).toEqual({
        principalId: output('identities', `${who}PrincipalId`),
        resourceAppId: `[variables('${app}')]`,
        appRoleIds: output(resolved, 'appRoleIds'),
      });
      expect(modules[resolved]?.parameters).toEqual({
        resourceAppId: `[variables('${app}')]`,
        permissions: `[variables('${list}')]`,
      });
    },
  );

  it('are all that Bicep cannot foresee: it has to look them up', () => {
    expect(storedDeployment('many-tenants').unforeseen).toEqual([
      'reader-on-graph',
      'reader-on-exchange',
      'writer-on-graph',
      'writer-on-exchange',
    ]);
    expect(storedDeployment('defaults').unforeseen).toBeUndefined();
  });

  it('are those that applications can hold, and that are not switched off', () => {
    expect(read('graph/published.bicep')).toContain(
      "role.isEnabled && contains(role.allowedMemberTypes, 'Application')",
    );
  });

  it('make the deployer an administrator', () => {
    const admin = roles.find(({ value }) => value === 'Syncwarden.Admin');
    expect(deployed('appRoleAssignedTo', 'many-tenants').map(({ properties }) => properties)).toEqual([
      {
        appRoleId: admin?.id,
        principalId: '00000000-0000-0000-0000-00000000000a',
        resourceId: '{application.id}',
      },
    ]);
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
  it('accepts people of one tenant, and gives out tokens that the app understands', () => {
    expect(named('applications', 'syncwarden', 'defaults')).toMatchObject({
      signInAudience: 'AzureADMyOrg',
      appRoles: roles,
      api: { requestedAccessTokenVersion: 2 },
      web: {
        redirectUris: [
          expect.stringMatching(/^https:\/\/func-\w+\.azurewebsites\.net\/\.auth\/login\/aad\/callback$/),
        ],
      },
    });
    expect(deployed('servicePrincipals', 'defaults').map(({ properties }) => properties)).toEqual([
      { appId: '{application.appId}', appRoleAssignmentRequired: true },
    ]);
  });

  it('trusts the identity that reads, and nothing else', () => {
    const trusts = deployed('applications/federatedIdentityCredentials', 'defaults');
    expect(trusts.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        audiences: ['api://AzureADTokenExchange'],
        subject: expect.stringMatching(/^\{id-reader-\w+\.principalId\}$/) as string,
      }),
    ]);
  });

  it('is not registered where somebody else has done so', () => {
    expect(deployed('applications', 'sign-in-by-hand')).toEqual([]);
  });

  it('is the same one when the script registers it', () => {
    const ids = (source: string) =>
      [...new Set(source.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g))].sort();
    const bicep = read('graph/api-application.bicep');
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
  const asked = (who: string) =>
    named('applications', `syncwarden-${who}`, 'many-tenants')?.requiredResourceAccess as {
      resourceAppId: string;
      resourceAccess: { id: string; type: string }[];
    }[];
  const graph = resourceAppIds['Microsoft Graph'];
  const exchange = resourceAppIds['Office 365 Exchange Online'];

  it.each(['reader', 'writer'])('is trusted by the identity of its own purpose alone: %s', (who) => {
    const trusts = deployed('applications/federatedIdentityCredentials', 'many-tenants').filter(({ name }) =>
      name.startsWith(`syncwarden-${who}/`),
    );
    expect(trusts.map(({ properties }) => plain((properties as { subject: string }).subject))).toEqual([
      `{id-${who}.principalId}`,
    ]);
  });

  it.each([
    ['reader', permissions.read],
    [
      'writer',
      permissions.write.filter(({ controls: ids }) =>
        ids.some((id) => !['consent', 'impersonation'].includes(id)),
      ),
    ],
  ] as const)('asks customers for what the %s needs, and no more', (who, wanted) => {
    const namesOf = (appId: string) => wanted.filter(({ resourceAppId }) => resourceAppId === appId);
    expect(asked(who)).toEqual([
      {
        resourceAppId: graph,
        resourceAccess: namesOf(graph).map(({ name }) => ({ id: `{${name}}`, type: 'Role' })),
      },
      {
        resourceAppId: exchange,
        resourceAccess: namesOf(exchange).map(({ id }) => ({ id, type: 'Role' })),
      },
    ]);
  });

  it('is not there by default', () => {
    expect(deployed('applications', 'defaults').map(({ name }) => name)).toEqual(['syncwarden']);
  });
});
