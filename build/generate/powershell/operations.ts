import type { ApiDocument, Operation, Schema } from './api';
import { type Parameter, parametersOf, type Place } from './parameters';

/** An operation with what it can be given. */
export interface DescribedOperation {
  id: string;
  method: string;
  /** Below the base address: `targets/{targetId}`. */
  path: string;
  summary: string;
  /** The app role that it needs; undefined where anybody may. */
  role: string | undefined;
  parameters: readonly Parameter[];
  /** The property of the answer that is a list; undefined where the answer is one object, or no JSON. */
  list: string | undefined;
}

/** Every operation of the API by its id. */
export function operationsOf(api: ApiDocument): Map<string, DescribedOperation> {
  const all = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): DescribedOperation => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path: path.slice(1),
      summary: operation.summary,
      role: operation.security[0] && Object.values(operation.security[0])[0]?.[0],
      parameters: parametersOf(api, operation),
      list: listOf(operation),
    })),
  );
  return new Map(all.map((operation) => [operation.id, operation]));
}

const lists = ['items', 'findings', 'resources'];

function listOf(operation: Operation): string | undefined {
  const answer = operation.responses['200']?.content?.['application/json']?.schema;
  const properties: Readonly<Record<string, Schema>> = answer?.properties ?? {};
  return lists.find((name) => name in properties);
}

/** The same as a table for PowerShell. */
export function operationsFile(operations: Iterable<DescribedOperation>): string {
  const entries = [...operations].sort((a, b) => (a.id < b.id ? -1 : 1)).map(entryOf);
  return `# Generated from openapi.json: npm run generate.
# What the operations of the API are called with: parameters of functions, and what the API calls them.
$script:operations = @{
${entries.join('\n')}
}
`;
}

function entryOf({ id, method, path, parameters, list }: DescribedOperation): string {
  const at = (place: Place) => {
    const pairs = parameters
      .filter((parameter) => parameter.place === place)
      .map(({ name, wire }) => `${name} = '${wire}'`);
    return pairs.length === 0 ? '@{}' : `@{ ${pairs.join('; ')} }`;
  };
  const sent = parameters.flatMap((each) =>
    each.sent === undefined ? [] : [`${each.name} = '${each.sent}'`],
  );
  return `    '${id}' = @{
        Method   = '${method}'
        Address  = '${path}'
        Path     = ${at('path')}
        Query    = ${at('query')}
        Body     = ${at('body')}
        Switches = ${sent.length === 0 ? '@{}' : `@{ ${sent.join('; ')} }`}
        List     = '${list ?? ''}'
    }`;
}
