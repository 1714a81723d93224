import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../simulated-tenant';
import { standIn } from './graph-types';
import { type Caller, callerOf } from './json-rpc';

/** The compiler: where `BICEP_PATH` says it is, or what the shell would find. */
const compiler = [process.env.BICEP_PATH, 'bicep'].find(
  (command) => command !== undefined && spawnSync(command, ['--version']).status === 0,
);
/** Where Microsoft's types of the Graph extension lie on this machine. */
const graphTypes = process.env.GRAPH_BICEP_TYPES_DIR;

/** Tests that compile. Without a compiler they do not run, and one line says so. */
export const describeCompiled = compiler === undefined ? describe.skip : describe;
if (compiler === undefined) {
  process.stderr.write(
    'No Bicep compiler was found (BICEP_PATH may say where it is): nothing was compiled.\n',
  );
} else if (graphTypes === undefined) {
  process.stderr.write(
    'GRAPH_BICEP_TYPES_DIR is not set: properties of what is in Microsoft Graph were not checked.\n',
  );
}

/** A template as Azure Resource Manager gets it. */
export interface Template {
  definitions?: Record<string, { properties?: object }>;
  parameters?: Record<string, Record<string, unknown>>;
  variables?: Record<string, unknown>;
  outputs?: Record<string, Record<string, unknown>>;
  resources?: Record<string, Record<string, unknown>>;
}

/** What a deployment would make, as Bicep foresees it: what only Azure knows stands as an expression. */
export interface Prediction {
  predictedResources: Record<string, unknown>[];
  outputs: Record<string, unknown>;
  diagnostics: string[];
}

interface Compiled {
  contents?: string;
  diagnostics: { source: string; level: string; code: string; message: string }[];
}

/** The compiler at work on a copy of the deployment. */
export interface Compiler {
  /** Builds and lints a file of the copy with all that it refers to. */
  build(file: string): Promise<{ template: Template; complaints: string[] }>;
  /** Foresees the deployment of `main.bicep` with some parameters. */
  predict(name: string, parameters: Readonly<Record<string, unknown>>): Promise<Prediction>;
  /** Writes a file into the copy. */
  write(name: string, source: string): void;
  stop(): void;
}

export const subscription = '/subscriptions/00000000-0000-0000-0000-000000000001';
export const tenantId = '00000000-0000-0000-0000-000000000002';

/** Copies the deployment, with the Graph extension packed from types on this machine, and starts the compiler. */
export function startCompiler(): Compiler {
  // What the compiler answers has no links in its paths.
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'bicep-')));
  const copy = path.join(folder, 'infra');
  cpSync(path.join(root, 'infra'), copy, { recursive: true });
  const write = (name: string, source: string) => {
    writeFileSync(path.join(copy, name), source);
  };
  const packed = spawnSync(compiler ?? 'bicep', [
    ...['publish-extension', typesFor(folder), '--target', path.join(folder, 'graph.tgz')],
  ]);
  if (packed.status !== 0) throw new Error(`The Graph extension was not packed: ${String(packed.stderr)}`);
  const config = JSON.parse(readFileSync(path.join(copy, 'bicepconfig.json'), 'utf8')) as object;
  write('bicepconfig.json', JSON.stringify({ ...config, extensions: { microsoftGraphV1: '../graph.tgz' } }));

  const server = spawn(compiler ?? 'bicep', ['jsonrpc', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const call: Caller = callerOf(server.stdin, server.stdout);
  return {
    write,
    build: async (file) => {
      const { contents, diagnostics } = await call<Compiled>('bicep/compile', {
        path: path.join(copy, file),
      });
      return {
        template: JSON.parse(contents ?? '{}') as Template,
        complaints: diagnostics.map(({ source, level, code, message }) =>
          [path.relative(copy, source.replace(/^file:\/\//, '')), level, code, message].join(' '),
        ),
      };
    },
    predict: async (name, parameters) => {
      write(`${name}.bicepparam`, parametersFile(parameters));
      const { snapshot } = await call<{ snapshot: string }>('bicep/getSnapshot', {
        path: path.join(copy, `${name}.bicepparam`),
        metadata: {
          ...{ tenantId, subscriptionId: path.basename(subscription) },
          ...{ location: 'westeurope', deploymentName: 'main' },
        },
      });
      return JSON.parse(snapshot) as Prediction;
    },
    stop: () => {
      server.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

function typesFor(folder: string): string {
  if (graphTypes !== undefined) return path.join(graphTypes, 'index.json');
  for (const [name, content] of Object.entries(standIn(path.join(root, 'infra'))))
    writeFileSync(path.join(folder, name), JSON.stringify(content));
  return path.join(folder, 'index.json');
}

function parametersFile(parameters: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(parameters).map(([name, value]) => `param ${name} = ${literal(value)}`);
  return ["using 'main.bicep'", ...lines, ''].join('\n');
}

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll(/['\\$]/g, (sign) => `\\${sign}`)}'`;
  if (Array.isArray(value)) return `[\n${value.map(literal).join('\n')}\n]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{\n${Object.entries(value)
    .map(([key, each]) => `'${key}': ${literal(each)}`)
    .join('\n')}\n}`;
}
