import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { root } from '../../support/simulated-tenant';

/** Something that a Bicep file declares under a name. */
export interface Declaration {
  kind: 'param' | 'var' | 'resource' | 'module' | 'output' | 'type';
  name: string;
  /** The whole declaration. */
  node: Node;
  /** Type of a resource with its API version, or file of a module. */
  of: string;
  isExisting: boolean;
  /** By name: `description` with its text, `allowed` with its list as source. */
  decorators: Readonly<Record<string, string>>;
}

/** One Bicep file, parsed. */
export interface BicepFile {
  /** Relative to `infra`, with slashes. */
  name: string;
  source: string;
  tree: Node;
  declarations: readonly Declaration[];
}

const folder = path.join(root, 'infra');
const kinds: Readonly<Record<string, Declaration['kind']>> = {
  parameter_declaration: 'param',
  variable_declaration: 'var',
  resource_declaration: 'resource',
  module_declaration: 'module',
  output_declaration: 'output',
  type_declaration: 'type',
};

/** Parses every Bicep file of the project. */
export async function parseInfra(): Promise<BicepFile[]> {
  const parse = await bicepParser();
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.bicep'))
    .sort()
    .map((file) => parse(file.replaceAll('\\', '/'), readFileSync(path.join(folder, file), 'utf8')));
}

/** Gives a function that parses one file. It does not throw for what is wrong: `tree.hasError` tells. */
export async function bicepParser(): Promise<(name: string, source: string) => BicepFile> {
  await Parser.init();
  const grammar = readFileSync(path.join(root, 'node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm'));
  const language = await Language.load(grammar);
  const parser = new Parser().setLanguage(language);
  return (name, source) => {
    // The grammar does not know this statement yet; it stands alone on its line.
    const known = source.replaceAll(/^extension microsoftGraphV1$/gm, '// xtension microsoftGraphV1');
    const tree = parser.parse(known)?.rootNode;
    if (tree === undefined) throw new Error(`${name} was not parsed.`);
    return { name, source, tree, declarations: declarationsOf(tree) };
  };
}

function declarationsOf(tree: Node): Declaration[] {
  const found: Declaration[] = [];
  let decorators: Record<string, string> = {};
  for (const node of tree.namedChildren) {
    if (node.type === 'decorators') decorators = decoratorsOf(node);
    const kind = kinds[node.type];
    if (kind !== undefined) found.push(declarationOf(kind, node, decorators));
    if (node.type !== 'decorators' && node.type !== 'comment') decorators = {};
  }
  return found;
}

function declarationOf(
  kind: Declaration['kind'],
  node: Node,
  decorators: Record<string, string>,
): Declaration {
  const hasType = kind === 'resource' || kind === 'module';
  const typed = hasType ? node.namedChildren.find(({ type }) => type === 'string') : undefined;
  return {
    kind,
    name: node.namedChild(0)?.text ?? '',
    node,
    of: typed === undefined ? '' : text(typed),
    isExisting: node.children.some(({ type }) => type === 'existing'),
    decorators,
  };
}

function decoratorsOf(node: Node): Record<string, string> {
  const calls = node.descendantsOfType('decorator').map((decorator) => decorator.namedChild(0));
  return Object.fromEntries(
    calls.flatMap((call) => {
      const [name, given] = call?.namedChildren ?? [];
      const value = given?.namedChild(0);
      if (name === undefined) return [];
      return [[name.text, value?.type === 'string' ? text(value) : (value?.text ?? '')]];
    }),
  );
}

/** What stands between the quotes of a string; what is interpolated stays as `${…}`. */
export function text(string: Node): string {
  return string.text.slice(1, -1);
}

/** Whether a parameter may be left out. */
export function hasDefault({ node }: Declaration): boolean {
  return node.children.some(({ type }) => type === '=');
}

/** The outermost object of a declaration: the body of a resource or module, also within `if` and `for`. */
export function bodyOf(declaration: Declaration): Node {
  const [body] = outermostObjects(declaration.node);
  if (body === undefined) throw new Error(`${declaration.name} has no body.`);
  return body;
}

function outermostObjects(node: Node): Node[] {
  return node.type === 'object' ? [node] : node.namedChildren.flatMap(outermostObjects);
}

/** The properties of an object, by their names. */
export function propertiesOf(object: Node): Map<string, Node> {
  return new Map(
    object.namedChildren
      .filter(({ type }) => type === 'object_property')
      .flatMap((property) => {
        const [key, value] = [property.namedChild(0), property.namedChildren.at(-1)];
        if (key === null || value === undefined) return [];
        return [[key.type === 'string' ? text(key) : key.text, value] as const];
      }),
  );
}

/** What stands at a path of properties, as its source; undefined where there is nothing. */
export function at(declaration: Declaration, ...names: string[]): string | undefined {
  let node: Node | undefined = bodyOf(declaration);
  for (const name of names) {
    if (node?.type !== 'object') return undefined;
    node = propertiesOf(node).get(name);
  }
  return node?.text;
}
