import { type KustoNode, within } from './service';

/** One place in a query that reads a property or a measurement. */
export interface Use {
  bag: 'Properties' | 'Measurements';
  name: string;
  /** The function that gives it a type, such as `todatetime`; empty when nothing does. */
  conversion: string;
  /** The column that it becomes; empty when it becomes none. */
  column: string;
  /** What the rows in question are called: everything that its pipeline lets through by `Name`. */
  events: string[];
  /** Where the rows come from. */
  table: string;
}

/** One place in a query that compares a column with a text. */
export interface Comparison {
  column: string;
  value: string;
}

/** Every use of a property or measurement in a query. */
export function usesIn(root: KustoNode): Use[] {
  return [...within(root)].flatMap((node): Use[] => {
    const [bag, name] = memberOf(node);
    if (bag !== 'Properties' && bag !== 'Measurements') return [];
    const call = enclosing(node, 'FunctionCallExpression');
    const isArgument = call?.children[1]?.text === `(${node.text})`;
    const named = isArgument && call.parent?.kind === 'SimpleNamedExpression' ? call.parent : undefined;
    const pipeline = pipelineOf(node);
    return [
      {
        bag,
        name,
        conversion: isArgument ? (call.children[0]?.text ?? '') : '',
        column: named?.children[0]?.text ?? '',
        events: eventsOf(pipeline),
        table: tableOf(pipeline, root),
      },
    ];
  });
}

/** Every comparison of a column with a text, by `==`, `!=`, `=~` or `in`. */
export function comparisonsIn(root: KustoNode): Comparison[] {
  const kinds = ['EqualExpression', 'NotEqualExpression', 'EqualTildeExpression', 'InExpression'];
  return [...within(root)].flatMap((node) => {
    const [left, , right] = node.children;
    if (!kinds.includes(node.kind) || left?.kind !== 'NameReference' || right === undefined) return [];
    return textsIn(right).map((value) => ({ column: left.text, value }));
  });
}

/** The names of rows that a pipeline lets through. */
function eventsOf(pipeline: KustoNode): string[] {
  const filters = [...within(pipeline)].filter(
    (node) => node.kind === 'FilterOperator' && pipelineOf(node) === pipeline,
  );
  return filters.flatMap((filter) =>
    comparisonsIn(filter).flatMap(({ column, value }) => (column === 'Name' ? [value] : [])),
  );
}

/** The whole chain of operators that a node stands in. */
function pipelineOf(node: KustoNode): KustoNode {
  let pipe = node;
  while (pipe.kind !== 'PipeExpression' && pipe.parent !== undefined) pipe = pipe.parent;
  while (pipe.parent?.kind === 'PipeExpression') pipe = pipe.parent;
  return pipe;
}

/** The table at the head of a pipeline, also where it is by way of a variable. */
function tableOf(pipeline: KustoNode, root: KustoNode): string {
  let head = pipeline;
  while (head.kind === 'PipeExpression' && head.children[0] !== undefined) head = head.children[0];
  const variable = [...within(root)].find(
    ({ kind, children }) => kind === 'LetStatement' && children[1]?.text === head.text,
  );
  const value = variable?.children[3];
  return value === undefined ? head.text : tableOf(value, root);
}

/** The two parts of `Properties.name` and `Properties["name"]`. */
function memberOf({ kind, children: [left, middle, right] }: KustoNode): [bag: string, name: string] {
  if (kind === 'PathExpression') return [left?.text ?? '', right?.text ?? ''];
  if (kind === 'ElementExpression')
    return [left?.text ?? '', middle === undefined ? '' : (textsIn(middle)[0] ?? '')];
  return ['', ''];
}

function enclosing(node: KustoNode, kind: string): KustoNode | undefined {
  let parent = node.parent;
  while (parent !== undefined && parent.kind !== kind) parent = parent.parent;
  return parent;
}

/** The texts in quotes, without them. */
function textsIn(node: KustoNode): string[] {
  return [...within(node)].flatMap(({ kind, text }) =>
    kind === 'StringLiteralExpression' ? [text.slice(1, -1)] : [],
  );
}
