import type { KustoNode } from './service';
import { aggregates, binary, functions, type Row, Span, textOf, type Value } from './values';

/** The tables that a query is run on, and when. */
export interface Workspace {
  now: Date;
  tables: Readonly<Record<string, readonly Row[]>>;
}

/** What is not known here is not guessed: a query that uses more than these few operators cannot be run. */
export class UnknownSyntaxError extends Error {
  override readonly name = 'UnknownSyntaxError';

  constructor({ kind, text }: KustoNode) {
    super(`Nobody knows how to run ${kind}: ${text}`);
  }
}

/** Runs a query as Log Analytics does, for exactly the operators and functions that the queries of this product use. */
export function runQuery(root: KustoNode, workspace: Workspace): readonly Row[] {
  const run = new Run(workspace);
  const rows = statementsOf(root).map((statement) => run.statement(statement));
  return rows.at(-1) ?? [];
}

function statementsOf(node: KustoNode): KustoNode[] {
  if (node.kind === 'LetStatement' || node.kind === 'ExpressionStatement') return [node];
  return node.children.flatMap(statementsOf);
}

/** A child of a node. @throws {UnknownSyntaxError} when it has fewer. */
function child(node: KustoNode, index: number): KustoNode {
  const found = node.children.at(index);
  if (found === undefined) throw new UnknownSyntaxError(node);
  return found;
}

/** What stands between the commas of a list. */
function listed(node: KustoNode): KustoNode[] {
  return node.children.flatMap((each) => {
    if (each.kind === 'List') return listed(each);
    if (each.kind === 'SeparatedElement') return [child(each, 0)];
    return /(Token|Keyword)$/.test(each.kind) ? [] : [each];
  });
}

/** The last list of an operator: what it is given, after its options, of which none are known here. */
function listIn(node: KustoNode): KustoNode[] {
  const lists = node.children.filter(({ kind }) => kind === 'List');
  const [given, ...options] = [...lists].reverse();
  if (given === undefined || options.some(({ children }) => children.length > 0))
    throw new UnknownSyntaxError(node);
  return listed(given);
}

/** The name and the arguments of a call. */
function callIn(node: KustoNode): [name: string, given: KustoNode[]] {
  if (node.kind !== 'FunctionCallExpression') throw new UnknownSyntaxError(node);
  return [child(node, 0).text, listed(child(node, 1))];
}

/** What a row gives; `number` is its place, from 1, where rows are sorted. */
type Expression = (row: Row, number: number) => Value;
/** What a group of rows gives. */
type Measure = (rows: readonly Row[]) => Value;
type Named<T> = readonly [name: string, value: T];

class Run {
  private readonly variables = new Map<string, Value | readonly Row[]>();

  constructor(private readonly workspace: Workspace) {}

  statement(node: KustoNode): readonly Row[] {
    if (node.kind === 'ExpressionStatement') return this.table(child(node, 0));
    const value = child(node, 3);
    this.variables.set(
      child(node, 1).text,
      this.isTable(value) ? this.table(value) : this.expression(value)({}, 0),
    );
    return [];
  }

  /** Whether this gives rows, and not a value. */
  private isTable(node: KustoNode): boolean {
    const { kind, text } = node;
    if (kind === 'ParenthesizedExpression') return this.isTable(child(node, 1));
    if (kind === 'NameReference')
      return text in this.workspace.tables || Array.isArray(this.variables.get(text));
    return kind === 'PipeExpression' || kind === 'UnionOperator';
  }

  private table(node: KustoNode): readonly Row[] {
    switch (node.kind) {
      case 'PipeExpression':
        return this.operate(child(node, 2), this.table(child(node, 0)));
      case 'ParenthesizedExpression':
        return this.table(child(node, 1));
      case 'UnionOperator':
        return listIn(node).flatMap((each) => this.table(each));
      case 'NameReference': {
        const rows = this.variables.get(node.text) ?? this.workspace.tables[node.text];
        if (Array.isArray(rows)) return rows as readonly Row[];
      }
    }
    throw new UnknownSyntaxError(node);
  }

  private operate(operator: KustoNode, rows: readonly Row[]): readonly Row[] {
    switch (operator.kind) {
      case 'FilterOperator': {
        const condition = this.expression(child(operator, -1));
        return rows.filter((row, index) => condition(row, index + 1) === true);
      }
      case 'ExtendOperator': {
        const columns = listIn(operator).map((each) => this.column(each));
        return rows.map((row, index) => ({ ...row, ...valuesOf(columns, row, index + 1) }));
      }
      case 'ProjectOperator': {
        const columns = listIn(operator).map((each) => this.column(each));
        return rows.map((row, index) => valuesOf(columns, row, index + 1));
      }
      case 'SummarizeOperator':
        return this.summarize(operator, rows);
      case 'SortOperator':
        return sorted(operator, rows);
      default:
        throw new UnknownSyntaxError(operator);
    }
  }

