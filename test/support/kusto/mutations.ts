import { type KustoNode, within } from './service';

/** A query with one fault. */
export interface Mutation {
  /** What is wrong with it. */
  what: string;
  root: KustoNode;
}

/** What each operator is taken for. */
const otherOperators: Readonly<Record<string, string>> = {
  ...{ '==': '!=', '!=': '==', '=~': '!=', '>': '<', '<': '>', '>=': '<', '<=': '>' },
  ...{ and: 'or', or: 'and', asc: 'desc', desc: 'asc', '-': '+', max: 'min', min: 'max' },
};

/**
 * Every query that differs from this one by one fault: another threshold, text or operator, a condition or a step that is
 * missing, the branches of a choice the other way round. The same query with other literals has the same faults in the same order.
 */
export function mutationsOf(root: KustoNode): readonly Mutation[] {
  const known = made.get(root) ?? make(root);
  made.set(root, known);
  return known;
}

const made = new WeakMap<KustoNode, Mutation[]>();

function make(root: KustoNode): Mutation[] {
  return [...within(root)].flatMap((node) =>
    faultsIn(node).map(([fault, instead]) => ({
      what: `${fault}: ${placeOf(node)}`,
      root: replaced(root, node, instead),
    })),
  );
}

/** Where a fault is, in words that are enough to find it. */
function placeOf(node: KustoNode): string {
  // Of an operator what it stands between, of an order the column.
  const place = node.children.length > 0 ? node : (node.parent ?? node);
  const { text } = place.kind === 'OrderingClause' ? (place.parent ?? place) : place;
  return text.replaceAll(/\s+/g, ' ').slice(0, 120);
}

const minutesOf: Readonly<Record<string, number>> = { d: 1440, h: 60, m: 1 };

function faultsIn(node: KustoNode): [fault: string, instead: KustoNode][] {
  const { kind, text, children } = node;
  const [first, second, third] = children;
  if (kind === 'TimespanLiteralExpression') {
    const [, count = '', unit = ''] = /^(\d+)(\w)$/.exec(text) ?? [];
    return [6, 1 / 6].map((factor) => {
      const minutes = Math.round(Number(count) * (minutesOf[unit] ?? NaN) * factor);
      return [`${minutes}m`, leaf(node, `${minutes}m`)];
    });
  }
  if (kind === 'LongLiteralExpression') return [['more', leaf(node, String(Number(text) + 100))]];
  if (kind === 'StringLiteralExpression' && isCompared(node))
    return [['another text', leaf(node, '"another"')]];
  // A step that is left out.
  if (kind === 'PipeExpression' && first !== undefined && third !== undefined && canGo(third))
    return [[`without ${third.text.replaceAll(/\s+/g, ' ')} in`, first]];
  if (kind === 'AndExpression' && first !== undefined && third !== undefined)
    return [
      [`without ${first.text} in`, third],
      [`without ${third.text} in`, first],
    ];
  if (kind === 'FunctionCallExpression' && first?.text === 'iff' && second !== undefined) {
    const elements = [...within(second)].filter(
      (each) => each.kind === 'SeparatedElement' && each.parent?.parent === second,
    );
    const [, yes, no] = elements.flatMap((each) => each.children[0] ?? []);
    if (yes !== undefined && no !== undefined)
      return [
        ['always the other', no],
        ['never the other', yes],
      ];
  }
  const other = otherOperators[text];
  if (other !== undefined && children.length === 0) return [[other, leaf(node, other)]];
  return [];
}

/** Text that decides, and is not told. */
function isCompared(node: KustoNode): boolean {
  let parent = node.parent;
  while (parent?.kind === 'SeparatedElement' || parent?.kind === 'List' || parent?.kind === 'ExpressionList')
    parent = parent.parent;
  return parent !== undefined && /^(Equal|NotEqual|In)\w*Expression$/.test(parent.kind);
}

/** Without these the columns would be others, which every test would see. */
function canGo({ kind }: KustoNode): boolean {
  return kind === 'FilterOperator' || kind === 'SortOperator';
}

function leaf(node: KustoNode, text: string): KustoNode {
  return { kind: node.kind, text, children: [], parent: node.parent };
}

/** A tree in which one node stands in the place of another. */
function replaced(root: KustoNode, node: KustoNode, instead: KustoNode): KustoNode {
  if (root === node) return instead;
  let parent = node.parent;
  const path = new Set<KustoNode>([node]);
  while (parent !== undefined) {
    path.add(parent);
    parent = parent.parent;
  }
  const copy = (each: KustoNode): KustoNode => {
    if (each === node) return instead;
    if (!path.has(each)) return each;
    const children = each.children.map(copy);
    // The texts of leaves are what is run.
    const text = children.length === 0 ? each.text : children.map((one) => one.text).join(' ');
    return { kind: each.kind, text, children, parent: each.parent };
  };
  return copy(root);
}
