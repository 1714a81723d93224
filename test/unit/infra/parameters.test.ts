import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { controlIds } from '../../../src/lib/model/verdict';
import { root } from '../../support/simulated-tenant';
import { type Declaration, hasDefault, parseInfra } from './bicep';

const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const parameters = JSON.parse(read('infra/main.parameters.json')) as {
  parameters: Record<string, { value: unknown }>;
};
const given = Object.entries(parameters.parameters);

let main: readonly Declaration[];
beforeAll(async () => {
  main = (await parseInfra()).find(({ name }) => name === 'main.bicep')?.declarations ?? [];
});
const declared = (kind: Declaration['kind']) => main.filter((each) => each.kind === kind);
const defaultOf = ({ node }: Declaration) => node.namedChildren.at(-1)?.text.replaceAll("'", '') ?? '';

/** Variable and default of a value like `${ALERT_SPLIT=target}`. */
const variable = (value: unknown) => /^\$\{(\w+)(?:=(.*))?\}$/.exec(String(value)) ?? [];

describe('the parameters that azd fills in', () => {
  it('are all that main.bicep declares', () => {
    expect(given.map(([name]) => name).sort()).toEqual(
      declared('param')
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('have the defaults that main.bicep has', () => {
    const differing = declared('param').flatMap((param) => {
      const [, name, fallback = ''] = variable(parameters.parameters[param.name]?.value);
      const isLeftToBicep = name === undefined || !hasDefault(param);
      return isLeftToBicep || fallback === defaultOf(param) ? [] : [`${param.name}: ${fallback}`];
    });
    expect(differing).toEqual([]);
  });

  it('take no variable that the deployment puts out: the next one would read the last', () => {
    const taken = given.flatMap(([, { value }]) => variable(value)[1] ?? []);
    expect(taken.length).toBeGreaterThan(20);
    const outputs = declared('output').map(({ name }) => name);
    expect(taken.filter((name) => outputs.includes(name))).toEqual([]);
  });

  it('name only controls that there are, and leave out those whose repair takes the most', () => {
    const repaired = declared('param').find(({ name }) => name === 'repairedControls');
    const names = (repaired && defaultOf(repaired).split(',')) ?? [];
    expect(names.sort()).toEqual(
      controlIds.filter((id) => id !== 'consent' && id !== 'impersonation').sort(),
    );
  });
});

describe('the page about deploying', () => {
  const page = read('docs/deploy.md');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));

  it('has a row for each parameter, with its variable and its default', () => {
    for (const param of declared('param')) {
      const [, name] = variable(parameters.parameters[param.name]?.value);
      const row = rows.find((line) => line.startsWith(`| \`${param.name}\` `)) ?? `no row of ${param.name}`;
      expect(row).toContain(name === undefined ? 'main.parameters.json' : `\`${name}\``);
      if (hasDefault(param) && defaultOf(param) !== '') expect(row).toContain(`\`${defaultOf(param)}\``);
    }
  });

  it('has no row of a parameter that is gone', () => {
    const table = page.slice(
      page.indexOf('## Parameters'),
      page.indexOf('\n## ', page.indexOf('## Parameters') + 1),
    );
    const named = [...table.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(
      declared('param')
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('explains every value that a deployment puts out', () => {
    for (const { name } of declared('output')) expect(page).toContain(`\`${name}\``);
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
    expect(declared('output').map(({ name }) => name)).toContain('NEXT_STEP');
    const { posix, windows } = azure.hooks.postprovision;
    expect(posix).toEqual({
      shell: 'sh',
      interactive: true,
      run: String.raw`printf '\n%s\n\n' "$NEXT_STEP"`,
    });
    expect(windows.run).toContain('$env:NEXT_STEP');
  });
});
