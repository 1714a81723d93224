import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { controlIds } from '../../../src/lib/model/verdict';
import { root } from '../../support/simulated-tenant';
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

/** Variable and default of a value like `${ALERT_SPLIT=target}`. */
const variable = (value: unknown) => /^\$\{(\w+)(?:=(.*))?\}$/.exec(String(value)) ?? [];

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

  it('take no variable that the deployment puts out: the next one would read the last', () => {
    const taken = given.flatMap(([, { value }]) => variable(value)[1] ?? []);
    expect(taken.length).toBeGreaterThan(20);
    expect(taken.filter((name) => outputs.includes(name))).toEqual([]);
  });

  it('name only controls that there are, and leave out those whose repair takes the most', () => {
    const repaired = String(declared.repairedControls?.defaultValue).split(',');
    expect(repaired.sort()).toEqual(
      controlIds.filter((id) => id !== 'consent' && id !== 'impersonation').sort(),
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
    hooks: { postprovision: Record<'posix' | 'windows', Hook> };
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

  it('says what is left to do, on every system', () => {
    expect(outputs).toContain('NEXT_STEP');
    const { posix, windows } = azure.hooks.postprovision;
    expect(posix).toEqual({
      shell: 'sh',
      interactive: true,
      run: String.raw`printf '\n%s\n\n' "$NEXT_STEP"`,
    });
    expect(windows.run).toContain('$env:NEXT_STEP');
  });
});
