import type { Node } from 'web-tree-sitter';
import { type BicepFile, bodyOf, propertiesOf, text } from './bicep';
import { type Literal, literalsIn, variablesOf } from './literals';
import { names, type Shape, type Shapes, type Variants } from './shapes/shape';

/** Bicep's own, which every resource may have. */
const ofBicep = ['dependsOn', 'parent', 'scope'];

/** What is wrong with the properties of the resources that a file deploys. */
export function propertyComplaints(file: BicepFile, shapes: Shapes): string[] {
  const variables = variablesOf(file);
  return file.declarations
    .filter(({ kind, isExisting }) => kind === 'resource' && !isExisting)
    .flatMap((resource) => {
      const shape = shapes[resource.of];
      const complaints =
        shape === undefined
          ? [`${resource.of} has no list of properties`]
          : inObject({ node: bodyOf(resource), isPart: false }, shape, variables, '', ofBicep);
      return complaints.map((complaint) => `${file.name} ${resource.name}: ${complaint}`);
    });
}

function inObject(
  { node, isPart }: Pick<Literal, 'node' | 'isPart'>,
  within: Shape | Variants,
  variables: ReadonlyMap<string, Node>,
  path: string,
  alsoKnown: string[] = [],
): string[] {
  const given = propertiesOf(node);
  if ('by' in within) {
    const shape = within.shapes[textOf(given.get(within.by))];
    return shape === undefined
      ? [`${path}${within.by} is none of ${Object.keys(within.shapes).join(', ')}`]
      : inObject({ node, isPart }, shape, variables, path, alsoKnown);
  }
  const required = names(within.required);
  const known = [...required, ...names(within.optional), ...alsoKnown];
  return [
    ...required.filter((name) => !isPart && !given.has(name)).map((name) => `${path}${name} is missing`),
    ...[...given].flatMap(([name, value]) =>
      known.includes(name)
        ? literalsIn(value, variables).flatMap((literal) =>
            inProperty(name, literal, within, variables, path),
          )
        : [`${path}${name} is not documented`],
    ),
  ];
}

function inProperty(
  name: string,
  literal: Literal,
  { values, objects }: Shape,
  variables: ReadonlyMap<string, Node>,
  path: string,
): string[] {
  const [single, items] = [objects?.[name], objects?.[`${name}[]`]];
  const within = literal.isItem ? items : single;
  const allowed = values?.[name];
  const here = `${path}${name}`;
  if (literal.text !== undefined) {
    if (single ?? items) return [`${here} is a text`];
    return allowed?.includes(literal.text) === false
      ? [`${here} '${literal.text}' is none of ${allowed.join(', ')}`]
      : [];
  }
  if (within === 'open') return [];
  if (within !== undefined) return inObject(literal, within, variables, `${here}.`);
  if (single ?? items) return [`${here} is ${literal.isItem ? 'no list' : 'a list'}`];
  return [`${here} has no list of properties`];
}

const textOf = (value: Node | undefined) => (value?.type === 'string' ? text(value) : '');
