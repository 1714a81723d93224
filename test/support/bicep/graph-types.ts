import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Stands in for the types of the Graph extension where they are not at hand: every resource that the files name, with
 * whatever properties. What depends on it can be compiled then, and makes the same deployment.
 * https://github.com/Azure/bicep-types
 * @returns the files of the extension, by name.
 */
export function standIn(folder: string): Record<'index.json' | 'types.json', unknown> {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bicep'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const names = [
    ...new Set(sources.flatMap((source) => source.match(/Microsoft\.Graph\/[\w/]+@v1\.0/g) ?? [])),
  ];
  const any = { $type: 'AnyType' };
  // What is read of a resource has to be one of its properties, or Bicep takes it for known before the deployment.
  const identifies = 16;
  const read = { appId: identifies, appRoles: 0, id: 0, uniqueName: 0 };
  const properties = Object.fromEntries(
    Object.entries(read).map(([name, flags]) => [name, { type: { $ref: '#/0' }, flags }]),
  );
  const body = { $type: 'ObjectType', name: 'any', properties, additionalProperties: { $ref: '#/0' } };
  const resources = names.map((name) => ({
    ...{ $type: 'ResourceType', name, scopeType: 0, flags: 0 },
    body: { $ref: '#/1' },
  }));
  return {
    'index.json': {
      resources: Object.fromEntries(
        names.map((name, number) => [name, { $ref: `types.json#/${number + 2}` }]),
      ),
      resourceFunctions: {},
      settings: { name: 'MicrosoftGraph', version: '1.0.0', isSingleton: false },
    },
    'types.json': [any, body, ...resources],
  };
}