  /** `name = value`, or a column as it is. */
  private column(node: KustoNode): Named<Expression> {
    if (node.kind === 'NameReference') return [node.text, this.expression(node)];
    if (node.kind !== 'SimpleNamedExpression') throw new UnknownSyntaxError(node);
    return [child(node, 0).text, this.expression(child(node, 2))];
  }

  private summarize(operator: KustoNode, rows: readonly Row[]): Row[] {
    const by = operator.children.find(({ kind }) => kind === 'SummarizeByClause');
    const keys = by === undefined ? [] : listIn(by).map((each) => this.key(each));
    const measures = listIn(operator).flatMap((each) => this.measures(each));
    const groups = new Map<string, { key: Row; rows: Row[] }>();
    // Without a key there is one group, also where there is nothing.
    if (keys.length === 0) groups.set('', { key: {}, rows: [] });
    for (const row of rows) {
      const key = valuesOf(keys, row, 0);
      const id = keys.length === 0 ? '' : JSON.stringify(Object.values(key));
      const group = groups.get(id) ?? { key, rows: [] };
      groups.set(id, group);
      group.rows.push(row);
    }
    return [...groups.values()].map((group) => ({
      ...group.key,
      ...Object.fromEntries(measures.map(([name, measure]) => [name, measure(group.rows)])),
    }));
  }

  /** What is grouped by. `bin(column, span)` keeps the name of its column. */
  private key(node: KustoNode): Named<Expression> {
    if (node.kind !== 'FunctionCallExpression') return this.column(node);
    const [name, [column]] = callIn(node);
    if (name !== 'bin' || column?.kind !== 'NameReference') throw new UnknownSyntaxError(node);
    return [column.text, this.expression(node)];
  }

  private measures(node: KustoNode): Named<Measure>[] {
    if (node.kind === 'SimpleNamedExpression') return [[child(node, 0).text, this.measure(child(node, 2))]];
    const [name, given] = callIn(node);
    if (name === 'arg_max') {
      const [greatest = node] = given;
      return given.map(({ text }) => [text, (rows) => rowWithMost(greatest.text, rows)?.[text] ?? null]);
    }
    return [[`${name}_${given[0]?.text ?? ''}`, this.measure(node)]];
  }

  /** An aggregate, or what is computed from some. */
  private measure(node: KustoNode): Measure {
    if (node.kind === 'ParenthesizedExpression') return this.measure(child(node, 1));
    if (node.kind === 'FunctionCallExpression') {
      const [name, given] = callIn(node);
      const aggregate = aggregates[name];
      if (aggregate !== undefined) {
        const [of, ...more] = given.map((each) => this.expression(each));
        return (rows) =>
          aggregate(
            rows.map((row) => of?.(row, 0) ?? null),
            more.map((each) => each({}, 0)),
          );
      }
      const call = functions[name];
      if (call === undefined) throw new UnknownSyntaxError(node);
      const measures = given.map((each) => this.measure(each));
      return (rows) =>
        call(
          measures.map((each) => each(rows)),
          this.workspace.now,
        );
    }
    if (node.kind.endsWith('LiteralExpression')) {
      const literal = this.expression(node);
      return () => literal({}, 0);
    }
    const { text: operator } = child(node, 1);
    const [left, right] = [this.measure(child(node, 0)), this.measure(child(node, 2))];
    return (rows) => known(node, binary(operator, left(rows), right(rows)));
  }

