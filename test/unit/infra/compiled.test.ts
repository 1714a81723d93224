/*
 * The deployment as the Bicep compiler sees it: no error, no warning, and what each kept snapshot says.
 * After a change that is meant: UPDATE_SNAPSHOTS=1 npx jest infra/compiled
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Compiler, describeCompiled, startCompiler, type Template } from '../../support/bicep/compiler';
import {
  type DeploymentName,
  deploymentNames,
  deploymentOf,
  parametersOf,
  snapshotFile,
  storedDeployment,
  written,
} from '../../support/bicep/deployments';
import { mainOf } from '../../support/bicep/main-template';
import { root } from '../../support/simulated-tenant';

const folder = path.join(root, 'infra');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bicep'))
  .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const);

describeCompiled('the deployment', () => {
  let compiler: Compiler;
  let template: Template;
  beforeAll(async () => {
    compiler = startCompiler();
    ({ template } = await compiler.build('main.bicep'));
  });
  afterAll(() => {
    compiler.stop();
  });

  const keep = (name: string, now: string) => {
    if (process.env.UPDATE_SNAPSHOTS !== undefined) writeFileSync(snapshotFile(name), now);
    expect(now).toBe(readFileSync(snapshotFile(name), 'utf8'));
  };

  it('is built without a word of the compiler or its linter, each file by itself, too', async () => {
    expect(Object.keys(template.parameters ?? {}).length).toBeGreaterThan(20);
    for (const [name] of sources) expect((await compiler.build(name)).complaints).toEqual([]);
  });

  it('would not get away with a misspelt property, one that is missing, or a name without use', async () => {
    const account = readFileSync(path.join(root, 'infra/app/storage.bicep'), 'utf8')
      .replace('allowSharedKeyAccess:', 'allowSharedKeyAcces:')
      .replace("kind: 'StorageV2'", '');
    compiler.write('app/misspelt.bicep', `${account}\nparam idle string = ''\n`);
    const found = (await compiler.build('app/misspelt.bicep')).complaints.join('\n');
    expect(found).toMatch(/"allowSharedKeyAcces" is not allowed/);
    expect(found).toMatch(/missing the following required properties: "kind"/);
    expect(found).toMatch(/no-unused-params/);
  });

  it('explains every parameter and every output', () => {
    expect(undescribed(template)).toEqual([]);
  });

  it('is wired as it was', () => {
    keep('main', mainOf(template));
  });

  const foreseen = async (name: DeploymentName) =>
    deploymentOf(name, await compiler.predict(name, parametersOf(name)), template);

  it.each(deploymentNames)('makes what it made: %s', async (name) => {
    keep(name, written(await foreseen(name), name === 'defaults' ? undefined : storedDeployment('defaults')));
  });
});

/** What has no description, or one that is no sentence, in a template and its modules. */
function undescribed(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.values(value).flatMap(undescribed);
  if (!('$schema' in value)) return within;
  const { parameters = {}, outputs = {} } = value as Template;
  const silent = Object.entries({ ...parameters, ...outputs }).filter(([, { metadata }]) => {
    const { description = '' } = (metadata ?? {}) as { description?: string };
    return !/\w.*\.$|https:\S+$/.test(description);
  });
  return [...silent.map(([name]) => name), ...within];
}

it('switches off no warning without a reason beside it', () => {
  expect(sources.length).toBeGreaterThanOrEqual(14);
  const silent = sources.flatMap(([name, source]) =>
    source
      .split('\n')
      .flatMap((line, number, lines) =>
        line.includes('#disable-') && !/^\s*\/\/ \w/.test(lines[number - 1] ?? '')
          ? [`${name}: ${line.trim()}`]
          : [],
      ),
  );
  expect(silent).toEqual([]);
});
