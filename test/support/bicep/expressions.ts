/*
 * Expressions of Azure Resource Manager, evaluated. What only Azure knows, such as the client id of an identity that is
 * yet to be made, becomes a name in braces: {id-reader.clientId}.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
 */

/** What an expression is evaluated with. */
export interface Surroundings {
  parameters: Readonly<Record<string, unknown>>;
  variables: Readonly<Record<string, unknown>>;
  tenantId: string;
  /** What a name in braces stands for, where that is known; undefined otherwise. */
  known(name: string): unknown;
}

type Lambda = (...values: unknown[]) => unknown;
type Expression =
  | { kind: 'value'; value: unknown }
  | { kind: 'call'; name: string; given: Expression[] }
  | { kind: 'property'; of: Expression; name: Expression };

/** Evaluates a value from a template, and all that is in it. */
export function evaluated(value: unknown, surroundings: Surroundings): unknown {
  if (Array.isArray(value)) return value.map((each) => evaluated(each, surroundings));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        String(evaluated(key, surroundings)),
        evaluated(each, surroundings),
      ]),
    );
  if (typeof value !== 'string' || !value.startsWith('[') || !value.endsWith(']')) return value;
  if (value.startsWith('[[')) return value.slice(1);
  return valueOf(parsed(value.slice(1, -1)), { ...surroundings, locals: {} });
}

function parsed(source: string): Expression {
  const tokens = source.match(/'(?:[^']|'')*'|-?\d+|\w+|[().,[\]]/g) ?? [];
  let next = 0;
  const take = (expected?: string): string => {
    const token = tokens[next++] ?? '';
    if (expected !== undefined && token !== expected)
      throw new Error(`${expected} was expected in place of ${token}: ${source}`);
    return token;
  };
  const list = (): Expression[] => {
    const items: Expression[] = [];
    take('(');
    while (tokens[next] !== ')') {
      if (items.length > 0) take(',');
      items.push(expression());
    }
    take(')');
    return items;
  };
  const primary = (): Expression => {
    const token = take();
    if (token.startsWith("'")) return { kind: 'value', value: token.slice(1, -1).replaceAll("''", "'") };
    if (/^-?\d/.test(token)) return { kind: 'value', value: Number(token) };
    return { kind: 'call', name: token, given: list() };
  };
  const expression = (): Expression => {
    let of = primary();
    while (tokens[next] === '.' || tokens[next] === '[') {
      const isDot = take() === '.';
      const name: Expression = isDot ? { kind: 'value', value: take() } : expression();
      if (!isDot) take(']');
      of = { kind: 'property', of, name };
    }
    return of;
  };
  return expression();
}

type Scope = Surroundings & { locals: Readonly<Record<string, unknown>> };

function valueOf(expression: Expression, scope: Scope): unknown {
  if (expression.kind === 'value') return expression.value;
  if (expression.kind === 'property')
    return property(valueOf(expression.of, scope), valueOf(expression.name, scope), scope);
  const { name, given } = expression;
  const [first, second, third] = given;
  if (name === 'if' && first && second && third)
    return valueOf(valueOf(first, scope) ? second : third, scope);
  if (name === 'lambda') return lambda(given, scope);
  const values = given.map((each) => valueOf(each, scope));
  const look = lookUps[name];
  if (look !== undefined) return look(String(values[0]), scope);
  const call = functions[name];
  if (call === undefined) throw new Error(`${name} is a function that is not known here.`);
  return call(...values);
}

function lambda(given: Expression[], scope: Scope): Lambda {
  const names = given.slice(0, -1).map((each) => String(valueOf(each, scope)));
  const body = given.at(-1);
  if (body === undefined) throw new Error('A lambda has no body.');
  return (...values) => {
    const locals = Object.fromEntries(names.map((name, number) => [name, values[number]]));
    return valueOf(body, { ...scope, locals: { ...scope.locals, ...locals } });
  };
}

const isName = (value: unknown): value is string => typeof value === 'string' && /^\{.*\}$/.test(value);

