import { code, table } from '../markdown';
import type { ApiDocument } from './api';
import { type Command, commands } from './commands';
import { functionFile } from './function';
import { type DescribedOperation, operationsFile, operationsOf } from './operations';

export { type ApiDocument, apiDocument } from './api';

const folder = 'powershell/Syncwarden';

/** Where the list of functions stands. */
export const manifestFile = `${folder}/Syncwarden.psd1`;

/**
 * The files of the module that follow from the API, by their names.
 *
 * @throws when an operation has no function, or a function calls one that does not exist.
 */
export function moduleFiles(api: ApiDocument): Record<string, string> {
  const operations = operationsOf(api);
  const called = new Set(commands.flatMap((command) => command.operations));
  const forgotten = [...operations.keys()].filter((id) => !called.has(id));
  if (forgotten.length > 0)
    throw new Error(
      `No function of the PowerShell module calls ${forgotten.join(', ')}: add one to build/generate/powershell/commands.ts.`,
    );
  return {
    [`${folder}/Private/Operations.ps1`]: operationsFile(operations.values()),
    ...Object.fromEntries(
      commands.map((command) => [
        `${folder}/Public/${command.name}.ps1`,
        functionFile(command, calledBy(command, operations)),
      ]),
    ),
  };
}

function calledBy(
  { name, operations: ids }: Command,
  operations: ReadonlyMap<string, DescribedOperation>,
): DescribedOperation[] {
  return ids.map((id) => {
    const operation = operations.get(id);
    if (operation === undefined) throw new Error(`${name} calls ${id}, which is no operation of the API.`);
    return operation;
  });
}

/** The functions that the module has, for its manifest: in the order in which their examples make sense. */
export function exportedFunctions(): string {
  const names = ['Connect-Syncwarden', ...commands.map(({ name }) => name), 'Disconnect-Syncwarden'];
  return ['FunctionsToExport = @(', ...names.map((name) => `    '${name}'`), ')'].join('\n');
}

/** Every function that calls the app, with what it does, for whom, and whether it asks before it writes. */
export function functionTable(api: ApiDocument): string {
  const operations = operationsOf(api);
  const rows = commands.map((command) => {
    const called = calledBy(command, operations);
    const asks = command.impact === 'High' ? 'yes, asks' : 'yes';
    return [
      code(command.name),
      command.synopsis ?? called[0]?.summary ?? '',
      command.role ?? called[0]?.role ?? 'anybody',
      command.action === undefined ? '' : asks,
    ];
  });
  return table(['function', 'what it does', 'app role', 'changes something'], rows);
}
