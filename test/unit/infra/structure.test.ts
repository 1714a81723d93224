/*
 * Bicep without its compiler: every file is parsed with a grammar, and what it names is looked up. Whether Azure knows
 * the properties of a resource at its API version is in properties.test.ts.
 *
 * What this does not cover: the types of expressions, what Azure refuses for reasons of its own (names that are taken,
 * quotas, policies), and whether the extension for Microsoft Graph can be fetched. The compiler covers the first where
 * there is one, and the last test runs it then. Only a deployment covers the rest: docs/deploy.md has a list for whoever
 * is the first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Node } from 'web-tree-sitter';
import { root } from '../../support/simulated-tenant';
import {
  type BicepFile,
  bicepParser,
  bodyOf,
  type Declaration,
  hasDefault,
  parseInfra,
  propertiesOf,
} from './bicep';
import { resourceVersions } from './documented';

/** Functions of Bicep that these files use. https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions */
const functions = [
  ...[
    'concat',
    'contains',
    'deployment',
    'empty',
    'filter',
    'flatten',
    'format',
    'guid',
    'intersection',
    'items',
    'join',
    'json',
  ],
  ...[
    'last',
    'length',
    'loadJsonContent',
    'loadTextContent',
    'map',
    'mapValues',
    'padLeft',
    'range',
    'reduce',
  ],
  ...['replace', 'resourceGroup'],
  ...['split', 'string', 'subscription', 'subscriptionResourceId', 'substring', 'take', 'tenant', 'toLower'],
  ...[
    'toObject',
    'toUpper',
    'trim',
    'union',
    'uniqueString',
    'environment',
    'resourceId',
    'startsWith',
    'int',
    'min',
  ],
];

let files: BicepFile[];
beforeAll(async () => {
  files = await parseInfra();
});

const declared = ({ declarations }: BicepFile, ...kinds: Declaration['kind'][]) =>
  declarations.filter(({ kind }) => kinds.includes(kind));
const moduleFile = (file: BicepFile, module: Declaration) => {
  const name = path.posix.join(path.posix.dirname(file.name), module.of);
  return files.find((each) => each.name === name);
};

