import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { controls } from '../../../src/lib/controls';
import { root } from '../../support/simulated-tenant';
import { storedDeployment } from '../../support/bicep/deployments';
import { main, type Parameter } from '../../support/bicep/main-template';

const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const parameters = JSON.parse(read('infra/main.parameters.json')) as {
  parameters: Record<string, { value: unknown }>;
};
const given = Object.entries(parameters.parameters);

const { parameters: declared, outputs } = main();
const names = Object.keys(declared).sort();
/** The default of a parameter as azd would fill it in; undefined where it has to be given. */
function defaultOf({ defaultValue }: Parameter): string | undefined {
  if (typeof defaultValue === 'string' || defaultValue === undefined) return defaultValue;
  return Array.isArray(defaultValue) ? `[${defaultValue.join(', ')}]` : JSON.stringify(defaultValue);
}

/** Variable and default of a value like `${SYNCWARDEN_ALERT_SPLIT=target}`. */
const variable = (value: unknown) => /^\$\{(\w+)(?:=(.*))?\}$/.exec(String(value)) ?? [];

/** What azd makes of the file: it takes variables of the shell, and the default for one that is empty, too. */
// https://github.com/drone/envsubst
function filledIn(env: Readonly<Record<string, string>>): Record<string, unknown> {
  const fill = (text: string) =>
    text.replaceAll(
      /\$\{(\w+)(?:=([^}]*))?\}/g,
      (_whole, name: string, fallback = '') => env[name] || String(fallback),
    );
  return Object.fromEntries(
    given.map(([name, { value }]) => [name, typeof value === 'string' ? fill(value) : value]),
  );
}

describe('the parameters that azd fills in', () => {
  it('are all that main.bicep declares', () => {
    expect(given.map(([name]) => name).sort()).toEqual(names);
  });

  it('have the defaults that main.bicep has', () => {
    const differing = Object.entries(declared).flatMap(([name, parameter]) => {
      const [, taken, fallback = ''] = variable(parameters.parameters[name]?.value);
      const isLeftToBicep = taken === undefined || defaultOf(parameter) === undefined;
      return isLeftToBicep || fallback === defaultOf(parameter) ? [] : [`${name}: ${fallback}`];
    });
    expect(differing).toEqual([]);
  });

  it('come from variables that nothing but azd and this project sets', () => {
    const taken = given.flatMap(([, { value }]) => variable(value)[1] ?? []);
    expect(taken.length).toBeGreaterThan(20);
    const others = taken.filter((name) => !name.startsWith('SYNCWARDEN_'));
    expect(others.sort()).toEqual(['AZURE_ENV_NAME', 'AZURE_LOCATION', 'AZURE_PRINCIPAL_ID']);
  });

  it('are the same in whatever shell', () => {
    const azd = { AZURE_ENV_NAME: 'prod', AZURE_LOCATION: 'westeurope', AZURE_PRINCIPAL_ID: 'me' };
    const names = given.flatMap(([, { value }]) => variable(value)[1]?.replace('SYNCWARDEN_', '') ?? []);
    const withoutPrefix = Object.fromEntries(names.map((name) => [name, 'of the shell']));
    const shell = { ...withoutPrefix, NODE_VERSION: '22.1.0', VNET_ENABLED: 'true', ...azd };
    expect(shell).toMatchObject({ RETENTION_DAYS: 'of the shell', AUDIT_SCHEDULE: 'of the shell' });
    expect(filledIn(shell)).toEqual(filledIn(azd));
    expect(filledIn({ ...shell, SYNCWARDEN_NODE_VERSION: '24' }).nodeVersion).toBe('24');
    expect(filledIn(azd)).toMatchObject({ environmentName: 'prod', nodeVersion: '22', alertMail: '' });
  });

  it('take no variable that the deployment puts out: the next one would read the last', () => {
    const taken = given.flatMap(([, { value }]) => variable(value)[1] ?? []);
    expect(taken.filter((name) => outputs.includes(name))).toEqual([]);
  });

  it('name every control that can be repaired, but for those whose repair takes the most', () => {
    const repaired = String(declared.repairedControls?.defaultValue).split(',');
    expect(repaired.sort()).toEqual(
      controls
        .filter(({ permissions }) => permissions.write.length > 0)
        .map(({ id }) => id)
        .filter((id) => id !== 'consent' && id !== 'impersonation')
        .sort(),
    );
  });
});