function property(of: unknown, name: unknown, surroundings: Surroundings): unknown {
  // An output that is known, and not wrapped any more.
  if (Array.isArray(of) && name === 'value') return of;
  if (!isName(of)) return (of as Record<string, unknown> | undefined)?.[String(name)];
  const isWrapping = name === 'outputs' || name === 'value';
  const full = isWrapping ? of.slice(1, -1) : `${of.slice(1, -1)}.${String(name)}`;
  return surroundings.known(full) ?? `{${full}}`;
}

const found = (kind: string, name: string, values: Readonly<Record<string, unknown>>, scope: Scope) =>
  name in values ? evaluated(values[name], scope) : (scope.known(`${kind}.${name}`) ?? `{${name}}`);

const lookUps: Readonly<Record<string, (name: string, scope: Scope) => unknown>> = {
  parameters: (name, scope) => found('parameters', name, scope.parameters, scope),
  variables: (name, scope) => found('variables', name, scope.variables, scope),
  lambdaVariables: (name, { locals }) => locals[name],
  reference: (name) => `{${name.split('/').at(-1) ?? ''}}`,
  tenant: (_name, { tenantId }) => ({ tenantId }),
};

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const isEmpty = (value: unknown) =>
  value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
const joined = (...values: unknown[]) =>
  values.some((value) => Array.isArray(value)) ? values.flatMap(asList) : values.map(String).join('');

/** The id of a resource in the same resource group; the subscription and the group, where they are given, come before its type. */
function idOf(...values: string[]): string {
  const [type = '', ...names] = values.slice(values.findIndex((value) => value.includes('/')));
  const [provider = '', ...kinds] = type.split('/');
  return ['(group)', provider, ...kinds.flatMap((kind, number) => [kind, names[number] ?? ''])].join('/');
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each is called with what the expression gives it
const functions: Readonly<Record<string, (...values: any[]) => unknown>> = {
  and: (...values: boolean[]) => values.every(Boolean),
  or: (...values: boolean[]) => values.some(Boolean),
  not: (value: boolean) => !value,
  true: () => true,
  false: () => false,
  null: () => null,
  equals: (one: unknown, other: unknown) => one === other,
  empty: isEmpty,
  concat: joined,
  contains: (within: unknown, what: string) =>
    isName(within) ||
    (Array.isArray(within) || typeof within === 'string'
      ? within.includes(what)
      : what in (within as object)),
  createArray: (...values: unknown[]) => values,
  createObject: (...values: unknown[]) =>
    Object.fromEntries(
      values.flatMap((key, number) => (number % 2 === 0 ? [[String(key), values[number + 1]]] : [])),
    ),
  environment: () => ({
    authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
    suffixes: { storage: 'core.windows.net' },
  }),
  extensionResourceId: (scope: string, type: string, name: string) => `${scope}/providers/${type}/${name}`,
  filter: (list: unknown[], test: Lambda) => list.filter((each) => test(each)),
  first: (list: unknown[]) => list[0],
  flatten: (lists: unknown[][]) => lists.flat(),
  format: (text: string, ...values: unknown[]) =>
    text.replaceAll(/\{(\d+)\}/g, (_whole, number: string) => String(values[Number(number)])),
  guid: (...values: string[]) => `guid(${values.map((value) => value.split('/').at(-1) ?? '').join(', ')})`,
  items: (object: object) =>
    Object.entries(object).map(([key, value]: [string, unknown]) => ({ key, value })),
  join: (list: unknown[], between: string) => list.map(String).join(between),
  last: (list: unknown[]) => list.at(-1),
  length: (value: unknown[] | string) => value.length,
  map: (list: unknown[], change: Lambda) => list.map((each) => change(each)),
  replace: (text: string, what: string, by: string) => text.replaceAll(what, by),
  resourceId: idOf,
  split: (text: string, between: string) => text.split(between),
  string: String,
  take: (list: unknown[], count: number) => list.slice(0, count),
  toObject: (list: unknown[], key: Lambda, value: Lambda = (each) => each) =>
    Object.fromEntries(list.map((each) => [String(key(each)), value(each)])),
  toUpper: (text: string) => text.toUpperCase(),
  union: (...values: (object | unknown[])[]) =>
    values.every(Array.isArray)
      ? [...new Set(values.flat())]
      : Object.fromEntries(values.flatMap((value) => Object.entries(value))),
};