/** Names that an expression refers to, without keys, functions, types, and what a loop or lambda names itself. */
function references(node: Node): string[] {
  const locals = new Set(
    [...node.descendantsOfType('lambda_expression'), ...node.descendantsOfType('for_statement')].flatMap(
      (scope) =>
        (/^\[?\s*(?:for\s+)?\(?([\w\s,]+?)\)?\s*(?:=>|in\s)/.exec(scope.text)?.[1] ?? '').split(/[\s,]+/),
    ),
  );
  return node
    .descendantsOfType('identifier')
    .filter((each) => !isOwnName(each, node) && !isKey(each) && !isCalled(each) && !isType(each))
    .map((each) => each.text)
    .filter((name) => !locals.has(name));
}

const isOwnName = (each: Node, declaration: Node) => declaration.namedChild(0)?.id === each.id;
const isKey = (each: Node) =>
  each.parent?.type === 'object_property' && each.parent.namedChild(0)?.id === each.id;
const isCalled = (each: Node) => each.tree.rootNode.text[each.endIndex] === '(';
const isType = ({ parent }: Node): boolean =>
  parent !== null && (['type', 'array_type', 'nullable_type'].includes(parent.type) || isType(parent));

/** What is wrong with the names in a file. */
function complaintsAbout(file: BicepFile): string[] {
  const known = new Set(declared(file, 'param', 'var', 'resource', 'module').map(({ name }) => name));
  const used = new Set(file.declarations.flatMap(({ node }) => references(node)));
  const called = file.tree
    .descendantsOfType('call_expression')
    .filter(({ parent }) => parent?.type !== 'decorator')
    .map((call) => call.namedChild(0)?.text ?? '');
  return [
    ...[...used].filter((name) => !known.has(name)).map((name) => `${name} is not declared`),
    ...called.filter((name) => !functions.includes(name)).map((name) => `${name} is no function`),
    ...declared(file, 'param', 'var')
      .filter(({ name }) => !used.has(name))
      .map(({ name }) => `${name} is not used`),
  ];
}

/** What is wrong with the parameters that a module is given, and with the outputs that are read of it. */
function complaintsAboutModule(file: BicepFile, module: Declaration): string[] {
  const target = moduleFile(file, module);
  if (target === undefined) return [`${module.of} is not there`];
  const given = propertiesOf(propertiesOf(bodyOf(module)).get('params') ?? bodyOf(module));
  const params = declared(target, 'param');
  const outputs = declared(target, 'output').map(({ name }) => name);
  const read = [...file.source.matchAll(new RegExp(`\\b${module.name}\\.outputs\\.(\\w+)`, 'g'))];
  return [
    ...[...given.keys()]
      .filter((name) => !params.some((param) => param.name === name))
      .map((name) => `${module.of} has no parameter ${name}`),
    ...params
      .filter((param) => !hasDefault(param) && !given.has(param.name))
      .map(({ name }) => `${module.of} needs ${name}`),
    ...read.flatMap(([, name = '']) =>
      outputs.includes(name) ? [] : [`${module.of} has no output ${name}`],
    ),
  ];
}

const all = (complaintsOf: (file: BicepFile) => string[]) =>
  files.flatMap((file) => complaintsOf(file).map((complaint) => `${file.name}: ${complaint}`));

it('parses', () => {
  expect(files.length).toBeGreaterThanOrEqual(14);
  expect(files.filter(({ tree }) => tree.hasError).map(({ name }) => name)).toEqual([]);
});

it('names nothing that is not there, and declares nothing that is not used', () => {
  expect(all(complaintsAbout)).toEqual([]);
});

it('gives each module what it declares, and reads of it what it puts out', () => {
  const modules = files.flatMap((file) => declared(file, 'module'));
  expect(modules.length).toBeGreaterThanOrEqual(15);
  expect(
    all((file) => declared(file, 'module').flatMap((module) => complaintsAboutModule(file, module))),
  ).toEqual([]);
});

it('explains every parameter and every output', () => {
  const silent = (file: BicepFile) =>
    declared(file, 'param', 'output').filter(
      ({ decorators: { description = '' } }) => !/\w.*\.$|https:\S+$/.test(description),
    );
  expect(all((file) => silent(file).map(({ name }) => name))).toEqual([]);
});

it('pins every resource to a version that Azure has', () => {
  const unknown = (file: BicepFile) =>
    declared(file, 'resource').filter(({ of }) => {
      const [type = '', version = ''] = of.split('@');
      return resourceVersions[type] !== version;
    });
  expect(all((file) => unknown(file).map(({ of }) => of))).toEqual([]);
});

it('loads only files that are there', () => {
  const missing = (file: BicepFile) =>
    [...file.source.matchAll(/load(?:Json|Text)Content\('([^']+)'/g)]
      .map(([, name = '']) => path.join(root, 'infra', path.dirname(file.name), name))
      .filter((name) => !existsSync(name));
  expect(all(missing)).toEqual([]);
});

describe('what the checks find', () => {
  const check = async (source: string) => complaintsAbout((await bicepParser())('example.bicep', source));

  it('a syntax error', async () => {
    const parse = await bicepParser();
    expect(parse('example.bicep', 'param name string =\nresource x = {').tree.hasError).toBe(true);
  });

  it.each([
    ['a name that is not declared', "var a = '${b}'\noutput c string = a", ['b is not declared']],
    [
      'a name that a loop does not declare',
      'var a = [for i in [1]: j]\noutput c array = a',
      ['j is not declared'],
    ],
    ['a function that Bicep lacks', "var a = shout('x')\noutput c string = a", ['shout is no function']],
    ['a parameter that nothing uses', 'param a string', ['a is not used']],
    ['nothing where all is well', 'param a string[]\noutput c array = map(a, each => trim(each))', []],
  ])('%s', async (_what, source, complaints) => {
    expect(await check(source)).toEqual(complaints);
  });

  it('a module that is given too much and too little, and read wrongly', async () => {
    const parse = await bicepParser();
    const file = parse(
      'app/example.bicep',
      "module roles 'roles.bicep' = {\n  params: {\n    principal: 'x'\n  }\n}\noutput a string = roles.outputs.id",
    );
    const [module] = file.declarations;
    expect(module && complaintsAboutModule(file, module)).toEqual([
      'roles.bicep has no parameter principal',
      'roles.bicep needs readerPrincipalId',
      'roles.bicep needs packagerPrincipalId',
      'roles.bicep needs hostStorageName',
      'roles.bicep needs packageStorageName',
      'roles.bicep needs dataStorageName',
      'roles.bicep needs componentName',
      'roles.bicep has no output id',
    ]);
  });
});

const compiler = spawnSync('bicep', ['--version']).status === 0;
const whereCompiled = compiler ? it : it.skip;

// Skipped where no Bicep compiler is on the PATH: it is not on the package registry that the project builds from.
whereCompiled('compiles without an error (needs the Bicep compiler on the PATH)', () => {
  const { status, stderr } = spawnSync('bicep', ['build', path.join(root, 'infra/main.bicep'), '--stdout'], {
    encoding: 'utf8',
  });
  expect([status, stderr.split('\n').filter((line) => line.includes(': Error '))]).toEqual([0, []]);
});