describe('the page about deploying', () => {
  const page = read('docs/deploy.md');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));

  it.each(Object.entries(declared))(
    'has a row for %s, with its variable and its default',
    (name, parameter) => {
      const [, taken] = variable(parameters.parameters[name]?.value);
      const row = rows.find((line) => line.startsWith(`| \`${name}\` `)) ?? `no row of ${name}`;
      expect(row).toContain(taken === undefined ? 'main.parameters.json' : `\`${taken}\``);
      const byDefault = defaultOf(parameter);
      if (byDefault !== undefined && byDefault !== '') expect(row).toContain(`\`${byDefault}\``);
    },
  );

  it('has no row of a parameter that is gone', () => {
    const table = page.slice(
      page.indexOf('## Parameters'),
      page.indexOf('\n## ', page.indexOf('## Parameters') + 1),
    );
    const named = [...table.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(names);
  });

  it('explains every value that a deployment puts out', () => {
    for (const name of outputs) expect(page).toContain(`\`${name}\``);
  });
});

describe('azure.yaml', () => {
  interface Hook {
    shell: string;
    interactive: boolean;
    run: string;
  }
  const azure = parse(read('azure.yaml')) as {
    name: string;
    requiredVersions: { azd: string };
    infra: { path: string; module: string };
    services: Record<string, Record<string, unknown>>;
    hooks: Record<string, Record<'posix' | 'windows', Hook>>;
  };

  it('deploys the project as a function app that is built on this machine', () => {
    expect(azure.services).toEqual({
      api: { project: '.', language: 'ts', host: 'function', remoteBuild: false },
    });
    expect(existsSync(path.join(root, azure.infra.path, `${azure.infra.module}.bicep`))).toBe(true);
  });

  it('asks for the version of azd that understands it', () => {
    expect(azure.requiredVersions.azd).toBe('>= 1.23.13');
    expect(read('docs/deploy.md')).toContain('1.23.13');
  });

  it('says what is left to do when it is provisioned and in the end, on every system', () => {
    const run = 'npm run --silent azure:next';
    const hook = {
      posix: { shell: 'sh', interactive: true, run },
      windows: { shell: 'pwsh', interactive: true, run },
    };
    expect(azure.hooks).toEqual({ postprovision: hook, postup: hook });
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(scripts['azure:next']).toBe('azd env get-value NEXT_STEP');
    expect(outputs).toContain('NEXT_STEP');
  });
});

describe('what is left to do', () => {
  const page = read('docs/deploy.md');

  it.each([
    [
      'defaults',
      'An administrator grants the permissions: sh infra/scripts/grant.sh --reader {identities.readerPrincipalId} --api {api-application.clientId} --administrator 00000000-0000-0000-0000-00000000000a',
    ],
    [
      'off',
      'An administrator registers the application: sh infra/scripts/register.sh --name syncwarden-7ulcqxxwesckw --host {func-7ulcqxxwesckw.defaultHostName} --reader {id-reader-7ulcqxxwesckw.principalId}',
    ],
    [
      'many-tenants',
      'The permissions are granted. What is left to do in Exchange is printed by: sh infra/scripts/grant.sh --reader {identities.readerPrincipalId} --writer {identities.writerPrincipalId} --repair account,ews-access,license,password-expiry,rooms --exchange --api {api-application.clientId} --administrator 00000000-0000-0000-0000-00000000000a',
    ],
  ] as const)('is said, and explained: %s', (name, sentence) => {
    expect(storedDeployment(name).outputs.NEXT_STEP).toBe(sentence);
    const [beginning = sentence] = /^[^:.]+[:.]/.exec(sentence) ?? [];
    expect(page).toContain(`| \`${beginning}`);
  });
});
