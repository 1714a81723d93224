import type { Node } from 'web-tree-sitter';
import { type BicepFile, text } from './bicep';

/** An object or a text that a value is, may be, or has as an item. */
export interface Literal {
  node: Node;
  /** The text; undefined for an object. */
  text?: string;
  isItem: boolean;
  /** Merged with others, which may have what it lacks. */
  isPart: boolean;
}

/** The variables of a file by name. */
export function variablesOf({ declarations }: BicepFile): ReadonlyMap<string, Node> {
  return new Map(
    declarations
      .filter(({ kind }) => kind === 'var')
      .flatMap(({ name, node }) => node.namedChildren.slice(-1).map((value) => [name, value] as const)),
  );
}

/**
 * Looks into lists, loops, conditions, `map`, `union` and variables. What else a function makes, and what comes from
 * outside the file, is not known here, nor is a text into which something is inserted.
 */
export function literalsIn(value: Node, variables: ReadonlyMap<string, Node>): Literal[] {
  const all = (nodes: Node[]) => nodes.flatMap((node) => literalsIn(node, variables));
  const last = () => all(value.namedChildren.slice(-1));
  switch (value.type) {
    case 'object':
      return [{ node: value, isItem: false, isPart: false }];
    case 'string':
      return isInterpolated(value) ? [] : [{ node: value, text: text(value), isItem: false, isPart: false }];
    case 'array':
      return all(value.namedChildren).map(asItem);
    case 'for_statement':
      return last().map(asItem);
    case 'if_statement':
    case 'lambda_expression':
    case 'parenthesized_expression':
      return last();
    case 'ternary_expression':
      return all(value.namedChildren.slice(1));
    case 'identifier':
      return all([variables.get(value.text)].filter((variable) => variable !== undefined));
    case 'call_expression':
      return ofCall(value.namedChild(0)?.text, value.namedChild(1)?.namedChildren ?? [], all);
    default:
      return [];
  }
}

function ofCall(name: string | undefined, given: Node[], all: (nodes: Node[]) => Literal[]): Literal[] {
  if (name === 'map') return all(given.slice(-1)).map(asItem);
  if (name === 'union') return all(given).map((literal) => ({ ...literal, isPart: true }));
  return [];
}

const asItem = (literal: Literal): Literal => ({ ...literal, isItem: true });
const isInterpolated = (string: Node) => string.descendantsOfType('interpolation').length > 0;