  private expression(node: KustoNode): Expression {
    const { kind, text } = node;
    switch (kind) {
      case 'StringLiteralExpression':
        return constant(text.slice(1, -1));
      case 'LongLiteralExpression':
      case 'RealLiteralExpression':
        return constant(Number(text));
      case 'BooleanLiteralExpression':
        return constant(text === 'true');
      case 'DateTimeLiteralExpression':
        if (text !== 'datetime(null)') throw new UnknownSyntaxError(node);
        return constant(null);
      case 'TimespanLiteralExpression':
        return constant(Span.of(text));
      case 'ParenthesizedExpression':
        return this.expression(child(node, 1));
      case 'NameReference':
        return this.named(node);
      case 'PathExpression': {
        const [bag, name] = [this.expression(child(node, 0)), child(node, 2).text];
        return (row) => memberOf(bag(row, 0), name);
      }
      case 'ElementExpression': {
        const [list, index] = [this.expression(child(node, 0)), this.expression(child(child(node, 1), 1))];
        return (row) => memberOf(list(row, 0), textOf(index(row, 0)));
      }
      case 'ToScalarExpression': {
        const [row] = this.table(child(node, 2));
        const [value = null] = Object.values(row ?? {});
        return constant(value);
      }
      case 'FunctionCallExpression':
        return this.call(node);
      case 'InExpression': {
        const sought = this.expression(child(node, 0));
        const [only] = listed(child(node, 2));
        if (only !== undefined && this.isTable(only)) {
          // The first column of a table.
          const known = new Set(this.table(only).map((row) => Object.values(row)[0] ?? null));
          return (row, number) => known.has(sought(row, number));
        }
        const values = listed(child(node, 2)).map((each) => this.expression(each));
        return (row, number) => values.some((value) => value(row, number) === sought(row, number));
      }
      default:
        return this.operation(node);
    }
  }

  private operation(node: KustoNode): Expression {
    const { text: operator } = child(node, 1);
    const [left, right] = [this.expression(child(node, 0)), this.expression(child(node, 2))];
    if (operator === 'and') return (row, number) => left(row, number) === true && right(row, number) === true;
    if (operator === 'or') return (row, number) => left(row, number) === true || right(row, number) === true;
    return (row, number) => known(node, binary(operator, left(row, number), right(row, number)));
  }

  private named(node: KustoNode): Expression {
    const { text } = node;
    const variable = this.variables.get(text);
    return (row) => {
      const value = text in row ? row[text] : variable;
      if (value === undefined) throw new UnknownSyntaxError(node);
      return value;
    };
  }

  private call(node: KustoNode): Expression {
    const [name, given] = callIn(node);
    if (name === 'row_number') return (_row, number) => number;
    const call = functions[name];
    if (call === undefined) throw new UnknownSyntaxError(node);
    const values = given.map((each) => this.expression(each));
    const { now } = this.workspace;
    // `ago(2d)` is the same for every row.
    if (given.every(({ kind }) => kind.endsWith('LiteralExpression')))
      return constant(
        call(
          values.map((value) => value({}, 0)),
          now,
        ),
      );
    return (row, number) =>
      call(
        values.map((value) => value(row, number)),
        now,
      );
  }
}

function constant(value: Value): Expression {
  return () => value;
}

function valuesOf(columns: readonly Named<Expression>[], row: Row, number: number): Row {
  const values: Record<string, Value> = {};
  for (const [name, value] of columns) values[name] = value(row, number);
  return values;
}

function memberOf(value: Value, name: string): Value {
  return (value as Readonly<Record<string, Value>> | null)?.[name] ?? null;
}

function known(node: KustoNode, value: Value | undefined): Value {
  if (value === undefined) throw new UnknownSyntaxError(node);
  return value;
}

/** The row with the greatest value. One without a value counts only where none has one. */
function rowWithMost(name: string, rows: readonly Row[]): Row | undefined {
  let most: Row | undefined;
  for (const row of rows) {
    const before = most?.[name] ?? null;
    if (most === undefined || (before === null && row[name] !== null)) most = row;
    else if (binary('>', row[name] ?? null, before) === true) most = row;
  }
  return most;
}

/** Unless told the greatest comes first, and nothing is less than everything. */
function sorted(operator: KustoNode, rows: readonly Row[]): Row[] {
  const orders = listIn(operator).map((each) => {
    const [name, order = ''] =
      each.kind === 'OrderedExpression' ? each.children.map(({ text }) => text) : [each.text];
    const isAscending = order.startsWith('asc');
    const isNullFirst = order.endsWith('nulls first') || (isAscending && !order.endsWith('nulls last'));
    return { name: name ?? '', isAscending, isNullFirst };
  });
  return [...rows].sort((a, b) => {
    for (const { name, isAscending, isNullFirst } of orders) {
      const [left, right] = [a[name] ?? null, b[name] ?? null];
      if ((left === null) !== (right === null)) return (left === null) === isNullFirst ? -1 : 1;
      if (binary('<', left, right) === true) return isAscending ? -1 : 1;
      if (binary('>', left, right) === true) return isAscending ? 1 : -1;
    }
    return 0;
  });
}
