import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { tables } from './tables';

/** A node of a parsed query: what it is, by Microsoft's name for it, and its text without what surrounds it. */
export interface KustoNode {
  kind: string;
  readonly text: string;
  children: KustoNode[];
  parent: KustoNode | undefined;
}

/** What Microsoft's language service makes of a query. */
export interface AnalyzedQuery {
  /** What is wrong with it, each with the text that it is about; empty for a query that runs. */
  problems: string[];
  /** Names and types of the columns that it gives. */
  columns: Record<string, string>;
  root: KustoNode;
}

interface List<T> {
  Count: number;
  getItem(index: number): T;
}
interface SyntaxNode {
  Kind: number;
  ChildCount: number;
  GetChild(index: number): SyntaxNode | null;
  toString(): string;
}
interface Code {
  GetDiagnostics(): List<{ Message: string; Start: number; Length: number }>;
  ResultType: { Columns?: List<{ Name: string; Type: { Name: string } }> } | null;
  Syntax: SyntaxNode;
}
interface Language {
  KustoCode: { ParseAndAnalyze(query: string, globals: unknown): Code };
  GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
  Syntax: { SyntaxKind: Record<string, number> };
  Symbols: {
    ScalarTypes: Record<string, unknown>;
    ColumnSymbol: new (name: string, type: unknown) => unknown;
    TableSymbol: { $ctor4: new (name: string, columns: unknown[]) => unknown };
    DatabaseSymbol: { ctor: new (name: string, tables: unknown[]) => unknown };
  };
}

let loaded: { language: Language; globals: unknown; kinds: Map<number, string> } | undefined;

const analyzed = new Map<string, AnalyzedQuery>();

/** Parses a query and checks it against the tables of a workspace. */
export function analyze(query: string): AnalyzedQuery {
  const known = analyzed.get(query) ?? analyzeNow(query);
  analyzed.set(query, known);
  return known;
}

function analyzeNow(query: string): AnalyzedQuery {
  loaded ??= load();
  const { language, globals, kinds } = loaded;
  const code = language.KustoCode.ParseAndAnalyze(query, globals);
  const problems = itemsOf(code.GetDiagnostics()).map(
    ({ Message, Start, Length }) => `${Message} (${query.slice(Start, Start + Length)})`,
  );
  const columns = itemsOf(code.ResultType?.Columns).map(({ Name, Type }) => [Name, Type.Name] as const);
  return { problems, columns: Object.fromEntries(columns), root: nodeOf(code.Syntax, kinds, undefined) };
}

/** A node and everything below it. */
export function* within(node: KustoNode): Generator<KustoNode> {
  yield node;
  for (const child of node.children) yield* within(child);
}

/** The language service comes as scripts for a browser, which put everything into the global object. */
function load() {
  const folder = path.dirname(require.resolve('@kusto/language-service-next'));
  const context = createContext({});
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    runInContext(readFileSync(path.join(folder, file), 'utf8'), context);
  const { Language: language } = (context as { Kusto: { Language: Language } }).Kusto;
  const { Symbols, GlobalState, Syntax } = language;
  const tableSymbols = Object.entries(tables).map(([name, columns]) => {
    const symbols = Object.entries(columns).map(
      ([column, type]) => new Symbols.ColumnSymbol(column, scalarType(Symbols, type)),
    );
    return new Symbols.TableSymbol.$ctor4(name, symbols);
  });
  // Two arguments: with more the service silently has an empty schema.
  const globals = GlobalState.Default.WithDatabase(
    new Symbols.DatabaseSymbol.ctor('workspace', tableSymbols),
  );
  const kinds = new Map(Object.entries(Syntax.SyntaxKind).map(([name, kind]) => [kind, name]));
  return { language, globals, kinds };
}

const typeNames: Record<string, string> = {
  bool: 'Bool',
  string: 'String',
  datetime: 'DateTime',
  dynamic: 'Dynamic',
  int: 'Int',
  real: 'Real',
};

function scalarType({ ScalarTypes }: Language['Symbols'], type: string): unknown {
  const found = ScalarTypes[typeNames[type] ?? ''];
  if (found === undefined) throw new Error(`There is no type ${type} in KQL.`);
  return found;
}

function nodeOf(node: SyntaxNode, kinds: Map<number, string>, parent: KustoNode | undefined): KustoNode {
  let text: string | undefined;
  const made: KustoNode = {
    kind: kinds.get(node.Kind) ?? '',
    // Only when it is asked for: every node repeats the text of all below it.
    get text() {
      text ??= node.toString().trim();
      return text;
    },
    children: [],
    parent,
  };
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    if (child !== null) made.children.push(nodeOf(child, kinds, made));
  }
  return made;
}

function itemsOf<T>(list: List<T> | undefined): T[] {
  return Array.from({ length: list?.Count ?? 0 }, (_item, index) => list?.getItem(index) as T);
}
